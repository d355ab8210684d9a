"""A person of 137 points who sits at a desk and hardly moves: something plain to film and detect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.camera import Framing, Projection, Shot, project, sample_shots
from imigue_core.synthesis.detector import detect
from imigue_core.synthesis.detector_profiles import sample_profile
from imigue_core.synthesis.noise import make_rng, sample_smooth
from imigue_core.synthesis.scene import Desk, make_scene

DESK_M = 0.14
FRAMING = Framing(head_top=0.82, bottom=DESK_M, only_medium=True)
_BODY = {
    0: (0, 0.68, 0.12), 1: (0, 0.5, 0), 2: (-0.18, 0.5, 0), 3: (-0.24, 0.24, 0.06), 5: (0.18, 0.5, 0),
    6: (0.24, 0.24, 0.06), 8: (0, 0, 0), 9: (-0.09, 0, 0), 10: (-0.1, 0, 0.4), 11: (-0.1, -0.4, 0.4), 12: (0.09, 0, 0),
    13: (0.1, 0, 0.4), 14: (0.1, -0.4, 0.4), 15: (-0.032, 0.715, 0.09), 16: (0.032, 0.715, 0.09),
    17: (-0.075, 0.7, 0), 18: (0.075, 0.7, 0), **dict.fromkeys(range(19, 25), (0, -0.42, 0.5)),
}  # fmt: skip


Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where the wrists are in metres, how far the right one waves, and whether fingers point up or at the camera."""

    left: Place = (0.14, 0.18, 0.28)
    right: Place = (-0.14, 0.18, 0.28)
    wave_m: float = 0.0
    fingers_up: bool = False


AT_REST = Sitting()


def make_points(times: NDArray[np.float64], how: Sitting = AT_REST, seed: int = 0) -> NDArray[np.float32]:
    """(T, 137, 3) float32 metres; the right hand waves sideways 1.2 times a second."""
    person = np.zeros((137, 3), np.float32)
    for point, place in {**_BODY, 4: how.right, 7: how.left}.items():
        person[point] = place
    angle = np.linspace(np.pi, 2 * np.pi, 17)
    person[25:42] = np.stack([0.075 * np.cos(angle), 0.70 + 0.11 * np.sin(angle), np.full(17, 0.05)], axis=1)
    inner = np.random.default_rng(3).normal((0, 0.69, 0.1), (0.03, 0.03, 0.005), (53, 3))
    person[42:95] = inner
    person[55] = (0, 0.68, 0.12)
    person[93], person[94] = _BODY[15], _BODY[16]
    finger, joint = np.divmod(np.arange(20), 4)
    along, across = 0.06 + 0.03 * joint, np.full(20, 0.01)
    hand = np.stack([(finger - 2) * 0.018, *((along, across) if how.fingers_up else (across, along))], axis=1)
    for first, wrist in ((95, how.left), (116, how.right)):
        person[first] = wrist
        person[first + 1 : first + 21] = np.array(wrist) + hand
    points = np.repeat(person[None], len(times), axis=0)
    points += 0.01 * sample_smooth(make_rng(seed, 900), times, 1.5, 3)[:, None]
    waving = [4, *range(116, 137)]
    points[:, waving, 0] += (how.wave_m * np.sin(2 * np.pi * 1.2 * times)).astype(np.float32)[:, None]
    return points


def film(points: NDArray[np.float32], times: NDArray[np.float64], seed: int) -> tuple[Projection, tuple[Shot, ...]]:
    """The points at 1280x720 through a press conference's camera, and that camera."""
    shots = sample_shots(make_rng(seed, 901), 60, FRAMING, (1280, 720))
    return project(points, shots, times), shots


def look(
    points: NDArray[np.float32],
    times: NDArray[np.float64],
    profile: str,
    seed: int,
    *,
    tucked: float = 0.0,
) -> NDArray[np.float32]:
    """What a detector reports of the points, (T, 137, 3)."""
    view, shots = film(points, times, seed)
    hidden = np.full((len(times), 2), tucked, np.float32)
    scene = make_scene(points, view, shots, times, hidden, Desk(DESK_M, 0.15))
    return detect(scene, sample_profile(profile, make_rng(seed, 902)), seed)
