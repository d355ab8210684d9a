"""The browser's copy of a video, one frame for each frame of the source.

Lives here: writing the proxy and the thumbnail, finding shot cuts on the way. Not
here: sound, metadata or names of the source, none of which may reach the copy.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from imigue_core.errors import InputError
from imigue_core.files import replacing
from imigue_core.video.encoder import Writer, get_rows
from imigue_core.video.geometry import Geometry
from imigue_core.video.probe import PROGRESS_FRAMES, Progress
from imigue_core.video.probe_facts import ProbeFacts
from imigue_core.video.shots import ShotFinder
from imigue_core.video.source import get_geometry, iter_decoded, open_source

GOP_FRAMES = 12
"""A key frame every so many frames: a seek decodes eleven others at most. Masked copies have the same."""
MAX_LONG_SIDE_PX = 1920
THUMB_WIDTH_PX = 320


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
    probe: ProbeFacts,
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
        StorageError: ``STORAGE_FULL``, ``STORAGE_READ_ONLY``, ``STORAGE_FAILED``.
    """
    shots = ShotFinder()
    width, height = compute_proxy_size(probe.width, probe.height)
    still: bytes | None = None
    n_frames = 0
    with replacing(Path(target)) as part:
        with (
            open_source(source, n_threads) as opened,
            Writer(part, width, height, probe.fps, GOP_FRAMES, n_threads) as writer,
        ):
            to_proxy = _Converter(width, height)
            for frame in iter_decoded(opened):
                if n_frames == 0:
                    to_proxy.geometry = get_geometry(opened, frame)
                picture = to_proxy(frame)
                shots.add(get_rows(picture.planes[0]))
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
        with replacing(Path(thumb)) as part:
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
            get_rows(target)[:] = self.geometry.to_upright(get_rows(source))
        return upright


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
