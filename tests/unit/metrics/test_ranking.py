"""Area under the ROC curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.metrics.ranking import compute_auc, compute_auc_interval


def test_by_hand() -> None:
    assert compute_auc(np.array([0.9, 0.8, 0.1]), np.array([True, False, False])) == 1
    assert compute_auc(np.array([0.1, 0.8, 0.9]), np.array([True, False, False])) == 0
    assert compute_auc(np.array([0.5, 0.5, 0.1, 0.7]), np.array([True, False, False, True])) == pytest.approx(3.5 / 4)


def test_one_kind_alone_has_no_area() -> None:
    assert np.isnan(compute_auc(np.array([1.0, 2.0]), np.array([True, True])))
    assert np.isnan(compute_auc_interval(np.zeros(0), np.zeros(0, bool))[0])


def test_the_interval_holds_the_estimate() -> None:
    rng = np.random.default_rng(0)
    positive = rng.random(200) < 0.5
    scores = rng.normal(size=200) + positive
    low, high = compute_auc_interval(scores, positive)
    assert low < compute_auc(scores, positive) < high


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_it_is_the_share_of_pairs_in_the_right_order(cases: list[tuple[int, bool]]) -> None:
    scores, positive = np.array([c[0] for c in cases]), np.array([c[1] for c in cases])
    pairs = [(a > b) + 0.5 * (a == b) for a in scores[positive] for b in scores[~positive]]
    expected = float(np.mean(pairs)) if pairs else float("nan")
    assert compute_auc(scores, positive) == pytest.approx(expected, nan_ok=True)
