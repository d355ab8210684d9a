"""Fitting scores: probabilities that are right, a threshold, and honest edges."""

from __future__ import annotations

import numpy as np
import pytest

from imigue_core.suggest.proposals import find_candidates
from imigue_core.suggest.scoring import score_candidates
from imigue_core.training.calibrate import Watched, fit_calibration
from imigue_core.training.targets import LabelledSpans
from tests.unit.suggest.voting import COLUMN, cast_votes


def watch(seed: int) -> Watched:
    """Class 8 is right nine times in ten, class 23 once in five; both are equally sure of themselves."""
    rng = np.random.default_rng(seed)
    acts, truth = [], []
    for at in np.arange(3, 110, 7.0):
        class_id, is_right = (8, rng.random() < 0.9) if rng.random() < 0.5 else (23, rng.random() < 0.2)
        acts.append((class_id, at, at + 2))
        if is_right:
            truth.append((COLUMN[class_id], at + rng.normal(0, 0.2), at + 2 + rng.normal(0, 0.2)))
    columns, starts, ends = (np.array(column) for column in zip(*truth, strict=True))
    return Watched(cast_votes(acts, 120.0, logit=1.5), LabelledSpans(columns, starts, ends), 120.0)


def test_scores_become_the_share_that_is_right() -> None:
    watched = [watch(seed) for seed in range(40)]
    calibration, report = fit_calibration(watched)
    votes = watch(99).votes
    scores: dict[int, list[float]] = {COLUMN[8]: [], COLUMN[23]: []}
    for span in score_candidates(votes, find_candidates(votes), calibration):
        scores[span.candidate.column].append(span.score)
    assert np.mean(scores[COLUMN[8]]) == pytest.approx(0.9, abs=0.12)
    assert np.mean(scores[COLUMN[23]]) == pytest.approx(0.2, abs=0.12)
    assert np.mean(scores[COLUMN[23]]) < report.threshold < np.mean(scores[COLUMN[8]])
    assert report.micro_f1 > 0.75
    assert report.minutes == 80


def test_edge_deviations_are_those_measured() -> None:
    calibration, _ = fit_calibration([watch(seed) for seed in range(12)])
    votes = watch(99).votes
    deviations = [s.candidate.start_sd for s in score_candidates(votes, find_candidates(votes), calibration)]
    assert np.mean(deviations) == pytest.approx(0.2, abs=0.06)


def test_without_a_hit_scores_stay_as_they_were() -> None:
    nothing = LabelledSpans(np.zeros(0, np.intp), np.zeros(0), np.zeros(0))
    calibration, report = fit_calibration([Watched(cast_votes([(8, 3, 5)]), nothing, 60.0)])
    assert calibration.weights[0] == 1
    assert (report.n_labels, report.micro_f1) == (0, 0.0)
