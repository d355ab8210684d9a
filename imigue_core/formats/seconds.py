"""Seconds of frames, exactly: no float stands between a frame and its time.

A written time is the frame's exact time rounded up to four decimals, so that
flooring it gives the frame back; rounding down or to nearest does not (at 25
frames a second a float times 25 is wrong for one frame in seventeen). Frames win
over seconds everywhere; what is read here only checks them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from imigue_core.errors import InputError
from imigue_core.settings import LABEL_FPS

MAX_SECONDS_CHARS = 20
_UNITS = 10_000
"""Written seconds are counted in units of a ten-thousandth."""
_is_seconds = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII).fullmatch


def validate_seconds(text: str, name: str = "seconds") -> str:
    """``text`` when it says a time: digits, with a decimal point where needed.

    ``Decimal`` of it is then exact.

    Raises:
        InputError: ``SECONDS_INVALID``.
    """
    if len(text) > MAX_SECONDS_CHARS or not _is_seconds(text):
        shown = text if len(text) <= MAX_SECONDS_CHARS else text[:MAX_SECONDS_CHARS] + "..."
        raise InputError("SECONDS_INVALID", f"{name}: expected seconds such as 12.0400, got {shown!r}.")
    return text


def format_units(numerator: int, denominator: int) -> str:
    """``numerator / denominator`` seconds, rounded up to four decimals."""
    units = -(-numerator * _UNITS // denominator)
    return f"{units // _UNITS}.{units % _UNITS:04d}"


@dataclass(frozen=True, slots=True)
class FrameClock:
    """The times of one video's frames, from its first frame on.

    Attributes:
        fps: Frames a second; it rules when there are no presentation times.
        pts: Presentation times (T,) int64, ascending from 0, in units of ``time_base``
            seconds, or None.
        time_base: Seconds a unit of ``pts``, or None.
    """

    fps: Fraction = Fraction(LABEL_FPS)
    pts: npt.NDArray[np.int64] | None = None
    time_base: Fraction | None = None

    def format_time(self, frame: int) -> str:
        """The frame's time as text; frame 0-based."""
        if self.pts is None or self.time_base is None:
            return format_units(frame * self.fps.denominator, self.fps.numerator)
        ticks = int(self.pts[frame])
        return format_units(ticks * self.time_base.numerator, self.time_base.denominator)

    def find_frame(self, seconds: Decimal) -> int:
        """The frame on screen at a time: the last one that starts at or before it.

        Without presentation times this is ``floor(fps * seconds)``.
        """
        if self.pts is None or self.time_base is None:
            return int(seconds * self.fps.numerator // self.fps.denominator)
        ticks = int(seconds * self.time_base.denominator // self.time_base.numerator)
        return int(np.searchsorted(self.pts, ticks, side="right")) - 1

    def extend_frame(self, seconds: Decimal) -> int:
        """As ``find_frame``, but frames go on after the last one, at the video's rate.

        So a time past the end gives a frame that the video does not have.
        """
        if self.pts is None or self.time_base is None:
            return self.find_frame(seconds)
        over = Fraction(seconds) - int(self.pts[-1]) * self.time_base - 1 / self.fps
        return self.find_frame(seconds) if over < 0 else len(self.pts) + int(over * self.fps)

    def list_seconds(self, frames: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Times (N,) of frames (N,) for charts and sums; the frame past the last one is its end.

        Where exactness counts, use ``format_time``.
        """
        if self.pts is None or self.time_base is None:
            return frames / float(self.fps)
        tick_s = float(self.time_base)
        end_s = float(self.pts[-1]) * tick_s + 1 / float(self.fps)
        return np.append(self.pts * tick_s, end_s)[frames]
