"""Frames a CPU-second of masking a face, beside a plain PyAV loop that decodes and encodes alike."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from imigue_core.bench.figures import Figure, time_cpu
from imigue_core.bench.proxy import encode_plainly
from imigue_core.video.deidentify import make_masked
from imigue_core.video.probe import probe_video
from imigue_core.video.proxy import make_proxy
from tests.harness.materials import SIZE, draw_person
from tests.harness.media import MarkerSpec, make_marker_video

SPEC = MarkerSpec(n_frames=500, width=1280, height=720)
N_RUNS = 3


def measure() -> Iterator[Figure]:
    """Best of three runs each, in turn, 720p, a head of about 180 pixels."""
    keypoints = draw_person(SPEC.n_frames)
    keypoints[:, :, :2] *= np.float32(SPEC.height / SIZE[1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, proxy = make_marker_video(folder / "source.mp4", SPEC), folder / "proxy.mp4"
        probe = probe_video(source)
        make_proxy(source, proxy, probe)
        ours, plain = [], []
        masked = folder / "masked.mp4"
        for _ in range(N_RUNS):
            ours.append(time_cpu(lambda: make_masked(proxy, masked, keypoints, (1, 1), fps=probe.fps))[0])
            plain.append(time_cpu(lambda: encode_plainly(proxy, folder / "plain.mp4"))[0])
    n = SPEC.n_frames
    yield Figure(
        "mask", "masked copy, 720p", n / min(ours), "frames/CPU-s", None, True, "plain PyAV loop", n / min(plain)
    )
