"""Whether a scanner finds the same gestures when the same person is filmed at another frame rate.

Four versions of each interview stand beside the one at 25 frames a second: filmed anew at
359/12 and at a variable rate, where the detector errs anew too, and the 25 fps poses with
frames repeated and dropped to reach those rates, as a converted video has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from imigue_core.annotation import SuggestedSpan
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.synthesis.interview import Interview, InterviewSpec, make_interview
from imigue_core.training.measures import Measure
from imigue_core.training.recordings import OnProgress, Scans

OTHER_FPS = Fraction(359, 12)
ABOVE_THRESHOLD = 0.1
MATCH_TIOU = 0.5
MATCH_TARGET, EDGE_TARGET = 1.0, 0.95
_STEPS_S = np.array([1, 2, 1, 1, 3, 1, 1, 5]) / 50
"""A variable rate: steps between frames, seconds, over and over; 26.7 frames a second on average."""


@dataclass(slots=True)
class _Tally:
    n_strong: int = 0
    n_matched: int = 0
    n_edges: int = 0
    n_close: int = 0


def measure_rates(
    scanner: Scans, specs: Sequence[InterviewSpec], threshold: float, on_progress: OnProgress | None = None
) -> Iterator[Measure]:
    """Two measures a version: the share of strong suggestions that match, and of their edges within one frame.

    A suggestion is strong when it scores 0.1 above ``threshold``; it matches one of the 25 fps version
    of the same class with temporal IoU of at least 0.5 that is shown. A frame period is the longer of both versions'.
    """
    tallies: dict[str, _Tally] = {}
    for done, spec in enumerate(specs):
        base = make_interview(replace(spec, fps=Fraction(25), times=None))
        shown = [s for s in _scan(scanner, base) if s.score >= threshold]
        for name, version in _list_versions(spec, base):
            strong = [s for s in _scan(scanner, version) if s.score >= threshold + ABOVE_THRESHOLD]
            _compare(tallies.setdefault(name, _Tally()), strong, version.times, shown, base.times)
        if on_progress is not None:
            on_progress("other frame rates", done + 1, len(specs))
    for name, tally in tallies.items():
        note = f"{len(specs)} interviews, {tally.n_strong} suggestions"
        share = tally.n_matched / tally.n_strong if tally.n_strong else float("nan")
        yield Measure("scanner", f"strong suggestions that match, {name}", share, target=MATCH_TARGET, note=note)
        close = tally.n_close / tally.n_edges if tally.n_edges else float("nan")
        yield Measure("scanner", f"their edges within one frame, {name}", close, target=EDGE_TARGET)


@dataclass(frozen=True, slots=True, eq=False)
class _Version:
    """One way an interview reaches the scanner."""

    poses: PoseSequence
    times: NDArray[np.float64]
    shot_cuts: list[int]


def _list_versions(spec: InterviewSpec, base: Interview) -> Iterator[tuple[str, _Version]]:
    duration_s = float(base.times[-1])
    steady = np.arange(int(duration_s * OTHER_FPS)) / float(OTHER_FPS)
    uneven = np.cumsum(np.tile(_STEPS_S, int(duration_s / _STEPS_S.sum()))) - _STEPS_S[0]
    for rate, times in (("359/12 fps", steady), ("variable rate", uneven)):
        filmed = make_interview(replace(spec, times=times))
        yield f"filmed at {rate}", _Version(filmed.poses, times, filmed.shot_cuts)
        nearest = np.abs(np.rint(times * 25)).astype(np.intp).clip(0, len(base.times) - 1)
        cuts = [int(np.searchsorted(nearest, cut)) for cut in base.shot_cuts]
        poses = PoseSequence(base.poses.keypoints[nearest], base.poses.size)
        yield f"converted to {rate}", _Version(poses, times, cuts)


def _scan(scanner: Scans, video: _Version | Interview) -> Sequence[SuggestedSpan]:
    return scanner.scan(video.poses, video.times, video.shot_cuts).suggestions


def _compare(
    tally: _Tally,
    strong: Sequence[SuggestedSpan],
    times: NDArray[np.float64],
    shown: Sequence[SuggestedSpan],
    base_times: NDArray[np.float64],
) -> None:
    period = max(float(np.diff(times).max()), float(np.diff(base_times).max())) + 1e-6
    others = [(s.class_id, base_times[s.start_frame], base_times[s.end_frame]) for s in shown]
    for suggestion in strong:
        start, end = times[suggestion.start_frame], times[suggestion.end_frame]
        rivals = [(a, b) for class_id, a, b in others if class_id == suggestion.class_id]
        best = max(rivals, key=lambda rival: _compute_tiou(start, end, *rival), default=None)
        tally.n_strong += 1
        if best is None or _compute_tiou(start, end, *best) < MATCH_TIOU:
            continue
        tally.n_matched += 1
        tally.n_edges += 2
        tally.n_close += int(abs(start - best[0]) <= period) + int(abs(end - best[1]) <= period)


def _compute_tiou(start: float, end: float, other_start: float, other_end: float) -> float:
    shared = max(0.0, min(end, other_end) - max(start, other_start))
    return shared / max(end - start + other_end - other_start - shared, 1e-9)
