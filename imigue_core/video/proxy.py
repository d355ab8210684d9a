"""The browser's copy of a video, one frame for each frame of the source.

Lives here: writing ``proxy.mp4`` and the thumbnail, finding shot cuts on the way. Not
here: sound, metadata or names of the source, none of which may reach the copy.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from imigue_core.errors import InputError, StorageError
from imigue_core.video.geometry import Geometry
from imigue_core.video.probe import PROGRESS_FRAMES, ProbeResult, Progress
from imigue_core.video.shots import ShotFinder
from imigue_core.video.source import get_geometry, iter_decoded, open_source

MAX_LONG_SIDE_PX = 1920
GOP_FRAMES = 12
THUMB_WIDTH_PX = 320
_X264 = {
    "preset": "veryfast",
    "crf": "20",
    "g": str(GOP_FRAMES),
    "keyint_min": str(GOP_FRAMES),
    "bf": "0",
    "sc_threshold": "0",
    "flags": "+bitexact",
}
_MUXER = {"movflags": "+faststart", "fflags": "+bitexact"}
_NO_ENCODER_NOTES = "filter_units=remove_types=6"
"""Drops the units in which x264 writes its name and settings."""


@dataclass(frozen=True, slots=True)
class ProxyResult:
    """What was written.

    Attributes:
        width: Width of the proxy in px, even.
        height: Height of the proxy in px, even.
        n_frames: Number of frames, the source's.
        shot_cuts: First frames of new shots, ascending, without frame 0.
    """

    width: int
    height: int
    n_frames: int
    shot_cuts: list[int]


def make_proxy(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    probe: ProbeResult,
    on_progress: Progress | None = None,
    *,
    thumb: str | os.PathLike[str] | None = None,
    n_threads: int = 0,
) -> ProxyResult:
    """Write the proxy of ``source``, whole or not at all.

    H.264 at the probe's rate, time stamp = frame index, a keyframe every 12 frames, upright, square
    pixels, long side at most 1920 px. Running it again replaces the file.

    Args:
        source: The video that was probed.
        target: Where the proxy goes; a half-written one lies beside it as ``<name>.part``.
        probe: The source's probe.
        on_progress: See ``probe.Progress``; when it raises, nothing is left behind.
        thumb: Where to put a JPEG 320 px wide of the frame 10 % in, None for none.
        n_threads: Threads of decoder and encoder each, 0 for as many as the machine likes.

    Raises:
        InputError: ``VIDEO_FRAMES_MISMATCH`` when the source no longer has the probed frames; else as ``open_source``.
        StorageError: ``STORAGE_FULL``, ``STORAGE_FAILED``.
    """
    shots = ShotFinder()
    width, height = compute_proxy_size(probe.width, probe.height)
    still: bytes | None = None
    n_frames = 0
    with _replacing(Path(target)) as part:
        with open_source(source, n_threads) as opened, _Writer(part, width, height, probe.fps, n_threads) as writer:
            to_proxy = _Converter(width, height)
            for frame in iter_decoded(opened):
                if n_frames == 0:
                    to_proxy.geometry = get_geometry(opened, frame)
                picture = to_proxy(frame)
                shots.add(_get_rows(picture.planes[0]))
                if thumb is not None and n_frames == probe.n_frames // 10:
                    still = _encode_still(picture)
                writer.write(picture, n_frames)
                n_frames += 1
                if on_progress and n_frames % PROGRESS_FRAMES == 0:
                    on_progress(n_frames, probe.n_frames)
        if n_frames != probe.n_frames:
            message = f"expected the {probe.n_frames} frames of the probe, decoded {n_frames}."
            hint = "The file changed meanwhile; add it again."
            raise InputError("VIDEO_FRAMES_MISMATCH", message, hint=hint, where=Path(source).name)
        if on_progress:
            on_progress(n_frames, n_frames)
    if thumb is not None and still is not None:
        with _replacing(Path(thumb)) as part:
            part.write_bytes(still)
    return ProxyResult(width, height, n_frames, shots.cuts)


def compute_proxy_size(width: int, height: int) -> tuple[int, int]:
    """The proxy's even size in px for an upright picture of ``width`` x ``height`` px."""
    shrink = min(Fraction(1), Fraction(MAX_LONG_SIDE_PX, max(width, height)))
    return max(2, 2 * round(width * shrink / 2)), max(2, 2 * round(height * shrink / 2))


class _Converter:
    """Turns decoded frames into upright ``yuv420p`` of one size; a frame that is so already passes untouched."""

    def __init__(self, width: int, height: int) -> None:
        self.geometry = Geometry(width, height)
        self._width = width
        self._height = height
        self._scaler = VideoReformatter()

    def __call__(self, frame: VideoFrame) -> VideoFrame:
        turned = self.geometry.is_transposed
        width, height = (self._height, self._width) if turned else (self._width, self._height)
        is_full_range = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
        if is_full_range or (frame.format.name, frame.width, frame.height) != ("yuv420p", width, height):
            frame = self._scaler.reformat(
                frame,
                width,
                height,
                "yuv420p",
                interpolation=Interpolation.BICUBIC,
                src_color_range=ColorRange.JPEG if is_full_range else None,
                dst_color_range=ColorRange.MPEG if is_full_range else None,
                threads=1,
            )
        return frame if self.geometry.is_plain else self._turn(frame)

    def _turn(self, frame: VideoFrame) -> VideoFrame:
        upright = VideoFrame(self._width, self._height, "yuv420p")
        for source, target in zip(frame.planes, upright.planes, strict=True):
            _get_rows(target)[:] = self.geometry.to_upright(_get_rows(source))
        return upright


class _Writer:
    """An mp4 file being written; its time stamps are frame numbers."""

    def __init__(self, path: Path, width: int, height: int, fps: Fraction, n_threads: int) -> None:
        with _storage_errors():
            self._file: OutputContainer = av.open(str(path), "w", format="mp4", container_options=_MUXER)
        self._stream: VideoStream = self._file.add_stream("libx264", rate=fps, options=_X264)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        self._stream.codec_context.thread_count = n_threads
        self._time_base = 1 / fps
        self._cleaner: BitStreamFilterContext | None = None

    def __enter__(self) -> _Writer:
        return self

    def write(self, frame: VideoFrame, index: int) -> None:
        if index == 0:
            _copy_colours(frame, self._stream.codec_context)
        frame.pts, frame.time_base, frame.duration = index, self._time_base, 1
        frame.pict_type = PictureType.NONE
        with _storage_errors():
            for packet in self._stream.encode(frame):
                self._mux(packet)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with _storage_errors():
            try:
                if kind is None:
                    for packet in self._stream.encode(None):
                        self._mux(packet)
            finally:
                self._file.close()

    def _mux(self, packet: av.Packet) -> None:
        if self._cleaner is None:
            self._cleaner = BitStreamFilterContext(_NO_ENCODER_NOTES, self._stream)
        for cleaned in self._cleaner.filter(packet):
            cleaned.stream = self._stream
            self._file.mux(cleaned)


def _copy_colours(frame: VideoFrame, encoder: VideoCodecContext) -> None:
    """Name the colours as the source does, or browsers guess them by picture size."""
    encoder.color_range = ColorRange.MPEG
    if frame.colorspace:
        encoder.colorspace = frame.colorspace
        encoder.color_primaries = frame.color_primaries
        encoder.color_trc = frame.color_trc


def _get_rows(plane: VideoPlane) -> NDArray[np.uint8]:
    """The plane's own memory as (H, W), without the padding at the end of rows."""
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]


def _encode_still(frame: VideoFrame) -> bytes:
    """A JPEG of the frame, 320 px wide."""
    height = max(2, 2 * round(THUMB_WIDTH_PX * frame.height / frame.width / 2))
    small = frame.reformat(
        THUMB_WIDTH_PX, height, "yuvj420p", interpolation=Interpolation.AREA, dst_color_range=ColorRange.JPEG
    )
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = small.width, small.height, "yuvj420p"
    encoder.time_base, encoder.options = Fraction(1, 25), {"flags": "+bitexact", "qmin": "3", "qmax": "3"}
    small.pts, small.time_base = 0, encoder.time_base
    return b"".join(bytes(packet) for packet in [*encoder.encode(small), *encoder.encode(None)])


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A path to write to that becomes ``target`` once written, and is gone when writing failed."""
    part = target.with_name(f"{target.name}.part")
    try:
        yield part
        with _storage_errors():
            with part.open("rb") as file:
                os.fsync(file.fileno())
            os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            message = "the disk is full; free some space and run the step again."
            raise StorageError("STORAGE_FULL", message) from error
        raise StorageError("STORAGE_FAILED", f"the proxy cannot be written: {error.strerror}.") from error
