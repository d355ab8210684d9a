"""Finding stretches of keypoints that are like a given one. numpy only: the server process searches.

A stretch's embedding is the mean of its tokens (token_tracks.py) at unit length; two stretches are
as alike as the cosine between them. Windows of the length asked for, of 0.7 and of 1.4 times it,
slide over every track by cumulative sums. The best window grows for as long as what lies beside it
is still nearly as much like the query, so that a long gesture is found once and whole. Nothing that
is found reaches over a shot cut, and no two of them are the same movement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.annotation import Span
from imigue_core.suggest.token_tracks import TokenTrack

LENGTHS = (1.0, 0.7, 1.4)
"""Of the windows, in lengths of what is asked for."""
SAME_TIOU = 0.3
"""From this overlap on, two windows show the same movement."""
N_FOUND = 10
LEAST_TOKENS = 2
GROWS_WHILE = 0.8
"""Share of a window's score that the tokens beside it must have, as means of three, to belong to it."""
_BLOCK = 2048

Tokens = NDArray[np.intp]
_NOTHING = (np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What to look for.

    Attributes:
        embedding: (D,) float32 of unit length.
        n_tokens: How long it is.
    """

    embedding: NDArray[np.float32]
    n_tokens: int


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of source frames and how much it is like the query: -1 to 1, in practice 0 to 1."""

    span: Span
    score: float


def find_tokens(track: TokenTrack, span: Span) -> slice:
    """The tokens of a span, at least one; those of the shot that holds most of it where it reaches over a cut."""
    middle = (track.starts.astype(np.int64) + track.ends) / 2
    inside = np.flatnonzero((middle >= span.start_frame - 0.5) & (middle <= span.end_frame + 0.5))
    if not len(inside):
        nearest = int(np.argmin(np.abs(middle - (span.start_frame + span.end_frame) / 2)))
        return slice(nearest, nearest + 1)
    shots = track.shots[inside]
    values, counts = np.unique(shots, return_counts=True)
    inside = inside[shots == values[np.argmax(counts)]]
    return slice(int(inside[0]), int(inside[-1]) + 1)


def make_query(track: TokenTrack, span: Span) -> Query:
    """A span of a track as something to look for."""
    tokens = track.tokens[find_tokens(track, span)].astype(np.float32)
    mean = tokens.mean(axis=0)
    return Query(mean / max(float(np.linalg.norm(mean)), 1e-6), len(tokens))


def find_similar(track: TokenTrack, query: Query, leave_out: Sequence[Span] = (), n: int = N_FOUND) -> list[Match]:
    """The ``n`` stretches of a track that are most like the query, best first, no two of them the same movement.

    Args:
        leave_out: Frames that no stretch may touch, such as the query's own.
    """
    starts, stops, scores = _score_windows(track, query)
    near = _score_around(track, query)
    free = np.ones(len(track), np.bool_)
    for span in leave_out:
        free &= (track.starts > span.end_frame) | (track.ends < span.start_frame)
        touches = (track.starts[starts] <= span.end_frame) & (track.ends[stops - 1] >= span.start_frame)
        scores[touches] = -np.inf
    found: list[Match] = []
    while len(found) < n and len(scores):
        best = int(np.argmax(scores))
        score = float(scores[best])
        if score == -np.inf:
            break
        start, stop = _grow(track, free & (near >= GROWS_WHILE * score), int(starts[best]), int(stops[best]))
        found.append(Match(Span(int(track.starts[start]), int(track.ends[stop - 1])), score))
        free[start:stop] = False
        scores[_is_same(starts, stops, start, stop)] = -np.inf
    return found


def merge_matches(by_video: dict[int, list[Match]], n: int = N_FOUND) -> list[tuple[int, Match]]:
    """The best of several videos, best first, with the videos' ids."""
    pairs = [(video_id, match) for video_id, matches in by_video.items() for match in matches]
    return sorted(pairs, key=lambda pair: (-pair[1].score, pair[0], pair[1].span))[:n]


def _grow(track: TokenTrack, belongs: NDArray[np.bool_], start: int, stop: int) -> tuple[int, int]:
    """A window with the unbroken run of tokens that belong to it on both sides, within its shot."""
    ends = np.flatnonzero(~belongs | (track.shots != track.shots[start]))
    before, after = ends[ends < start], ends[ends >= stop]
    return (int(before[-1]) + 1 if len(before) else 0), (int(after[0]) if len(after) else len(track))


def _score_around(track: TokenTrack, query: Query) -> NDArray[np.float32]:
    """(L,) float32: how much each token and its two neighbours are like the query."""
    tokens = track.tokens.astype(np.float32)
    around = tokens.copy()
    around[1:] += tokens[:-1]
    around[:-1] += tokens[1:]
    norm = np.sqrt(np.einsum("ij,ij->i", around, around))
    scores: NDArray[np.float32] = (around @ query.embedding) / np.maximum(norm, 1e-6)
    return scores


def _is_same(starts: Tokens, stops: Tokens, start: int, stop: int) -> NDArray[np.bool_]:
    """Which windows show what one window shows: they overlap a good deal, or half of the shorter lies in the other."""
    shared = np.minimum(stops, stop) - np.maximum(starts, start)
    joined = np.maximum(stops, stop) - np.minimum(starts, start)
    shorter = np.minimum(stops - starts, stop - start)
    same: NDArray[np.bool_] = (shared > 0) & ((shared >= SAME_TIOU * joined) | (2 * shared >= shorter))
    return same


def _list_lengths(n_tokens: int) -> list[int]:
    return list(dict.fromkeys(max(LEAST_TOKENS, round(n_tokens * factor)) for factor in LENGTHS))


def _score_windows(track: TokenTrack, query: Query) -> tuple[Tokens, Tokens, NDArray[np.float32]]:
    """First token, one past the last and score of every window that lies in one shot."""
    lengths = _list_lengths(query.n_tokens)
    parts = [part for first in range(0, len(track), _BLOCK) for part in _score_block(track, query, lengths, first)]
    starts, stops, scores = zip(*(parts or [_NOTHING]), strict=True)
    return np.concatenate(starts), np.concatenate(stops), np.concatenate(scores)


def _score_block(
    track: TokenTrack, query: Query, lengths: list[int], first: int
) -> Iterator[tuple[Tokens, Tokens, NDArray[np.float32]]]:
    """The windows that begin in one block: so memory stays flat, and float32 sums stay exact enough."""
    tokens = track.tokens[first : first + _BLOCK + max(lengths) - 1].astype(np.float32)
    sums = np.zeros((len(tokens) + 1, tokens.shape[1]), np.float32)
    np.cumsum(tokens, axis=0, out=sums[1:])
    for length in lengths:
        n_windows = min(_BLOCK, len(tokens) - length + 1)
        if n_windows <= 0:
            continue
        starts = np.arange(first, first + n_windows)
        window = sums[length : length + n_windows] - sums[:n_windows]
        norm = np.sqrt(np.einsum("ij,ij->i", window, window))
        scores = (window @ query.embedding) / np.maximum(norm, 1e-6)
        is_whole = track.shots[starts] == track.shots[starts + length - 1]
        yield starts[is_whole], starts[is_whole] + length, scores[is_whole]
