"""Fitting the emotion model: it finds what is there, and nothing in shuffled outcomes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from db.engine import Database
from db.people import Annotator
from imigue_core.errors import InputError
from imigue_core.formats.imigue import COLUMNS
from imigue_core.metrics.ranking import compute_auc
from imigue_core.models.cards import BUNDLED, DEFAULT_MODELS
from imigue_core.models.features.events import Event, compute_event_features
from imigue_core.models.networks.emotion_additive import AdditiveEmotion
from imigue_core.models.tasks import Task
from imigue_core.studio.exchange.exchanging import run_import
from imigue_core.suggest.emotion import load_emotion_model
from imigue_core.taxonomy import CLASS_IDS
from imigue_core.training.emotion import fit_emotion, train_emotion
from imigue_core.training.emotion_tables import (
    VIDEOS_EACH,
    EmotionTable,
    RecogniserNoise,
    add_recogniser_noise,
    load_project_table,
    make_acted_table,
)


def make_table(n_subjects: int = 60, seed: int = 0) -> EmotionTable:
    """Class 8 is twice as frequent in lost matches; everything else is the same."""
    rng = np.random.default_rng(seed)
    features, positive, subjects = [], [], []
    for subject in range(n_subjects):
        for won in (True, False, True, False):
            events = [
                Event({int(class_id): 1.0}, float(s), float(s) + 2)
                for class_id, rate in ((8, 6 if won else 14), (29, 10), (31, 12))
                for s in rng.uniform(0, 290, rng.poisson(rate))
            ]
            features.append(compute_event_features(events, 300.0))
            positive.append(won)
            subjects.append(f"s{subject}")
    return EmotionTable(np.stack(features), np.array(positive), np.array(subjects))


def test_the_gesture_that_tells_is_found_and_the_others_are_not() -> None:
    model, report = fit_emotion(make_table(), "synthetic", n_refits=20)
    assert report.auc > 0.85
    assert report.auc_interval[0] < report.auc < report.auc_interval[1]
    weights = np.abs(model.coefficients).sum(axis=1)
    assert CLASS_IDS[int(weights.argmax())] == 8
    assert model.coefficients[CLASS_IDS.index(8)].sum() < 0
    assert np.abs(model.coefficients[CLASS_IDS.index(1)]).max() < 1e-6


def test_shuffled_outcomes_tell_nothing() -> None:
    values = [fit_emotion(make_table(seed=s), "synthetic", seed=s, n_refits=1)[1].shuffled_auc for s in range(4)]
    assert np.mean(values) == pytest.approx(0.5, abs=0.06)


def test_the_same_seed_gives_the_same_model_and_refits_differ() -> None:
    table = make_table()
    one, again = (fit_emotion(table, "synthetic", n_refits=5)[0] for _ in range(2))
    assert (one.bundle == again.bundle).all()
    assert one.bundle.shape == (5, 1 + one.coefficients.size)
    assert one.bundle[:, 1 + 2 * CLASS_IDS.index(8)].std() > 0


def test_scores_follow_the_outcome() -> None:
    model, _ = fit_emotion(make_table(), "synthetic", n_refits=5)
    fresh = make_table(n_subjects=20, seed=9)
    values = np.array([model.score(f).value for f in fresh.features])
    assert values[fresh.positive].mean() > values[~fresh.positive].mean() + 0.3


def test_acted_tables_are_the_same_each_time_and_carry_the_invented_effect() -> None:
    table = make_acted_table(30, seed=5, noise=RecogniserNoise())
    again = make_acted_table(30, seed=5, noise=RecogniserNoise())
    assert (table.features == again.features).all()
    assert len(table) == 30 * VIDEOS_EACH * 2
    assert table.positive.mean() == 0.5
    assert len(set(table.subjects.tolist())) == 30
    labels = make_acted_table(30, seed=5)
    assert len(labels) == 30 * VIDEOS_EACH
    lips = labels.features[:, CLASS_IDS.index(29), 0]
    assert lips[~labels.positive].mean() > lips[labels.positive].mean()


def test_a_trained_model_lies_in_its_folder_and_says_what_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    card, report = train_emotion(folder, seed=3, n_subjects=20)
    model, read = load_emotion_model(folder)
    assert read == card
    assert (card.name, card.trained_on) == ("mine", "synthetic")
    assert "invented rates" in card.notes[0]
    assert isinstance(model, AdditiveEmotion)
    assert model.bundle.shape[0] == 200
    assert card.metrics["out_of_fold"]["auc"] == report.auc > 0.6


def test_a_projects_own_model_says_so(db: Database, ann: Annotator, tmp_path: Path) -> None:
    import_outcomes(db, ann)
    card, _ = train_emotion(tmp_path / "mine", db)
    assert card.trained_on == "user"
    assert "recogniser_noise" not in card.recipe


def test_the_bundled_model_loads_and_finds_the_invented_effect() -> None:
    model, card = load_emotion_model(BUNDLED / DEFAULT_MODELS[Task.EMOTION])
    assert card.trained_on == "synthetic"
    fresh = make_acted_table(25, seed=777_000_000)
    values = np.array([model.score(row).value for row in fresh.features])
    assert compute_auc(values, fresh.positive) > 0.8


def test_noise_misses_confuses_and_invents() -> None:
    rng = np.random.default_rng(0)
    events = [Event({8: 1.0}, float(s), float(s) + 1) for s in range(0, 3000, 2)]
    noisy = add_recogniser_noise(events, 3000.0, RecogniserNoise(recall=0.5, false_per_min=0.0), rng)
    assert len(noisy) == pytest.approx(750, rel=0.1)
    likeliest = [max(e.class_probs, key=lambda i: e.class_probs[i]) for e in noisy]
    assert np.mean([i == 8 for i in likeliest]) == pytest.approx(0.75, abs=0.06)
    for event in noisy:
        assert len(event.class_probs) == 5
        assert sum(event.class_probs.values()) <= 1
        assert 0 <= event.start_s <= event.end_s <= 3000
    invented = add_recogniser_noise([], 3000.0, RecogniserNoise(false_per_min=4.0), rng)
    assert len(invented) == pytest.approx(200, rel=0.25)


def import_outcomes(db: Database, ann: Annotator) -> None:
    """24 label-only videos of six subjects, every other one won, with three seconds of class 8 each."""
    rows = [",".join(COLUMNS)]
    for video in range(1, 25):
        outcome = "Win" if video % 2 else "Lose"
        rows += [f"{video},{k},{k}.0,{25 * k},{k}.96,{25 * k + 24},8,{video % 6},F,X,{outcome}" for k in range(1, 4)]
    run_import(db, "\n".join(rows).encode(), "imigue", ann.annotator_id, name="labels.csv")


def test_a_projects_outcomes_and_labels_become_a_table(db: Database, ann: Annotator) -> None:
    import_outcomes(db, ann)
    table = load_project_table(db)
    assert len(table) == 24
    assert table.positive.tolist() == [video % 2 == 1 for video in range(1, 25)]
    assert len(set(table.subjects.tolist())) == 6
    eight = table.features[0, CLASS_IDS.index(8)]
    assert eight[1] == pytest.approx(3 / 4, rel=0.01)  # three labels of a second, and the last one ends at 4 s


def test_a_project_without_enough_outcomes_is_refused(db: Database, ann: Annotator) -> None:
    with pytest.raises(InputError, match="TRAINING_TOO_FEW"):
        load_project_table(db)
