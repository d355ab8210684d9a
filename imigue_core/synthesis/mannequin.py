"""A clothed, faceless mannequin drawn over a skeleton's points with OpenCV.

Lives here: what the figure looks like and in which order its parts lie over each
other. Not here: how it moves (performer.py), the room around it (stage_set.py), files
(render.py). It has no face by design: nobody can be recognised in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import (
    FACE_SLICE,
    LEFT_EAR,
    LEFT_ELBOW,
    LEFT_HAND_SLICE,
    LEFT_SHOULDER,
    LEFT_WRIST,
    NECK,
    RIGHT_EAR,
    RIGHT_ELBOW,
    RIGHT_HAND_SLICE,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
)

Colour = tuple[int, int, int]
Picture = NDArray[np.uint8]
Points = NDArray[np.float32]

_SHIFT = 4
"""Fractional bits of coordinates that OpenCV draws with: sixteenths of a pixel."""
_RIGHT_HIP, _LEFT_HIP = 9, 12
_PALM = (0, 1, 5, 9, 13, 17)
_FINGERS = tuple(tuple(range(1 + 4 * n, 5 + 4 * n)) for n in range(5))
_ARMS = {
    "right": (RIGHT_SHOULDER, RIGHT_ELBOW, RIGHT_WRIST, RIGHT_HAND_SLICE),
    "left": (LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST, LEFT_HAND_SLICE),
}


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of one mannequin, RGB.

    Attributes:
        skin: Of head, neck and hands; no natural skin colour.
        shirt: Of torso and sleeves.
        hair: Of the cap that hints at hair.
        long_sleeves: Whether sleeves reach the wrist.
    """

    skin: Colour
    shirt: Colour
    hair: Colour
    long_sleeves: bool


LOOKS = (
    Look((201, 188, 172), (58, 96, 140), (72, 66, 62), long_sleeves=False),
    Look((176, 160, 148), (150, 74, 66), (52, 48, 50), long_sleeves=True),
    Look((214, 204, 190), (70, 116, 96), (120, 100, 74), long_sleeves=False),
)


def shade(colour: Colour, factor: float) -> Colour:
    """A colour made darker (below 1) or lighter (above 1)."""
    red, green, blue = (int(min(255, channel * factor)) for channel in colour)
    return red, green, blue


def offset(points: NDArray, x: float, y: float) -> NDArray:
    """Points (..., 2) moved by ``x`` and ``y`` px."""
    return np.asarray(points + np.array((x, y)))


def fill(picture: Picture, points: NDArray, colour: Colour) -> None:
    """Fills the polygon of ``points`` (N, 2) px, smooth at its edge."""
    fixed = np.round(np.asarray(points) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillPoly(picture, [fixed], colour, cv2.LINE_AA, _SHIFT)


def stroke(picture: Picture, points: NDArray, width: float, colour: Colour) -> None:
    """A round-capped line of ``width`` px through ``points`` (N, 2) px."""
    fixed = np.round(np.asarray(points) * (1 << _SHIFT)).astype(np.int32)
    cv2.polylines(picture, [fixed], False, colour, max(1, round(width)), cv2.LINE_AA, _SHIFT)


def draw_body(picture: Picture, xy: Points, look: Look) -> None:
    """Torso, neck and head of one frame.

    Args:
        picture: (H, W, 3) uint8 RGB, drawn into.
        xy: (137, 2) px, every point known.
    """
    unit = _get_unit(xy)
    _draw_torso(picture, xy, look, unit)
    _draw_neck(picture, xy, look, unit)
    _draw_head(picture, xy, look, unit)


def draw_arm(picture: Picture, xy: Points, side: str, look: Look) -> None:
    """One sleeve, forearm and hand of one frame; arguments as for ``draw_body``."""
    shoulder, elbow, wrist, hand = _ARMS[side]
    unit = _get_unit(xy)
    a, b, c = xy[shoulder], xy[elbow], xy[wrist]
    forearm = look.shirt if look.long_sleeves else look.skin
    hem = b if look.long_sleeves else a + 0.72 * (b - a)
    for factor, grow in ((0.62, 0.05), (1.0, 0.0)):  # a darker rim keeps limbs apart where they cross
        _draw_limb(picture, b, c, unit * (0.22 + grow), unit * (0.15 + grow), shade(forearm, factor))
        if not look.long_sleeves:
            _draw_limb(picture, a, b, unit * (0.22 + grow), unit * (0.2 + grow), shade(look.skin, factor))
        _draw_limb(picture, a, hem, unit * (0.3 + grow), unit * (0.27 + grow), shade(look.shirt, factor * 0.95))
        _draw_hand(picture, xy[hand], unit * (1 + 2 * grow), shade(look.skin, factor))


def _get_unit(xy: Points) -> float:
    """About a shoulder width in px, also when the person stands sideways."""
    shoulders = float(np.hypot(*(xy[LEFT_SHOULDER] - xy[RIGHT_SHOULDER])))
    torso = float(np.hypot(*((xy[_LEFT_HIP] + xy[_RIGHT_HIP]) / 2 - xy[NECK])))
    return max(shoulders, 0.7 * torso, 8.0) * 0.82


def _draw_torso(picture: Picture, xy: Points, look: Look, unit: float) -> None:
    right, left, neck = xy[RIGHT_SHOULDER], xy[LEFT_SHOULDER], xy[NECK]
    across = (left - right) / max(float(np.hypot(*(left - right))), 1.0)
    hip_right, hip_left = xy[_RIGHT_HIP] - 0.16 * unit * across, xy[_LEFT_HIP] + 0.16 * unit * across
    waist_right, waist_left = 0.45 * right + 0.55 * hip_right, 0.45 * left + 0.55 * hip_left
    top = offset(neck, 0, -0.16 * unit)
    outline = [top - 0.16 * unit * across, offset(right, 0, -0.11 * unit), right - 0.1 * unit * across, waist_right,
               hip_right, hip_left, waist_left, left + 0.1 * unit * across, offset(left, 0, -0.11 * unit),
               top + 0.16 * unit * across]  # fmt: skip
    fill(picture, np.array(outline), look.shirt)
    side = np.array(
        [offset(left, 0, -0.11 * unit), left + 0.1 * unit * across, waist_left, hip_left, 0.5 * (neck + hip_left)]
    )
    fill(picture, side, shade(look.shirt, 0.9))
    placket = np.array([offset(neck, 0, 0.1 * unit), offset(neck, 0, 0.42 * unit)])
    stroke(picture, placket, 0.02 * unit, shade(look.shirt, 0.72))


def _draw_neck(picture: Picture, xy: Points, look: Look, unit: float) -> None:
    chin, neck = xy[FACE_SLICE.start + 8], xy[NECK]
    skull = (xy[LEFT_EAR] + xy[RIGHT_EAR]) / 2
    stroke(picture, np.array([0.5 * (skull + chin), neck]), 0.27 * unit, shade(look.skin, 0.82))
    vee = np.array(
        [
            offset(neck, -0.16 * unit, -0.07 * unit),
            offset(neck, 0, 0.13 * unit),
            offset(neck, 0.16 * unit, -0.07 * unit),
        ]
    )
    fill(picture, vee, shade(look.skin, 0.86))
    stroke(picture, vee, 0.05 * unit, shade(look.shirt, 0.78))


def _draw_head(picture: Picture, xy: Points, look: Look, unit: float) -> None:
    jaw = xy[FACE_SLICE][:17]
    middle = (jaw[0] + jaw[16]) / 2
    half = (jaw[16] - jaw[0]) / 2
    up = middle - jaw[8]
    width = max(float(np.hypot(*half)), 0.17 * unit)
    along = half / max(float(np.hypot(*half)), 1e-3) * width
    angles = np.linspace(0, np.pi, 19)[1:-1, None]
    dome = middle + np.cos(angles) * along * 1.04 + np.sin(angles) ** 0.85 * up * 0.8
    outline = np.concatenate([jaw, dome])
    fill(picture, middle + (outline - middle) * 1.05, shade(look.skin, 0.62))
    fill(picture, outline, look.skin)
    shadow = np.concatenate([jaw[9:], dome[:6], [middle + 0.45 * along + 0.4 * up, 0.4 * middle + 0.6 * jaw[11]]])
    fill(picture, shadow, shade(look.skin, 0.93))
    hairline = middle + np.cos(angles[::-1]) * along * 0.98 + (0.34 + 0.18 * np.sin(angles)) * up
    hair = np.concatenate([middle + (dome - middle) * 1.06, hairline])
    fill(picture, hair, look.hair)


def _draw_limb(picture: Picture, a: NDArray, b: NDArray, width_a: float, width_b: float, colour: Colour) -> None:
    """A tapered limb with round ends."""
    along = b - a
    length = float(np.hypot(*along))
    if length > 1:
        normal = np.array([-along[1], along[0]]) / length
        sides = [a + normal * width_a / 2, b + normal * width_b / 2, b - normal * width_b / 2, a - normal * width_a / 2]
        fill(picture, np.array(sides), colour)
    for point, width in ((a, width_a), (b, width_b)):
        x, y = (round(float(value) * (1 << _SHIFT)) for value in point)
        cv2.circle(picture, (x, y), round(width / 2 * (1 << _SHIFT)), colour, -1, cv2.LINE_AA, _SHIFT)


def _draw_hand(picture: Picture, hand: NDArray, unit: float, colour: Colour) -> None:
    palm = hand[list(_PALM)]
    fill(picture, cv2.convexHull(palm.astype(np.float32))[:, 0], colour)
    stroke(picture, palm[[0, 2, 4, 5, 0]], 0.055 * unit, colour)
    for n, finger in enumerate(_FINGERS):
        knuckle = hand[0] if n == 0 else hand[finger[0]]
        stroke(picture, np.array([knuckle, *hand[list(finger)]]), (0.062 if n == 0 else 0.055) * unit, colour)
