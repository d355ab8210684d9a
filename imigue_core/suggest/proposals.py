"""From what the network says at every token to spans: votes on edges, runs, soft-NMS. Numpy only.

Seconds are counted from the shot's first sample. Scores become calibrated, and spans
become frames, in ``scoring.py`` and ``scanner.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLOOR = 0.05
"""Class probability under which a token votes for nothing."""
SAME_SPAN_TIOU = 0.6
"""Votes that overlap this much are one span."""
LONGEST_VOTE_S = 60.0
MERGE_SHARE = 0.8
"""Neighbours of one class are one long hold when the probability between them stays over this share of theirs."""
MERGE_GAP_S = 0.5
UNSURE_EDGE_S = 1.0
"""... and the edges that face each other are less sure than this, together."""

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """What every token of a shot votes for.

    Attributes:
        times: (L,) seconds of the tokens' middles.
        probabilities: (L, C) of the classes, 0..1.
        starts: (L, G) seconds, by group.
        ends: (L, G) seconds.
        start_scales: (L, G) Laplace scale of the start, seconds.
        end_scales: (L, G) the same of the end.
        group_of_class: (C,) index of each class's group.
    """

    times: Array
    probabilities: Array
    starts: Array
    ends: Array
    start_scales: Array
    end_scales: Array
    group_of_class: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One span of one class.

    Attributes:
        column: Index of the class.
        start_s: Seconds.
        end_s: Seconds.
        peak: Highest probability among its tokens.
        mean: Mean probability between its edges.
        start_sd: Seconds.
        end_sd: Seconds.
        agreement: Share of the tokens between its edges that vote for this span, 0..1.
    """

    column: int
    start_s: float
    end_s: float
    peak: float
    mean: float
    start_sd: float
    end_sd: float
    agreement: float

    @property
    def seconds(self) -> float:
        return self.end_s - self.start_s


def make_votes(
    logits: Array,
    boundaries: Array,
    group_of_class: tuple[int, ...],
    *,
    rate_hz: float,
    stride: int,
    log_offset_s: float,
) -> Votes:
    """Votes from network outputs.

    Args:
        logits: (L, C + 1) of the sigmoids, background last.
        boundaries: (L, G, 4): log of seconds plus ``log_offset_s`` to start and end, log Laplace scales of both.
        group_of_class: Index of each class's group.
        rate_hz: Samples a second.
        stride: Samples a token.
        log_offset_s: See ``boundaries``.
    """
    n_tokens = len(logits)
    times = ((np.arange(n_tokens) * stride + (stride - 1) / 2) / rate_hz).astype(np.float32)
    probabilities = 1 / (1 + np.exp(-np.clip(logits[:, :-1], -30, 30)))
    stretched = np.exp(np.clip(boundaries[:, :, :2], -5, np.log(LONGEST_VOTE_S)))
    scales = stretched * np.exp(np.clip(boundaries[:, :, 2:], -5, 2))
    reach = stretched - np.float32(log_offset_s)
    return Votes(
        times,
        probabilities.astype(np.float32),
        times[:, None] - reach[:, :, 0],
        times[:, None] + reach[:, :, 1],
        np.maximum(scales[:, :, 0], 0.02),
        np.maximum(scales[:, :, 1], 0.02),
        group_of_class,
    )


def find_candidates(votes: Votes, floor: float = FLOOR) -> list[Candidate]:
    """All spans of all classes, ordered by class and start; neighbours of one class may overlap a little."""
    found: list[Candidate] = []
    for column in range(votes.probabilities.shape[1]):
        p = votes.probabilities[:, column]
        for first, last in _list_runs(p >= floor):
            found.extend(_split_run(votes, column, first, last, floor))
    return found


def _list_runs(active: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of active tokens as first and one past last; a single silent token does not end a run."""
    closed = active.copy()
    closed[1:-1] |= active[:-2] & active[2:]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], closed, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _split_run(votes: Votes, column: int, first: int, last: int, floor: float) -> list[Candidate]:
    """The spans that the tokens of one run vote for, likeliest first out of the run, then long holds joined."""
    group = votes.group_of_class[column]
    run = slice(first, last)
    p, times = votes.probabilities[run, column], votes.times[run]
    starts, ends = votes.starts[run, group], votes.ends[run, group]
    start_scales, end_scales = votes.start_scales[run, group], votes.end_scales[run, group]
    left = p >= floor
    found: list[Candidate] = []
    while left.any():
        best = int(np.where(left, p, -1).argmax())
        shared = np.minimum(ends, ends[best]) - np.maximum(starts, starts[best])
        union = np.maximum(ends, ends[best]) - np.minimum(starts, starts[best])
        members = np.flatnonzero(left & (shared >= SAME_SPAN_TIOU * union))
        weight = p[members] ** 2
        start_s, start_sd = _fuse(starts[members], start_scales[members], weight)
        end_s, end_sd = _fuse(ends[members], end_scales[members], weight)
        if end_s - start_s > 0.04:
            mean, agreement = _describe(votes, column, start_s, end_s, len(members))
            peak = float(p[best])
            found.append(Candidate(column, start_s, end_s, peak, mean, start_sd, end_sd, agreement))
        left[members] = False
        left &= (times < start_s) | (times > end_s)
        left[best] = False
    return _join_holds(votes, sorted(found, key=lambda c: c.start_s))


def _fuse(edges: Array, scales: Array, weight: Array) -> tuple[float, float]:
    """Mean of votes weighted by sureness, and a standard deviation from both their scales and their scatter."""
    weight = weight / (scales * scales)
    weight = weight / weight.sum()
    middle = float(weight @ edges)
    scatter = float(weight @ (edges - middle) ** 2)
    spread = 2 * float(weight @ (scales * scales))  # variance of a Laplace distribution: twice its scale squared
    return middle, float(np.sqrt((scatter + spread) / 2))


def _describe(votes: Votes, column: int, start_s: float, end_s: float, n_members: int) -> tuple[float, float]:
    """Mean probability between the edges, and the share of tokens there that voted for the span."""
    low, high = np.searchsorted(votes.times, [start_s, end_s])
    high = max(high, low + 1)
    inside = votes.probabilities[low:high, column]
    mean = float(inside.mean()) if len(inside) else 0.0
    return mean, min(1.0, n_members / max(len(inside), 1))


def _join_holds(votes: Votes, spans: list[Candidate]) -> list[Candidate]:
    """Chains of spans that one long hold broke into become one; sure edges keep repeats apart."""
    joined: list[Candidate] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is not None and _is_same_hold(votes, last, span):
            start, end = (last, span if span.end_s > last.end_s else last)
            start_s, end_s = start.start_s, end.end_s
            mean, _ = _describe(votes, span.column, start_s, end_s, 1)
            peak, agreement = max(last.peak, span.peak), max(last.agreement, span.agreement)
            joined[-1] = Candidate(span.column, start_s, end_s, peak, mean, start.start_sd, end.end_sd, agreement)
        else:
            joined.append(span)
    return joined


def _is_same_hold(votes: Votes, one: Candidate, other: Candidate) -> bool:
    if other.start_s - one.end_s > MERGE_GAP_S or one.end_sd + other.start_sd < UNSURE_EDGE_S:
        return False
    low, high = sorted((one.end_s, other.start_s))
    a, b = np.searchsorted(votes.times, [low - 0.3, high + 0.3])
    between = votes.probabilities[a:b, one.column]
    return len(between) > 0 and float(between.min()) >= MERGE_SHARE * min(one.mean, other.mean)


def compute_tiou(start: float, end: float, starts: Array, ends: Array) -> Array:
    """(n,) temporal intersection over union of one span in seconds with others."""
    shared = np.maximum(np.minimum(ends, end) - np.maximum(starts, start), 0)
    union = (ends - starts) + (end - start) - shared
    result: Array = shared / np.maximum(union, 1e-6)
    return result
