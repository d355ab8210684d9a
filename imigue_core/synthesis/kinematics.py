"""From channels to a body: trunk, shoulders, neck and head, and arms by two-bone inverse kinematics.

Pure maths, vectorised over time. Axes are (T, 3, 3) with rows to the person's left, up and
forward. What moves the channels, and where hands want to be, is elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.body import BodyShape
from imigue_core.synthesis.gestures.channels import Channels

FloatArray = NDArray[np.float32]

_LIMITS = {
    "slump": (-0.6, 1.3),
    "chest": (-0.01, 0.05),
    "left_up": (-0.03, 0.10),
    "right_up": (-0.03, 0.10),
    "yaw": (-1.3, 1.3),
    "pitch": (-0.9, 0.8),
    "roll": (-0.6, 0.6),
    "head_forward": (-0.05, 0.10),
    "head_down": (-0.03, 0.07),
}
"""Joint limits of the channels that acts may drive too far together."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A body put up, without arms.

    Attributes:
        hips: (T, 3) middle of the hips.
        torso: (T, 3, 3) axes of the rib cage.
        neck: (T, 3) middle between the shoulders when both are down: what torso places are measured from.
        left_shoulder: (T, 3).
        right_shoulder: (T, 3).
        head: (T, 3) middle between the ears.
        head_axes: (T, 3, 3).
    """

    hips: FloatArray
    torso: FloatArray
    neck: FloatArray
    left_shoulder: FloatArray
    right_shoulder: FloatArray
    head: FloatArray
    head_axes: FloatArray

    def cut(self, part: slice) -> Frame:
        """The same frame on a part of the time."""
        return Frame(*(getattr(self, f.name)[part] for f in fields(self)))

    def get_shoulder(self, side: str) -> FloatArray:
        """(T, 3) of ``left`` or ``right``."""
        return self.left_shoulder if side == "left" else self.right_shoulder


def compute_axes(yaw: FloatArray, pitch: FloatArray, roll: FloatArray) -> FloatArray:
    """Axes turned by roll (towards the left shoulder), then pitch (up), then yaw (to the left); radians, each (T,).

    Returns:
        (T, 3, 3) float32, rows left, up, forward.
    """
    sa, ca, sp, cp, sr, cr = np.sin(yaw), np.cos(yaw), np.sin(pitch), np.cos(pitch), np.sin(roll), np.cos(roll)
    out = np.empty((len(yaw), 3, 3), np.float32)
    for row, (x, y, z) in enumerate(((cr, -sr * cp, sr * sp), (sr, cr * cp, -cr * sp), (None, sp, cp))):
        out[:, row, 0] = z * sa if x is None else x * ca + z * sa
        out[:, row, 1] = y
        out[:, row, 2] = z * ca if x is None else z * ca - x * sa
    return out


def compute_frame(body: BodyShape, channels: Channels) -> Frame:
    """Put up trunk, shoulders and head. Channels beyond their joint's limits are clipped in place."""
    for name, (low, high) in _LIMITS.items():
        row = channels.get(name)
        np.clip(row, low, high, out=row)
    get = channels.get
    lean, side, turn, slump, chest = get("lean"), get("side"), get("turn"), get("slump"), get("chest")
    torso = compute_axes(turn, -lean - 0.04 * slump, side)
    left, up, forward = torso[:, 0], torso[:, 1], torso[:, 2]
    hips = np.stack([get("shift_x"), get("shift_y"), get("shift_z")], axis=1)
    height = body.torso_height * (1 - 0.07 * slump) + 0.4 * chest
    neck = hips + height[:, None] * up + (0.025 * slump)[:, None] * forward
    half = 0.5 * body.shoulder_width
    shoulders: list[FloatArray] = []
    for sign, rise, ahead in ((1, get("left_up"), get("left_forward")), (-1, get("right_up"), get("right_forward"))):
        rise = rise + 0.6 * chest
        out = half - 0.25 * np.maximum(rise, 0) - 0.3 * np.abs(ahead)
        place = neck + (sign * out)[:, None] * left + (rise - 0.012 * slump)[:, None] * up
        place += (ahead + 0.02 * slump)[:, None] * forward
        shoulders.append(np.asarray(place, np.float32))
    head_axes = compute_axes(
        get("yaw") + 0.75 * turn, get("pitch") - 0.25 * lean - 0.06 * slump, get("roll") + 0.45 * side
    )
    stalk = 0.66 * body.neck - get("head_down") - 0.012 * slump
    pivot = neck + stalk[:, None] * up + (0.018 + get("head_forward") + 0.02 * slump)[:, None] * forward
    head = pivot + 0.34 * body.neck * head_axes[:, 1] + 0.012 * head_axes[:, 2]
    return Frame(hips, torso, neck, shoulders[0], shoulders[1], head, head_axes)


def compute_arm(
    body: BodyShape, shoulder: FloatArray, wrist: FloatArray, elbow_to: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Bend one arm so that its wrist comes where it should.

    The shoulder gives a little when the hand is raised or far away. A wrist out of reach stays on
    its line from the shoulder, at 98 % of the arm's length.

    Args:
        body: Its upper arm and forearm count.
        shoulder: (T, 3) at rest.
        wrist: (T, 3) wanted.
        elbow_to: (T, 3) direction in which the elbow is pushed, any length.

    Returns:
        Shoulder, elbow and wrist as they come out, each (T, 3) float32.
    """
    a, b = np.float32(body.upper_arm), np.float32(body.forearm)
    way = wrist - shoulder
    given = np.clip(0.12 * (way[:, 1] + 0.10), 0, 0.035)
    distance = np.sqrt(np.einsum("ij,ij->i", way, way))
    stretch = np.clip(distance / (a + b) - 0.9, 0, 0.15) * np.float32(0.4)
    shoulder = shoulder + stretch[:, None] * way
    shoulder[:, 1] += given
    way = wrist - shoulder
    distance = np.sqrt(np.einsum("ij,ij->i", way, way))
    along = way / np.maximum(distance, 1e-4)[:, None]
    length = np.clip(distance, abs(a - b) + 0.06, 0.98 * (a + b))
    foot = (a * a - b * b + length * length) / (2 * length)
    height = np.sqrt(np.maximum(a * a - foot * foot, 0))
    push = elbow_to - np.einsum("ij,ij->i", elbow_to, along)[:, None] * along
    push *= (height / np.maximum(np.sqrt(np.einsum("ij,ij->i", push, push)), 1e-4))[:, None]
    elbow = shoulder + foot[:, None] * along + push
    return shoulder, elbow, shoulder + length[:, None] * along
