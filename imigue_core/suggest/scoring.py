"""Scores that mean the same for every class, and the five likeliest classes of a span. Numpy only.

A score estimates how probably a span is right (same class, at tIoU 0.3) in interviews with
published frequencies. Its weights are fitted after training and stand in the model's card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.suggest.proposals import Candidate, Votes, compute_tiou
from imigue_core.taxonomy import CLASSES, Group

LEAST_SCORE = 0.03
"""Spans under it are dropped; the slider ends above."""
SOFT_NMS_SIGMA = 0.3
RIVAL_TIOU = 0.4
"""Hands do one thing at a time: of two spans of theirs that overlap more, the weaker one is weakened."""
RIVAL_SHARE = 0.35
MEASURES = ("mean", "peak", "log_s", "agreement", "edge_sd", "rival")
_HANDS = {Group.HAND, Group.HEAD_HAND, Group.BODY_HAND, Group.ILLUSTRATIVE}
_USES_HANDS = np.array([c.group in _HANDS for c in CLASSES])

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic weights of ``MEASURES``; a class's own shift comes on top.

    Attributes:
        weights: One for each measure.
        shifts: One for each class, in the order of ``CLASS_IDS``.
        edge_sd_factor: What edge deviations are multiplied by so that they are those measured.
    """

    weights: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    shifts: tuple[float, ...] = field(default=(0.0,) * len(CLASSES))
    edge_sd_factor: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Calibration:
        """From a card; an empty dictionary means an uncalibrated model.

        Raises:
            InputError: ``MODEL_CARD``.
        """
        try:
            made = cls() if not values else cls(
                tuple(float(w) for w in values["weights"]),
                tuple(float(s) for s in values["shifts"]),
                float(values["edge_sd_factor"]),
            )  # fmt: skip
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise InputError("MODEL_CARD", f"expected a calibration, got one without {error}.") from error
        if not np.isfinite([*made.weights, *made.shifts, made.edge_sd_factor]).all() or made.edge_sd_factor < 0:
            raise InputError("MODEL_CARD", "expected a calibration of finite numbers.")
        if len(made.weights) != len(MEASURES) or len(made.shifts) != len(CLASSES):
            raise InputError("MODEL_CARD", "expected a calibration of this studio's measures and classes.")
        return made


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A candidate with its score and its five likeliest (column, probability), its own first."""

    candidate: Candidate
    score: float
    top: tuple[tuple[int, float], ...]


def compute_measures(votes: Votes, candidates: Sequence[Candidate]) -> Array:
    """(n, 6) what a score depends on, columns as in ``MEASURES``."""
    table = np.zeros((len(candidates), len(MEASURES)))
    for row, c in zip(table, candidates, strict=True):
        inside = compute_means(votes, c)
        rivals = np.where(_USES_HANDS[c.column] == _USES_HANDS, inside, 0)
        rivals[c.column] = 0
        edge_sd = (c.start_sd + c.end_sd) / max(c.seconds, 0.2)
        row[:] = (
            _logit(c.mean), _logit(c.peak), np.log(max(c.seconds, 0.1)), c.agreement, min(edge_sd, 2.0),
            _logit(float(rivals.max())),
        )  # fmt: skip
    return table


def compute_means(votes: Votes, candidate: Candidate) -> NDArray[np.float64]:
    """(C,) mean probability of every class between a span's edges."""
    low, high = np.searchsorted(votes.times, [candidate.start_s, candidate.end_s])
    low = min(int(low), len(votes.times) - 1)
    means: NDArray[np.float64] = votes.probabilities[low : max(int(high), low + 1)].mean(axis=0, dtype=np.float64)
    return means


def score_candidates(votes: Votes, candidates: Sequence[Candidate], calibration: Calibration) -> list[ScoredSpan]:
    """Calibrated, thinned out by soft-NMS (Bodla et al., ICCV 2017), with alternatives; by start.

    Args:
        votes: Of the shot.
        candidates: Its candidates.
        calibration: From the card.
    """
    if not candidates:
        return []
    columns = np.array([c.column for c in candidates])
    z = compute_measures(votes, candidates) @ np.array(calibration.weights) + np.array(calibration.shifts)[columns]
    starts = np.array([c.start_s for c in candidates])
    ends = np.array([c.end_s for c in candidates])
    scores = _suppress(columns, starts, ends, 1 / (1 + np.exp(-z)))
    kept = [i for i in np.lexsort((columns, starts)) if scores[i] >= LEAST_SCORE]
    by_start = np.argsort(starts, kind="stable")
    longest = float((ends - starts).max())
    firsts, lasts = np.searchsorted(starts[by_start], [starts - longest, ends])
    spans = []
    for i in kept:
        c = candidates[i]
        near = by_start[firsts[i] : lasts[i]]  # all that can overlap it
        factor = calibration.edge_sd_factor
        c = replace(c, start_sd=c.start_sd * factor, end_sd=c.end_sd * factor)
        beside = _compute_beside(i, near, columns, starts, ends, scores)
        spans.append(ScoredSpan(c, float(scores[i]), _rank(c, float(scores[i]), compute_means(votes, c), beside)))
    return spans


def _suppress(columns: NDArray, starts: Array, ends: Array, scores: Array) -> Array:
    """Scores after the likelier span of the same class, or of the same hands, has taken its share."""
    scores = scores.copy()
    order = np.argsort(-scores)
    by_start = np.argsort(starts)
    longest = float((ends - starts).max())
    sorted_starts = starts[by_start]
    done = np.zeros(len(scores), bool)
    for i in order:
        done[i] = True
        low, high = np.searchsorted(sorted_starts, [starts[i] - longest, ends[i]])
        near = by_start[low:high]
        near = near[~done[near] & (ends[near] > starts[i])]
        if len(near) == 0:
            continue
        tiou = compute_tiou(starts[i], ends[i], starts[near], ends[near])
        same = columns[near] == columns[i]
        rival = ~same & _USES_HANDS[columns[near]] & _USES_HANDS[columns[i]] & (tiou >= RIVAL_TIOU)
        factor = np.where(same, np.exp(-(tiou**2) / SOFT_NMS_SIGMA), 1.0)
        factor = np.where(rival, 1 - (1 - RIVAL_SHARE) * min(1.0, scores[i] * 2), factor)
        scores[near] *= factor
    return scores


def _compute_beside(
    i: int, near: NDArray[np.intp], columns: NDArray, starts: Array, ends: Array, scores: Array
) -> NDArray[np.float64]:
    """(C,) how much of span ``i`` each class explains with spans ``near`` it, of its own, that are no rivals for it."""
    shared = np.minimum(ends[near], ends[i]) - np.maximum(starts[near], starts[i])
    share = np.clip(shared / max(ends[i] - starts[i], 1e-6), 0, 1) * scores[near]
    share[near == i] = 0
    beside = np.zeros(len(CLASSES))
    np.maximum.at(beside, columns[near], share)
    beside[_USES_HANDS if _USES_HANDS[columns[i]] else ~_USES_HANDS] = 0
    return beside


def _rank(c: Candidate, score: float, means: NDArray[np.float64], beside: Array) -> tuple[tuple[int, float], ...]:
    """The span's own class, then four others; together they stay at most 1, the rest being nothing at all.

    The probability that the score leaves is shared out by the other classes' mean probabilities;
    what another part of the body does at the same time, in a span of its own, is no alternative.
    """
    others = means * (1 - beside)
    others[c.column] = 0
    share = others / max(float(others.sum()), float(means.max()), 0.2)
    left = np.minimum((1 - score) * share, score)
    best = [int(k) for k in np.argsort(-left, kind="stable") if k != c.column][:4]
    return ((c.column, score), *((k, float(left[k])) for k in best))


def _logit(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.log(p / (1 - p)))
