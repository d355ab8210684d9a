"""Scores: calibration, thinning out, and the five likeliest classes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from imigue_core.errors import InputError
from imigue_core.suggest.proposals import find_candidates
from imigue_core.suggest.scoring import MEASURES, Calibration, ScoredSpan, score_candidates
from imigue_core.taxonomy import CLASSES
from tests.unit.suggest.voting import COLUMN, cast_votes


def score(votes: Any, calibration: Calibration | None = None) -> list[ScoredSpan]:
    return score_candidates(votes, find_candidates(votes), calibration or Calibration())


def test_an_uncalibrated_score_is_the_mean_probability() -> None:
    (span,) = score(cast_votes([(8, 10, 12)]))
    assert span.score == pytest.approx(span.candidate.mean, abs=1e-6)


def test_a_class_s_shift_moves_its_scores_only() -> None:
    shifts = [0.0] * len(CLASSES)
    shifts[COLUMN[8]] = -2.0
    calibration = replace(Calibration(), shifts=tuple(shifts))
    usual = score(cast_votes([(8, 10, 12), (23, 20, 22)]))
    shifted = score(cast_votes([(8, 10, 12), (23, 20, 22)]), calibration)
    assert shifted[0].score < usual[0].score - 0.1
    assert shifted[1].score == usual[1].score


def test_spans_come_by_their_starts_with_five_classes_that_stay_a_distribution() -> None:
    spans = score(cast_votes([(23, 20, 22), (8, 10, 12), (29, 11, 13)]))
    assert [s.candidate.column for s in spans] == [COLUMN[8], COLUMN[29], COLUMN[23]]
    for span in spans:
        probabilities = [p for _, p in span.top]
        assert len(span.top) == 5
        assert span.top[0] == (span.candidate.column, span.score)
        assert probabilities == sorted(probabilities, reverse=True)
        assert 0 <= sum(probabilities) <= 1 + 1e-9
        assert len({column for column, _ in span.top}) == 5


def test_of_two_readings_of_the_same_hands_the_weaker_one_is_weakened() -> None:
    votes = cast_votes([(8, 10, 12)])
    votes.probabilities[(votes.times > 10) & (votes.times < 12), COLUMN[11]] = 0.6
    votes.starts[:, votes.group_of_class[COLUMN[11]]] = 10
    scores = {s.candidate.column: s.score for s in score(votes)}
    assert scores[COLUMN[8]] > 0.9
    assert scores[COLUMN[11]] < 0.3
    alternatives = dict(score(votes)[0].top)
    assert COLUMN[11] in alternatives


def test_what_another_part_of_the_body_does_is_no_alternative() -> None:
    votes = cast_votes([(24, 10, 14), (29, 10.5, 13.5)], logit=1.0)
    spans = {s.candidate.column: dict(s.top) for s in score(votes)}
    assert spans[COLUMN[24]].get(COLUMN[29], 0) < 0.1


def test_edge_deviations_are_brought_to_those_measured() -> None:
    votes = cast_votes([(8, 10, 12)])
    usual, widened = (score(votes, Calibration(edge_sd_factor=f))[0].candidate for f in (1.0, 2.5))
    assert widened.start_sd == pytest.approx(2.5 * usual.start_sd)
    assert widened.start_s == usual.start_s


def test_a_calibration_survives_the_card() -> None:
    rng = np.random.default_rng(1)
    made = Calibration(tuple(rng.normal(size=len(MEASURES))), tuple(rng.normal(size=len(CLASSES))), 1.3)
    assert Calibration.from_dict(made.to_dict()) == made
    assert Calibration.from_dict({}) == Calibration()


@pytest.mark.parametrize("values", [{"weights": [1]}, {"weights": [1], "shifts": [], "edge_sd_factor": 1}])
def test_a_calibration_that_does_not_fit_is_refused(values: dict) -> None:
    with pytest.raises(InputError, match="MODEL_CARD"):
        Calibration.from_dict(values)
