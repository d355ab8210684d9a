"""A face of 70 points that moves, and the named places of a head that hands touch.

Pure vectorised numpy. A face is a mean shape plus a weighted sum of deformations, in
the head's own axes; a head is placed by its origin (midway between the ears) and
its axes. Who moves the head, and why, is elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

REFERENCE_WIDTH = 0.154
"""Ear to ear of the mean head, metres; `head_width` of 0.154 gives a scale of 1."""
REFERENCE_HEIGHT = 0.236
"""Chin to crown of the mean head, metres."""

# Right half of the mean face (x to the person's left), metres from the midpoint between the ears; y up, z forward.
_JAW = [
    (-0.073, 0.028, 0.020), (-0.0735, 0.008, 0.018), (-0.0725, -0.012, 0.018), (-0.070, -0.034, 0.020),
    (-0.065, -0.054, 0.028), (-0.056, -0.073, 0.043), (-0.042, -0.088, 0.061), (-0.022, -0.100, 0.078),
    (0.0, -0.104, 0.087),
]  # fmt: skip
_BROW = [
    (-0.062, 0.043, 0.062), (-0.053, 0.052, 0.077), (-0.041, 0.055, 0.086), (-0.028, 0.053, 0.092),
    (-0.013, 0.047, 0.095),
]  # fmt: skip
_NOSE = [
    (0.0, 0.026, 0.093), (0.0, 0.010, 0.101), (0.0, -0.006, 0.109), (0.0, -0.021, 0.115),
    (-0.016, -0.034, 0.094), (-0.008, -0.037, 0.100), (0.0, -0.039, 0.103),
]  # fmt: skip
_EYE = [
    (-0.047, 0.024, 0.072), (-0.039, 0.0295, 0.080), (-0.027, 0.0295, 0.083), (-0.017, 0.023, 0.079),
    (-0.026, 0.018, 0.082), (-0.039, 0.018, 0.079),
]  # fmt: skip
_LIP = [
    (-0.025, -0.066, 0.085), (-0.016, -0.059, 0.096), (-0.006, -0.056, 0.102), (0.0, -0.058, 0.103),
]  # fmt: skip
_LOWER_LIP = [(0.0, -0.079, 0.101), (-0.008, -0.078, 0.100), (-0.017, -0.074, 0.095)]
_INNER = [(-0.021, -0.066, 0.087), (-0.008, -0.0645, 0.098), (0.0, -0.065, 0.099)]
_LOWER_INNER = [(0.0, -0.0675, 0.099), (-0.008, -0.067, 0.098)]


def _flip(points: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    return [(-x, y, z) for x, y, z in points]


def _mean_face() -> FloatArray:
    eye_left = _flip([_EYE[3], _EYE[2], _EYE[1], _EYE[0], _EYE[5], _EYE[4]])
    points = [
        *_JAW, *_flip(_JAW[-2::-1]), *_BROW, *_flip(_BROW[::-1]), *_NOSE, *_flip(_NOSE[-2:3:-1]),
        *_EYE, *eye_left, *_LIP, *_flip(_LIP[-2::-1]), *_flip(_LOWER_LIP[:0:-1]), *_LOWER_LIP,
        *_INNER, *_flip(_INNER[-2::-1]), *_flip(_LOWER_INNER[:0:-1]), *_LOWER_INNER,
        (-0.0325, 0.0235, 0.085), (0.0325, 0.0235, 0.085),
    ]  # fmt: skip
    return np.array(points, np.float32)


MEAN_FACE: FloatArray = _mean_face()
"""(70, 3) metres; dlib's order: jaw from the person's right ear, brows, nose, eyes, lips, pupils."""

HEAD_POINTS: dict[str, tuple[float, float, float]] = {
    "crown": (0.0, 0.132, -0.010),
    "top": (0.0, 0.124, 0.040),
    "hairline": (0.0, 0.098, 0.078),
    "forehead": (0.0, 0.072, 0.094),
    "forehead_side": (0.040, 0.070, 0.080),
    "temple": (0.066, 0.040, 0.045),
    "side_top": (0.060, 0.098, 0.010),
    "side_back": (0.062, 0.055, -0.050),
    "back": (0.0, 0.055, -0.100),
    "brim": (0.0, 0.085, 0.150),
    "brim_side": (0.045, 0.080, 0.132),
    "hat_side": (0.074, 0.085, 0.020),
    "ear": (0.080, 0.0, 0.0),
    "ear_lobe": (0.080, -0.022, 0.006),
    "behind_ear": (0.080, 0.012, -0.016),
    "eye": (0.0325, 0.023, 0.088),
    "eye_inner": (0.016, 0.020, 0.086),
    "eyes": (0.0, 0.022, 0.095),
    "nose_bridge": (0.0, 0.012, 0.104),
    "nose_tip": (0.0, -0.022, 0.119),
    "nose_side": (0.016, -0.026, 0.100),
    "cheek": (0.048, -0.026, 0.078),
    "cheek_side": (0.064, -0.020, 0.045),
    "upper_lip": (0.0, -0.050, 0.105),
    "mouth": (0.0, -0.067, 0.106),
    "mouth_corner": (0.026, -0.066, 0.090),
    "chin": (0.0, -0.100, 0.094),
    "under_chin": (0.0, -0.112, 0.070),
    "jaw_front": (0.030, -0.096, 0.080),
    "jaw_side": (0.058, -0.072, 0.045),
    "jaw_angle": (0.067, -0.055, 0.020),
    "neck_side": (0.058, -0.095, -0.010),
    "neck_front": (0.012, -0.135, 0.045),
    "nape": (0.015, -0.085, -0.068),
    "nape_low": (0.010, -0.125, -0.062),
    "hair_front": (0.035, 0.104, 0.066),
    "hair_side": (0.076, 0.020, 0.010),
    "hair_end": (0.085, -0.105, 0.020),
    "ponytail": (0.0, 0.045, -0.115),
}
"""Places on the mean head, metres; where x is not 0 this is the LEFT one (`compute_head_point` mirrors it)."""


@dataclass(frozen=True, slots=True)
class FaceControls:
    """What the face does, each (T,) float32; 0 is the neutral face.

    Attributes:
        mouth_open: 0..1, the jaw drops by 2.4 cm.
        lips_press: 0..1, the lips vanish between each other.
        lips_pucker: 0..1, the corners come together and forward.
        cheek_puff: 0..1, cheeks full of air.
        brow_raise: -1 (frown) .. 1.
        eye_close: 0..1, both lids.
        gaze_x: -1 .. 1 (the person's left).
        gaze_y: -1 .. 1 (up).
        smile: -1 (corners down) .. 1.
        jaw_shift: -1 .. 1 (the person's left).
    """

    mouth_open: FloatArray
    lips_press: FloatArray
    lips_pucker: FloatArray
    cheek_puff: FloatArray
    brow_raise: FloatArray
    eye_close: FloatArray
    gaze_x: FloatArray
    gaze_y: FloatArray
    smile: FloatArray
    jaw_shift: FloatArray


CONTROL_NAMES: tuple[str, ...] = tuple(f.name for f in fields(FaceControls))


def _deformations() -> FloatArray:
    """(10, 70, 3) metres a unit of each control, in the order of `CONTROL_NAMES`."""
    basis = {name: np.zeros((70, 3), np.float32) for name in CONTROL_NAMES}
    x = MEAN_FACE[:, 0]
    side = np.sign(x)
    lower_lip, upper_lip = [55, 56, 57, 58, 59], [49, 50, 51, 52, 53]
    lower_inner, upper_inner = [65, 66, 67], [61, 62, 63]
    corners = [48, 54, 60, 64]
    jaw = np.array([0, 0, 0.03, 0.12, 0.3, 0.55, 0.8, 0.96, 1.0, 0.96, 0.8, 0.55, 0.3, 0.12, 0.03, 0, 0], np.float32)

    m = basis["mouth_open"]
    m[:17, 1], m[:17, 2] = -0.024 * jaw, -0.008 * jaw
    m[lower_lip, 1], m[lower_lip, 2] = (-0.014, -0.021, -0.023, -0.021, -0.014), -0.006
    m[lower_inner, 1], m[lower_inner, 2] = (-0.020, -0.023, -0.020), -0.006
    m[upper_lip, 1], m[upper_inner, 1] = 0.0025, 0.0025
    m[corners, 0], m[corners, 1] = -0.003 * side[corners], -0.006

    m = basis["lips_press"]
    m[[49, 50, 51, 52, 53], 1] = (-0.0035, -0.0065, -0.0055, -0.0065, -0.0035)
    m[[55, 56, 57, 58, 59], 1] = (0.005, 0.0085, 0.0095, 0.0085, 0.005)
    m[upper_inner, 1], m[lower_inner, 1] = -0.0011, 0.0012
    m[[*upper_lip, *lower_lip, *upper_inner, *lower_inner], 2] = -0.005
    m[corners, 0], m[corners, 1] = 0.002 * side[corners], -0.0015
    m[[7, 8, 9], 1], m[[6, 10], 1] = 0.004, 0.003

    m = basis["lips_pucker"]
    m[48:68, 0], m[48:68, 2] = -0.42 * x[48:68], 0.010
    m[[50, 51, 52], 1], m[[56, 57, 58], 1] = 0.003, -0.003

    m = basis["cheek_puff"]
    m[[2, 3, 4, 5, 6, 14, 13, 12, 11, 10], 0] = (
        -0.003,
        -0.007,
        -0.010,
        -0.009,
        -0.005,
        0.003,
        0.007,
        0.010,
        0.009,
        0.005,
    )
    m[corners, 0], m[48:68, 2] = -0.003 * side[corners], 0.004
    m[[50, 51, 52], 1], m[[56, 57, 58], 1] = 0.003, -0.003

    m = basis["brow_raise"]
    m[17:27, 1] = 0.009
    m[[37, 38, 43, 44], 1] = 0.0012

    m = basis["eye_close"]
    m[[37, 38, 43, 44], 1] = -0.0095
    m[[40, 41, 46, 47], 1] = 0.001
    m[[68, 69], 1] = -0.003

    basis["gaze_x"][[68, 69], 0] = 0.0065
    m = basis["gaze_y"]
    m[[68, 69], 1] = 0.0045
    m[[37, 38, 43, 44], 1] = 0.003

    m = basis["smile"]
    m[corners, 0], m[corners, 1], m[corners, 2] = 0.007 * side[corners], 0.006, -0.004
    m[[49, 53, 55, 59], 0] = 0.003 * side[[49, 53, 55, 59]]
    m[[50, 51, 52], 1], m[[56, 57, 58], 1] = 0.0015, 0.002
    m[[40, 41, 46, 47], 1] = 0.0015
    m[[4, 5, 11, 12], 0] = 0.003 * side[[4, 5, 11, 12]]

    m = basis["jaw_shift"]
    m[:17, 0] = 0.010 * jaw
    m[[*lower_lip, *lower_inner], 0], m[corners, 0] = 0.008, 0.004
    return np.stack([basis[name] for name in CONTROL_NAMES])


_BASIS = _deformations().reshape(len(CONTROL_NAMES), -1)


def compute_head_scale(head_width: float, head_height: float) -> FloatArray:
    """(3,) factors from the mean head to one of this size (metres); depth follows both."""
    wide, high = head_width / REFERENCE_WIDTH, head_height / REFERENCE_HEIGHT
    return np.array([wide, high, (wide * high) ** 0.5], np.float32)


def compute_head_point(name: str, side: str, head_width: float, head_height: float) -> FloatArray:
    """A named place of `HEAD_POINTS` in the head's own axes.

    Args:
        name: A key of `HEAD_POINTS`.
        side: ``left``, ``right`` (mirrored) or ``centre`` (x set to 0).
        head_width: Ear to ear, metres.
        head_height: Chin to crown, metres.

    Returns:
        (3,) float32 metres: left, up, forward from the midpoint between the ears.
    """
    sign = {"left": 1.0, "right": -1.0, "centre": 0.0}[side]
    place = np.array(HEAD_POINTS[name], np.float32) * compute_head_scale(head_width, head_height)
    return np.asarray(place * np.array([sign, 1.0, 1.0], np.float32), np.float32)


def make_face(
    controls: FaceControls, head_origin: FloatArray, head_axes: FloatArray, head_width: float, head_height: float
) -> FloatArray:
    """A moving face in the world.

    Args:
        controls: Ten arrays (T,).
        head_origin: (T, 3) metres, midway between the ears.
        head_axes: (T, 3, 3); rows are unit vectors to the person's left, up and forward.
        head_width: Ear to ear, metres.
        head_height: Chin to crown, metres.

    Returns:
        (T, 70, 3) float32 metres, dlib's order with the pupils last (68 right, 69 left).
    """
    weights = np.stack([getattr(controls, name) for name in CONTROL_NAMES], axis=1).astype(np.float32, copy=False)
    shape = (weights @ _BASIS).reshape(-1, 70, 3)
    shape += MEAN_FACE
    axes = compute_head_scale(head_width, head_height)[:, None] * head_axes
    return np.asarray(np.matmul(shape, axes.astype(np.float32, copy=False)) + head_origin[:, None, :], np.float32)


_EARS = np.array([(-0.077, 0.0, 0.0), (0.077, 0.0, 0.0)], np.float32)


def make_head_points(
    face: FloatArray, head_origin: FloatArray, head_axes: FloatArray, head_width: float, head_height: float
) -> FloatArray:
    """The five body points of a head: nose, right eye, left eye, right ear, left ear.

    Args:
        face: (T, 70, 3) of `make_face`.
        head_origin: (T, 3) metres.
        head_axes: (T, 3, 3) as for `make_face`.
        head_width: Ear to ear, metres.
        head_height: Chin to crown, metres.

    Returns:
        (T, 5, 3) float32 metres, in the order of BODY_25 points 0, 15, 16, 17, 18.
    """
    out = np.empty((len(face), 5, 3), np.float32)
    out[:, 0] = face[:, 30]
    out[:, 1] = face[:, 36:42].mean(axis=1)
    out[:, 2] = face[:, 42:48].mean(axis=1)
    ears = _EARS * compute_head_scale(head_width, head_height)
    out[:, 3:] = np.matmul(ears, head_axes) + head_origin[:, None, :]
    return out
