"""Area under the ROC curve, and its bootstrap interval. Pure numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def compute_auc(scores: ArrayLike, positive: ArrayLike) -> float:
    """Chance that a positive case scores above a negative one; ties count half.

    Args:
        scores: (N,) numbers, larger means more likely positive.
        positive: (N,) booleans.

    Returns:
        0 to 1, NaN unless both kinds are there.
    """
    scores, positive = np.asarray(scores, np.float64), np.asarray(positive, bool)
    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    if not n_positive or not n_negative:
        return float("nan")
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    ranks = mean_ranks[places]
    return float((ranks[positive].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def compute_auc_interval(
    scores: ArrayLike, positive: ArrayLike, *, level: float = 0.95, n_draws: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Percentile bootstrap interval of the AUC over cases; draws with one kind only are left out."""
    scores, positive = np.asarray(scores, np.float64), np.asarray(positive, bool)
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(n_draws):
        draw = rng.integers(0, len(scores), len(scores)) if len(scores) else np.zeros(0, np.int64)
        values.append(compute_auc(scores[draw], positive[draw]))
    kept = np.array([v for v in values if not np.isnan(v)])
    if not len(kept):
        return float("nan"), float("nan")
    tail = 50 * (1 - level)
    return float(np.percentile(kept, tail)), float(np.percentile(kept, 100 - tail))
