"""Odd but whole videos: each keeps every frame a plain decoder finds, in order, through probe and proxy."""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from imigue_core.video.probe import probe_video
from imigue_core.video.probe_facts import ProbeFacts
from imigue_core.video.proxy import make_proxy
from tests.harness.media import MarkerSpec, iter_marker_pictures, make_marker_video, read_marker

N_FRAMES = 12
Make = Callable[[Path], Path]


def kind(name: str, **spec: object) -> Make:
    """A marker video of this name and spec."""
    return lambda folder: make_marker_video(folder / name, MarkerSpec(**{"n_frames": N_FRAMES, **spec}))  # type: ignore


def encode(path: Path, codec: str, pixel_format: str, size: tuple[int, int]) -> Path:
    """A marker video of a codec that takes no options."""
    with av.open(str(path), "w") as file:
        stream: VideoStream = file.add_stream(codec, rate=25)  # type: ignore[assignment]
        stream.width, stream.height, stream.pix_fmt = *size, pixel_format
        for index, picture in enumerate(iter_marker_pictures(MarkerSpec(N_FRAMES, *size))):
            frame = VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def trim(folder: Path) -> Path:
    """An mp4 whose edit list leaves out the first five frames, as phones write it after trimming."""
    video = make_marker_video(folder / "trimmed.mp4", MarkerSpec(n_frames=N_FRAMES + 5, b_frames=0))
    data = bytearray(video.read_bytes())
    at = data.index(b"elst") + 12
    duration, start = struct.unpack_from(">Ii", data, at)
    with av.open(str(video)) as file:
        unit = file.streams.video[0].time_base
    assert unit is not None
    shown = duration * N_FRAMES // (N_FRAMES + 5)
    struct.pack_into(">Ii", data, at, shown, start + round(Fraction(5, 25) / unit))
    video.write_bytes(data)
    return video


def join(folder: Path, *, cover: bool) -> Path:
    """The frames of a marker video beside a cover picture, or beside a longer second video."""
    first = make_marker_video(folder / "first.mp4", MarkerSpec(n_frames=N_FRAMES))
    second = make_marker_video(folder / "second.mp4", MarkerSpec(n_frames=30, width=480, height=360))
    with av.open(str(folder / "joined.mp4"), "w") as file:
        if cover:
            picture = file.add_stream("mjpeg", rate=1)
            picture.width, picture.height, picture.pix_fmt = 64, 64, "yuvj420p"
            picture.disposition = Disposition.attached_pic
            frame = VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            frame.pts, frame.time_base = 0, Fraction(1)
        with av.open(str(first)) as one, av.open(str(second)) as two:
            sources = [one] if cover else [one, two]
            streams = [file.add_stream_from_template(source.streams.video[0]) for source in sources]
            if cover:
                file.mux(picture.encode(frame))
                file.mux(picture.encode(None))
            for source, stream in zip(sources, streams, strict=True):
                for packet in source.demux(source.streams.video[0]):
                    if packet.dts is not None:
                        packet.stream = stream
                        file.mux(packet)
    return folder / "joined.mp4"


KINDS: dict[str, Make] = {
    "phone, upright": kind("a.mov", rotation=90, width=240, height=320),
    "vp8": kind("a.webm", codec="libvpx", b_frames=0),
    "mpeg4 in avi": kind("a.avi", codec="mpeg4", b_frames=0),
    "h264 in avi": lambda folder: encode(folder / "a.avi", "libx264", "yuv420p", (320, 240)),
    "motion jpeg": kind("a.avi", codec="mjpeg", pixel_format="yuvj420p", b_frames=0),
    "transport stream": kind("a.ts"),
    "flash": kind("a.flv"),
    "grey": kind("a.mkv", pixel_format="gray"),
    "hevc, 10 bits": kind("a.mp4", codec="libx265", pixel_format="yuv420p10le"),
    "prores": kind("a.mov", codec="prores_ks", pixel_format="yuv422p10le", b_frames=0),
    "raw dv": lambda folder: encode(folder / "a.dv", "dvvideo", "yuv420p", (720, 576)),
    "gif": kind("a.gif", codec="gif", pixel_format="rgb8", b_frames=0),
    "two frames": kind("a.mp4", n_frames=2),
    "60 a second": kind("a.mp4", fps=Fraction(60)),
    "29.97 a second": kind("a.ts", fps=Fraction(30000, 1001)),
    "trimmed by its edit list": trim,
    "cover picture first": lambda folder: join(folder, cover=True),
    "two videos": lambda folder: join(folder, cover=False),
}


def prove(video: Path, folder: Path) -> ProbeFacts:
    """Probes a video and makes its proxy; every frame of a plain decoder is there, in order."""
    probe = probe_video(video)
    with av.open(str(video)) as file:
        stream = next(s for s in file.streams.video if not s.disposition & Disposition.attached_pic)
        assert probe.n_frames == sum(1 for _ in file.decode(stream))
    make_proxy(video, folder / "proxy.mp4", probe)
    with av.open(str(folder / "proxy.mp4")) as file:
        numbers = [read_marker(frame.to_ndarray(format="rgb24")) for frame in file.decode(video=0)]
    assert numbers == list(range(numbers[0], numbers[0] + probe.n_frames))
    return probe


@pytest.mark.parametrize("name", KINDS)
def test_every_frame_is_kept(tmp_path: Path, name: str) -> None:
    probe = prove(KINDS[name](tmp_path), tmp_path)
    assert probe.n_frames == (2 if name == "two frames" else N_FRAMES)
    assert not probe.is_variable


def test_raw_dv_has_its_real_rate(tmp_path: Path) -> None:
    assert probe_video(KINDS["raw dv"](tmp_path)).fps == 25


def test_a_second_video_is_told(tmp_path: Path) -> None:
    warnings = probe_video(join(tmp_path, cover=False)).warnings
    assert warnings == ["VIDEO_STREAMS: the file holds 2 moving pictures; the first is used."]


def test_sound_that_is_longer_than_the_picture_adds_no_frames(tmp_path: Path) -> None:
    video = make_marker_video(tmp_path / "long.mp4", MarkerSpec(n_frames=N_FRAMES, has_audio=True, sound_s=3.0))
    assert prove(video, tmp_path).n_frames == N_FRAMES
