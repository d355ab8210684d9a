"""The H.264 encoder: an mp4 file as the browser needs it, written frame by frame.

Lives here: the encoder's settings, which keep sound, metadata and the encoder's own notes
out. Not here: what the frames show, how far apart key frames are (proxy.py), and the care
for half-written files (files.py).
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream
from numpy.typing import NDArray

from imigue_core.files import storage_errors

_X264 = {
    "preset": "veryfast",
    "crf": "20",
    "bf": "0",
    "sc_threshold": "0",
    "flags": "+bitexact",
}
_MUXER = {"movflags": "+faststart", "fflags": "+bitexact"}
_NO_ENCODER_NOTES = "filter_units=remove_types=6"
"""Drops the units in which x264 writes its name and settings."""
_FAILURE = ("STORAGE_FAILED", "the copy cannot be written")


class Writer:
    """An mp4 file being written, one picture stream only; its time stamps are frame numbers.

    Args:
        path: Where it is written to.
        width: Even width, px.
        height: Even height, px.
        fps: Frames a second.
        gop_frames: A key frame every so many frames.
        n_threads: Threads of the encoder, 0 for as many as the machine likes.
    """

    def __init__(self, path: Path, width: int, height: int, fps: Fraction, gop_frames: int, n_threads: int) -> None:
        options = {**_X264, "g": str(gop_frames), "keyint_min": str(gop_frames)}
        with storage_errors(*_FAILURE):
            self._file: OutputContainer = av.open(str(path), "w", format="mp4", container_options=_MUXER)
        self._stream: VideoStream = self._file.add_stream("libx264", rate=fps, options=options)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        self._stream.codec_context.thread_count = n_threads
        self._time_base = 1 / fps
        self._cleaner: BitStreamFilterContext | None = None

    def __enter__(self) -> Writer:
        return self

    def write(self, frame: VideoFrame, index: int) -> None:
        """Add a frame of the file's size in ``yuv420p``; the first one names the colours."""
        if index == 0:
            _copy_colours(frame, self._stream.codec_context)
        frame.pts, frame.time_base, frame.duration = index, self._time_base, 1
        frame.pict_type = PictureType.NONE
        with storage_errors(*_FAILURE):
            for packet in self._stream.encode(frame):
                self._mux(packet)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with storage_errors(*_FAILURE):
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


def get_rows(plane: VideoPlane) -> NDArray[np.uint8]:
    """The plane's own memory as (H, W), without the padding at the end of rows."""
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]
