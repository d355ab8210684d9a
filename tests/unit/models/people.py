"""A moving person made of sines: the same motion at any frame times. For tests of what poses go through."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import FACE_SLICE, LEFT_HAND_SLICE, N_KEYPOINTS, RIGHT_HAND_SLICE
from imigue_core.skeleton.pose import PoseSequence

WIDTH, HEIGHT = 1280, 720
_BODY = {
    0: (640, 290), 1: (640, 380), 2: (560, 385), 3: (520, 500), 4: (570, 560), 5: (720, 385), 6: (760, 500),
    7: (710, 560), 8: (640, 640), 9: (600, 640), 12: (680, 640), 15: (622, 272), 16: (658, 272), 17: (600, 280),
    18: (680, 280),
}  # fmt: skip


def make_base() -> NDArray[np.float64]:
    """(137, 2) pixels of somebody who sits still; NaN for legs."""
    base = np.full((N_KEYPOINTS, 2), np.nan)
    for point, place in _BODY.items():
        base[point] = place
    face = base[FACE_SLICE]
    turn = np.linspace(np.pi, 0, 17)
    face[:17] = np.stack([640 + 45 * np.cos(turn), 240 + 70 * np.sin(turn)], axis=1)
    face[17:27] = np.stack([np.linspace(605, 675, 10), np.full(10, 218)], axis=1)
    face[27:31] = np.stack([np.full(4, 640), np.linspace(232, 256, 4)], axis=1)
    face[31:36] = np.stack([np.linspace(628, 652, 5), np.full(5, 264)], axis=1)
    for first, x in ((36, 615), (42, 651)):
        ring = np.linspace(np.pi, -np.pi, 6, endpoint=False)
        face[first : first + 6] = np.stack([x + 7 + 7 * np.cos(ring), 232 - 3 * np.sin(ring)], axis=1)
    for first, n, across, high in ((48, 12, 18, 8), (60, 8, 13, 4)):
        ring = np.linspace(np.pi, -np.pi, n, endpoint=False)
        face[first : first + n] = np.stack([640 + across * np.cos(ring), 285 - high * np.sin(ring)], axis=1)
    face[68:] = ((622, 232), (658, 232))
    face[:, 1] += 40
    for where, x, sign in ((LEFT_HAND_SLICE, 710, -1), (RIGHT_HAND_SLICE, 570, 1)):
        hand = base[where]
        hand[0] = (x, 560)
        for finger in range(5):
            steps = np.arange(1, 5)[:, None]
            hand[1 + 4 * finger : 5 + 4 * finger] = (x, 560) + steps * (sign * (4 * finger - 8), 10)
    return base


def make_person(seed: int, times_s: NDArray[np.float64], *, noise_px: float = 0.0) -> PoseSequence:
    """Somebody who sways and waves; the seed decides how, the times only when it is looked at."""
    rng = np.random.default_rng(seed)
    points = np.repeat(make_base()[None], len(times_s), axis=0)
    sway = _sines(rng, times_s, 2, 0.15, 8)
    points += sway[:, None]
    points[:, :19] += _sines(rng, times_s, 38, 0.3, 3).reshape(len(times_s), 19, 2)
    points[:, [4, 7]] += _sines(rng, times_s, 4, 0.5, 30).reshape(len(times_s), 2, 2)
    for where, wrist in ((LEFT_HAND_SLICE, 7), (RIGHT_HAND_SLICE, 4)):
        shift = points[:, wrist] - make_base()[wrist]
        points[:, where] += (shift - sway)[:, None] + _sines(rng, times_s, 42, 0.8, 3).reshape(len(times_s), 21, 2)
    points[:, FACE_SLICE] += _sines(rng, times_s, 140, 0.7, 1.5).reshape(len(times_s), 70, 2)
    points += np.random.default_rng(seed + 1).normal(0, noise_px, points.shape) if noise_px else 0
    keypoints = np.full((len(times_s), N_KEYPOINTS, 3), np.nan, np.float32)
    keypoints[:, :, :2] = points
    keypoints[:, :, 2] = np.where(np.isnan(points[:, :, 0]), 0, 0.8)
    return PoseSequence(keypoints, (WIDTH, HEIGHT))


def _sines(rng: np.random.Generator, times_s: NDArray[np.float64], n: int, hertz: float, size: float) -> NDArray:
    """(T, n) smooth motion."""
    rates = hertz * rng.uniform(0.4, 1.6, (3, n))
    phases = rng.uniform(0, 2 * np.pi, (3, n))
    return size / 2 * np.sin(2 * np.pi * rates * times_s[:, None, None] + phases).sum(axis=1)
