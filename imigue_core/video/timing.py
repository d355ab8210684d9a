"""The times of frames: one time stamp a frame, and the frame rate they amount to.

Pure arithmetic on time stamps. Reading them out of a file is ``probe``'s work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError

MIN_FPS = Fraction(1, 100)
MAX_FPS = Fraction(1000)
MAX_DENOMINATOR = 1001
MAX_DISORDER = 0.1
"""Share of stamps that may run backwards before the others are distrusted too."""
_COMMON = tuple(Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120))
_JITTER = Fraction(1, 50)
"""Share of a frame's duration by which a constant rate may miss its time stamps."""


def compute_times(
    stamps: Sequence[int | None], time_base: Fraction, fallback_fps: Fraction
) -> tuple[NDArray[np.int64], int]:
    """Strictly increasing time stamps for all frames.

    Stamps that are missing, or not later than an earlier frame's, are placed evenly between
    their neighbours, at the ends in steps of the usual frame duration. When many stamps run
    backwards, as in AVI files with B-frames, only the first and the last are trusted.

    Args:
        stamps: One time stamp a frame in ``time_base``, None where the file has none.
        time_base: Seconds a unit.
        fallback_fps: Frames a second, used when fewer than two stamps can be used.

    Returns:
        The stamps, int64 (T,), and how many of them had to be made.
    """
    n_frames = len(stamps)
    lowest = np.iinfo(np.int64).min
    known = np.array([lowest if s is None else s for s in stamps], dtype=np.int64)
    before = np.concatenate(([lowest], np.maximum.accumulate(known)[:-1]))
    good = np.flatnonzero(known > before)
    if len(good) == n_frames:
        return known, 0
    n_disordered = int((known > lowest).sum()) - len(good)
    if n_disordered > MAX_DISORDER * n_frames:
        good = np.unique(good[[0, -1]])
    step = float(1 / fallback_fps / time_base)
    if len(good) > 1:
        step = float(np.median(np.diff(known[good]) / np.diff(good)))
    step = max(step, 1.0)
    index = np.arange(n_frames)
    if len(good) == 0:
        return np.rint(index * step).astype(np.int64), n_frames
    first, last = good[0], good[-1]
    offset = int(known[first])
    times = np.interp(index, good, (known[good] - offset).astype(np.float64))
    times[:first] = (index[:first] - first) * step
    times[last + 1 :] = (index[last + 1 :] - last) * step + float(known[last] - offset)
    made = np.rint(times).astype(np.int64) + offset
    made[good] = known[good]
    return _strictly_increasing(made), n_frames - len(good)


def compute_rate(
    pts: NDArray[np.int64], time_base: Fraction, named: Iterable[Fraction | None]
) -> tuple[Fraction, bool]:
    """The frame rate of a video and whether it varies.

    A rate is constant when every frame lies within one unit of the time base, or a fiftieth of a
    frame, of its place. Then the answer is exact: the first of the rates the file names that fits,
    else a common one, else the simplest fraction that fits. A variable rate gives the mean.

    Args:
        pts: Strictly increasing time stamps, int64 (T,), T >= 1.
        time_base: Seconds a unit.
        named: Rates the file's header names, the most trusted first; None is skipped.

    Returns:
        Frames a second and ``is_variable``.

    Raises:
        InputError: ``VIDEO_FPS_INVALID`` outside 1/100 to 1000 frames a second, or when a single frame has no rate.
    """
    rates = [rate for rate in named if rate is not None and rate > 0]
    simple = [rate for rate in rates if rate.denominator <= MAX_DENOMINATOR]
    n_steps = len(pts) - 1
    if n_steps == 0:
        if not rates:
            raise _bad_rate("none")
        return _validate_rate((simple or rates)[0]), False
    duration_s = int(pts[-1] - pts[0]) * time_base
    mean = n_steps / duration_s
    nearest = _find_simplest(pts, time_base) or mean.limit_denominator(MAX_DENOMINATOR)
    for rate in (*simple, Fraction(round(mean)), *_COMMON, nearest, *rates):
        if rate > 0 and _fits(pts, time_base, rate):
            return _validate_rate(rate), False
    _validate_rate(mean)
    return mean.limit_denominator(MAX_DENOMINATOR), True


def _fits(pts: NDArray[np.int64], time_base: Fraction, rate: Fraction) -> bool:
    units = float(1 / (rate * time_base))
    expected = np.arange(len(pts)) * units
    missed = np.abs((pts - pts[0]) - expected).max()
    return bool(missed <= max(1.0, float(_JITTER) * units) + 1e-6)


def _find_simplest(pts: NDArray[np.int64], time_base: Fraction) -> Fraction | None:
    """The rate of smallest denominator that places every frame within one unit, None when none does."""
    steps = np.arange(1, len(pts))
    lengths = pts[1:] - pts[0]
    longest, shortest = int(np.argmin((lengths + 1) / steps)), int(np.argmax((lengths - 1) / steps))
    longest_units = Fraction(int(lengths[longest]) + 1, longest + 1)
    shortest_units = Fraction(int(lengths[shortest]) - 1, shortest + 1)
    shortest_units = max(shortest_units, longest_units / 2)
    if shortest_units > longest_units:
        return None
    return _simplest_between(1 / (longest_units * time_base), 1 / (shortest_units * time_base))


def _simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of smallest denominator in ``[low, high]``, 0 < low <= high."""
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    below = whole - 1
    return below + 1 / _simplest_between(1 / (high - below), 1 / (low - below))


def _strictly_increasing(times: NDArray[np.int64]) -> NDArray[np.int64]:
    index = np.arange(len(times))
    return np.maximum.accumulate(times - index) + index


def _validate_rate(rate: Fraction) -> Fraction:
    if not MIN_FPS <= rate <= MAX_FPS:
        raise _bad_rate(str(rate))
    return rate


def _bad_rate(found: str) -> InputError:
    message = f"expected {MIN_FPS} to {MAX_FPS} frames a second, got {found}."
    return InputError("VIDEO_FPS_INVALID", message, hint="Write the video again with a proper frame rate.")
