"""Shot cuts: where the camera changes, found while the proxy is written.

Lives here: the finder, fed one small brightness picture after the other. It is
conservative: a cut needs a new picture, new brightness statistics and a new shot
that then stays, so that flashes, fast hands and fades do not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROWS, COLUMNS = 18, 32
_FINE = 4
"""Samples a cell, along each side."""
MIN_DIFFERENCE = 20.0
"""Mean change of brightness a cell, of 255."""
MIN_HISTOGRAM = 0.25
"""Share of the picture whose brightness class changes, 0 to 1."""
MIN_RATIO = 5.0
"""Change over the usual change of the frames before."""
CONFIRM_FRAMES = 2
_BINS = 32
_USUAL_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class _Look:
    cells: NDArray[np.float32]
    histogram: NDArray[np.float32]


class ShotFinder:
    """Finds the first frames of new shots in one pass with constant memory."""

    def __init__(self) -> None:
        self.cuts: list[int] = []
        self._index = 0
        self._last: _Look | None = None
        self._usual = 0.0
        self._candidate: tuple[int, _Look, _Look] | None = None

    def add(self, luma: NDArray[np.uint8]) -> None:
        """Take the next frame's brightness picture, uint8 (H, W), any size that stays the same."""
        look = _compute_look(luma)
        if self._last is not None:
            change = _difference(look, self._last)
            if self._candidate is not None:
                self._settle(look)
            elif _is_other(look, self._last) and change > MIN_RATIO * self._usual:
                self._candidate = (self._index, self._last, look)
            else:
                self._usual += _USUAL_SHARE * (min(change, MIN_DIFFERENCE) - self._usual)
        self._last = look
        self._index += 1

    def _settle(self, look: _Look) -> None:
        """Keep the candidate once the new shot has lasted; drop it when the old picture is back or nothing stays."""
        assert self._candidate is not None
        first, before, after = self._candidate
        if not _is_other(look, before) or _difference(look, after) > MIN_DIFFERENCE:
            self._candidate = None
        elif self._index - first >= CONFIRM_FRAMES:
            self.cuts.append(first)
            self._candidate = None


def _compute_look(luma: NDArray[np.uint8]) -> _Look:
    height, width = luma.shape
    rows = np.arange(ROWS * _FINE) * height // (ROWS * _FINE)
    columns = np.arange(COLUMNS * _FINE) * width // (COLUMNS * _FINE)
    samples = luma[rows[:, None], columns]
    cells = samples.reshape(ROWS, _FINE, COLUMNS, _FINE).mean(axis=(1, 3), dtype=np.float32)
    counts = np.bincount(samples.ravel() >> 3, minlength=_BINS)
    return _Look(cells, (counts / samples.size).astype(np.float32))


def _difference(one: _Look, other: _Look) -> float:
    return float(np.abs(one.cells - other.cells).mean())


def _is_other(one: _Look, other: _Look) -> bool:
    moved = float(np.abs(one.histogram - other.histogram).sum()) / 2
    return moved > MIN_HISTOGRAM and _difference(one, other) > MIN_DIFFERENCE
