"""Judging the emotion score: what counts as an event, and that outcomes drawn by lot teach nothing."""

from __future__ import annotations

import numpy as np
import pytest

from imigue_core.annotation import SuggestedSpan
from imigue_core.metrics.matching import VideoSpans, make_spans
from imigue_core.metrics.ranking import compute_auc
from imigue_core.training.emotion_tables import make_acted_table
from imigue_core.training.evaluate_emotion import fit_shuffled, make_label_events, make_suggestion_events
from imigue_core.training.evaluation_sets import list_outcomes
from imigue_core.training.recordings import Recording


def test_labels_are_sure_and_suggestions_are_not() -> None:
    truth = make_spans([(8, 25, 49, 1.0)])
    (event,) = make_label_events(truth, 25.0)
    assert (dict(event.class_probs), event.start_s, event.end_s) == ({8: 1.0}, 1.0, 2.0)
    suggestions = (
        SuggestedSpan(8, 50, 99, 0.7, ((8, 0.7), (11, 0.2)), 1.0, 1.0),
        SuggestedSpan(29, 0, 9, 0.05, ((29, 0.05),), 1.0, 1.0),
    )
    recording = Recording(VideoSpans(truth, make_spans([]), 1500), suggestions, {}, ("any",), "perfect", "win")
    (event,) = make_suggestion_events(recording)
    assert (dict(event.class_probs), event.start_s, event.end_s) == ({8: 0.7, 11: 0.2}, 2.0, 4.0)


def test_outcomes_drawn_by_lot_teach_nothing() -> None:
    held_out = make_acted_table(25, seed=960_000_000)
    models = fit_shuffled(seed=961_000_000, n_models=12, n_subjects=25)
    areas = [compute_auc([m.score(row).logit for row in held_out.features], held_out.positive) for m in models]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.12)


def test_half_of_the_interviews_were_won() -> None:
    assert [spec.outcome for spec in list_outcomes(4)] == ["win", "lose", "win", "lose"]
