"""Seconds between a file of poses and its picture: reading 26 minutes of poses, and making motion traces of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from imigue_core.bench.figures import Figure, time_cpu
from imigue_core.formats.poses import load_poses
from imigue_core.skeleton.layout import N_KEYPOINTS
from imigue_core.skeleton.pose import PoseSequence, save_npz
from imigue_core.skeleton.traces import compute_traces
from imigue_core.synthesis.interview import InterviewSpec, make_interview

N_FRAMES, FPS = 39_000, 25
N_RUNS = 3
TARGET_READ_S, TARGET_TRACES_S = 10.0, 2.0


def measure() -> Iterator[Figure]:
    """The least CPU time of three runs each."""
    interview = make_interview(InterviewSpec(3, N_FRAMES / FPS, profile="mediapipe"))
    poses = interview.poses
    with tempfile.TemporaryDirectory() as name:
        table, archive = Path(name) / "a.csv", Path(name) / "a.npz"
        flat = np.nan_to_num(poses.keypoints[:N_FRAMES]).reshape(-1, N_KEYPOINTS * 3)
        np.savetxt(table, flat, fmt="%.3f", delimiter=",")
        save_npz(archive, PoseSequence(poses.keypoints[:N_FRAMES], interview.size))
        for path in (table, archive):
            seconds = _take_least(lambda path=path: load_poses(path, N_FRAMES))  # type: ignore[misc]
            yield Figure("reading", f"39,000 frames of poses from {path.suffix}", seconds, "CPU-s", TARGET_READ_S)

    def trace() -> None:
        compute_traces(poses, interview.times, list(interview.shot_cuts))

    yield Figure("reading", "motion traces of 39,000 frames", _take_least(trace), "CPU-s", TARGET_TRACES_S)


def _take_least(run: Callable[[], object]) -> float:
    return min(time_cpu(run)[0] for _ in range(N_RUNS))
