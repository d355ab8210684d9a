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
from imigue_core.suggest.emotion import EmotionModel, Event, compute_event_features, score_features
from imigue_core.training.emotion import fit_emotion
from imigue_core.training.emotion_tables import EmotionTable, make_acted_table
from imigue_core.training.evaluation_sets import SEEDS, list_outcomes
from imigue_core.training.measures import Measure
from imigue_core.training.recordings import OnProgress, Recording, Scans, record_set

N_SCRIPTED = 150
N_CONTROL_SUBJECTS = 150
SHOWN_FROM = 0.1
"""Suggestions below this score are left out; their probabilities say how much the others count."""


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
        if s.score >= SHOWN_FROM
    ]


def evaluate_emotion(
    model: EmotionModel, scanner: Scans, *, n_interviews: int = 60, on_progress: OnProgress | None = None
) -> Iterator[Measure]:
    """AUC on held-out subjects: many scripts, and fewer interviews that a scanner really looked at.

    Beside each stands the control: a model fitted in the same way with the outcomes shuffled.
    """
    control = fit_shuffled(seed=SEEDS["emotion"] + 1_000_000)
    held_out = make_acted_table(N_SCRIPTED, seed=SEEDS["emotion"] + 2_000_000)
    yield _measure(f"AUC from labels, {len(held_out)} scripts", model, control, held_out.features, held_out.positive)
    recordings = record_set(scanner, list_outcomes(n_interviews), "emotion", on_progress)
    won = np.array([r.outcome == "win" for r in recordings])
    for name, events in (
        ("labels", [make_label_events(r.spans.truth, r.spans.fps) for r in recordings]),
        ("the scanner's suggestions", [make_suggestion_events(r) for r in recordings]),
    ):
        features = _stack(recordings, events)
        yield _measure(f"AUC from {name}, {len(recordings)} interviews", model, control, features, won)


def fit_shuffled(*, seed: int, n_subjects: int = N_CONTROL_SUBJECTS) -> EmotionModel:
    """A model that was told outcomes drawn by lot."""
    table = make_acted_table(n_subjects, seed=seed)
    lot = np.random.default_rng(seed).permutation(table.positive)
    return fit_emotion(EmotionTable(table.features, lot, table.subjects), "synthetic", seed=seed, n_refits=1)[0]


def _stack(recordings: Sequence[Recording], events: Sequence[Sequence[Event]]) -> NDArray[np.float64]:
    return np.stack([compute_event_features(e, r.spans.minutes * 60) for r, e in zip(recordings, events, strict=True)])


def _measure(
    name: str, model: EmotionModel, control: EmotionModel, features: NDArray, positive: NDArray[np.bool_]
) -> Measure:
    scores = np.array([score_features(model, row).logit for row in features])
    lots = np.array([score_features(control, row).logit for row in features])
    accuracy = float(((scores > 0) == positive).mean())
    return Measure(
        "emotion", name, compute_auc(scores, positive),
        interval=compute_auc_interval(scores, positive),
        beside={"outcomes shuffled in training": compute_auc(lots, positive)},
        note=f"accuracy {accuracy:.2f} at 0, {int(positive.sum())} won",
        detail={"accuracy": accuracy, "n": len(positive), "n_positive": int(positive.sum())},
    )  # fmt: skip
