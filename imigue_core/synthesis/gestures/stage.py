"""What an actor's hands may touch and how they are directed there: the body as it stands, and both arms' tracks.

Everything an actor writes is for the LEFT hand where a side matters and mirrored for the
right. Bending the arms comes later, in ``performer.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.body import BodyShape, Posture
from imigue_core.synthesis.face import compute_head_point
from imigue_core.synthesis.gestures.channels import DIRECTION, ELBOW, N_ARM, PALM, POSE, TUCKED, WRIST
from imigue_core.synthesis.hands import compute_contact_offset, compute_hand_axes
from imigue_core.synthesis.kinematics import Frame, compute_arm

FloatArray = NDArray[np.float32]
Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The body during one act.

    Attributes:
        body: Its sizes.
        posture: How it sits; the desk.
        frame: Trunk and head, (n, ...).
        arms: Track of each side, (n, 25), by ``left`` and ``right``; a cut of the whole performance's.
    """

    body: BodyShape
    posture: Posture
    frame: Frame
    arms: dict[str, FloatArray]

    @property
    def n_frames(self) -> int:
        return len(self.frame.head)

    def get_head_point(self, name: str, side: str, offset: Vector = (0.0, 0.0, 0.0)) -> FloatArray:
        """(n, 3) a named place of ``face.HEAD_POINTS`` in the world; `offset` is outwards, up, forward in metres."""
        place = compute_head_point(name, side, self.body.head_width, self.body.head_height) + _mirror(offset, side)
        return np.asarray(self.frame.head + np.matmul(place, self.frame.head_axes), np.float32)

    def get_torso_point(self, place: Vector, side: str, offset: Vector = (0.0, 0.0, 0.0)) -> FloatArray:
        """(n, 3) a place on the trunk: metres outwards, up, forward of the middle of the shoulders of a usual body."""
        body = self.body
        scale = np.array([body.shoulder_width / 0.36, body.torso_height / 0.50, body.chest_depth / 0.105], np.float32)
        local = _mirror(place, side) * scale + _mirror(offset, side)
        return np.asarray(self.frame.neck + np.matmul(local, self.frame.torso), np.float32)

    def get_desk_point(self, x: float, z: float, side: str, y: float = 0.0) -> FloatArray:
        """(n, 3) `x` outwards of the middle, `z` in front of the desk's near edge, `y` above its top.

        Without a desk: as high as the lap of a sitting person, or the waist of a standing one.
        """
        posture = self.posture
        top = 0.12 if posture.desk_height is None else posture.desk_height
        distance = 0.16 if posture.desk_height is None else posture.desk_distance
        place = np.array([-x if side == "right" else x, top + y, distance + z], np.float32)
        return np.broadcast_to(place, (self.n_frames, 3))

    def get_arm_point(self, side: str, name: str) -> FloatArray:
        """(n, 3) ``shoulder``, ``elbow`` or ``wrist`` of an arm as it is tracked now."""
        track = self.arms[side]
        shoulder, elbow, wrist = compute_arm(self.body, self.frame.get_shoulder(side), track[:, WRIST], track[:, ELBOW])
        return {"elbow": elbow, "wrist": wrist, "shoulder": shoulder}[name]

    def in_head(self, vector: Vector, side: str) -> FloatArray:
        """(n, 3) a direction given in the head's axes (outwards, up, forward) in the world's."""
        return np.asarray(np.matmul(_mirror(vector, side), self.frame.head_axes), np.float32)

    def in_torso(self, vector: Vector, side: str) -> FloatArray:
        """(n, 3) a direction given in the trunk's axes (outwards, up, forward) in the world's."""
        return np.asarray(np.matmul(_mirror(vector, side), self.frame.torso), np.float32)

    def in_world(self, vector: Vector, side: str) -> FloatArray:
        """(n, 3) a direction (outwards, up, forward) in the world's axes."""
        return np.broadcast_to(_mirror(vector, side), (self.n_frames, 3))

    def aim(
        self,
        side: str,
        target: FloatArray,
        direction: FloatArray,
        palm: FloatArray,
        elbow: FloatArray,
        pose: FloatArray,
        contact: str | None = None,
        tucked: FloatArray | float = 0.0,
    ) -> FloatArray:
        """An arm's track that brings a hand to a target.

        Args:
            side: Which hand.
            target: (n, 3) where the wrist, or with `contact` that part of the hand, comes to lie.
            direction: (n, 3) wrist to knuckles.
            palm: (n, 3) out of the palm.
            elbow: (n, 3) where the elbow is pushed.
            pose: (12,) or (n, 12) the hand's.
            contact: A name of ``hands.CONTACTS``.
            tucked: How far the hand is hidden.

        Returns:
            (n, 25) float32.
        """
        track = np.empty((self.n_frames, N_ARM), np.float32)
        track[:, DIRECTION], track[:, PALM], track[:, ELBOW] = direction, palm, elbow
        track[:, POSE], track[:, TUCKED] = pose, tucked
        track[:, WRIST] = target
        if contact is not None:
            axes = compute_hand_axes(track[:, DIRECTION], track[:, PALM], side)
            offset = compute_contact_offset(np.asarray(pose), contact, self.body.hand)
            track[:, WRIST] -= np.matmul(offset[:, None, :], axes)[:, 0]
        return track

    def blend(self, side: str, weight: FloatArray, target: FloatArray, bulge: Vector = (0.0, 0.0, 0.0)) -> None:
        """Draw an arm from where it is to a track.

        Args:
            side: Which arm.
            weight: (n,) 0 = as it was, 1 = the target.
            target: (n, 25).
            bulge: Metres outwards, up and forward by which the way leaves the straight line at its middle.
        """
        track = self.arms[side]
        turning = np.flatnonzero((weight > 0) & (weight < 0.9995))
        share = weight[turning]
        direction, palm = _turn(track[turning], target[turning], share, side)
        track += weight[:, None] * (target - track)
        track[turning, DIRECTION], track[turning, PALM] = direction, palm
        if any(bulge):
            track[turning, WRIST] += (4 * share * (1 - share))[:, None] * _mirror(bulge, side)


def _turn(start: FloatArray, end: FloatArray, share: FloatArray, side: str) -> tuple[FloatArray, FloatArray]:
    """Direction and palm on the shortest turn from one hand's axes to another's (Rodrigues' formula), each (n, 3)."""
    before = compute_hand_axes(start[:, DIRECTION], start[:, PALM], side)
    after = compute_hand_axes(end[:, DIRECTION], end[:, PALM], side)
    turn = np.matmul(after.transpose(0, 2, 1), before)
    cosine = 0.5 * (turn[:, 0, 0] + turn[:, 1, 1] + turn[:, 2, 2] - 1)
    axis = np.stack(
        [turn[:, 2, 1] - turn[:, 1, 2], turn[:, 0, 2] - turn[:, 2, 0], turn[:, 1, 0] - turn[:, 0, 1]], axis=1
    )
    axis += np.float32(1e-4) * before[:, 1]  # a half turn has no axis of its own: then the hand bends
    axis /= np.maximum(np.linalg.norm(axis, axis=1, keepdims=True), 1e-6)
    angle = np.arccos(np.clip(cosine, -1, 1)) * share
    sine, rest = np.sin(angle)[:, None], (1 - np.cos(angle))[:, None]
    turned = [
        v + sine * np.cross(axis, v) + rest * (axis * np.sum(axis * v, axis=1, keepdims=True) - v)
        for v in (before[:, 0], before[:, 2])
    ]
    return turned[0], turned[1]


def _mirror(vector: Vector, side: str) -> FloatArray:
    """(3,) float32; x changes sign on the right and vanishes in the ``centre``."""
    sign = {"left": 1.0, "right": -1.0, "centre": 0.0}[side]
    return np.array([sign * vector[0], vector[1], vector[2]], np.float32)
