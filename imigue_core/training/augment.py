"""What makes one recording into many: other rates, other proportions, other detectors' habits, mirrors, gaps.

``film_again`` works on poses before they are normalised, ``blur_features`` on crops of
features while training. Numpy only.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

from imigue_core.models.features.table import FEATURE_NAMES, MIRROR
from imigue_core.skeleton.layout import LEFT_SHOULDER, N_KEYPOINTS, RIGHT_SHOULDER

RATES: tuple[tuple[Fraction, float], ...] = (
    (Fraction(25), 0.5), (Fraction(30000, 1001), 0.14), (Fraction(359, 12), 0.1), (Fraction(24), 0.08),
    (Fraction(30), 0.1), (Fraction(20), 0.04), (Fraction(50), 0.04),
)  # fmt: skip
"""Frame rates of training interviews and their shares."""
UNEVEN_SHARE = 0.12
REPEATED_SHARE = 0.15
"""Share of recordings that were converted to another rate by repeating or dropping frames."""
PLACE_SD = {"body": 0.018, "face": 0.006, "hands": 0.006}
"""Detectors put the same joint in slightly other places; standard deviation in shoulder widths."""
SHIFT_SD, NOISE_SD = 0.12, 0.12
"""Constant shift and largest white noise of a crop's features, in their standard deviations."""
_PARTS = ("left", "right", "face", "fingers_left", "fingers_right")
_FINGER_WORDS = ("thumb", "index", "middle", "ring", "little", "palm", "tips", "hand_size", "hand_found")
_FACE_WORDS = ("lips", "jaw", "face", "cheek", "brows", "talking", "mouth", "eye_open", "eye_change", "look")


def _list_columns(part: str) -> NDArray[np.intp]:
    def belongs(name: str) -> bool:
        if part in ("left", "right"):
            return name.startswith(f"{part}_") and not name.startswith((f"{part}_eye", f"{part}_look"))
        if part == "face":
            return any(word in name for word in _FACE_WORDS) and "near_" not in name and "_face_" not in name
        side = part.removeprefix("fingers_")
        return name.startswith(f"{side}_") and any(word in name for word in _FINGER_WORDS)

    return np.array([i for i, name in enumerate(FEATURE_NAMES) if belongs(name)])


_COLUMNS = {part: _list_columns(part) for part in _PARTS}


@cache
def _draw_noise() -> NDArray[np.float32]:
    """Drawn once, at the first crop: new numbers for every crop would take a tenth of the training time."""
    return np.random.default_rng(0).standard_normal(4_000_000, np.float32)


def sample_times(rng: np.random.Generator, duration_s: float) -> NDArray[np.float64]:
    """(T,) frame times of one recording: one of the usual rates, sometimes uneven as phones have it."""
    rates, shares = zip(*RATES, strict=True)
    fps = float(rates[int(rng.choice(len(rates), p=shares))])
    times = np.arange(int(duration_s * fps)) / fps
    if rng.random() < UNEVEN_SHARE:
        times = times[rng.random(len(times)) > rng.uniform(0.02, 0.3)]
        times = times + rng.uniform(-0.3, 0.3, len(times)) / fps
        times = np.sort(times - min(times[0], 0))
        times = times[np.concatenate([[True], np.diff(times) > 1e-3]) & (times <= duration_s)]
    return np.asarray(times, np.float64)


def film_again(
    rng: np.random.Generator, keypoints: NDArray[np.float32], times: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.intp]]:
    """Poses as another camera, another converter and another detector might have given them.

    Args:
        rng: Of the recording.
        keypoints: (T, 137, 3).
        times: (T,) seconds.

    Returns:
        New poses, their times, and for each the frame it was.
    """
    kept = np.arange(len(times))
    new_times = times
    if rng.random() < REPEATED_SHARE:
        fps = float(rng.choice([25.0, 30.0, 359 / 12, 24.0, 50.0]))
        new_times = times[0] + np.arange(int((times[-1] - times[0]) * fps)) / fps
        kept = np.clip(np.searchsorted(times, new_times + 1e-9, side="right") - 1, 0, len(times) - 1)
    points = keypoints[kept].copy()
    shoulders = points[:, LEFT_SHOULDER, :2] - points[:, RIGHT_SHOULDER, :2]
    width = np.hypot(shoulders[:, 0], shoulders[:, 1])
    unit = float(np.nanmedian(width)) if np.isfinite(width).any() else 100.0
    sd = np.full((N_KEYPOINTS, 1), PLACE_SD["hands"])
    sd[:25], sd[25:95] = PLACE_SD["body"], PLACE_SD["face"]
    turn, shear = rng.normal(0, 0.07), rng.normal(0, 0.03)
    stretch = np.exp(rng.normal(0, 0.06))
    matrix = np.array([[np.cos(turn) * stretch, -np.sin(turn) + shear], [np.sin(turn), np.cos(turn)]])
    points[:, :, :2] = points[:, :, :2] @ matrix.T.astype(np.float32)
    points[:, :, :2] += (rng.normal(0, 1, (N_KEYPOINTS, 2)) * sd * unit).astype(np.float32)
    return points, new_times, kept


def blur_features(rng: np.random.Generator, crop: NDArray[np.float32], scale: NDArray[np.float32]) -> bool:
    """Change a crop in place: mirror, noise, constant shifts, and parts that go missing for a while.

    Args:
        rng: Of the step.
        crop: (N, F) features.
        scale: (F,) their standard deviations.

    Returns:
        Whether it was mirrored.
    """
    is_mirrored = bool(rng.random() < 0.5)
    if is_mirrored:
        crop[:] = crop[:, MIRROR.order] * MIRROR.sign
    crop += np.float32(SHIFT_SD) * rng.standard_normal(crop.shape[1], np.float32) * scale
    noise = _draw_noise()
    first = int(rng.integers(len(noise) - crop.size))
    crop += noise[first : first + crop.size].reshape(crop.shape) * (np.float32(rng.uniform(0, NOISE_SD)) * scale)
    while rng.random() < 0.3:
        part = _COLUMNS[_PARTS[int(rng.integers(len(_PARTS)))]]
        start = int(rng.integers(len(crop)))
        crop[start : start + int(rng.integers(8, 150)), part] = np.nan
    return is_mirrored
