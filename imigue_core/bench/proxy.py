"""Frames a CPU-second of making a proxy, beside a plain PyAV loop that decodes and encodes alike."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream

from imigue_core.bench.figures import Figure, time_cpu
from imigue_core.video.probe import probe_video
from imigue_core.video.proxy import GOP_FRAMES, make_proxy
from tests.harness.media import MarkerSpec, make_marker_video

SPEC = MarkerSpec(n_frames=500, width=1280, height=720)
N_RUNS = 3


def measure() -> Iterator[Figure]:
    """Best of three runs each, in turn, 720p."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = make_marker_video(folder / "source.mp4", SPEC)
        probe_cpu = min(time_cpu(lambda: probe_video(source))[0] for _ in range(N_RUNS))
        probe = probe_video(source)
        ours, plain = [], []
        for _ in range(N_RUNS):
            ours.append(time_cpu(lambda: make_proxy(source, folder / "proxy.mp4", probe))[0])
            plain.append(time_cpu(lambda: encode_plainly(source, folder / "plain.mp4"))[0])
    n = SPEC.n_frames
    yield Figure("proxy", "proxy, 720p", n / min(ours), "frames/CPU-s", None, True, "plain PyAV loop", n / min(plain))
    yield Figure("proxy", "probe (counting by decoding), 720p", n / probe_cpu, "frames/CPU-s")


def encode_plainly(source: Path, target: Path) -> None:
    """What anybody would write first: decode, encode with the proxy's settings, nothing else."""
    with av.open(str(source)) as inside, av.open(str(target), "w", options={"movflags": "+faststart"}) as outside:
        pictures = inside.streams.video[0]
        pictures.thread_type = "AUTO"
        options = {"preset": "veryfast", "crf": "20", "g": str(GOP_FRAMES), "bf": "0", "sc_threshold": "0"}
        stream: VideoStream = outside.add_stream("libx264", rate=25, options=options)  # type: ignore[assignment]
        stream.width, stream.height, stream.pix_fmt = pictures.width, pictures.height, "yuv420p"
        for index, frame in enumerate(inside.decode(pictures)):
            frame.pts, frame.time_base = index, Fraction(1, 25)
            outside.mux(stream.encode(frame))
        outside.mux(stream.encode(None))
