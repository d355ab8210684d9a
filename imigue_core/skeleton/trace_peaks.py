"""What stands out in a motion trace: peaks to look at, and the feet of the peaks, where motions begin and end.

Plain arithmetic on one row of ``traces.py`` at a time.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LEAST_HAND_SPEED, LEAST_BODY_SPEED = 0.5, 0.2
"""Shoulder widths a second that a peak of speed rises above the valleys on both sides of it; the body goes less far."""
LEAST_SHARE = 0.5
"""And this share of its own height."""
NEAR_FACE = 0.8
"""Shoulder widths: a minimum of the distance from the face counts when the hand comes this near."""
LEAST_APPROACH = 0.25
REST_SPEED = 0.12
REST_SHARE = 0.12
"""A motion has ended where its speed is under either: so many shoulder widths a second, this share of its peak."""

Array = NDArray[np.float32]


def find_speed_peaks(speed: Array, *, is_hand: bool) -> list[int]:
    """Frames of the prominent maxima of a (T,) speed in shoulder widths a second, NaN where missing."""
    return _find_peaks(speed, LEAST_HAND_SPEED if is_hand else LEAST_BODY_SPEED, LEAST_SHARE)


def find_nearest_moments(distance: Array) -> list[int]:
    """Frames in which a hand is nearest to the face, from a (T,) distance in shoulder widths, NaN where missing."""
    found = _find_peaks(-distance, LEAST_APPROACH, 0.0)
    return [frame for frame in found if distance[frame] <= NEAR_FACE]


def find_feet(speed: Array, peaks: list[int]) -> list[int]:
    """Where the motions of ``peaks`` begin and end.

    Args:
        speed: (T,) shoulder widths a second, NaN where missing.
        peaks: Frames, ascending.

    Returns:
        Boundaries between frames, ascending: ``b`` lies before frame ``b``. Between two peaks that do not come to
        rest there is one, at the slowest moment.
    """
    feet: set[int] = set()
    edges = [-1, *peaks, len(speed)]
    for k, peak in enumerate(peaks, start=1):
        rest = max(REST_SPEED, REST_SHARE * float(speed[peak]))
        before = speed[edges[k - 1] + 1 : peak]
        after = speed[peak + 1 : edges[k + 1]]
        feet.add(peak - _steps_to_rest(before[::-1], rest))
        feet.add(peak + _steps_to_rest(after, rest) + 1)
    return sorted(feet)


def _steps_to_rest(ahead: Array, rest: float) -> int:
    """Frames from a peak to where its motion is over: at rest, not seen any more, or the slowest moment."""
    is_over = ~(ahead > rest)
    if is_over.any():
        return int(is_over.argmax())
    return int(ahead.argmin()) if len(ahead) else 0


def _find_peaks(values: Array, least: float, share: float) -> list[int]:
    """Maxima that rise by ``least``, and by ``share`` of their height, above the lowest point on both sides.

    Where values are missing the trace begins anew.
    """
    peaks: list[int] = []
    for start, stop in _list_runs(~np.isnan(values)):
        run = values[start:stop]
        directions = np.sign(np.diff(run))
        turns = np.r_[0, np.flatnonzero(directions[1:] != directions[:-1]) + 1, len(run) - 1]
        peaks += [start + int(turns[k]) for k in _scan_turns(run[turns].tolist(), least, share)]
    return peaks


def _scan_turns(values: list[float], least: float, share: float) -> list[int]:
    """One pass with memory: the highest since the last valley is a peak once the trace has fallen far enough."""
    found: list[int] = []
    lowest = best = values[0]
    at = 0
    is_rising = False
    for k, value in enumerate(values):
        if is_rising:
            if value > best:
                best, at = value, k
            elif best - value >= max(least, share * best):
                found.append(at)
                is_rising, lowest = False, value
        elif value < lowest:
            lowest = value
        elif value - lowest >= max(least, share * value):
            is_rising, best, at = True, value, k
    return found


def _list_runs(is_there: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches of True as first and one past the last."""
    edges = np.flatnonzero(np.diff(np.r_[False, is_there, False].astype(np.int8)))
    return [(int(a), int(b)) for a, b in list(pairwise(edges))[::2]]
