"""Where a person's face may be in each frame of a video, so that it can be masked.

Pure arithmetic on keypoints. A place is an ellipse; a frame may have several, and a mask covers
them all: what is too large costs a little of the picture, what is too small shows somebody. One
person's poses say nothing about other people in the picture. Pixels are ``deidentify``'s work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import (
    FACE_SLICE,
    LEFT_EAR,
    LEFT_EYE,
    LEFT_SHOULDER,
    NECK,
    NOSE,
    RIGHT_EAR,
    RIGHT_EYE,
    RIGHT_SHOULDER,
)

Floats = NDArray[np.float32]

MARGIN = 1.6
"""How much larger than the face the mask is."""
FLOOR = (0.22, 0.30)
"""Smallest half width and half height of a face, in shoulder widths, before the margin."""
UNION_FRAMES = 5
"""A mask also covers the places of so many frames before and after."""
HOLD_FRAMES = 12
"""So long a person who is not found at all is masked where the face was; then the upper part goes."""
MIN_MESH_POINTS = 20
_MESH = slice(FACE_SLICE.start, FACE_SLICE.start + 70)
_HEAD = (NOSE, RIGHT_EYE, LEFT_EYE, RIGHT_EAR, LEFT_EAR)
_FOREHEAD = 0.35
"""How far the forehead reaches above the brows, in heights of the face mesh."""
_NO_NOSE = 1.3
_NECK_TO_NOSE, _GUESS = 0.6, (0.4, 0.5)
"""A head that is not found: how far above the neck, and half its size, in shoulder widths."""
_SHOULDERS_OF_MESH = 2.5
_SHOULDERS_OF_PICTURE = 0.25
_LEAST_SHOULDERS = 0.8
"""Shoulders that look narrower than this share of the shot's median are turned, and the head is not smaller for it."""
_RECENT_FRAMES = 25
_GROWTH = 0.04
"""A face that is not found may be elsewhere: growth of its mask a frame."""
UPPER_PART = 2 / 3
_MESH_ROW, _HEAD_ROW, _GUESS_ROW, _LAST_ROW, _NEXT_ROW = range(5)
N_ROWS = 5


@dataclass(frozen=True, slots=True, eq=False)
class FacePlaces:
    """The places of one person's face, in pixels of the upright source picture.

    Attributes:
        ellipses: (T, 5, 4) float32: x, y, half width, half height; NaN rows where there is none. The margin is in it.
        reach: (T,) float32: everything above this row is masked; 0 for nothing, the picture's height for all of it.
        shots: (T,) int32: number of the shot a frame is in.
    """

    ellipses: Floats
    reach: Floats
    shots: NDArray[np.int32]

    def list_near(self, frame: int) -> tuple[Floats, float]:
        """What is masked in a frame: the places and the reach of it and its neighbours in the shot.

        Returns:
            Ellipses (N, 4) and the reach, pixels.
        """
        near = slice(max(0, frame - UNION_FRAMES), frame + UNION_FRAMES + 1)
        same = self.shots[near] == self.shots[frame]
        places = self.ellipses[near][same].reshape(-1, 4)
        return places[np.isfinite(places[:, 0])], float(self.reach[near][same].max())


def compute_face_places(keypoints: Floats, size: tuple[int, int], shot_cuts: Sequence[int] = ()) -> FacePlaces:
    """Finds the places of the face in every frame.

    Face mesh and head points of the body each give a place. Without the mesh the place keeps the size
    it had; without a head it stays, grows, and the neck gives another; without anybody for more than
    12 frames the upper part of the picture goes. A shot is masked whole until its first head.

    Args:
        keypoints: (T, 137, 3) float32, source pixels and confidence; missing = NaN with confidence 0.
        size: Width and height of the upright source picture, pixels.
        shot_cuts: First frames of new shots, ascending.
    """
    n_frames = len(keypoints)
    found = (keypoints[:, :, 2] > 0) & np.isfinite(keypoints[:, :, :2]).all(axis=2)
    points = np.where(found[:, :, None], keypoints[:, :, :2], np.nan).astype(np.float32)
    ellipses = np.full((n_frames, N_ROWS, 4), np.nan, np.float32)
    reach = np.zeros(n_frames, np.float32)
    shots = np.zeros(n_frames, np.int32)
    edges = [0, *(cut for cut in shot_cuts if 0 < cut < n_frames), n_frames]
    for number, (start, stop) in enumerate(pairwise(edges)):
        shots[start:stop] = number
        if stop > start:
            _fill_shot(points[start:stop], ellipses[start:stop], reach[start:stop], size)
    return FacePlaces(ellipses, reach, shots)


def _fill_shot(points: Floats, ellipses: Floats, reach: Floats, size: tuple[int, int]) -> None:
    """Writes the places of one shot into ``ellipses`` and ``reach``."""
    mesh = _box(points[:, _MESH])
    mesh[np.isfinite(points[:, _MESH, 0]).sum(axis=1) < MIN_MESH_POINTS] = np.nan
    mesh[:, 1] -= _FOREHEAD * (mesh[:, 3] - mesh[:, 1])
    head = _box(points[:, _HEAD])
    shoulders = _compute_shoulders(points, mesh, size)
    floor = shoulders[:, None] * np.array(FLOOR, np.float32)
    mesh_half = _half(mesh)
    ellipses[:, _MESH_ROW] = _ellipse(mesh, np.fmax(mesh_half, floor))
    held = _keep_size(mesh_half)
    head_half = np.fmax(np.fmax(_half(head), floor), held)
    head_half[np.isnan(points[:, NOSE, 0])] *= _NO_NOSE
    ellipses[:, _HEAD_ROW] = _ellipse(head, head_half)
    known = np.flatnonzero(np.isfinite(ellipses[:, :_GUESS_ROW, 0]).any(axis=1))
    if len(known) == 0:
        reach[:] = size[1]
        return
    reach[: known[0]] = size[1]
    lost = np.ones(len(points), bool)
    lost[known] = False
    neck = _find_neck(points)
    up = np.array([0, _NECK_TO_NOSE], np.float32) * shoulders[:, None]
    guess_half = np.fmax(np.array(_GUESS, np.float32) * shoulders[:, None], held)
    guess = np.concatenate([neck - up, guess_half], axis=1)
    guess[:, 2:] *= MARGIN
    ellipses[lost, _GUESS_ROW] = guess[lost]
    _fill_gaps(ellipses, reach, known, size)


def _fill_gaps(ellipses: Floats, reach: Floats, known: NDArray[np.intp], size: tuple[int, int]) -> None:
    """Frames without a head, after the shot's first: where it was, where it comes back, and wider still."""
    stops = [*known[1:], len(ellipses)]
    for last, following in zip(known, stops, strict=True):
        if following == last + 1:
            continue
        gap = np.arange(last + 1, following)
        age = (gap - last).astype(np.float32)
        before = _merge(ellipses[last])
        is_held = age <= HOLD_FRAMES
        has_guess = np.isfinite(ellipses[gap, _GUESS_ROW, 0])
        keep = is_held | has_guess
        growth = (1 + _GROWTH * np.minimum(age, HOLD_FRAMES))[:, None]
        ellipses[gap[keep], _LAST_ROW, :2] = before[:2]
        ellipses[gap[keep], _LAST_ROW, 2:] = (before[2:] * growth)[keep]
        if following < len(ellipses):
            after = _merge(ellipses[following])
            share = (age / (following - last))[:, None]
            way = before + (after - before) * share
            way[:, 2:] = np.maximum(before[2:], after[2:]) * growth
            ellipses[gap[keep], _NEXT_ROW] = way[keep]
        upper = max(UPPER_PART * size[1], float(before[1] + 1.5 * before[3]))
        reach[gap[~keep]] = min(upper, size[1])


def _merge(rows: Floats) -> Floats:
    """One ellipse's box around the mesh's and the head's, (4,)."""
    rows = rows[:_GUESS_ROW]
    low = np.nanmin(rows[:, :2] - rows[:, 2:], axis=0)
    high = np.nanmax(rows[:, :2] + rows[:, 2:], axis=0)
    return np.concatenate([(low + high) / 2, (high - low) / 2])


def _compute_shoulders(points: Floats, mesh: Floats, size: tuple[int, int]) -> Floats:
    """Shoulder width (T,) in pixels, never NaN: turned or hidden shoulders are those of the shot."""
    width = np.linalg.norm(points[:, RIGHT_SHOULDER] - points[:, LEFT_SHOULDER], axis=1)
    if np.isfinite(width).any():
        usual = float(np.nanmedian(width))
    elif np.isfinite(mesh).any():
        usual = _SHOULDERS_OF_MESH * float(np.nanmedian(mesh[:, 3] - mesh[:, 1])) / (1 + _FOREHEAD)
    else:
        usual = _SHOULDERS_OF_PICTURE * size[0]
    never_nan: Floats = np.fmax(width, np.float32(_LEAST_SHOULDERS * usual)).astype(np.float32)
    return never_nan


def _find_neck(points: Floats) -> Floats:
    """(T, 2): the neck, else the middle of the shoulders, else a shoulder."""
    shoulders = points[:, (RIGHT_SHOULDER, LEFT_SHOULDER)]
    n_found = np.isfinite(shoulders[:, :, 0]).sum(axis=1)[:, None]
    middle = np.where(n_found > 0, np.nansum(shoulders, axis=1) / np.maximum(n_found, 1), np.nan)
    neck: Floats = np.where(np.isfinite(points[:, NECK]), points[:, NECK], middle).astype(np.float32)
    return neck


def _keep_size(half: Floats) -> Floats:
    """(T, 2): the largest half size of the last frames with a mesh, or of the first to come; NaN when there is none."""
    seen = np.flatnonzero(np.isfinite(half[:, 0]))
    if len(seen) == 0:
        return np.full_like(half, np.nan)
    padded = np.concatenate([np.zeros((_RECENT_FRAMES - 1, 2), np.float32), half[seen]])
    recent = np.lib.stride_tricks.sliding_window_view(padded, _RECENT_FRAMES, axis=0).max(axis=2)
    at = np.searchsorted(seen, np.arange(len(half)), side="right") - 1
    kept: Floats = recent[np.maximum(at, 0)]
    return kept


def _box(points: Floats) -> Floats:
    """(T, 4): left, top, right, bottom of the points found; NaN when there are none."""
    found = np.isfinite(points)
    low = np.where(found, points, np.inf).min(axis=1)
    high = np.where(found, points, -np.inf).max(axis=1)
    box: Floats = np.concatenate([low, high], axis=1).astype(np.float32)
    box[~np.isfinite(box).all(axis=1)] = np.nan
    return box


def _half(box: Floats) -> Floats:
    return np.asarray((box[:, 2:] - box[:, :2]) / 2, np.float32)


def _ellipse(box: Floats, half: Floats) -> Floats:
    """(T, 4): around the box's middle, with the margin."""
    return np.concatenate([(box[:, :2] + box[:, 2:]) / 2, MARGIN * half], axis=1)
