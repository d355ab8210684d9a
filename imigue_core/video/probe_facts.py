"""What a probe finds out about a video file: one value from the probe to the proxy and the page.

No video library is needed to read it; how it is found is for probe.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class ProbeFacts:
    """What decoding a whole file showed.

    Attributes:
        codec: Name of the video codec, such as ``h264``.
        width: Width of the upright picture with square pixels, px.
        height: Height of the same.
        rotation: Degrees clockwise, a multiple of 90, that turn stored pictures upright.
        n_frames: Number of decoded frames.
        header_frames: Number by the file's header, 0 when it names none.
        fps: Frames a second: exact when constant, else the mean.
        pts: Presentation time stamps, int64 (T,), strictly increasing, in units of ``time_base``.
        time_base: Seconds a unit of ``pts``.
        is_variable: Whether the frame rate varies.
        warnings: Sentences, each opening with its code.
        has_audio: Whether the file has sound.
    """

    codec: str
    width: int
    height: int
    rotation: int
    n_frames: int
    header_frames: int
    fps: Fraction
    pts: NDArray[np.int64]
    time_base: Fraction
    is_variable: bool
    warnings: list[str]
    has_audio: bool

    def describe_file(self) -> dict[str, Any]:
        """What is stored of it as JSON: everything that no column of the video holds."""
        return {name: getattr(self, name) for name in FILE_FIELDS}


FILE_FIELDS = ("codec", "rotation", "header_frames", "is_variable", "warnings", "has_audio")
