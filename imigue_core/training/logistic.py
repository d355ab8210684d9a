"""Logistic regression with an L2 penalty by Newton's method, and folds that keep groups whole. Pure numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MAX_STEPS = 50
TOLERANCE = 1e-8


def compute_probability(logits: NDArray) -> NDArray[np.float64]:
    """Logistic function, exact at both ends of the range."""
    logits = np.asarray(logits, np.float64)
    small = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1 / (1 + small), small / (1 + small)), np.float64)


def compute_log_loss(logits: NDArray, positive: NDArray) -> float:
    """Mean negative log-likelihood in nats."""
    signed = np.where(positive, logits, -logits)
    return float(np.mean(np.logaddexp(0, -signed)))


def fit_logistic(x: NDArray, positive: NDArray, l2: float, weights: NDArray | None = None) -> NDArray[np.float64]:
    """Coefficients that minimise ``sum of log losses + l2 / 2 * |coefficients|^2``.

    Iteratively reweighted least squares with step halving; the objective is strictly
    convex for ``l2 > 0``, so the result does not depend on a start or a seed.

    Args:
        x: (N, F) features, standardised by the caller.
        positive: (N,) booleans.
        l2: Penalty, over 0; the intercept is not penalised beyond 1e-6.
        weights: (N,) how often each row counts, once each when None.

    Returns:
        (1 + F,) intercept, then coefficients.
    """
    design = np.concatenate([np.ones((len(x), 1)), np.asarray(x, np.float64)], axis=1)
    target = np.asarray(positive, np.float64)
    counts = np.ones(len(x)) if weights is None else np.asarray(weights, np.float64)
    penalty = np.full(design.shape[1], l2)
    penalty[0] = 1e-6
    beta = np.zeros(design.shape[1])

    def compute_objective(candidate: NDArray) -> float:
        logits = design @ candidate
        return float(counts @ (np.logaddexp(0, logits) - target * logits) + 0.5 * penalty @ candidate**2)

    value = compute_objective(beta)
    for _ in range(MAX_STEPS):
        p = compute_probability(design @ beta)
        gradient = design.T @ (counts * (p - target)) + penalty * beta
        hessian = (design * (counts * p * (1 - p))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        length = 1.0
        while (trial := compute_objective(beta - length * step)) > value and length > 1e-6:
            length /= 2
        if trial > value:
            break
        beta, gained, value = beta - length * step, value - trial, trial
        if gained <= TOLERANCE * (1 + abs(value)) and np.abs(step).max() < 1e-6:
            break
    return beta


def make_group_folds(groups: NDArray, n_folds: int, seed: int) -> NDArray[np.int64]:
    """(N,) fold of each row, 0 to ``n_folds - 1``; a group lies in one fold only, folds are near equal in groups."""
    names, places = np.unique(groups, return_inverse=True)
    folds = np.arange(len(names)) % n_folds
    np.random.default_rng(seed).shuffle(folds)
    return folds[places].astype(np.int64)


def predict_out_of_fold(x: NDArray, positive: NDArray, folds: NDArray, l2: float) -> NDArray[np.float64]:
    """(N,) logits, each from a fit that saw no row of its fold; features are standardised by the other folds."""
    logits = np.zeros(len(x))
    for fold in np.unique(folds):
        held = folds == fold
        means, scales = compute_standard(x[~held])
        beta = fit_logistic((x[~held] - means) / scales, positive[~held], l2)
        logits[held] = beta[0] + ((x[held] - means) / scales) @ beta[1:]
    return logits


def compute_standard(x: NDArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of each column, (F,) each; a column that never changes has deviation 1."""
    scales = x.std(axis=0)
    return x.mean(axis=0), np.where(scales > 1e-6, scales, 1.0)
