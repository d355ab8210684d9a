"""Motion traces: how fast head, shoulders and hands move, how near a hand is to the face, frame by frame.

Pure numpy on points of one person. Speeds come from the way a part goes between frames in which the same
points are seen, so that points that come and go do not look like motion. Nothing crosses a shot cut. Which
moments stand out in a trace is ``trace_peaks.py``; files and routes live elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import (
    FACE_SLICE,
    LEFT_EAR,
    LEFT_ELBOW,
    LEFT_EYE,
    LEFT_HAND_SLICE,
    LEFT_SHOULDER,
    LEFT_WRIST,
    NECK,
    NOSE,
    RIGHT_EAR,
    RIGHT_ELBOW,
    RIGHT_EYE,
    RIGHT_HAND_SLICE,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
)
from imigue_core.skeleton.normalise import LEAST_CONFIDENCE, LONGEST_GAP_S, NECK_TO_NOSE_SCALE, list_shots
from imigue_core.skeleton.pose import PoseSequence

SPEED_NAMES = ("head", "shoulders", "left hand", "right hand")
HAND_FACE = "hand–face"
TRACE_NAMES = (*SPEED_NAMES, HAND_FACE)
"""Rows of ``compute_traces``."""

SMOOTHING_S = 0.06
"""Standard deviation of the low-pass."""
FACE_HELD_S = 1.0
"""A hand over the face hides it from detectors: its last place counts for so long."""
_MOST_REPEATS = 3
_KNUCKLES = (0, 5, 9, 13, 17)
_REACHING = (4, 8, 9, 12, 16, 20)
_OUTLINE = (0, 4, 8, 12, 16, 19, 24, 30, 36, 45, 48, 54)
_ARMS = (
    (LEFT_WRIST, LEFT_ELBOW, LEFT_HAND_SLICE.start),
    (RIGHT_WRIST, RIGHT_ELBOW, RIGHT_HAND_SLICE.start),
)
_PARTS = (
    (NOSE, RIGHT_EYE, LEFT_EYE, RIGHT_EAR, LEFT_EAR),
    (RIGHT_SHOULDER, LEFT_SHOULDER),
    *((wrist, *(hand + k for k in _KNUCKLES)) for wrist, _, hand in _ARMS),
)
_FACE = tuple(FACE_SLICE.start + k for k in _OUTLINE)
_HEAD = (NOSE, RIGHT_EAR, LEFT_EAR)
POINTS: tuple[int, ...] = tuple(
    sorted(
        {NECK, LEFT_ELBOW, RIGHT_ELBOW, *_FACE, *(p for part in _PARTS for p in part)}
        | {hand + k for _, _, hand in _ARMS for k in _REACHING}
    )
)
"""The points that traces are made from; everything else may be left undecoded."""
_ROW = {point: row for row, point in enumerate(POINTS)}
_REACH_OF_WRIST = 0.4
"""Where a hand is that is not seen: this share of the forearm further on than the wrist."""

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Traces:
    """What the timeline draws.

    Attributes:
        values: (5, T) float32, rows as in ``TRACE_NAMES``: speeds in shoulder widths a second, then the distance of
            the nearer hand from the face in shoulder widths; NaN where the points are missing.
    """

    values: Array

    @property
    def n_frames(self) -> int:
        return int(self.values.shape[1])


def compute_traces(poses: PoseSequence, times_s: NDArray[np.float64], shot_cuts: Sequence[int]) -> Traces:
    """The traces of a video.

    Args:
        poses: (T, 137, 3), one person.
        times_s: (T,) presentation times in seconds, not decreasing.
        shot_cuts: First frames of new shots.
    """
    picked = poses.keypoints[:, POINTS]
    return compute_traces_of_points(pick_seen(picked.transpose(2, 1, 0)), times_s, shot_cuts)


def pick_seen(points: NDArray) -> Array:
    """(3, P, T) x, y and confidence -> (2, P, T) float32 pixels, NaN where a point is missing or too doubtful."""
    xy = np.array(points[:2], np.float32)
    xy[:, points[2] < LEAST_CONFIDENCE] = np.nan
    return xy


def compute_traces_of_points(xy: Array, times_s: NDArray[np.float64], shot_cuts: Sequence[int]) -> Traces:
    """The traces from (2, P, T) pixels of the points ``POINTS``, NaN where missing; ``times_s`` is (T,)."""
    n_frames = xy.shape[2]
    times = np.asarray(times_s, np.float64)[:n_frames]
    values = np.full((len(TRACE_NAMES), n_frames), np.nan, np.float32)
    whole = _compute_scale(xy)
    for start, stop in list_shots(n_frames, list(shot_cuts)):
        shot = xy[:, :, start:stop]
        scale = _compute_scale(shot) or whole or 100.0
        _trace_shot(shot, times[start:stop], scale, values[:, start:stop])
    return Traces(values)


def _trace_shot(xy: Array, times: NDArray[np.float64], scale: float, out: Array) -> None:
    """Fills (5, T) for one shot."""
    n_frames = len(times)
    sigma = _sigma_frames(times)
    is_new = ~_find_repeats(xy)
    for row, part in enumerate(_PARTS):
        if n_frames > 1:
            out[row] = _compute_speed(xy[:, [_ROW[p] for p in part]], times, is_new, sigma) / scale
    out[len(_PARTS)] = _smooth(_median_of_three(_compute_hand_face(xy, times)), sigma) / scale


def _sigma_frames(times: NDArray[np.float64]) -> float:
    """Standard deviation of the low-pass in frames."""
    length = times[-1] - times[0]
    return min(SMOOTHING_S * (len(times) - 1) / length, 30.0) if length > 0 else 1.0


def _find_repeats(xy: Array) -> NDArray[np.bool_]:
    """(T,): frames that show exactly what the one before shows, at most three in a row."""
    n_frames = xy.shape[2]
    same = np.zeros(n_frames, bool)
    if n_frames < 2:
        return same
    values = xy.reshape(-1, n_frames).view(np.int32)
    same[1:] = (values[:, 1:] == values[:, :-1]).all(axis=0) & ~np.isnan(xy[0, :, 1:]).all(axis=0)
    for _ in range(_MOST_REPEATS):
        run = same.copy()
        for k in range(1, _MOST_REPEATS + 1):
            run[k:] &= same[:-k]
            run[:k] = False
        same &= ~run
    return same


def _compute_speed(points: Array, times: NDArray[np.float64], is_new: NDArray[np.bool_], sigma: float) -> Array:
    """(T,) pixels a second of the middle of a part, from (2, P, T); NaN where no point of it was seen for long."""
    is_seen = ~np.isnan(points[0])
    samples = np.flatnonzero(is_seen.any(axis=0) & is_new)
    speed = np.full(len(times), np.nan, np.float32)
    if len(samples) < 2:
        return speed
    seen = is_seen[:, samples]
    both = seen[:, 1:] & seen[:, :-1]
    steps = np.where(both, np.diff(points[:, :, samples], axis=2), 0).sum(axis=1) / np.maximum(both.sum(axis=0), 1)
    is_gap = np.diff(times[samples]) > LONGEST_GAP_S + 1e-6
    steps[:, is_gap] = 0  # what happened meanwhile is not known
    path = np.zeros((2, len(samples)))
    np.cumsum(steps, axis=1, out=path[:, 1:])
    path = np.stack([np.interp(times, times[samples], _median_of_three(axis)) for axis in path])
    velocity = np.diff(np.stack([_smooth(axis, sigma, goes_on=True) for axis in path]), axis=1)
    velocity /= np.maximum(np.diff(times), 1e-3)
    middle = np.concatenate([velocity[:, :1], (velocity[:, 1:] + velocity[:, :-1]) / 2, velocity[:, -1:]], axis=1)
    speed[:] = np.hypot(*middle)
    there = np.flatnonzero(is_seen.any(axis=0))
    speed[: there[0]] = np.nan
    speed[there[-1] + 1 :] = np.nan
    for k in np.flatnonzero(is_gap):
        speed[samples[k] + 1 : samples[k + 1]] = np.nan
    return speed


def _compute_hand_face(xy: Array, times: NDArray[np.float64]) -> Array:
    """(T,) pixels between the nearest points of a hand and of the face; NaN where either is missing."""
    n_frames = len(times)
    face = [*_hold(xy[:, [_ROW[p] for p in _FACE]], times).transpose(1, 0, 2), *(xy[:, _ROW[p]] for p in _HEAD)]
    nearest = np.full(n_frames, np.nan, np.float32)
    for wrist, elbow, hand in _ARMS:
        fingers = [xy[:, _ROW[hand + k]] for k in _REACHING]
        is_lost = np.isnan(np.stack([finger[0] for finger in fingers])).all(axis=0)
        guess = xy[:, _ROW[wrist]] + _REACH_OF_WRIST * (xy[:, _ROW[wrist]] - xy[:, _ROW[elbow]])
        fingers.append(np.where(is_lost, guess, np.float32(np.nan)))
        for finger in fingers:
            for point in face:
                across, down = finger[0] - point[0], finger[1] - point[1]
                np.fmin(nearest, across * across + down * down, out=nearest)
    return np.sqrt(nearest)


def _hold(points: Array, times: NDArray[np.float64]) -> Array:
    """(2, P, T) with each missing place filled by the last one seen, for a second."""
    is_seen = ~np.isnan(points[0]).all(axis=0)
    index = np.where(is_seen, np.arange(len(times)), 0)
    last = np.maximum.accumulate(index)
    held = np.where(times - times[last] <= FACE_HELD_S, points[:, :, last], np.float32(np.nan))
    return np.asarray(held, np.float32)


def _median_of_three(values: NDArray) -> NDArray:
    """Without what lasts for one sample only; ends and neighbours of missing ones stay."""
    if len(values) < 3:
        return values
    a, b, c = values[:-2], values[1:-1], values[2:]
    middle = np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))
    result = values.copy()
    result[1:-1] = np.where(np.isnan(middle), b, middle)
    return result


def _smooth(values: NDArray, sigma: float, *, goes_on: bool = False) -> NDArray:
    """A Gaussian over the samples that are there; ``goes_on`` when all are and the slope shall last at the ends."""
    half = min(round(3 * sigma), (len(values) - 1) // 2)
    if half < 1:
        return values
    weights = np.exp(-0.5 * (np.arange(-half, half + 1) / sigma) ** 2)
    if goes_on:
        padded = np.pad(values, half, mode="reflect", reflect_type="odd")
        return np.asarray(np.convolve(padded, weights / weights.sum(), mode="valid"))
    is_missing = np.isnan(values)
    total = np.convolve(np.where(is_missing, 0, values), weights, mode="same")
    weight = np.convolve((~is_missing).astype(np.float64), weights, mode="same")
    return np.where(is_missing, np.nan, total / np.maximum(weight, 1e-9)).astype(np.float32)


def _compute_scale(xy: Array) -> float:
    """Pixels a shoulder width, from medians; 0 where neither shoulders nor head were seen."""

    def median_way(a: int, b: int) -> float:
        way = xy[:, _ROW[a]] - xy[:, _ROW[b]]
        length = np.hypot(way[0], way[1])
        length = length[~np.isnan(length)]
        return float(np.median(length)) if len(length) else 0.0

    scale = max(median_way(LEFT_SHOULDER, RIGHT_SHOULDER), NECK_TO_NOSE_SCALE * median_way(NOSE, NECK))
    return scale if scale >= 2 else 0.0
