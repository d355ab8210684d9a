"""The frames of a video as arrays, upright and in the frame rule's numbering.

Lives here: reading in order from any source, and from any frame of a proxy. Not here:
making the proxy.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.video.geometry import Geometry
from imigue_core.video.source import get_geometry, iter_decoded, open_source

Picture = NDArray[np.uint8]


def iter_frames(path: str | os.PathLike[str], start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Picture]]:
    """The frames ``start`` to ``stop - 1`` of any video, decoded from its beginning.

    Args:
        path: An ordinary local video file.
        start: First frame, 0-based.
        stop: One past the last frame, None for all; a video that ends before it ends the frames.

    Yields:
        The frame's index and its upright picture, uint8 (H, W, 3), RGB, square pixels.

    Raises:
        InputError: As ``open_source`` and ``iter_decoded``.
    """
    geometry: Geometry | None = None
    scaler = VideoReformatter()
    if stop is not None and stop <= start:
        return
    with open_source(path) as source:
        for index, frame in enumerate(iter_decoded(source)):
            geometry = geometry or get_geometry(source, frame)
            if index >= start:
                yield index, _to_rgb(frame, geometry, scaler)
            if stop is not None and index >= stop - 1:
                return


def iter_proxy_frames(
    path: str | os.PathLike[str], start: int = 0, stop: int | None = None
) -> Iterator[tuple[int, Picture]]:
    """The frames ``start`` to ``stop - 1`` of a proxy, decoded from the keyframe before ``start``.

    A proxy has one frame a source frame at a constant rate, so time stamps tell the frame exactly.

    Args:
        path: A file written by ``make_proxy``.
        start: First frame, 0-based.
        stop: One past the last frame, None for all.

    Yields:
        The frame's index and its picture, uint8 (H, W, 3), RGB.

    Raises:
        InputError: ``PROXY_INVALID`` when the file's time stamps do not count frames; else as ``open_source``.
    """
    if stop is not None and stop <= start:
        return
    scaler = VideoReformatter()
    with open_source(path) as source:
        rate, time_base = source.stream.average_rate, source.stream.time_base
        if not rate or not time_base:
            raise _not_a_proxy(source.path.name)
        units = 1 / (rate * time_base)
        if start > 0:
            source.container.seek(round(start * units), stream=source.stream, backward=True)
        last: int | None = None
        for frame in iter_decoded(source):
            index = _get_index(frame, units)
            if index is None or (index > start if last is None else index != last + 1):
                raise _not_a_proxy(source.path.name)
            last = index
            if index >= start:
                yield index, _to_rgb(frame, Geometry(frame.width, frame.height), scaler)
            if stop is not None and index >= stop - 1:
                return


def _get_index(frame: VideoFrame, units: Fraction) -> int | None:
    """The frame number that a time stamp names, None when it lies between frames."""
    if frame.pts is None:
        return None
    index = round(frame.pts / units)
    return index if index * units == frame.pts else None


def _not_a_proxy(name: str) -> InputError:
    message = "expected a proxy whose time stamps count frames, got another video."
    return InputError("PROXY_INVALID", message, hint="Make the proxy again.", where=name)


def _to_rgb(frame: VideoFrame, geometry: Geometry, scaler: VideoReformatter) -> Picture:
    rgb = scaler.reformat(frame, geometry.square_width, geometry.square_height, "rgb24", threads=1)
    return geometry.to_upright(rgb.to_ndarray())
