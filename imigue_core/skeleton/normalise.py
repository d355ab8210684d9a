"""Poses as the models want them: 25 samples a second, in body units, one shot at a time.

Lives here: resampling by presentation times, filling short gaps, the low-pass that makes
repeated frames and other rates look alike, origin and scale. Nothing crosses a shot cut.
What is computed from the points is in ``models/features/``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import FACE_SLICE, LEFT_SHOULDER, NECK, NOSE, RIGHT_SHOULDER
from imigue_core.skeleton.pose import PoseSequence

RATE_HZ = 25.0
LEAST_CONFIDENCE = 0.1
LONGEST_GAP_S = 0.36
"""Between the last sample before a gap and the first after it: eight missing frames at 25 a second."""
LOW_PASS_SIGMA_S = 0.048
LOW_PASS_TAPS = 7
ORIGIN_WINDOW_S = 3.0
NECK_TO_NOSE_SCALE = 1.5
"""Shoulders seen from the side are short; then the scale is this many times the way from neck to nose."""
LARGEST = 8.0
"""Coordinates are clipped to this many scale units."""
_BLOCK = 2048
_MEDIAN_STEP = 4

_FACE = (
    *range(0, 17, 2), 17, 19, 21, 22, 24, 26, 27, 30, 33, *range(36, 70),
)  # fmt: skip
SELECTED: tuple[int, ...] = (*range(0, 10), 12, *range(15, 19), *(FACE_SLICE.start + k for k in _FACE), *range(95, 137))
"""The points that are kept: upper body, most of the face, both hands."""
JOINT_SET = "upper-body-face-hands"
"""How models' cards call the selected points."""
ROW = {point: row for row, point in enumerate(SELECTED)}
"""Row in ``NormalisedShot.xy`` of a point number."""

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class NormalisedShot:
    """One shot at 25 samples a second.

    Attributes:
        first_frame: Source frame the shot begins with.
        n_frames: Source frames it has.
        times_s: (N,) float64, presentation time of each sample, seconds.
        xy: (2, P, N) float32: x to the picture's right and y up, in scale units from the running
            median of the neck; NaN where missing. Rows of P as in ``SELECTED``.
        confidence: (P, N) float32, 0 where missing.
        scale_px: Pixels a scale unit: about the width of the shoulders.
    """

    first_frame: int
    n_frames: int
    times_s: NDArray[np.float64]
    xy: Array
    confidence: Array
    scale_px: float


def list_shots(n_frames: int, shot_cuts: list[int]) -> list[tuple[int, int]]:
    """Shots as their first frame and one past their last; ``shot_cuts`` are first frames of new shots."""
    edges = [0, *sorted({cut for cut in shot_cuts if 0 < cut < n_frames}), n_frames]
    return [(a, b) for a, b in pairwise(edges) if b > a]


def normalise(poses: PoseSequence, times_s: NDArray[np.float64], shot_cuts: list[int]) -> list[NormalisedShot]:
    """Every shot of a video, resampled, smoothed and brought to body units.

    Args:
        poses: (T, 137, 3), one person.
        times_s: (T,) presentation times in seconds, not decreasing.
        shot_cuts: First frames of new shots.
    """
    return [
        normalise_shot(poses.keypoints[start:stop], times_s[start:stop], start)
        for start, stop in list_shots(poses.n_frames, shot_cuts)
    ]


def normalise_shot(keypoints: Array, times_s: NDArray[np.float64], first_frame: int = 0) -> NormalisedShot:
    """One shot; see ``normalise``. ``keypoints`` is (T, 137, 3), ``times_s`` (T,)."""
    grid, left, right, share = _compute_grid(np.asarray(times_s, np.float64))
    xy = np.empty((2, len(SELECTED), len(grid)), np.float32)
    confidence = np.empty((len(SELECTED), len(grid)), np.float32)
    raw = np.ascontiguousarray(keypoints[:, SELECTED].transpose(2, 1, 0), np.float32)
    raw[:2, raw[2] < LEAST_CONFIDENCE] = np.nan
    _fill_gaps(raw, times_s)
    for start in range(0, len(grid), _BLOCK):
        part = slice(start, start + _BLOCK)
        mixed = raw[:, :, left[part]] * (1 - share[part]) + raw[:, :, right[part]] * share[part]
        xy[:, :, part], confidence[:, part] = mixed[:2], mixed[2]
    xy = _low_pass(xy)
    xy[1] *= -1
    confidence[np.isnan(xy[0])] = 0
    scale = _compute_scale(xy)
    xy -= _compute_origin(xy)[:, None]
    xy /= np.float32(scale)
    np.clip(xy, -LARGEST, LARGEST, out=xy)
    return NormalisedShot(first_frame, len(keypoints), grid, xy, confidence, scale)


def _compute_grid(
    times_s: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp], Array]:
    """Sample times, and for each the two source frames around it and the second one's share."""
    n_samples = int(np.floor((times_s[-1] - times_s[0]) * RATE_HZ + 1e-6)) + 1
    grid = times_s[0] + np.arange(n_samples) / RATE_HZ
    left = np.clip(np.searchsorted(times_s, grid + 1e-9, side="right") - 1, 0, len(times_s) - 1)
    right = np.minimum(left + 1, len(times_s) - 1)
    width = times_s[right] - times_s[left]
    share = np.where(width > 0, (grid - times_s[left]) / np.where(width > 0, width, 1), 0).clip(0, 1)
    right = np.where(share < 1e-3, left, right)
    left = np.where(share > 1 - 1e-3, right, left)
    return grid, left, right, share.astype(np.float32)


def _fill_gaps(raw: Array, times_s: NDArray[np.float64]) -> None:
    """Interpolate short gaps of each point in place; ``raw`` is (3, P, T) in source frames."""
    valid = ~np.isnan(raw[0])
    rows, frames = np.nonzero(~valid)
    if len(rows) == 0:
        return
    index = np.arange(raw.shape[2], dtype=np.int32)
    before = np.maximum.accumulate(np.where(valid, index, -1), axis=1)[rows, frames]
    after = np.minimum.accumulate(np.where(valid, index, len(index))[:, ::-1], axis=1)[:, ::-1][rows, frames]
    kept = (before >= 0) & (after < len(index))
    rows, frames, before, after = rows[kept], frames[kept], before[kept], after[kept]
    kept = times_s[after] - times_s[before] <= LONGEST_GAP_S + 1e-6
    rows, frames, before, after = rows[kept], frames[kept], before[kept], after[kept]
    width = np.maximum(times_s[after] - times_s[before], 1e-9)
    share = ((times_s[frames] - times_s[before]) / width).astype(np.float32)
    raw[:, rows, frames] = raw[:, rows, before] * (1 - share) + raw[:, rows, after] * share


def _low_pass(xy: Array) -> Array:
    """A Gaussian over the samples that are there; missing ones stay missing."""
    half = LOW_PASS_TAPS // 2
    weights = np.exp(-0.5 * ((np.arange(LOW_PASS_TAPS) - half) / (LOW_PASS_SIGMA_S * RATE_HZ)) ** 2)
    weights = (weights / weights.sum()).astype(np.float32)
    n_samples = xy.shape[2]
    smooth = np.empty_like(xy)
    for start in range(0, n_samples, _BLOCK):
        stop = min(start + _BLOCK, n_samples)
        low, high = max(start - half, 0), min(stop + half, n_samples)
        block = xy[:, :, low:high]
        missing = np.isnan(block[0])
        here = np.pad((~missing).astype(np.float32), ((0, 0), (half, half)))
        values = np.pad(np.where(missing, np.float32(0), block), ((0, 0), (0, 0), (half, half)))
        width = high - low
        total = sum(w * values[:, :, k : k + width] for k, w in enumerate(weights))
        weight = sum(w * here[:, k : k + width] for k, w in enumerate(weights))
        inner = slice(start - low, stop - low)
        with np.errstate(invalid="ignore", divide="ignore"):
            part = total[:, :, inner] / weight[:, inner]
        part[:, missing[:, inner]] = np.nan
        smooth[:, :, start:stop] = part
    return smooth


def _median(values: Array) -> float:
    values = values[~np.isnan(values)]
    return float(np.median(values)) if len(values) else 0.0


def _compute_scale(xy: Array) -> float:
    """Pixels a scale unit, from medians over the shot; 100 where neither shoulders nor head were seen."""
    shoulders = xy[:, ROW[LEFT_SHOULDER]] - xy[:, ROW[RIGHT_SHOULDER]]
    head = xy[:, ROW[NOSE]] - xy[:, ROW[NECK]]
    width = _median(np.hypot(shoulders[0], shoulders[1]))
    height = _median(np.hypot(head[0], head[1]))
    scale = max(width, NECK_TO_NOSE_SCALE * height)
    return scale if scale >= 2 else 100.0


def _compute_origin(xy: Array) -> Array:
    """(2, N): the running median of the neck over three seconds, without steps."""
    n_samples = xy.shape[2]
    neck = xy[:, ROW[NECK]]
    if np.isnan(neck[0]).all():
        neck = xy[:, ROW[NOSE]]
    seen = np.flatnonzero(~np.isnan(neck[0]))
    if len(seen) == 0:
        return np.zeros((2, n_samples), np.float32)
    times = np.arange(0, n_samples, _MEDIAN_STEP)
    half = round(ORIGIN_WINDOW_S * RATE_HZ / _MEDIAN_STEP / 2)
    origin = np.empty((2, n_samples), np.float32)
    for axis in range(2):
        coarse = np.interp(times, seen, neck[axis, seen])
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(coarse, half, mode="edge"), 2 * half + 1)
        middle = np.median(windows, axis=1)
        smooth = np.convolve(np.pad(middle, 3, mode="edge"), np.full(7, 1 / 7), mode="valid")
        origin[axis] = np.interp(np.arange(n_samples), times, smooth)
    return origin
