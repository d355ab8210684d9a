"""Poses for tests: people made of random points, and OpenPose folders written from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SETS = {
    "pose_keypoints_2d": slice(0, 25),
    "face_keypoints_2d": slice(25, 95),
    "hand_left_keypoints_2d": slice(95, 116),
    "hand_right_keypoints_2d": slice(116, 137),
}


def make_keypoints(n_frames: int, *, seed: int = 0, size: tuple[int, int] = (1280, 720)) -> NDArray[np.float32]:
    """(n_frames, 137, 3) random points inside the picture, about a fifth of them missing."""
    rng = np.random.default_rng(seed)
    keypoints = rng.random((n_frames, 137, 3)).astype(np.float32)
    keypoints[:, :, :2] *= size
    keypoints[:, :, 2] = keypoints[:, :, 2] * 0.9 + 0.1
    keypoints[rng.random((n_frames, 137)) < 0.2] = (np.nan, np.nan, 0)
    return keypoints


def make_person(x: float, y: float, scale: float = 100.0) -> NDArray[np.float32]:
    """(137, 3): a person whose neck is at ``x, y``, its points within ``scale`` pixels of it."""
    person = np.full((137, 3), 0.9, np.float32)
    person[:, :2] = np.array((x, y)) + np.random.default_rng(1).uniform(-scale, scale, (137, 2))
    person[1, :2] = (x, y)
    return person


def to_openpose(people: list[NDArray[np.float32]]) -> dict[str, Any]:
    """One frame as OpenPose writes it."""
    described = [
        {"person_id": [-1]} | {name: np.nan_to_num(p[where]).ravel().tolist() for name, where in SETS.items()}
        for p in people
    ]
    return {"version": 1.3, "people": described}


def write_openpose(folder: Path, frames: dict[int, list[NDArray[np.float32]]], *, stem: str = "clip") -> Path:
    """A folder with one JSON file for each frame number of ``frames``."""
    folder.mkdir(parents=True, exist_ok=True)
    for frame, people in frames.items():
        (folder / f"{stem}_{frame:012d}_keypoints.json").write_text(json.dumps(to_openpose(people)))
    return folder
