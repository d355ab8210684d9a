"""Random numbers that belong to times, not to frames.

Every layer of noise is drawn on its own time grid from second 0 and read off between the
grid's points, so the same seed sampled at other frame times gives nearly the same noise.
What the noise is added to is decided elsewhere.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

FRAME_STEP_S = 0.04
"""Grid of the fastest noise: one draw a frame at 25 frames a second."""
_SMOOTH_SD = float(np.sqrt(26 / 35))
"""Root mean variance of smoothstep interpolation between independent unit knots: s^2 + (1 - s)^2 over 0..1."""


def make_rng(seed: int, *stream: int) -> np.random.Generator:
    """A generator of its own for one purpose (``stream``) of one seed."""
    return np.random.default_rng([seed, *stream])


def sample_fast(rng: np.random.Generator, times: NDArray[np.float64], n_channels: int) -> FloatArray:
    """White noise on a 25 Hz grid, read off linearly between its points.

    Args:
        rng: Used for this layer only; the number of draws depends on the last time.
        times: (T,) seconds, 0 or later, ascending.
        n_channels: Independent channels.

    Returns:
        (T, n_channels) float32, unit variance on the grid, down to half of it between.
    """
    position = times / FRAME_STEP_S
    index = np.floor(position + 1e-6).astype(np.intp)
    knots = rng.standard_normal((int(index[-1]) + 2, n_channels), dtype=np.float32)
    weight = (position - index).astype(np.float32)
    if np.abs(weight).max() < 1e-3:
        return knots[index[0] : index[-1] + 1] if np.all(np.diff(index) == 1) else knots[index]
    values = knots[index]
    values += weight[:, None] * (knots[index + 1] - values)
    return values


def sample_smooth(rng: np.random.Generator, times: NDArray[np.float64], step_s: float, n_channels: int) -> FloatArray:
    """Slow noise: unit normal knots every ``step_s`` seconds with smoothstep between.

    Returns:
        (T, n_channels) float32 with unit variance on average over time.
    """
    position = times / step_s
    index = np.floor(position).astype(np.intp)
    knots = rng.standard_normal((int(index[-1]) + 2, n_channels), dtype=np.float32) / np.float32(_SMOOTH_SD)
    weight = (position - index).astype(np.float32)
    weight *= weight * (3 - 2 * weight)
    rise = np.diff(knots, axis=0)
    values = rise[index]
    values *= weight[:, None]
    values += knots[index]
    return values


def sample_latent(rng: np.random.Generator, times: NDArray[np.float64], n_channels: int) -> FloatArray:
    """Noise of several paces (0.1, 0.5 and 2.5 s), whose crossings of a level make short and long runs.

    Returns:
        (T, n_channels) float32, unit variance.
    """
    values = np.float32(0.5) * sample_smooth(rng, times, 0.1, n_channels)
    values += np.float32(0.66) * sample_smooth(rng, times, 0.5, n_channels)
    values += np.float32(0.56) * sample_smooth(rng, times, 2.5, n_channels)
    return values


def sample_gate(rng: np.random.Generator, times: NDArray[np.float64], step_s: float, share: float) -> NDArray[np.bool_]:
    """Events that are on for about ``share`` of the time, in runs of about half a ``step_s``.

    Returns:
        (T,) bool.
    """
    values = sample_smooth(rng, times, step_s, 1)[:, 0]
    return np.asarray(values > NormalDist().inv_cdf(1 - share) if share > 0 else np.zeros(len(times), np.bool_))
