"""What is in a video file, found by decoding all of it.

Lives here: the probe; its result is in probe_facts.py. Not here: the way a file is opened (``source``)
and how time stamps become a rate (``timing``).
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.settings import LABEL_FPS
from imigue_core.video.geometry import Geometry
from imigue_core.video.probe_facts import ProbeFacts
from imigue_core.video.source import Source, get_geometry, iter_decoded, open_source
from imigue_core.video.timing import MAX_FPS, compute_rate, compute_times

Progress = Callable[[int, int], None]
"""Called as ``on_progress(done, total)``, total 0 when unknown; may raise to stop the work."""

PROGRESS_FRAMES = 25
_NO_STAMP = np.iinfo(np.int64).min


def probe_video(path: str | os.PathLike[str], on_progress: Progress | None = None) -> ProbeFacts:
    """Decode a whole video file and say what is in it.

    Args:
        path: An ordinary local file; addresses, devices and patterns are refused.
        on_progress: See ``Progress``.

    Raises:
        InputError: ``PATH_NOT_LOCAL``, ``NOT_A_FILE``, ``NAME_INVALID``, ``VIDEO_EMPTY``, ``VIDEO_FORMAT``,
            ``VIDEO_UNREADABLE``, ``VIDEO_NO_STREAM``, ``VIDEO_TOO_LARGE``, ``VIDEO_FPS_INVALID``, or
            ``VIDEO_FRAMES_MISMATCH`` when decoding meets a damaged place.
    """
    with open_source(path) as source:
        stream = source.stream
        named = _list_named_rates(source)
        geometry, stamps = _decode_all(source, on_progress)
        pts, n_made, fps, is_variable = _compute_clock(source, stamps, named)
        return ProbeFacts(
            codec=stream.codec_context.name,
            width=geometry.width,
            height=geometry.height,
            rotation=geometry.rotation,
            n_frames=len(pts),
            header_frames=source.header_frames,
            fps=fps,
            pts=pts,
            time_base=stream.time_base or 1 / Fraction(MAX_FPS),
            is_variable=is_variable,
            warnings=_list_warnings(source, geometry, pts, n_made, fps if is_variable else None),
            has_audio=bool(source.container.streams.audio),
        )


def _list_named_rates(source: Source) -> list[Fraction]:
    """The possible rates of the header, the most trusted first; ``VIDEO_FPS_INVALID`` when it names impossible ones."""
    stream = source.stream
    named = [rate for rate in (stream.guessed_rate, stream.base_rate, stream.average_rate) if rate]
    possible = [rate for rate in named if 0 < rate <= MAX_FPS]
    if named and not possible:
        raise _bad_header_rate(source, named[0])
    return possible


def _compute_clock(
    source: Source, stamps: array[int], named: list[Fraction]
) -> tuple[NDArray[np.int64], int, Fraction, bool]:
    """Time stamps for all frames, how many were made, the rate and whether it varies."""
    time_base = source.stream.time_base or 1 / Fraction(MAX_FPS)
    fallback = next(iter(named), Fraction(LABEL_FPS))
    pts, n_made = compute_times([None if s == _NO_STAMP else s for s in stamps], time_base, fallback)
    mean = source.stream.average_rate
    if mean is not None and mean > MAX_FPS and n_made:  # raw DV names 60000 beside proper times
        raise _bad_header_rate(source, mean)
    return pts, n_made, *compute_rate(pts, time_base, named)


def _bad_header_rate(source: Source, rate: Fraction) -> InputError:
    message = f"expected at most {MAX_FPS} frames a second, got {rate} in the file's header."
    return InputError("VIDEO_FPS_INVALID", message, where=source.path.name)


def _decode_all(source: Source, on_progress: Progress | None) -> tuple[Geometry, array[int]]:
    geometry: Geometry | None = None
    stamps = array("q")
    for frame in iter_decoded(source):
        geometry = geometry or get_geometry(source, frame)
        stamps.append(_NO_STAMP if frame.pts is None else frame.pts)
        if on_progress and len(stamps) % PROGRESS_FRAMES == 0:
            on_progress(len(stamps), source.header_frames)
    if geometry is None:
        message = f"expected frames, got none (header {source.header_frames}, decoded 0)."
        raise InputError("VIDEO_UNREADABLE", message, where=source.path.name)
    if on_progress:
        on_progress(len(stamps), len(stamps))
    return geometry, stamps


def _list_warnings(
    source: Source, geometry: Geometry, pts: NDArray[np.int64], n_made: int, mean_fps: Fraction | None
) -> list[str]:
    """The sentences of a probe, each with its code; ``mean_fps`` is None at a constant rate."""
    found: list[str] = []
    time_base = source.stream.time_base or Fraction(1)
    if source.header_frames and source.header_frames != len(pts):
        found.append(
            f"VIDEO_HEADER_COUNT: header {source.header_frames}, decoded {len(pts)}; the decoded count is used."
        )
    if mean_fps is not None:
        found.append(f"VIDEO_VFR: the frame rate varies (mean {float(mean_fps):.3f} a second); time stamps are used.")
    if pts[0] != 0:
        start_s = float(int(pts[0]) * time_base)
        found.append(f"VIDEO_START: the first frame is at {start_s:.3f} s; times are counted from it.")
    n_streams = sum(not s.disposition & s.disposition.attached_pic for s in source.container.streams.video)
    if n_streams > 1:
        found.append(f"VIDEO_STREAMS: the file holds {n_streams} moving pictures; the first is used.")
    if n_made:
        found.append(f"VIDEO_TIMES: {n_made} of {len(pts)} frames had no usable time stamp; they were placed evenly.")
    if geometry.is_mirrored:
        found.append("VIDEO_MIRRORED: the file asks for a mirror image; it is shown that way.")
    return found
