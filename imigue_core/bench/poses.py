"""Frames a CPU-second of pose extraction in ranges, beside a plain MediaPipe loop over the same file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import av

from imigue_core.bench.figures import Figure, time_cpu
from imigue_core.video.poses import extract_range, list_ranges, silence_native_output
from imigue_core.video.probe import probe_video
from imigue_core.video.proxy import make_proxy
from tests.harness.media import get_real_clip, loop_by_remux

N_LOOPS = 5


def measure() -> Iterator[Figure]:
    """600 frames of a real person, the ranges one after another in one process."""
    os.environ.setdefault("GLOG_minloglevel", "2")
    silence_native_output()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = loop_by_remux(get_real_clip(), folder / "source.mp4", N_LOOPS)
        probe = probe_video(source)
        made = make_proxy(source, folder / "proxy.mp4", probe)
        size = (probe.width, probe.height)
        scale = (probe.width / made.width, probe.height / made.height)

        def extract() -> None:
            for start, stop in list_ranges(probe.n_frames):
                extract_range(folder / "proxy.mp4", start, stop, scale=scale, size=size)

        ours, _ = time_cpu(extract)
        plain, _ = time_cpu(lambda: _loop_plainly(source))
    n = probe.n_frames
    yield Figure("poses", "poses in ranges of 250, lead-in included", n / ours, "frames/CPU-s", None, True,
                 "plain MediaPipe loop", n / plain)  # fmt: skip


def _loop_plainly(source: Path) -> None:
    from mediapipe.python.solutions import holistic

    with (
        holistic.Holistic(model_complexity=1, refine_face_landmarks=True) as tracker,
        av.open(str(source)) as file,
    ):
        for frame in file.decode(file.streams.video[0]):
            tracker.process(frame.to_ndarray(format="rgb24"))
