"""The room of an acted interview: a press-conference wall, a desk, microphones.

Lives here: still scenery, drawn with OpenCV. Not here: the person (mannequin.py) and
files (render.py). The wall carries plain shapes only, nobody's marks.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.mannequin import Colour, Picture, fill, offset, shade, stroke


@dataclass(frozen=True, slots=True)
class Room:
    """Colours of one set, RGB.

    Attributes:
        wall: Of the wall at its brightest.
        panel: Of the shapes on the wall.
        cloth: Of the desk's cloth.
    """

    wall: Colour
    panel: Colour
    cloth: Colour


ROOMS = (
    Room((44, 62, 88), (62, 84, 116), (30, 36, 48)),
    Room((70, 66, 84), (94, 88, 112), (44, 40, 46)),
    Room((48, 76, 74), (66, 100, 96), (34, 42, 44)),
)


def draw_wall(width: int, height: int, room: Room, seed: int) -> Picture:
    """(height, width, 3) uint8 RGB: a lit wall with rows of plain panels."""
    rng = np.random.default_rng(seed)
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    light = np.clip(1.1 - 0.35 * across**2 - 0.4 * (down - 0.3) ** 2, 0.4, 1.15)[..., None]
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = np.clip(np.array(room.wall, np.float32) * light, 0, 255)
    side = height / 5.5
    for row in range(7):
        for column in range(-1, int(width / side) + 2):
            x, y = (column + 0.5 * (row % 2)) * side * 1.35, (row - 0.3) * side
            kind = int(rng.integers(3))
            _draw_panel(picture, x, y, 0.32 * side, kind, room.panel)
    return cv2.GaussianBlur(picture, (0, 0), height / 220).astype(np.uint8)


def _draw_panel(picture: Picture, x: float, y: float, size: float, kind: int, colour: Colour) -> None:
    if kind == 0:
        fill(picture, np.array([(x - size, y), (x, y - size), (x + size, y), (x, y + size)]), colour)
    elif kind == 1:
        rows = np.array([(-1.1, -0.5), (1.1, -0.5), (1.1, -0.15), (-1.1, -0.15)]) * size
        fill(picture, offset(rows, x, y), colour)
        fill(picture, offset(rows, x, y + 0.75 * size), colour)
    else:
        turn = np.linspace(0, 2 * np.pi, 40)[:, None]
        ring = np.concatenate([np.cos(turn), np.sin(turn)], axis=1) * size * 0.8
        stroke(picture, offset(ring, x, y), 0.28 * size, colour)


def draw_desk(picture: Picture, far: NDArray, near: NDArray, room: Room) -> None:
    """The desk in front of the person.

    Args:
        picture: (H, W, 3) uint8 RGB, drawn into.
        far: (2, 2) px, left and right end of the edge at the person's side.
        near: (2, 2) px, the same of the edge at the camera's side.
    """
    height = picture.shape[0]
    fill(picture, np.array([far[0], far[1], near[1], near[0]]), shade(room.cloth, 1.7))
    front = np.array(
        [near[0], near[1], (near[1][0], max(height, near[1][1]) + 4), (near[0][0], max(height, near[0][1]) + 4)]
    )
    fill(picture, front, room.cloth)
    stroke(picture, near, max(2.0, height / 240), shade(room.cloth, 2.2))


def draw_microphone(picture: Picture, foot: NDArray, head: NDArray, unit: float) -> None:
    """A gooseneck microphone from its foot to its head, both (2,) px; ``unit`` is a shoulder width in px."""
    bend = np.array([foot[0] + 0.25 * (head[0] - foot[0]), head[1] + 0.25 * (foot[1] - head[1])])
    t = np.linspace(0, 1, 16)[:, None]
    neck = (1 - t) ** 2 * foot + 2 * t * (1 - t) * bend + t**2 * head
    stroke(picture, neck, 0.03 * unit, (24, 26, 30))
    stroke(picture, np.array([head, head + 0.18 * (head - neck[-3])]), 0.11 * unit, (32, 34, 38))
    stroke(picture, np.stack([offset(foot, -0.1 * unit, 0), offset(foot, 0.1 * unit, 0)]), 0.06 * unit, (24, 26, 30))
