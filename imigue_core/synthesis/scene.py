"""What stands in front of the detector: the points in the picture, and what is hidden from the camera.

Occlusion is worked out here, from world coordinates; what a detector makes of it is
decided in the ``detector_*`` files.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import BODY_SLICE, LEFT_HAND_SLICE, RIGHT_HAND_SLICE
from imigue_core.synthesis.camera import Projection, Shot

FloatArray = NDArray[np.float32]

SHOULDER_M = 0.36
"""Shoulder width that turns metres into shoulder widths, whoever the person is."""
_ARM_RADIUS_M = 0.025
"""Arms that lie on the desk are this thick about their points."""
_HAND_SAMPLES = np.array([0, 4, 5, 8, 12, 17, 20])


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What is in front of the detector.

    Attributes:
        view: The points in the picture.
        times: (T,) float64 seconds, ascending.
        hidden_body: (T, 25) bool, joints behind the desk.
        hidden_hands: (T, 2) float32, how much of the left and right hand the desk, the body or the other arm hides,
            0..1.
    """

    view: Projection
    times: NDArray[np.float64]
    hidden_body: NDArray[np.bool_]
    hidden_hands: FloatArray

    @property
    def unit(self) -> FloatArray:
        """(T,) pixels a shoulder width."""
        return np.float32(SHOULDER_M) * self.view.scale


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk whose front is closed, so that nothing shows below its top.

    Attributes:
        height: Of its top, metres.
        near_z: Of its edge before the person, metres; there is nothing between that and the person.
    """

    height: float
    near_z: float


def make_scene(
    points: FloatArray,
    view: Projection,
    shots: tuple[Shot, ...],
    times: NDArray[np.float64],
    tucked: FloatArray,
    desk: Desk | None,
) -> Scene:
    """Work out what the desk hides from the camera that is on.

    Args:
        points: (T, 137, 3) float32 world metres.
        view: The same in the picture.
        shots: The cameras.
        times: (T,) seconds.
        tucked: (T, 2) how much the body or the other arm hides the left and right hand.
        desk: None without one.
    """
    if desk is None:
        return Scene(view, times, np.zeros((len(times), BODY_SLICE.stop), np.bool_), tucked)
    cameras = np.array([shot.camera.position for shot in shots], np.float32)[view.shot]
    body = _find_hidden(points[:, BODY_SLICE], cameras, desk)
    hands = [
        _find_hidden(points[:, hand][:, _HAND_SAMPLES], cameras, desk).mean(axis=1, dtype=np.float32)
        for hand in (LEFT_HAND_SLICE, RIGHT_HAND_SLICE)
    ]
    return Scene(view, times, body, np.maximum(tucked, np.stack(hands, axis=1)))


def _find_hidden(points: FloatArray, cameras: FloatArray, desk: Desk) -> NDArray[np.bool_]:
    """(T, n): points whose line to the camera passes through the desk's top or front."""
    y, z = points[:, :, 1], points[:, :, 2]
    edge = np.float32(desk.height - _ARM_RADIUS_M)
    rise = np.maximum(cameras[:, None, 1] - y, 1e-3)
    crossing = z + (edge - y) / rise * (cameras[:, None, 2] - z)
    return np.asarray((y < edge) & ((crossing > desk.near_z) | (cameras[:, None, 1] < edge)))
