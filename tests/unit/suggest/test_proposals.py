"""Spans out of votes: edges, repeats, overlaps, long holds."""

from __future__ import annotations

import numpy as np
import pytest

from imigue_core.suggest.proposals import find_candidates
from tests.unit.suggest.voting import COLUMN, cast_votes


def list_spans(found: list, class_id: int) -> list[tuple[float, float]]:
    return [(c.start_s, c.end_s) for c in found if c.column == COLUMN[class_id]]


def test_votes_of_one_gesture_become_one_span_with_its_edges() -> None:
    (span,) = find_candidates(cast_votes([(8, 10.03, 12.61)]))
    assert (span.column, span.start_s, span.end_s) == (
        COLUMN[8],
        pytest.approx(10.03, abs=1e-3),
        pytest.approx(12.61, abs=1e-3),
    )
    assert span.mean > 0.9
    assert span.agreement > 0.9


def test_silence_gives_nothing() -> None:
    assert find_candidates(cast_votes([])) == []


def test_gestures_of_different_parts_may_overlap() -> None:
    found = find_candidates(cast_votes([(29, 5, 9), (24, 6, 8)]))
    assert list_spans(found, 29) == [(pytest.approx(5, abs=1e-3), pytest.approx(9, abs=1e-3))]
    assert list_spans(found, 24) == [(pytest.approx(6, abs=1e-3), pytest.approx(8, abs=1e-3))]


def test_two_that_follow_each_other_closely_stay_two() -> None:
    found = find_candidates(cast_votes([(31, 5, 7), (31, 7.05, 9.5)]))
    spans = list_spans(found, 31)
    assert len(spans) == 2
    assert spans[0][1] == pytest.approx(7, abs=0.1)
    assert spans[1][0] == pytest.approx(7.05, abs=0.1)


def test_a_hold_longer_than_the_network_sees_is_one_span() -> None:
    votes = cast_votes([(17, 5, 45)], longest_s=7.0, log_scale=-1.0)
    (span,) = find_candidates(votes)
    assert span.start_s == pytest.approx(5, abs=1.5)
    assert span.end_s == pytest.approx(45, abs=1.5)


def test_many_votes_know_an_edge_better_than_each_and_say_how_well() -> None:
    errors, deviations = [], []
    for start in np.arange(3, 50, 2.37):
        (span,) = find_candidates(cast_votes([(23, start, start + 2.5)], noise=0.2, log_scale=-1.5))
        errors.append(abs(span.start_s - start))
        deviations.append(span.start_sd)
    assert np.mean(errors) < 0.12
    assert 0.05 < np.mean(deviations) < 0.6


def test_unsure_votes_make_unsure_edges() -> None:
    (sure,) = find_candidates(cast_votes([(8, 10, 13)], log_scale=-3))
    (unsure,) = find_candidates(cast_votes([(8, 10, 13)], log_scale=-0.5))
    assert unsure.start_sd > 3 * sure.start_sd
