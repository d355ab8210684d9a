"""The dials of a body: channels of trunk, head and face, and the layout of an arm's track.

Plain arrays that acts add to. What they do to a skeleton is in ``kinematics.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.face import CONTROL_NAMES

FloatArray = NDArray[np.float32]

TRUNK_NAMES: tuple[str, ...] = (
    "lean",  # radians, forward
    "side",  # radians, to the person's left
    "turn",  # radians, to the person's left
    "shift_x",  # metres of the whole person, to the left
    "shift_y",  # metres, up (rising in the seat)
    "shift_z",  # metres, towards the camera
    "slump",  # 0 upright .. 1 sunk; below 0 stretched
    "chest",  # metres, the rib cage and with it the shoulders rise
    "left_up",  # metres, shoulder up
    "right_up",
    "left_forward",  # metres, shoulder forward
    "right_forward",
    "yaw",  # radians, head to the left
    "pitch",  # radians, head up
    "roll",  # radians, head towards the left shoulder
    "head_forward",  # metres, along the view
    "head_down",  # metres, the neck shortens
)
NAMES: tuple[str, ...] = TRUNK_NAMES + CONTROL_NAMES
"""Rows of `Channels.values`: trunk and head, then the face's controls by their own names."""
_ROW = {name: row for row, name in enumerate(NAMES)}

WRIST, DIRECTION, PALM, ELBOW, POSE, TUCKED = slice(0, 3), slice(3, 6), slice(6, 9), slice(9, 12), slice(12, 24), 24
N_ARM = 25
"""Columns of an arm's track (T, 25): wrist in metres; wrist-to-knuckles, palm normal and where the elbow is pushed,
all in world axes; the hand's pose (``hands.py``); tucked 0..1, how far body or other arm hide the hand."""


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """Channels of trunk, head and face.

    Attributes:
        values: (len(NAMES), n) float32; a cut shares its memory with the whole.
    """

    values: FloatArray

    def get(self, name: str) -> FloatArray:
        """One channel, (n,); writing to it writes the channel."""
        return np.asarray(self.values[_ROW[name]], np.float32)

    def add(self, name: str, delta: FloatArray | np.float32 | float) -> None:
        """Add (n,) or one number to a channel."""
        self.values[_ROW[name]] += delta

    def blend(self, name: str, weight: FloatArray, target: FloatArray | float) -> None:
        """Draw a channel towards a target, (n,) or one number, by a weight (n,)."""
        row = self.values[_ROW[name]]
        row += weight * (target - row)

    def cut(self, part: slice) -> Channels:
        """The same channels on a part of the time."""
        return Channels(self.values[:, part])


def make_channels(n_frames: int) -> Channels:
    """Channels at rest."""
    return Channels(np.zeros((len(NAMES), n_frames), np.float32))
