"""CPU seconds of scanning 26 minutes of poses, beside a sliding-window LSTM on the same features in the same run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imigue_core.bench.figures import Figure, time_cpu
from imigue_core.models.cards import BUNDLED, DEFAULT_MODELS
from imigue_core.models.features.table import N_FEATURES, compute_features
from imigue_core.models.tasks import Task
from imigue_core.skeleton.normalise import normalise
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.synthesis.interview import InterviewSpec, make_interview

N_FRAMES = 39_000
FPS = 25
TARGET_S = 5.0
N_RUNS = 3
PEER = "BLSTM 2x128, windows of 64, stride 8"


def measure() -> Iterator[Figure]:
    """The least of three runs each, one thread, ``import torch`` and loading left out."""
    from imigue_core.models.networks.sliding_lstm import make_peer, scan_windows
    from imigue_core.suggest.scanner import load_scanner

    poses, times_s, shot_cuts = _make_poses()
    peer = make_peer(N_FEATURES)
    scanner = load_scanner(BUNDLED / DEFAULT_MODELS[Task.SCAN], "cpu")
    found = []

    def scan() -> None:
        found.append(len(scanner.scan(poses, times_s, shot_cuts).suggestions))

    features: list[np.ndarray] = []

    def compute() -> None:
        features[:] = [compute_features(shot) for shot in normalise(poses, times_s, shot_cuts)]

    def slide() -> None:
        for shot in features:
            scan_windows(peer, shot)

    ours = min(time_cpu(scan)[0] for _ in range(N_RUNS))
    preparing = min(time_cpu(compute)[0] for _ in range(N_RUNS))
    sliding = min(time_cpu(slide)[0] for _ in range(N_RUNS))
    yield Figure("scan", f"scan of {N_FRAMES:,} frames x 137 points, features included", ours, "CPU-s", TARGET_S, False,
                 f"{PEER}, features included", preparing + sliding, f"{found[-1]} suggestions")  # fmt: skip
    yield Figure("scan", "of which features", preparing, "CPU-s")
    yield Figure("scan", "of which network and spans", ours - preparing, "CPU-s", None, False, PEER, sliding)


def _make_poses() -> tuple[PoseSequence, np.ndarray, list[int]]:
    """26 acted minutes of one person."""
    spec = InterviewSpec(seed=1, duration_s=N_FRAMES / FPS, mix="published", dialects="all", profile="mixed")
    interview = make_interview(spec)
    keypoints = interview.poses.keypoints[:N_FRAMES]
    return PoseSequence(keypoints, interview.size), interview.times[:N_FRAMES], list(interview.shot_cuts)
