"""Opening 26 minutes of video in a cold browser, up to the first frame with its skeleton."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from imigue_core.bench.figures import Figure
from tests.harness.materials import make_still_poses
from tests.harness.media import MarkerSpec, loop_by_remux, make_marker_video
from tests.harness.seat import Seat, start_browser
from tests.harness.studio import Studio

SPEC = MarkerSpec(n_frames=1500, width=640, height=360, fps=Fraction(25), gop=50, b_frames=0)
N_LOOPS = 26
N_RUNS = 3


def measure() -> Iterator[Figure]:
    """39,000 frames: one minute looped without re-encoding, poses brought along; median of three cold browsers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        minute = make_marker_video(folder / "minute.mp4", SPEC)
        source = loop_by_remux(minute, folder / "long.mp4", N_LOOPS)
        poses = make_still_poses(folder / "poses.npz", SPEC.n_frames * N_LOOPS)
        studio = Studio(folder / "data").start()
        try:
            begun = time.perf_counter()
            studio.command("add", str(source), "--poses", str(poses), timeout_s=3600)
            added = time.perf_counter() - begun
            video_id = int(studio.list_videos()[0]["id"])
            studio.sign_in().post("/api/view", json={"most_revealing_view": "source"})
            opened = sorted(_open_once(studio, video_id) for _ in range(N_RUNS))
        finally:
            studio.stop()
    skeleton, picture = opened[N_RUNS // 2]
    yield Figure("open", "39,000 frames to first overlay", skeleton, "s", 2.5, note="the page opens skeleton-only")
    yield Figure("open", "the same, with the picture under it", picture, "s", 2.5, note="asked for at once; 640x360")
    yield Figure("open", "adding it: probe, proxy, poses brought along", added, "s", note="for information")


def _open_once(studio: Studio, video_id: int) -> tuple[float, float]:
    """Seconds to the first skeleton, and to the first picture under it."""
    with start_browser() as browser:
        seat = Seat(browser, studio)
        begun = time.perf_counter()
        seat.visit(f"/annotate?video={video_id}")
        seat.wait("player.ready && player.hasOverlay")
        skeleton = time.perf_counter() - begun
        seat.run("player.picture.setView('source')")
        seat.wait("player.mode === 'source' && player.hasOverlay")
        picture = time.perf_counter() - begun
        seat.close()
    return skeleton, picture
