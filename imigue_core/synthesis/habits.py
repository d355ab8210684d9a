"""How often whom does what: published shares, spans by class, a subject's own habits, outcome rates.

Numbers only; placing acts in time is for ``schedule.py``. Published figures are those of
iMiGUE's label table (Liu et al., CVPR 2021).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.taxonomy import CLASS_IDS, CLASSES, ILLUSTRATIVE_ID, Group, get_class

LABELS_PER_MINUTE = 8.8
"""Published: 18,498 labels in 2,092 minutes."""
RATE_SPREAD = 0.5
"""Standard deviation of the log of a subject's rate; published are 3 to 282 gestures a video, median 39, mean 51.5."""
MIXES = ("published", "tempered", "uniform", "idle")
"""How classes are drawn: as published, flattened (share to the power 0.4), alike, or no gesture at all."""
TEMPER = 0.4
_REACHING = (Group.HEAD_HAND, Group.BODY_HAND)
_CONCENTRATION = {"published": 40.0, "tempered": 60.0, "uniform": 120.0}

# class: median seconds, standard deviation of the log
SPANS: dict[int, tuple[float, float]] = {
    1: (1.6, 0.5), 2: (1.7, 0.5), 3: (1.7, 0.6), 4: (1.8, 0.7), 5: (1.8, 0.65), 6: (2.4, 0.75), 7: (1.9, 0.65),
    8: (1.65, 0.75), 9: (1.8, 0.65), 10: (2.4, 0.75), 11: (2.8, 0.95), 12: (1.9, 0.75), 13: (1.8, 0.65), 14: (2.1, 0.7),
    15: (2.1, 0.75), 16: (1.8, 0.65), 17: (5.6, 0.9), 18: (1.8, 0.7), 19: (5.0, 0.9), 20: (1.6, 0.55), 21: (1.6, 0.5),
    22: (2.1, 0.8), 23: (3.3, 0.9), 24: (4.8, 0.85), 25: (3.6, 0.8), 26: (3.0, 0.9), 27: (4.0, 0.9), 28: (1.4, 0.5),
    29: (1.3, 0.52), 30: (4.0, 0.9), 31: (1.15, 0.45), ILLUSTRATIVE_ID: (1.5, 0.70),
}  # fmt: skip
"""Spans of acts. The table prints only figures over all classes: median 1.57 s, p90 5.2, p99 15.6, 1.8 % under half a
second, means 2.8 (gestures) and 1.9 (illustrative); which classes are held long is judged from what they are."""
SHORTEST_S, SHORTEST_REACH_S, LONGEST_S = 0.3, 0.7, 80.0
"""A hand that reaches the head or the body and comes back in less than `SHORTEST_REACH_S` moves as nobody's does."""
MEAN_SPANS: dict[int, float] = {class_id: median * float(np.exp(sd**2 / 2)) for class_id, (median, sd) in SPANS.items()}
"""Mean seconds of an act, the cut at `LONGEST_S` left out of account."""

OUTCOME_RATES: dict[int, float] = {
    29: 0.45, 8: 0.40, 11: 0.35, 7: 0.50, 6: 0.60, 5: 0.40, 12: 0.35, 17: 0.35, 20: 0.25, 22: 0.30, 2: 0.30,
    23: 0.15, 31: -0.30, 28: -0.35, 21: -0.30, 24: -0.15, ILLUSTRATIVE_ID: -0.20,
}  # fmt: skip
"""INVENTED, for demonstration only: rates are multiplied by exp(x) in interviews after a loss and exp(-x) after a win.
No source gives such figures; nothing learned from them says anything about people."""


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """What one acted subject tends to do.

    Attributes:
        shares: (32,) in the order of `CLASS_IDS`, sum 1.
        rate: Acts a minute.
        dialects: For each class the share of each of its dialects.
        left_share: For each class how often it is done with the left.
        amplitude: Log of how large this person's movements are.
        tempo: Log of how fast.
    """

    shares: NDArray[np.float64]
    rate: float
    dialects: dict[int, NDArray[np.float64]]
    left_share: dict[int, float]
    amplitude: float
    tempo: float


def compute_shares(mix: str) -> NDArray[np.float64]:
    """(32,) share of each class of `CLASS_IDS` among the acts of a mix.

    Raises:
        InputError: ``MIX_UNKNOWN``.
    """
    if mix not in MIXES:
        raise InputError("MIX_UNKNOWN", f"expected one of {', '.join(MIXES)}, got {mix!r}.")
    counts = np.array([c.published_count for c in CLASSES], np.float64)
    power = {"published": 1.0, "tempered": TEMPER, "uniform": 0.0, "idle": 1.0}[mix]
    shares = counts**power
    return np.asarray(shares / shares.sum())


def sample_habits(rng: np.random.Generator, mix: str, dialect_counts: dict[int, int]) -> Habits:
    """A subject's habits about the shares of a mix.

    Args:
        rng: Of the subject.
        mix: One of `MIXES`; ``idle`` acts nothing.
        dialect_counts: How many dialects each class has.
    """
    shares = rng.dirichlet(_CONCENTRATION.get(mix, 40.0) * compute_shares(mix) + 1e-4)
    rate = LABELS_PER_MINUTE * np.exp(rng.normal(-(RATE_SPREAD**2) / 2, RATE_SPREAD))
    dialects, left_share = {}, {}
    is_left_handed = rng.random() < 0.11
    for class_id in CLASS_IDS:
        dialects[class_id] = rng.dirichlet(np.full(dialect_counts[class_id], 1.2))
        left = float(rng.beta(1.2, 1.6))
        left_share[class_id] = 1 - left if is_left_handed else left
    return Habits(
        shares,
        0.0 if mix == "idle" else float(rate),
        dialects,
        left_share,
        float(rng.normal(0, 0.18)),
        float(rng.normal(0, 0.12)),
    )


def apply_outcome(shares: NDArray[np.float64], outcome: str) -> NDArray[np.float64]:
    """(32,) rates by class, relative to the subject's own total, after a ``win`` or ``lose``; see `OUTCOME_RATES`."""
    sign = 1.0 if outcome == "lose" else -1.0
    factors = np.exp([sign * OUTCOME_RATES.get(class_id, 0.0) for class_id in CLASS_IDS])
    return np.asarray(shares * factors)


def sample_span(rng: np.random.Generator, class_id: int) -> float:
    """Seconds that an act of a class lasts."""
    median, spread = SPANS[class_id]
    while True:
        span = float(median * np.exp(rng.normal(0, spread)))
        if span <= LONGEST_S:
            return max(span, SHORTEST_REACH_S if get_class(class_id).group in _REACHING else SHORTEST_S)
