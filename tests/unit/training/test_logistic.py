"""Newton's method on a penalised logistic regression, and folds over groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imigue_core.metrics.ranking import compute_auc
from imigue_core.training.logistic import (
    compute_log_loss,
    compute_probability,
    compute_standard,
    fit_logistic,
    make_group_folds,
    predict_out_of_fold,
)


def make_cases(seed: int, n: int = 200, n_features: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, n_features))
    return x, rng.random(n) < compute_probability(0.5 + x @ np.linspace(-1, 1, n_features))


@given(st.integers(0, 50), st.sampled_from([0.1, 1.0, 30.0]))
@settings(max_examples=15, deadline=None)
def test_the_gradient_vanishes_at_the_fit(seed: int, l2: float) -> None:
    x, positive = make_cases(seed)
    beta = fit_logistic(x, positive, l2)
    residual = compute_probability(beta[0] + x @ beta[1:]) - positive
    assert residual.sum() == pytest.approx(0, abs=1e-3)
    assert x.T @ residual + l2 * beta[1:] == pytest.approx(np.zeros(5), abs=1e-3)


def test_counting_a_row_twice_is_having_it_twice() -> None:
    x, positive = make_cases(1)
    counts = np.random.default_rng(2).integers(0, 3, len(x))
    twice = fit_logistic(np.repeat(x, counts, axis=0), np.repeat(positive, counts), 1.0)
    assert fit_logistic(x, positive, 1.0, counts) == pytest.approx(twice, abs=1e-6)


def test_cases_that_can_be_parted_do_not_run_away() -> None:
    x = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    beta = fit_logistic(x, x[:, 0] > 0, 1e-3)
    assert np.isfinite(beta).all()
    assert beta[1] > 1


def test_a_stronger_penalty_means_smaller_coefficients() -> None:
    x, positive = make_cases(3)
    sizes = [float(np.linalg.norm(fit_logistic(x, positive, l2)[1:])) for l2 in (0.1, 10, 1000)]
    assert sizes[0] > sizes[1] > sizes[2] > 0


def test_probability_and_log_loss_stand_large_logits() -> None:
    logits = np.array([-1000.0, 0.0, 1000.0])
    assert compute_probability(logits).tolist() == [0.0, 0.5, 1.0]
    assert compute_log_loss(logits, np.array([False, True, True])) == pytest.approx(np.log(2) / 3)
    assert compute_log_loss(logits, np.array([True, True, True])) == pytest.approx((1000 + np.log(2)) / 3)


@given(st.lists(st.integers(0, 12), min_size=30, max_size=60), st.integers(0, 5))
def test_a_group_lies_in_one_fold(groups: list[int], seed: int) -> None:
    folds = make_group_folds(np.array(groups), 3, seed)
    for group in set(groups):
        assert len({int(f) for f, g in zip(folds, groups, strict=True) if g == group}) == 1
    assert set(folds.tolist()) <= {0, 1, 2}


def test_out_of_fold_predictions_know_nothing_of_their_own_group() -> None:
    # every group has its own private feature that gives the answer away; only groups seen could use it
    rng = np.random.default_rng(4)
    groups = np.repeat(np.arange(40), 5)
    positive = rng.random(40)[groups] < 0.5
    x = np.eye(40)[groups]
    folds = make_group_folds(groups, 5, 0)
    assert compute_auc(predict_out_of_fold(x, positive, folds, 0.1), positive) < 0.6
    beta = fit_logistic(x, positive, 0.1)
    assert compute_auc(x @ beta[1:], positive) > 0.95


def test_a_column_that_never_changes_is_left_alone() -> None:
    means, scales = compute_standard(np.array([[1.0, 5.0], [3.0, 5.0]]))
    assert means.tolist() == [2.0, 5.0]
    assert scales.tolist() == [1.0, 1.0]
