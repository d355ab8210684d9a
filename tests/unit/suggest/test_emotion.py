"""The additive emotion score."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.errors import InputError
from imigue_core.models.cards import CARD_FILE, WEIGHTS_FILE, ModelCard, save_card
from imigue_core.models.features.events import (
    EVENT_HASH,
    MEASURES,
    N_EVENT_FEATURES,
    SAME_EVENT_FEATURES,
    Event,
    compute_event_features,
)
from imigue_core.models.networks.emotion_additive import AdditiveEmotion, save_additive_emotion
from imigue_core.models.tasks import Task
from imigue_core.suggest.emotion import load_emotion_model, score_events
from imigue_core.taxonomy import CLASS_IDS
from tests.harness import models

SHAPE = (len(CLASS_IDS), len(MEASURES))


def make_model(seed: int = 0) -> AdditiveEmotion:
    rng = np.random.default_rng(seed)
    coefficients = rng.normal(0, 0.3, SHAPE)
    bundle = np.concatenate([[0.1], coefficients.reshape(-1)]) + rng.normal(0, 0.1, (50, 1 + N_EVENT_FEATURES))
    return AdditiveEmotion(rng.random(SHAPE), 0.5 + rng.random(SHAPE), coefficients, 0.1, bundle, "synthetic")


events_strategy = st.lists(
    st.builds(
        lambda probs, start, length: Event(probs, start, start + length),
        st.dictionaries(st.sampled_from(CLASS_IDS), st.floats(0, 1), max_size=5),
        st.floats(0, 100),
        st.floats(0, 50),
    ),
    max_size=8,
)


def test_measures_are_rates_and_shares_of_time() -> None:
    events = [Event({8: 1.0}, 0.0, 3.0), Event({8: 0.5, 29: 0.25}, 10.0, 14.0)]
    features = compute_event_features(events, 120.0)
    assert features.shape == SHAPE
    eight, lips = CLASS_IDS.index(8), CLASS_IDS.index(29)
    assert features[eight].tolist() == pytest.approx([np.log1p(1.5 / 2), 5 / 120])
    assert features[lips].tolist() == pytest.approx([np.log1p(0.25 / 2), 1 / 120])
    assert np.delete(features, [eight, lips], axis=0).sum() == 0


@given(events_strategy)
def test_contributions_and_intercept_add_up_to_the_logit(events: list[Event]) -> None:
    score = score_events(make_model(), events, 180.0)
    assert score.intercept + sum(part for _, part in score.contributions) == pytest.approx(score.logit, abs=1e-9)
    assert sorted(i for i, _ in score.contributions) == sorted(CLASS_IDS)
    assert score.value == pytest.approx(2 * score.probability - 1)
    assert score.probability == pytest.approx(1 / (1 + np.exp(-score.logit)))
    assert -1 <= score.interval[0] <= score.interval[1] <= 1


@given(events_strategy, st.sampled_from(CLASS_IDS))
def test_what_a_class_adds_does_not_depend_on_the_others(events: list[Event], class_id: int) -> None:
    model = make_model()
    alone = [Event({class_id: e.class_probs.get(class_id, 0.0)}, e.start_s, e.end_s) for e in events]
    together = dict(score_events(model, events, 180.0).contributions)
    assert dict(score_events(model, alone, 180.0).contributions)[class_id] == pytest.approx(together[class_id])


@given(events_strategy)
def test_the_parts_of_events_add_up_to_what_their_class_adds(events: list[Event]) -> None:
    score = score_events(make_model(), events, 180.0)
    unseen, parts = make_model().attribute(events, 180.0)
    assert len(parts) == len(events)
    for class_id, logit in score.contributions:
        assert unseen[class_id] + sum(own.get(class_id, 0.0) for own in parts) == pytest.approx(logit, abs=1e-9)
    assert unseen == dict(score_events(make_model(), [], 180.0).contributions)
    whole = score.intercept + sum(unseen.values()) + sum(sum(own.values()) for own in parts)
    assert whole == pytest.approx(score.logit, abs=1e-9)


def test_equal_events_have_equal_parts_and_surer_ones_larger_ones() -> None:
    model = replace(make_model(), coefficients=np.ones(SHAPE), scales=np.ones(SHAPE))
    events = [Event({8: 1.0}, 0.0, 2.0), Event({8: 1.0}, 50.0, 52.0), Event({8: 0.25, 9: 0.0}, 70.0, 72.0)]
    _, (first, second, third) = model.attribute(events, 120.0)
    assert first == second
    assert first[8] == pytest.approx(np.log1p(2.25 / 2) / 2.25 + 2 / 120)
    assert third == {8: pytest.approx(first[8] / 4), 9: 0.0}


def test_an_average_video_scores_the_intercept() -> None:
    model = make_model()
    still = AdditiveEmotion(np.zeros(SHAPE), model.scales, model.coefficients, 0.3, model.bundle, "user")
    score = score_events(still, [], 60.0)
    assert score.logit == pytest.approx(0.3)
    assert score.trained_on == "user"


def test_the_largest_effect_comes_first() -> None:
    sizes = [abs(part) for _, part in score_events(make_model(), [], 60.0).contributions]
    assert sizes == sorted(sizes, reverse=True)


def test_refits_that_disagree_widen_the_interval() -> None:
    model = make_model()
    events = [Event({8: 1.0}, 0.0, 3.0)]
    one = AdditiveEmotion(model.means, model.scales, model.coefficients, model.intercept, model.bundle[:1], "synthetic")
    low, high = score_events(one, events, 60.0).interval
    assert low == high
    low, high = score_events(model, events, 60.0).interval
    assert high - low > 0.05


@pytest.mark.parametrize(
    ("events", "duration_s", "code"),
    [
        ([], 0.0, "EMOTION_DURATION"),
        ([], float("nan"), "EMOTION_DURATION"),
        ([Event({8: 1.0}, 3.0, 2.0)], 60.0, "EMOTION_EVENT"),
        ([Event({8: 1.5}, 0.0, 2.0)], 60.0, "EMOTION_EVENT"),
        ([Event({8: float("nan")}, 0.0, 2.0)], 60.0, "EMOTION_EVENT"),
        ([Event({32: 1.0}, 0.0, 2.0)], 60.0, "VOCABULARY_UNKNOWN"),
    ],
)
def test_what_means_nothing_is_refused(events: list[Event], duration_s: float, code: str) -> None:
    with pytest.raises(InputError, match=code):
        score_events(make_model(), events, duration_s)


def save_somewhere(tmp_path: Path) -> ModelCard:
    card = models.make_card("mine", "emotion_additive", preprocessing_hash=EVENT_HASH)
    return save_additive_emotion(tmp_path, make_model(), card)


def test_a_saved_model_scores_the_same_to_half_precision(tmp_path: Path) -> None:
    saved = save_somewhere(tmp_path)
    loaded, card = load_emotion_model(tmp_path)
    assert card == saved
    assert card.n_parameters == N_EVENT_FEATURES + 1
    events = [Event({8: 1.0}, 0.0, 3.0), Event({29: 0.4, 31: 0.2}, 5.0, 9.0)]
    one, other = (score_events(model, events, 60.0) for model in (make_model(), loaded))
    assert other.logit == pytest.approx(one.logit, abs=0.02)
    assert other.interval == pytest.approx(one.interval, abs=0.02)
    assert other.intercept + sum(part for _, part in other.contributions) == pytest.approx(other.logit, abs=1e-9)
    assert (tmp_path / WEIGHTS_FILE).stat().st_size < 50_000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"model": "dense_tcn"}, "MODEL_CARD"),
        ({"task": Task.SCAN}, "MODEL_CARD"),
        ({"config": {"measures": ["share"]}}, "MODEL_CARD"),
        ({"preprocessing_hash": "0" * 64}, "MODEL_PREPROCESSING"),
        ({"classes": [*CLASS_IDS[1:], 1]}, "MODEL_CLASSES"),
        ({"weights_sha256": "0" * 64}, "MODEL_TRUNCATED"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, Any], code: str) -> None:
    save_card(tmp_path, replace(save_somewhere(tmp_path), **change))
    with pytest.raises(InputError, match=code):
        load_emotion_model(tmp_path)


def test_a_model_that_was_trained_before_the_hash_covered_the_code_still_loads(tmp_path: Path) -> None:
    save_card(tmp_path, replace(save_somewhere(tmp_path), preprocessing_hash=SAME_EVENT_FEATURES[0]))
    model, _ = load_emotion_model(tmp_path)
    assert score_events(model, [], 60.0).trained_on == "synthetic"


def test_damaged_and_foreign_weights_are_refused(tmp_path: Path) -> None:
    save_somewhere(tmp_path)
    weights = tmp_path / WEIGHTS_FILE
    whole = weights.read_bytes()
    for data, code in (
        (whole[: len(whole) // 2], "MODEL_TRUNCATED"),
        (b"", "MODEL_TRUNCATED"),
        (whole[:-1] + b"x", "MODEL_TRUNCATED"),
        (pickle.dumps({"means": [0.0] * 64}), "MODEL_NOT_SAFETENSORS"),
    ):
        weights.write_bytes(data)
        with pytest.raises(InputError, match=code):
            load_emotion_model(tmp_path)
    weights.unlink()
    with pytest.raises(InputError, match="MODEL_TRUNCATED"):
        load_emotion_model(tmp_path)
    (tmp_path / CARD_FILE).unlink()
    with pytest.raises(InputError, match="MODEL_CARD"):
        load_emotion_model(tmp_path)
