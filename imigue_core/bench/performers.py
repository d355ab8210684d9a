"""Frames a second that acted interviews come in, poses as a detector would see them included."""

from __future__ import annotations

from collections.abc import Iterator

from imigue_core.bench.figures import Figure, time_cpu
from imigue_core.synthesis.interview import InterviewSpec, make_interview

N_INTERVIEWS, DURATION_S = 4, 300.0
TARGET = 20_000


def measure() -> Iterator[Figure]:
    """Five-minute interviews at published frequencies, one core; the first one warms up."""
    make_interview(_make_spec(0, 60.0))
    n_frames = 0

    def act() -> None:
        nonlocal n_frames
        for number in range(N_INTERVIEWS):
            n_frames += make_interview(_make_spec(number + 1, DURATION_S)).poses.n_frames

    cpu_s, _ = time_cpu(act)
    yield Figure("performers", "acted frames of 137 points, detector included", n_frames / cpu_s, "frames/CPU-s",
                 TARGET, True)  # fmt: skip


def _make_spec(seed: int, duration_s: float) -> InterviewSpec:
    return InterviewSpec(seed=seed, duration_s=duration_s, mix="published", dialects="all", profile="mixed")
