"""A hand of 21 points from a wrist, two directions and the bend of its joints.

Pure vectorised numpy. A *hand pose* is one row of 12 numbers (`HandPose` order):
five curls, five knuckle bends, spread and thumb opposition. Which hand does what,
and where a fingertip has to go, is the gestures' business.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

N_HAND_POINTS = 21
POSE_SIZE = 12
CURLS, KNUCKLES, SPREAD, OPPOSE = slice(0, 5), slice(5, 10), 10, 11
"""Columns of a pose: curl of the outer joints (thumb..little), bend of the knuckles, spread, thumb opposition."""

# (along the hand, towards the thumb) of the knuckles, in hand lengths (wrist to middle tip); the thumb's is its base.
_KNUCKLE_ALONG = np.array([0.13, 0.470, 0.480, 0.450, 0.405], np.float32)
_KNUCKLE_ASIDE = np.array([0.13, 0.125, 0.015, -0.080, -0.165], np.float32)
_KNUCKLE_RAISE = np.array([0.04, 0.0, -0.012, -0.006, 0.012], np.float32)  # towards the palm: the arch of the knuckles
_BONES = np.array(
    [[0.235, 0.170, 0.140], [0.220, 0.130, 0.105], [0.245, 0.155, 0.115], [0.225, 0.145, 0.110], [0.175, 0.100, 0.095]],
    np.float32,
)
_JOINT_RANGE = np.deg2rad(
    np.array([[30, 55, 65], [88, 102, 60], [90, 104, 62], [90, 104, 62], [90, 98, 62]], np.float32)
).astype(np.float32)
_FAN = np.deg2rad(np.array([0.0, 11.0, 1.0, -8.0, -18.0], np.float32)).astype(np.float32)


def _pose(curls: tuple[float, ...], knuckles: tuple[float, ...], spread: float, oppose: float) -> FloatArray:
    return np.array([*curls, *knuckles, spread, oppose], np.float32)


HAND_POSES: dict[str, FloatArray] = {
    "flat": _pose((0.0, 0.02, 0.02, 0.02, 0.02), (0.0, 0.0, 0.0, 0.0, 0.0), 0.2, 0.1),
    "cupped": _pose((0.2, 0.18, 0.20, 0.22, 0.24), (0.2, 0.25, 0.26, 0.28, 0.30), 0.2, 0.4),
    "relaxed": _pose((0.2, 0.22, 0.28, 0.33, 0.38), (0.2, 0.15, 0.22, 0.28, 0.32), 0.3, 0.3),
    "fist": _pose((0.9, 0.95, 1.0, 1.0, 1.0), (0.5, 0.9, 0.95, 0.95, 0.95), 0.0, 0.8),
    "loose_fist": _pose((0.5, 0.75, 0.8, 0.82, 0.85), (0.4, 0.55, 0.6, 0.65, 0.7), 0.1, 0.7),
    "point": _pose((0.6, 0.06, 0.85, 0.9, 0.92), (0.4, 0.1, 0.7, 0.8, 0.85), 0.1, 0.7),
    "hook": _pose((0.4, 0.26, 0.7, 0.85, 0.9), (0.3, 0.24, 0.5, 0.65, 0.72), 0.1, 0.55),
    "two": _pose((0.6, 0.08, 0.1, 0.9, 0.92), (0.5, 0.15, 0.18, 0.75, 0.8), 0.1, 0.8),
    "pinch": _pose((0.47, 0.46, 0.5, 0.55, 0.6), (0.06, 0.65, 0.6, 0.58, 0.56), 0.1, 0.67),
    "tripod": _pose((0.40, 0.45, 0.46, 0.6, 0.66), (0.24, 0.67, 0.67, 0.6, 0.6), 0.0, 0.77),
    "vee": _pose((0.0, 0.25, 0.55, 0.65, 0.7), (0.1, 0.30, 0.5, 0.55, 0.6), 0.2, 0.35),
    "claw": _pose((0.3, 0.45, 0.47, 0.48, 0.5), (0.2, 0.12, 0.12, 0.14, 0.16), 0.7, 0.5),
    "spread": _pose((0.0, 0.02, 0.02, 0.02, 0.02), (0.0, 0.0, 0.0, 0.0, 0.0), 1.0, 0.0),
    "grip": _pose((0.4, 0.5, 0.52, 0.55, 0.58), (0.2, 0.62, 0.62, 0.62, 0.62), 0.1, 0.8),
    "comb": _pose((0.2, 0.28, 0.28, 0.28, 0.30), (0.1, 0.18, 0.18, 0.18, 0.2), 0.9, 0.2),
}
"""Named poses; a weighted mean of poses is again a pose."""

CONTACTS: dict[str, tuple[int, ...]] = {
    "index": (8,),
    "middle": (12,),
    "thumb": (4,),
    "fingers": (8, 12, 16),
    "two": (8, 12),
    "pads": (7, 8, 11, 12, 15, 16),
    "pinch": (4, 8),
    "palm": (0, 5, 9, 9, 13, 17),
    "centre": (5, 9, 13, 12),
    "knuckles": (5, 9, 13, 17),
    "middles": (6, 10, 14),
    "web": (2, 5),
    "heel": (0, 0, 1, 17),
}
"""Which points of the hand (their mean) are meant to touch."""


def get_hand_pose(name: str) -> FloatArray:
    """A copy of a named pose, (12,) float32. Raises KeyError for a name that is not in `HAND_POSES`."""
    return HAND_POSES[name].copy()


def blend_poses(start: FloatArray, end: FloatArray, weight: FloatArray) -> FloatArray:
    """Move from one pose to another.

    Args:
        start: (12,) or (T, 12).
        end: (12,) or (T, 12).
        weight: (T,), 0 = start, 1 = end.

    Returns:
        (T, 12) float32.
    """
    w = np.asarray(weight, np.float32)[:, None]
    return np.asarray(start + w * (end - start), np.float32)


def compute_local_hand(pose: FloatArray) -> FloatArray:
    """The 21 points of a hand in its own axes, in hand lengths.

    The order is OpenPose's: wrist, then thumb to little, each from base to tip.

    Args:
        pose: (T, 12), see `CURLS` and the constants beside it; every entry 0..1.

    Returns:
        (T, 21, 3) float32: along the hand (wrist to middle knuckle), towards the thumb, out of the palm.
    """
    n = len(pose)
    bend = np.empty((n, 5, 3), np.float32)
    bend[:, :, 0] = pose[:, KNUCKLES]
    bend[:, :, 1] = pose[:, CURLS]
    bend[:, :, 2] = pose[:, CURLS]
    bend *= _JOINT_RANGE
    np.cumsum(bend, axis=2, out=bend)
    along, down = np.cos(bend) * _BONES, np.sin(bend) * _BONES
    np.cumsum(along, axis=2, out=along)
    np.cumsum(down, axis=2, out=down)

    out = np.zeros((n, N_HAND_POINTS, 3), np.float32)
    fan = pose[:, SPREAD, None] * _FAN
    cos_fan, sin_fan = np.cos(fan), np.sin(fan)
    fingers = out[:, 1:].reshape(n, 5, 4, 3)
    fingers[:, :, 0, 0], fingers[:, :, 0, 1], fingers[:, :, 0, 2] = _KNUCKLE_ALONG, _KNUCKLE_ASIDE, _KNUCKLE_RAISE
    fingers[:, 1:, 1:, 0] = _KNUCKLE_ALONG[1:, None] + along[:, 1:] * cos_fan[:, 1:, None]
    fingers[:, 1:, 1:, 1] = _KNUCKLE_ASIDE[1:, None] + along[:, 1:] * sin_fan[:, 1:, None]
    fingers[:, 1:, 1:, 2] = _KNUCKLE_RAISE[1:, None] + down[:, 1:]
    # The thumb: out to the side when flat, in front of the palm when opposed; it bends across the palm.
    oppose = pose[:, OPPOSE]
    aim = np.deg2rad(46.0 - 36.0 * oppose + 14.0 * pose[:, SPREAD]).astype(np.float32)
    lift = np.deg2rad(8.0 + 50.0 * oppose).astype(np.float32)
    ca, sa, cl, sl = np.cos(aim), np.sin(aim), np.cos(lift), np.sin(lift)
    straight, across = along[:, 0], down[:, 0]
    thumb = fingers[:, 0, 1:]
    thumb[:, :, 0] = _KNUCKLE_ALONG[0] + straight * (ca * cl)[:, None] + across * (0.55 * sa)[:, None]
    thumb[:, :, 1] = _KNUCKLE_ASIDE[0] + straight * (sa * cl)[:, None] - across * (0.8 * ca)[:, None]
    thumb[:, :, 2] = _KNUCKLE_RAISE[0] + straight * sl[:, None] + across * (0.25 * cl)[:, None]
    out[:, 1:] = fingers.reshape(n, 20, 3)
    return out


def compute_hand_axes(direction: FloatArray, palm: FloatArray, side: str) -> FloatArray:
    """Orthonormal axes of a hand.

    Args:
        direction: (T, 3) wrist to middle knuckle, any length.
        palm: (T, 3) out of the palm, any length; made square to `direction`.
        side: ``left`` or ``right``, the person's own.

    Returns:
        (T, 3, 3) float32; rows are along, towards the thumb, out of the palm.
    """
    along = direction / np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-6)
    normal = palm - along * np.sum(palm * along, axis=1, keepdims=True)
    normal = normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    thumb = np.cross(normal, along) if side == "left" else np.cross(along, normal)
    return np.stack([along, thumb, normal], axis=1).astype(np.float32, copy=False)


def compute_contact_offset(pose: FloatArray, contact: str, length: float) -> FloatArray:
    """Where the touching part of a hand lies, seen from its wrist, in the hand's own axes.

    The wrist that brings it to a target is ``target - offset @ axes`` (see `compute_hand_axes`).

    Args:
        pose: (T, 12) or (12,).
        contact: A name in `CONTACTS`.
        length: Hand length, metres.

    Returns:
        (T, 3) float32 metres ((1, 3) for one pose).
    """
    points = compute_local_hand(np.atleast_2d(pose))
    return np.asarray(points[:, list(CONTACTS[contact])].mean(axis=1) * length, np.float32)


def make_posed_hand(
    wrist: FloatArray, direction: FloatArray, palm: FloatArray, pose: FloatArray, side: str, length: float
) -> FloatArray:
    """A hand in the world from a whole pose.

    Args:
        wrist: (T, 3) metres.
        direction: (T, 3) wrist to middle knuckle.
        palm: (T, 3) out of the palm.
        pose: (T, 12).
        side: ``left`` or ``right``.
        length: Wrist to middle tip, metres.

    Returns:
        (T, 21, 3) float32 metres.
    """
    local = compute_local_hand(np.asarray(pose, np.float32))
    axes = compute_hand_axes(direction, palm, side) * np.float32(length)
    return np.asarray(np.matmul(local, axes) + wrist[:, None, :], np.float32)


def make_hand(
    wrist: FloatArray,
    direction: FloatArray,
    palm: FloatArray,
    curls: FloatArray,
    spread: FloatArray,
    side: str,
    length: float,
    *,
    knuckles: FloatArray | None = None,
    oppose: FloatArray | None = None,
) -> FloatArray:
    """A hand in the world from the curl of its fingers.

    Args:
        wrist: (T, 3) metres.
        direction: (T, 3) wrist to middle knuckle.
        palm: (T, 3) out of the palm.
        curls: (T, 5) thumb..little, 0 straight to 1 fist.
        spread: (T,) 0 closed to 1 fanned.
        side: ``left`` or ``right``.
        length: Wrist to middle tip, metres.
        knuckles: (T, 5) bend of the knuckles; as the curls when missing.
        oppose: (T,) thumb opposition; follows the thumb's curl when missing.

    Returns:
        (T, 21, 3) float32 metres.
    """
    pose = np.empty((len(wrist), POSE_SIZE), np.float32)
    pose[:, CURLS] = curls
    pose[:, KNUCKLES] = curls if knuckles is None else knuckles
    pose[:, SPREAD] = spread
    pose[:, OPPOSE] = pose[:, 0] if oppose is None else oppose
    return make_posed_hand(wrist, direction, palm, pose, side, length)
