"""Opening a video file and decoding it, the one way that all readers share.

Lives here: what may be opened, and decoding that stops at the first damaged place, so
that the probe, the proxy and every reader see the same frames. Not here: what the
frames are used for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from imigue_core.errors import InputError
from imigue_core.settings import MAX_FRAMES, MAX_SIDE_PX
from imigue_core.video.geometry import Geometry, compute_geometry
from imigue_core.video.paths import validate_local_file

FORMATS = "mov,matroska,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,flv,asf,ogg,gif,mxf,dv"
"""Containers that hold their own pictures. Playlists, file lists and image patterns are not among them."""

_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": FORMATS, "max_pixels": str(MAX_SIDE_PX**2)}
_SIGNATURES = (
    (0, b"\x1aE\xdf\xa3"), (0, b"RIFF"), (0, b"OggS"), (0, b"FLV"), (0, b"GIF8"), (0, b"\x30\x26\xb2\x75"),
    (4, b"ftyp"), (4, b"moov"), (4, b"mdat"), (4, b"free"), (4, b"skip"), (4, b"wide"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """An opened video file.

    Attributes:
        path: Absolute path.
        container: The open container.
        stream: Its first stream of moving pictures.
        header_frames: Frame count by the header, 0 when it names none.
    """

    path: Path
    container: InputContainer
    stream: VideoStream
    header_frames: int


@contextmanager
def open_source(path: str | os.PathLike[str], n_threads: int = 0) -> Iterator[Source]:
    """Open an ordinary local video file for decoding.

    The header's picture size is checked before any decoder runs.

    Args:
        path: The file.
        n_threads: Decoder threads, 0 for as many as there are cores.

    Raises:
        InputError: ``PATH_NOT_LOCAL``, ``NOT_A_FILE``, ``NAME_INVALID`` (see ``paths``), ``VIDEO_EMPTY``,
            ``VIDEO_FORMAT``, ``VIDEO_UNREADABLE``, ``VIDEO_NO_STREAM``, ``VIDEO_TOO_LARGE``.
    """
    local = validate_local_file(path)
    if local.stat().st_size == 0:
        raise InputError("VIDEO_EMPTY", "expected a video, got an empty file.", where=local.name)
    with _open_container(local, {"codec_whitelist": "none"}) as container:
        stream = _get_picture_stream(container, local)
        _validate_size(stream.width, stream.height, stream.frames, local)
        _validate_complete(container, stream, local)
    with _open_container(local, {}) as container:
        stream = _get_picture_stream(container, local)
        _validate_size(stream.width, stream.height, stream.frames, local)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = n_threads
        stream.codec_context.options = {"max_pixels": _OPTIONS["max_pixels"]}
        yield Source(local, container, stream, stream.frames)


def iter_decoded(source: Source) -> Iterator[VideoFrame]:
    """Every frame in the decoder's order, which is the order of presentation.

    Raises:
        InputError: ``VIDEO_FRAMES_MISMATCH`` at the first damaged place, ``VIDEO_TOO_LARGE`` when a
            picture or their number passes the limits.
    """
    n_frames = 0
    try:
        for packet in source.container.demux(source.stream):
            if packet.is_corrupt:
                raise _damaged(source, n_frames)
            for frame in packet.decode():
                if not isinstance(frame, VideoFrame) or frame.is_corrupt:
                    raise _damaged(source, n_frames)
                n_frames += 1
                _validate_size(frame.width, frame.height, n_frames, source.path)
                yield frame
    except av.FFmpegError as error:
        raise _damaged(source, n_frames) from error


def get_geometry(source: Source, frame: VideoFrame) -> Geometry:
    """The way to the upright picture, which a file's first frame settles for all its frames."""
    data: Any = frame.side_data.get("DISPLAYMATRIX")
    matrix = None if data is None else memoryview(bytes(data)).cast("i").tolist()
    geometry = compute_geometry(frame.width, frame.height, source.stream.sample_aspect_ratio, matrix)
    _validate_size(geometry.width, geometry.height, 1, source.path)
    return geometry


@contextmanager
def _open_container(path: Path, options: dict[str, str]) -> Iterator[InputContainer]:
    try:
        container = av.open(f"file:{path}", "r", options=_OPTIONS | options, metadata_errors="replace")
    except (av.FFmpegError, OSError) as error:
        raise _unreadable(path) from error
    with container:
        yield container


def _get_picture_stream(container: InputContainer, path: Path) -> VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & stream.disposition.attached_pic:
            return stream
    kinds = " and ".join(sorted({stream.type for stream in container.streams})) or "no streams"
    message = f"expected moving pictures, got a file with {kinds} only."
    raise InputError("VIDEO_NO_STREAM", message, where=path.name)


def _validate_size(width: int, height: int, n_frames: int, path: Path) -> None:
    if width <= MAX_SIDE_PX and height <= MAX_SIDE_PX and n_frames <= MAX_FRAMES:
        return
    message = (
        f"expected at most {MAX_SIDE_PX} x {MAX_SIDE_PX} px and {MAX_FRAMES} frames, "
        f"got {width} x {height} px and {n_frames} frames."
    )
    hint = "Scale the video down, or cut it into parts."
    raise InputError("VIDEO_TOO_LARGE", message, hint=hint, where=path.name)


def _validate_complete(container: InputContainer, stream: VideoStream, path: Path) -> None:
    """Refuse an mp4 whose table of contents points past its end: a copy that stopped early."""
    if "mp4" not in container.format.name.split(","):
        return
    end = max((entry.pos + entry.size for entry in stream.index_entries), default=0)
    size = path.stat().st_size
    if end > size:
        message = f"expected {end} bytes, got an incomplete file of {size} bytes."
        raise InputError("VIDEO_UNREADABLE", message, hint="Copy the file again from where it came.", where=path.name)


def _unreadable(path: Path) -> InputError:
    """Tell a broken video from a file that never was one."""
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        return InputError("VIDEO_UNREADABLE", f"the file cannot be opened: {error.strerror}.", where=path.name)
    if any(start[at : at + len(sign)] == sign for at, sign in _SIGNATURES):
        message = "expected a whole video, got an incomplete or damaged file."
        return InputError("VIDEO_UNREADABLE", message, hint="Copy the file again from where it came.", where=path.name)
    hint = "Use a video file such as mp4, mov, mkv, webm or avi."
    return InputError("VIDEO_FORMAT", "expected a video file, got no video stream.", hint=hint, where=path.name)


def _damaged(source: Source, n_frames: int) -> InputError:
    named = str(source.header_frames) if source.header_frames else "no count"
    message = f"the file is damaged: header {named}, decoded {n_frames} before the damaged place."
    hint = "Copy the file again, or write it again with a video tool that repairs it."
    return InputError("VIDEO_FRAMES_MISMATCH", message, hint=hint, where=source.path.name)
