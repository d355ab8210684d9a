"""Geometry that the features share: speeds, running means, and the landmarks that hands touch.

Arrays are (2, N) float32 points in scale units, x to the picture's right and y up, or
(N,) numbers; NaN where missing. Which numbers become features stands in ``trunk.py`` and ``hands.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import FACE_SLICE, LEFT_HAND_SLICE, RIGHT_HAND_SLICE
from imigue_core.skeleton.normalise import RATE_HZ, ROW, NormalisedShot

Array = NDArray[np.floating]

VELOCITY_STEP = 2
"""Speeds are differences over this many samples to each side: 160 ms in all."""
CLOSE = 0.2
"""Distance, scale units, that counts as half close."""
FACE_HEIGHT = 0.40
"""Eyes to chin, scale units, where no face was found: the usual figure."""
LEFT, RIGHT = 1, -1
"""Sides; the person's left is to the picture's right."""
_BODY = {LEFT: (5, 6, 7, 16, 18), RIGHT: (2, 3, 4, 15, 17)}


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Where the parts of the head are, seen or worked out from eyes and nose.

    Attributes:
        eyes: (2, N) between the eyes.
        right: (2, N) unit vector along the eye line, to the picture's right.
        up: (2, N) unit vector from the chin to the brow.
        unit: Eyes to chin in scale units, one number a shot.
        targets: Landmark points by name.
    """

    eyes: Array
    right: Array
    up: Array
    unit: float
    targets: dict[str, Array]


class Points:
    """Named access to one shot's points."""

    def __init__(self, shot: NormalisedShot) -> None:
        self.shot = shot

    def body(self, point: int) -> Array:
        """(2, N) of an OpenPose body point."""
        return self.shot.xy[:, ROW[point]]

    def face(self, *points: int) -> Array:
        """(2, N), mean of face points 0-69."""
        first = FACE_SLICE.start
        if len(points) == 1:
            return self.shot.xy[:, ROW[first + points[0]]]
        mean: Array = self.shot.xy[:, [ROW[first + p] for p in points]].mean(axis=1)
        return mean

    def arm(self, side: int) -> tuple[Array, Array, Array]:
        """Shoulder, elbow and wrist of a side; the hand's own wrist where the body's is missing."""
        shoulder, elbow, wrist, _, _ = _BODY[side]
        return self.body(shoulder), self.body(elbow), first_seen(self.body(wrist), self.hand(side)[:, 0])

    def ear(self, side: int) -> Array:
        return self.body(_BODY[side][4])

    def eye(self, side: int) -> Array:
        """Middle of an eye, from the face or else the body."""
        first = 42 if side == LEFT else 36
        return first_seen(self.face(*range(first, first + 6)), self.body(_BODY[side][3]))

    def hand(self, side: int) -> Array:
        """(2, 21, N)."""
        first = (LEFT_HAND_SLICE if side == LEFT else RIGHT_HAND_SLICE).start
        return self.shot.xy[:, ROW[first] : ROW[first] + 21]

    def confidence(self, *points: int) -> Array:
        mean: Array = self.shot.confidence[[ROW[p] for p in points]].mean(axis=0)
        return mean


def first_seen(one: Array, other: Array) -> Array:
    """``one``, and ``other`` where it is missing."""
    return np.where(np.isnan(one), other, one)


def length(vector: Array) -> Array:
    """(N,) length of a (2, N) vector."""
    result: Array = np.sqrt(vector[0] * vector[0] + vector[1] * vector[1])
    return result


def unit_vector(vector: Array) -> Array:
    result: Array = vector / np.maximum(length(vector), np.float32(1e-3))
    return result


def dot(one: Array, other: Array) -> Array:
    result: Array = one[0] * other[0] + one[1] * other[1]
    return result


def cross(one: Array, other: Array) -> Array:
    result: Array = one[0] * other[1] - one[1] * other[0]
    return result


def closeness(distance: Array) -> Array:
    """1 when touching, 0.5 at ``CLOSE`` scale units, 0 far away."""
    result: Array = CLOSE / (CLOSE + distance)
    return result


def velocity(values: Array, step: int = VELOCITY_STEP) -> Array:
    """Scale units a second along the last axis; the ends are held."""
    padded = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(step, step)], mode="edge")
    result: Array = (padded[..., 2 * step :] - padded[..., : -2 * step]) * np.float32(RATE_HZ / (2 * step))
    return result


def running_mean(values: Array, seconds: float) -> Array:
    """(N,) mean over a window of what is there; NaN where nothing is."""
    half = round(seconds * RATE_HZ / 2)
    missing = np.isnan(values)
    total = np.cumsum(np.pad(np.where(missing, 0, values), (half + 1, half)), dtype=np.float64)
    count = np.cumsum(np.pad(~missing, (half + 1, half)), dtype=np.int64)
    width = 2 * half + 1
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (total[width:] - total[:-width]) / (count[width:] - count[:-width])
    return mean.astype(np.float32)


def activity(speed: Array, seconds: float = 1.0) -> Array:
    """(N,) how much something moved lately: log of the root mean square of a speed over a window."""
    mean = running_mean(speed * speed, seconds)
    result: Array = np.log1p(5 * np.sqrt(np.maximum(mean, 0)))
    return result


def shot_median(values: Array) -> float:
    seen = values[~np.isnan(values)]
    return float(np.median(seen[:: 1 + len(seen) // 4000])) if len(seen) else 0.0


def compute_head(points: Points) -> Head:
    """Eyes, axes and touchable places of the head in every sample."""
    eyes = first_seen((points.eye(LEFT) + points.eye(RIGHT)) / 2, points.body(0))
    right = unit_vector(points.eye(LEFT) - points.eye(RIGHT))
    right[1] = np.where(np.isnan(right[1]), 0, right[1])
    right[0] = np.where(np.isnan(right[0]), 1, right[0])
    right[0] = np.maximum(right[0], np.float32(0.3))
    right = unit_vector(right)
    up = np.stack([-right[1], right[0]])
    unit = shot_median(length(points.face(8) - eyes))
    unit = float(np.clip(unit, 0.25, 0.7)) if unit else FACE_HEIGHT

    def place(across: float, above: float) -> Array:
        result: Array = eyes + right * np.float32(across * unit) + up * np.float32(above * unit)
        return result

    targets = {
        "nose": first_seen(points.face(30), points.body(0)),
        "mouth": first_seen(points.face(48, 54), place(0, -0.62)),
        "chin": first_seen(points.face(8), place(0, -1)),
        "forehead": place(0, 0.4),
        "top": place(0, 0.95),
        "left_eye": points.eye(LEFT),
        "right_eye": points.eye(RIGHT),
        "left_ear": first_seen(points.ear(LEFT), place(0.6, -0.1)),
        "right_ear": first_seen(points.ear(RIGHT), place(-0.6, -0.1)),
        "left_cheek": first_seen(points.face(12), place(0.5, -0.6)),
        "right_cheek": first_seen(points.face(4), place(-0.5, -0.6)),
        "left_temple": place(0.55, 0.45),
        "right_temple": place(-0.55, 0.45),
    }
    return Head(eyes, right, up, unit, targets)
