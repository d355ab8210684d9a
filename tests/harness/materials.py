"""Poses of our own making, for tests and figures: a seated figure, no video to decode."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from imigue_core.skeleton.layout import FACE_SLICE, LEFT_HAND_SLICE, N_KEYPOINTS, RIGHT_HAND_SLICE
from imigue_core.skeleton.pose import PoseSequence, save_npz
from tests.harness.studio import Studio

SIZE = (640, 480)
_MID_HIP = 8


def draw_person(n_frames: int, seed: int = 0, mark: float = 0.0) -> npt.NDArray[np.float32]:
    """(T, 137, 3): a seated figure in pixels whose right hand rises and falls; seeds move differently.

    ``mark``, 0 to 1, changes a confidence that nothing looks at, so that videos of one movement differ in content.
    """
    rng = np.random.default_rng(seed)
    keypoints = np.full((n_frames, N_KEYPOINTS, 3), np.nan, np.float32)
    keypoints[:, :, 2] = 0.0
    body = {0: (320, 120), 1: (320, 190), 2: (260, 195), 3: (235, 290), 4: (250, 380), 5: (380, 195),
            6: (405, 290), 7: (390, 380), 8: (320, 400), 15: (308, 108), 16: (332, 108), 17: (290, 115),
            18: (350, 115)}  # fmt: skip
    for index, place in body.items():
        keypoints[:, index] = (*place, 0.9)
    keypoints[:, _MID_HIP, 2] += np.float32(mark / 100)
    lift = 120 * (1 - np.cos(seed + np.arange(n_frames) / (12 + 3 * seed))) / 2
    keypoints[:, 4, 1] -= lift
    keypoints[:, 3, 1] -= lift / 3
    keypoints[:, FACE_SLICE] = _draw_face(320, 122)
    for hand, wrist, elbow in ((LEFT_HAND_SLICE, 7, 6), (RIGHT_HAND_SLICE, 4, 3)):
        forearm = keypoints[:, wrist, :2] - keypoints[:, elbow, :2]
        along = forearm / np.linalg.norm(forearm, axis=1, keepdims=True)
        across = np.stack([-along[:, 1], along[:, 0]], axis=1)
        places = _draw_hand()
        keypoints[:, hand, :2] = (
            keypoints[:, wrist, None, :2]
            + places[:, 0, None] * across[:, None]
            + places[:, 1, None] * along[:, None]
            + rng.normal(0, 0.4, (n_frames, 21, 2))
        )
        keypoints[:, hand, 2] = 0.7
    return keypoints


def _draw_face(x: float, y: float) -> npt.NDArray[np.float64]:
    """(70, 3): jaw, brows, nose, eyes, lips and pupils around a middle, in OpenPose's order."""

    def arc(cx: float, cy: float, rx: float, ry: float, first: float, last: float, n: int) -> list[tuple[float, float]]:
        return [(cx + rx * np.cos(t), cy + ry * np.sin(t)) for t in np.radians(np.linspace(first, last, n))]

    eye = [180, 240, 300, 360, 420, 480]
    points = arc(0, -6, 38, 56, 175, 5, 17)
    points += arc(-17, -18, 13, 7, 190, 350, 5) + arc(17, -18, 13, 7, 190, 350, 5)
    points += [(0, -10), (0, -4), (0, 2), (0, 8), (-8, 13), (-4, 15), (0, 16), (4, 15), (8, 13)]
    for side in (-17, 17):
        points += [(side + 8 * np.cos(np.radians(t)), -9 + 3.5 * np.sin(np.radians(t))) for t in eye]
    points += arc(0, 29, 15, 7, 180, 510, 12) + arc(0, 29, 9, 3, 180, 495, 8) + [(-17, -9), (17, -9)]
    return np.array([(x + px, y + py, 0.8) for px, py in points])


def _draw_hand() -> npt.NDArray[np.float64]:
    """(21, 2): wrist, then five fingers of four joints, across and along the forearm in pixels."""
    fingers = [(-0.9, 0.7), (-0.3, 1.0), (-0.05, 1.08), (0.2, 1.0), (0.45, 0.82)]
    joints = [(lean * 18 * (0.6 + 0.5 * k), length * (9 + 8 * k)) for lean, length in fingers for k in range(4)]
    return np.array([(0.0, 0.0), *joints])


def add_person(
    studio: Studio, folder: Path, n_frames: int = 500, name: str = "person", seed: int = 0, mark: float = 0.0
) -> int:
    """Adds a poses-only video of ``draw_person`` at 25 fps and returns its id."""
    path = folder / f"{name}.npz"
    save_npz(path, PoseSequence(draw_person(n_frames, seed, mark)))
    return studio.add("--poses-only", str(path), "--fps", "25", "--size", "640x480")


def make_still_poses(path: Path, n_frames: int) -> Path:
    """Writes poses of ``draw_person``, tiled to a length."""
    keypoints = draw_person(min(n_frames, 1500))
    save_npz(path, PoseSequence(np.tile(keypoints, (-(-n_frames // len(keypoints)), 1, 1))[:n_frames]))
    return path
