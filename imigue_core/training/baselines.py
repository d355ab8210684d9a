"""What a scanner must beat: a threshold on motion, and a constant guess. Neither learns anything but a few numbers.

Both get the same help a scanner gets: their numbers are chosen on tuning videos
that are not the ones the result is reported on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imigue_core.metrics.detection import GESTURE_IDS, compute_scores
from imigue_core.metrics.matching import Spans, VideoSpans, make_spans, match_videos
from imigue_core.skeleton.layout import LEFT_SHOULDER, LEFT_WRIST, NOSE, RIGHT_SHOULDER, RIGHT_WRIST
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.taxonomy import ILLUSTRATIVE_ID

PARTS: dict[str, tuple[int, ...]] = {
    "hands": (LEFT_WRIST, RIGHT_WRIST),
    "head": (NOSE,),
    "shoulders": (LEFT_SHOULDER, RIGHT_SHOULDER),
}
"""The points whose speed is thresholded, by body part."""

SMOOTHING_S = 0.4
LONGEST_GAP_S = 0.4
SHORTEST_S = 0.3
N_LABELS = 6
"""Classes that a motion rule may put on its segments: the commonest ones."""

Speeds = Mapping[str, NDArray[np.float32]]
"""Part -> (T,) speed in shoulder widths a second."""


def compute_speeds(poses: PoseSequence, times_s: NDArray) -> dict[str, NDArray[np.float32]]:
    """Speed of each part of ``PARTS``, the fastest of its points; 0 where a point is missing throughout.

    Args:
        poses: (T, 137, 3); gaps are bridged by straight lines.
        times_s: (T,) presentation times, rising.
    """
    points = poses.keypoints
    width = _compute_shoulder_width(points)
    n_smooth = max(1, round(SMOOTHING_S / float(np.median(np.diff(times_s))))) if len(times_s) > 1 else 1
    speeds = {}
    for part, numbers in PARTS.items():
        fastest = np.zeros(len(points), np.float32)
        for number in numbers:
            found = points[:, number, 2] > 0
            if found.sum() < 2 or len(times_s) < 2:
                continue
            xy = [_smooth(np.interp(times_s, times_s[found], points[found, number, k]), n_smooth) for k in (0, 1)]
            speed = np.hypot(*(np.gradient(axis, times_s) for axis in xy)) / width
            fastest = np.maximum(fastest, _smooth(speed, n_smooth).astype(np.float32))
        speeds[part] = fastest
    return speeds


def _compute_shoulder_width(points: NDArray) -> float:
    """Median distance of the shoulders in pixels; 100 where they are never seen together."""
    apart = np.hypot(*(points[:, LEFT_SHOULDER, :2] - points[:, RIGHT_SHOULDER, :2]).T)
    apart = apart[np.isfinite(apart)]
    return max(float(np.median(apart)), 1.0) if len(apart) else 100.0


def _smooth(values: NDArray, n: int) -> NDArray:
    """Running mean over ``n`` frames, ends held."""
    padded = np.pad(values, (n // 2, n - 1 - n // 2), mode="edge")
    return np.convolve(padded, np.full(n, 1 / n), mode="valid")


def find_segments(active: NDArray, fps: float) -> list[tuple[int, int]]:
    """Runs of True as inclusive frames, short gaps closed and short runs dropped."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    runs: list[tuple[int, int]] = []
    for start, stop in edges.reshape(-1, 2):
        if runs and start - runs[-1][1] - 1 <= LONGEST_GAP_S * fps:
            runs[-1] = (runs[-1][0], int(stop) - 1)
        else:
            runs.append((int(start), int(stop) - 1))
    return [run for run in runs if run[1] - run[0] + 1 >= SHORTEST_S * fps]


@dataclass(frozen=True, slots=True)
class MotionRule:
    """Segments in which ``part`` is faster than ``threshold`` are called ``class_id``.

    Attributes:
        part: A key of ``PARTS``.
        threshold: Shoulder widths a second.
        class_id: 1-31.
    """

    part: str
    threshold: float
    class_id: int


def predict_motion(rules: Sequence[MotionRule], speeds: Speeds, fps: float) -> Spans:
    """The spans of all rules; the score is the segment's mean speed over its threshold."""
    rows = []
    for rule in rules:
        speed = speeds[rule.part]
        for start, end in find_segments(speed > rule.threshold, fps):
            rows.append((rule.class_id, start, end, float(speed[start : end + 1].mean()) / rule.threshold))
    return make_spans(rows)


def tune_motion(videos: Sequence[VideoSpans], speeds: Sequence[Speeds]) -> tuple[MotionRule, ...]:
    """The rules with the highest micro F1 on tuning videos.

    For each part the best threshold (of twenty quantiles of its speed) and class (of the
    commonest) is searched; parts are then taken one after another, best first, while they help.
    """
    best_of_part = sorted((_tune_part(part, videos, speeds) for part in PARTS), key=lambda pair: pair[0], reverse=True)
    f1, best = best_of_part[0]
    rules: tuple[MotionRule, ...] = (best,)
    for _, more in best_of_part[1:]:
        together = _compute_f1([predict_motion((*rules, more), s, v.fps) for s, v in _pair(speeds, videos)], videos)
        if together > f1:
            f1, rules = together, (*rules, more)
    return rules


def _tune_part(part: str, videos: Sequence[VideoSpans], speeds: Sequence[Speeds]) -> tuple[float, MotionRule]:
    """The best rule of one part and its F1."""
    pooled = np.concatenate([s[part] for s in speeds])
    scored: list[tuple[float, MotionRule]] = []
    for threshold in np.unique(np.maximum(np.quantile(pooled, np.linspace(0.5, 0.995, 20)), 1e-3)):
        rule = MotionRule(part, float(threshold), ILLUSTRATIVE_ID)
        segments = [predict_motion((rule,), s, v.fps) for s, v in _pair(speeds, videos)]
        for class_id in _list_commonest(videos):
            called = [replace(x, class_ids=np.full_like(x.class_ids, class_id)) for x in segments]
            scored.append((_compute_f1(called, videos), replace(rule, class_id=class_id)))
    return max(scored, key=lambda pair: pair[0])


def _pair(speeds: Sequence[Speeds], videos: Sequence[VideoSpans]) -> list[tuple[Speeds, VideoSpans]]:
    return list(zip(speeds, videos, strict=True))


def _list_commonest(videos: Sequence[VideoSpans]) -> list[int]:
    counts = Counter(int(i) for v in videos for i in v.truth.class_ids if i in GESTURE_IDS)
    return [class_id for class_id, _ in counts.most_common(N_LABELS)] or [31]


def _compute_f1(predicted: Sequence[Spans], videos: Sequence[VideoSpans]) -> float:
    answers = [replace(video, predicted=spans) for video, spans in zip(videos, predicted, strict=True)]
    return compute_scores(match_videos(answers)).micro.f1


@dataclass(frozen=True, slots=True)
class ConstantGuess:
    """One class, end to end, whatever the video shows.

    Attributes:
        class_id: The commonest gesture of the tuning videos.
        duration_s: Its median duration there.
    """

    class_id: int
    duration_s: float


def tune_constant(videos: Sequence[VideoSpans]) -> ConstantGuess:
    """The commonest gesture and its median duration; 2.5 s when there is no gesture at all."""
    class_id = _list_commonest(videos)[0]
    durations = [
        (end - start + 1) / video.fps
        for video in videos
        for number, start, end in zip(video.truth.class_ids, video.truth.starts, video.truth.ends, strict=True)
        if number == class_id
    ]
    return ConstantGuess(class_id, float(np.median(durations)) if durations else 2.5)


def predict_constant(guess: ConstantGuess, n_frames: int, fps: float) -> Spans:
    """The class tiled over the video, back to back."""
    n = max(1, round(guess.duration_s * fps))
    return make_spans((guess.class_id, start, min(start + n, n_frames) - 1, 1.0) for start in range(0, n_frames, n))
