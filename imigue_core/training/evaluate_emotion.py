"""How well the emotion model tells acted wins from acted losses, from labels and from suggestions.

Acted outcomes change the rates of gestures by invented amounts (synthesis/habits.py), so the
area says whether the model finds what was put in, and nothing about matches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from imigue_core.metrics.matching import Spans
from imigue_core.metrics.ranking import compute_auc, compute_auc_interval
from imigue_core.models.features.events import Event, compute_event_features
from imigue_core.models.tasks import EmotionNetwork
from imigue_core.suggest.emotion import COUNTED_FROM
from imigue_core.training.emotion import fit_emotion
from imigue_core.training.emotion_tables import EmotionTable, make_acted_table
from imigue_core.training.evaluation_sets import SEEDS, list_outcomes
from imigue_core.training.measures import Measure
from imigue_core.training.recordings import OnProgress, Recording, Scans, record_set

N_SCRIPTED = 150
N_CONTROLS = 20
N_CONTROL_SUBJECTS = 100


def make_label_events(truth: Spans, fps: float) -> list[Event]:
    """Labels as sure events."""
    return [
        Event({int(c): 1.0}, s / fps, (e + 1) / fps)
        for c, s, e in zip(truth.class_ids, truth.starts, truth.ends, strict=True)
    ]


def make_suggestion_events(recording: Recording) -> list[Event]:
    """A scanner's suggestions with the probabilities of their five likeliest classes."""
    fps = recording.spans.fps
    return [
        Event(dict(s.top), s.start_frame / fps, (s.end_frame + 1) / fps)
        for s in recording.suggestions
        if s.score >= COUNTED_FROM
    ]


def evaluate_emotion(
    model: EmotionNetwork, scanner: Scans, *, n_interviews: int = 60, on_progress: OnProgress | None = None
) -> Iterator[Measure]:
    """AUC on held-out subjects: many scripts, and fewer interviews that a scanner really looked at.

    Beside each stands the control: models fitted in the same way with the outcomes shuffled.
    """
    controls = fit_shuffled(seed=SEEDS["emotion"] + 1_000_000)
    held_out = make_acted_table(N_SCRIPTED, seed=SEEDS["emotion"] + 2_000_000)
    yield _measure(f"AUC from labels, {len(held_out)} scripts", model, controls, held_out.features, held_out.positive)
    recordings = record_set(scanner, list_outcomes(n_interviews), "emotion", on_progress)
    won = np.array([r.outcome == "win" for r in recordings])
    for name, events in (
        ("labels", [make_label_events(r.spans.truth, r.spans.fps) for r in recordings]),
        ("the scanner's suggestions", [make_suggestion_events(r) for r in recordings]),
    ):
        features = _stack(recordings, events)
        yield _measure(f"AUC from {name}, {len(recordings)} interviews", model, controls, features, won)


def fit_shuffled(
    *, seed: int, n_models: int = N_CONTROLS, n_subjects: int = N_CONTROL_SUBJECTS
) -> Sequence[EmotionNetwork]:
    """Models that were told outcomes drawn by lot; one alone may be lucky, so there are several."""
    table = make_acted_table(n_subjects, seed=seed)
    rng = np.random.default_rng(seed)
    models = []
    for number in range(n_models):
        lot = EmotionTable(table.features, rng.permutation(table.positive), table.subjects)
        models.append(fit_emotion(lot, "synthetic", seed=seed + number, n_refits=1)[0])
    return models


def _stack(recordings: Sequence[Recording], events: Sequence[Sequence[Event]]) -> NDArray[np.float64]:
    return np.stack([compute_event_features(e, r.spans.minutes * 60) for r, e in zip(recordings, events, strict=True)])


def _measure(
    name: str, model: EmotionNetwork, controls: Sequence[EmotionNetwork], features: NDArray, positive: NDArray[np.bool_]
) -> Measure:
    scores = np.array([model.score(row).logit for row in features])
    lots = [compute_auc([lot.score(row).logit for row in features], positive) for lot in controls]
    accuracy = float(((scores > 0) == positive).mean())
    return Measure(
        "emotion", name, compute_auc(scores, positive),
        interval=compute_auc_interval(scores, positive),
        beside={f"outcomes shuffled in training, mean of {len(lots)}": float(np.mean(lots))},
        note=f"accuracy {accuracy:.2f} at 0, {int(positive.sum())} won",
        detail={"accuracy": accuracy, "n": len(positive), "n_positive": int(positive.sum())},
    )  # fmt: skip
