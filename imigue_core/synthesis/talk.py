"""What talking does: mouth and jaw in syllables, and beats of head and brows. No gesture that has a label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.gestures.base import compute_minimum_jerk
from imigue_core.synthesis.gestures.channels import Channels
from imigue_core.synthesis.noise import make_rng, sample_smooth

FloatArray = NDArray[np.float32]
Spans = Sequence[tuple[float, float]]

_EASE_S = 0.16
_STREAM = 210


def compute_talk_level(spans: Spans, times: NDArray[np.float64]) -> FloatArray:
    """(T,) 0 silent .. 1 talking; eases over 0.16 s inside each span."""
    level = np.zeros(len(times), np.float32)
    for start, end in spans:
        first, last = np.searchsorted(times, (start, end))
        t = times[first:last]
        up = compute_minimum_jerk(((t - start) / _EASE_S).astype(np.float32))
        up *= compute_minimum_jerk(((end - t) / _EASE_S).astype(np.float32))
        np.maximum(level[first:last], up, out=level[first:last])
    return level


def find_talking(spans: Spans, times: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(T,) whether a time lies in a span."""
    talking = np.zeros(len(times), np.bool_)
    for start, end in spans:
        first, last = np.searchsorted(times, (start, end))
        talking[first:last] = True
    return talking


def add_talk(channels: Channels, level: FloatArray, times: NDArray[np.float64], seed: int) -> None:
    """Add speech to face, head and trunk.

    Args:
        channels: Of all times; added to.
        level: (T,) of `compute_talk_level`.
        times: (T,) seconds.
        seed: Of this person's speech.
    """
    manner = make_rng(seed, _STREAM)
    lively, wide, fast = manner.lognormal(0, 0.3), manner.lognormal(0, 0.25), manner.uniform(0.10, 0.14)
    syllables = sample_smooth(make_rng(seed, _STREAM + 1), times, fast, 3)
    phrase = sample_smooth(make_rng(seed, _STREAM + 2), times, 0.32, 5)
    opening = np.clip(0.26 + 0.22 * syllables[:, 0] + 0.07 * phrase[:, 0], 0, 1)
    channels.add("mouth_open", np.float32(wide) * level * opening)
    channels.add("lips_pucker", level * np.clip(0.22 * syllables[:, 1] + 0.04, 0, 0.7))
    channels.add("smile", level * (0.12 * syllables[:, 2] - 0.04))
    closing = np.clip(0.9 * (-syllables[:, 0] - 0.9), 0, 0.55)
    channels.add("lips_press", level * closing)
    beat = level * np.float32(lively)
    channels.add("pitch", beat * (0.030 * phrase[:, 0] + 0.022 * phrase[:, 1]))
    channels.add("yaw", beat * 0.030 * phrase[:, 2])
    channels.add("roll", beat * 0.020 * phrase[:, 3])
    channels.add("brow_raise", beat * np.clip(0.35 * phrase[:, 4] - 0.1, -0.1, 0.9))
    channels.add("lean", beat * 0.006 * phrase[:, 1])
