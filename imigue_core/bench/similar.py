"""Finding similar stretches: seconds for ten hours of tokens, and how often what is found is of the class asked for.

The people are acted, by seeds and dialects that training never saw. A found stretch counts when
half of the shorter lies in a label of the query's class. The peer searches in the same way by
the keypoints themselves, less each video's mean pose.
"""

from __future__ import annotations

import math
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from imigue_core.annotation import Span, compute_overlap_frames
from imigue_core.bench.figures import Figure
from imigue_core.metrics.detection import GESTURE_IDS
from imigue_core.models.cards import BUNDLED, DEFAULT_MODELS
from imigue_core.models.tasks import Task
from imigue_core.skeleton.normalise import RATE_HZ, normalise
from imigue_core.suggest.similar import N_FOUND, Match, find_similar, make_query, merge_matches
from imigue_core.suggest.token_tracks import TokenTrack, TrackOrigin, find_track, make_track, save_track
from imigue_core.synthesis.interview import Interview, make_interview
from imigue_core.training.evaluation_sets import iter_each

N_VIDEOS = 24
N_QUERIES = 200
HOURS = 10
N_JOINED = 7
N_RUNS = 5
TARGET_S = 1.0
TARGET_PRECISION = 0.5
_STRIDE = 4
_SEED = 7

Finder = Callable[[int, Span], list[tuple[int, Match]]]
"""From a video's number and a span of it to ten stretches."""


@dataclass(frozen=True, slots=True, eq=False)
class _Acted:
    """A held-out interview: its labels, and what each way of searching looks at."""

    labels: list[tuple[int, Span]]
    n_frames: int
    ours: TokenTrack
    poses: TokenTrack


def measure() -> Iterator[Figure]:
    """Quality first, then the time of one search."""
    acted = _act()
    rng = np.random.default_rng(_SEED)
    queries = [(k, c, span) for k, one in enumerate(acted) for c, span in one.labels if c in GESTURE_IDS]
    queries = [queries[i] for i in rng.permutation(len(queries))[:N_QUERIES]]
    ours = _score(acted, queries, _make_finder([one.ours for one in acted]))
    peer = _score(acted, queries, _make_finder([one.poses for one in acted]))
    chance = _score(acted, queries, _make_guesser(acted, rng))
    note = f"{len(queries)} gestures of {len(acted)} acted interviews"
    yield Figure("similar", "precision at 10, same class", ours[0], "", TARGET_PRECISION, True,
                 "keypoints, same search", peer[0], note)  # fmt: skip
    yield Figure("similar", "of which different gestures, of 10", ours[1], "", None, True,
                 "keypoints, same search", peer[1])  # fmt: skip
    yield Figure("similar", "tIoU of the first found with the gesture it hits", ours[2], "", None, True,
                 "keypoints, same search", peer[2])  # fmt: skip
    yield Figure("similar", "precision at 10 of stretches drawn by chance", chance[0], "")
    yield from _measure_time(acted)


def _measure_time(acted: list[_Acted]) -> Iterator[Figure]:
    """The least of five searches, files and all; what is compared lies in the system's cache by then."""
    joined = _join([one.ours for one in acted])
    query = make_query(joined, acted[0].labels[0][1])
    n_frames = int(joined.ends[-1]) + 1
    n_videos = math.ceil(HOURS * 3600 * RATE_HZ / _STRIDE / len(joined))
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{k}.safetensors" for k in range(n_videos)]
        for path in paths:
            save_track(path, joined, TrackOrigin(DEFAULT_MODELS[Task.SCAN], "", 1))

        def search() -> None:
            found = {}
            for k, path in enumerate(paths):
                track = find_track(path, n_frames)
                assert track is not None
                found[k] = find_similar(track, query)
            merge_matches(found)

        seconds = min(_time(search) for _ in range(N_RUNS))
        n_bytes = sum(path.stat().st_size for path in paths)
        tracemalloc.start()
        search()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    note = f"{n_videos} videos, {n_bytes / 1e6:.0f} MB of files"
    yield Figure("similar", f"search of {HOURS} hours, files read", seconds, "s", TARGET_S, False, note=note)
    yield Figure("similar", "memory a search takes", peak / 1e6, "MB")


def _time(run: Callable[[], None]) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started


def _join(tracks: list[TokenTrack]) -> TokenTrack:
    """One interview after the other, as shots of one video of half an hour."""
    shots, first = [], 0
    for track in tracks[:N_JOINED]:
        for number in np.unique(track.shots):
            rows = track.shots == number
            span = Span(first + int(track.starts[rows][0]), first + int(track.ends[rows][-1]))
            shots.append((span, track.tokens[rows], track.starts[rows] + first))
        first += int(track.ends[-1]) + 1
    return make_track(shots)


def _act() -> list[_Acted]:
    from imigue_core.suggest.scanner import load_scanner

    scanner = load_scanner(BUNDLED / DEFAULT_MODELS[Task.SCAN], "cpu")
    acted = []
    for spec in islice(iter_each(), N_VIDEOS):
        one = make_interview(spec)
        track = scanner.scan(one.poses, one.times, one.shot_cuts, with_track=True).track
        assert track is not None
        labels = [(label.class_id, Span(label.start_frame, label.end_frame)) for label in one.labels]
        acted.append(_Acted(labels, len(one.times), track, _pool_poses(one, track)))
    return acted


def _pool_poses(one: Interview, track: TokenTrack) -> TokenTrack:
    """The peer's track: normalised points, averaged over each token, less the video's mean."""
    parts: list[NDArray[np.float32]] = []
    for shot in normalise(one.poses, one.times, list(one.shot_cuts)):
        flat = np.nan_to_num(shot.xy.reshape(-1, shot.xy.shape[2]).T)
        flat = np.pad(flat, ((0, -len(flat) % _STRIDE), (0, 0)), mode="edge")
        parts.append(flat.reshape(-1, _STRIDE, flat.shape[1]).mean(axis=1))
    points = np.concatenate(parts)
    points -= points.mean(axis=0)
    return TokenTrack(points.astype(np.float16), track.starts, track.ends, track.shots)


def _make_finder(tracks: list[TokenTrack]) -> Finder:
    def find(video: int, span: Span) -> list[tuple[int, Match]]:
        query = make_query(tracks[video], span)
        return merge_matches(
            {k: find_similar(track, query, [span] if k == video else []) for k, track in enumerate(tracks)}
        )

    return find


def _make_guesser(acted: list[_Acted], rng: np.random.Generator) -> Finder:
    def guess(video: int, span: Span) -> list[tuple[int, Match]]:
        found = []
        for k in rng.integers(0, len(acted), N_FOUND).tolist():
            start = int(rng.integers(0, max(1, acted[k].n_frames - span.n_frames)))
            found.append((k, Match(Span(start, start + span.n_frames - 1), 0.0)))
        return found

    return guess


def _score(acted: list[_Acted], queries: list[tuple[int, int, Span]], find: Finder) -> tuple[float, float, float]:
    """Precision at 10, different gestures hit, mean tIoU of the first match that is a hit."""
    precision, different, overlap = [], [], []
    for video, class_id, span in queries:
        told = [(k, _find_label(acted[k], class_id, match.span), match) for k, match in find(video, span)]
        pairs = [(k, hit, match) for k, hit, match in told if hit is not None]
        precision.append(len(pairs) / N_FOUND)
        different.append(len({(k, hit) for k, hit, _ in pairs}))
        if pairs:
            _, hit, match = pairs[0]
            shared = compute_overlap_frames(hit, match.span)
            overlap.append(shared / (hit.n_frames + match.span.n_frames - shared))
    return float(np.mean(precision)), float(np.mean(different)), float(np.mean(overlap))


def _find_label(one: _Acted, class_id: int, span: Span) -> Span | None:
    for label_class, label in one.labels:
        shared = compute_overlap_frames(label, span)
        if label_class == class_id and 2 * shared >= min(label.n_frames, span.n_frames):
            return label
    return None
