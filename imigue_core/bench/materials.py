"""Poses of our own making, for benchmarks and browser tests: a seated figure, no video to decode."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from imigue_core.bench.server import Studio
from imigue_core.skeleton.layout import N_KEYPOINTS
from imigue_core.skeleton.pose import PoseSequence, save_npz

SIZE = (640, 480)


def draw_person(n_frames: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """(T, 137, 3): a seated figure in pixels whose right hand rises and falls; seeds move differently."""
    rng = np.random.default_rng(seed)
    keypoints = np.full((n_frames, N_KEYPOINTS, 3), np.nan, np.float32)
    keypoints[:, :, 2] = 0.0
    body = {0: (320, 120), 1: (320, 190), 2: (260, 195), 3: (235, 290), 4: (250, 380), 5: (380, 195),
            6: (405, 290), 7: (390, 380), 8: (320, 400), 15: (308, 108), 16: (332, 108), 17: (290, 115),
            18: (350, 115)}  # fmt: skip
    for index, place in body.items():
        keypoints[:, index] = (*place, 0.9)
    lift = 120 * (1 - np.cos(seed + np.arange(n_frames) / (12 + 3 * seed))) / 2
    keypoints[:, 4, 1] -= lift
    keypoints[:, 3, 1] -= lift / 3
    angles = np.linspace(0, 2 * np.pi, 70, endpoint=False)
    face = np.stack([320 + 38 * np.cos(angles), 122 + 52 * np.sin(angles), np.full(70, 0.8)], axis=-1)
    keypoints[:, 25:95] = face
    for first, wrist in ((95, 7), (116, 4)):
        fan = rng.uniform(-14, 14, (21, 2))
        keypoints[:, first : first + 21, :2] = keypoints[:, wrist, None, :2] + fan
        keypoints[:, first : first + 21, 2] = 0.7
    return keypoints


def add_person(studio: Studio, folder: Path, n_frames: int = 500, name: str = "person", seed: int = 0) -> int:
    """Adds a poses-only video of ``draw_person`` at 25 fps and returns its id."""
    path = folder / f"{name}.npz"
    save_npz(path, PoseSequence(draw_person(n_frames, seed)))
    studio.command("add", "--poses-only", str(path), "--fps", "25", "--size", "640x480")
    return int(studio.list_videos()[-1]["id"])


def make_still_poses(path: Path, n_frames: int) -> Path:
    """Writes poses of ``draw_person``, tiled to a length."""
    keypoints = draw_person(min(n_frames, 1500))
    save_npz(path, PoseSequence(np.tile(keypoints, (-(-n_frames // len(keypoints)), 1, 1))[:n_frames]))
    return path
