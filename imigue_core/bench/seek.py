"""Seeking to random frames in the player, and the same on the untouched source in a plain page."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import uvicorn
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from imigue_core.bench.figures import Figure, compute_percentiles
from tests.harness.materials import make_still_poses
from tests.harness.media import MarkerSpec, make_marker_video
from tests.harness.seat import Seat, start_browser
from tests.harness.studio import Studio, find_free_port

SPEC = MarkerSpec(n_frames=1500, width=1280, height=720)
N_SEEKS = 100
IN_PLAYER = """
    const waits = [];
    for (const frame of argument) {
        const start = performance.now();
        await player.seek(frame);
        waits.push(performance.now() - start);
    }
    return waits;
"""
IN_PLAIN_PAGE = """async ([frames, fps]) => {
    const video = document.querySelector("video");
    if (video.readyState < 2) await new Promise(done => video.addEventListener("loadeddata", done, {once: true}));
    const waits = [];
    for (const frame of frames) {
        const start = performance.now();
        await new Promise(done => {
            const look = (_, {mediaTime}) =>
                Math.round(mediaTime * fps) === frame ? done() : video.requestVideoFrameCallback(look);
            video.requestVideoFrameCallback(look);
            video.currentTime = (frame + 0.5) / fps;
        });
        waits.push(performance.now() - start);
    }
    return waits;
}"""


def measure() -> Iterator[Figure]:
    """One minute of 720p with a key frame every 250 frames and B-frames."""
    frames = np.random.default_rng(11).integers(0, SPEC.n_frames, N_SEEKS).tolist()
    with tempfile.TemporaryDirectory() as name, start_browser() as browser:
        folder = Path(name)
        source = make_marker_video(folder / "source.mp4", SPEC)
        studio = Studio(folder / "data").start()
        try:
            poses = make_still_poses(folder / "poses.npz", SPEC.n_frames)
            studio.command("add", str(source), "--poses", str(poses))
            seat = Seat(browser, studio)
            seat.allow_source_pixels()
            seat.annotate(int(studio.list_videos()[0]["id"]))
            seat.show("source")
            waits = seat.run(IN_PLAYER, frames)
            seat.close()
        finally:
            studio.stop()
        plain = _seek_plainly(browser, source, frames)
    median, p95 = compute_percentiles(waits)
    peer_median, peer_p95 = compute_percentiles(plain)
    peer = "untouched source in a plain page"
    yield Figure("seek", "median of 100 random seeks, 720p", median, "ms", 100, False, peer, peer_median)
    yield Figure("seek", "95th percentile", p95, "ms", None, False, peer, peer_p95)


def _seek_plainly(browser: Browser, source: Path, frames: list[int]) -> list[float]:
    with _serve(source) as base:
        page = browser.new_page()
        page.goto(base)
        waits: list[float] = page.evaluate(IN_PLAIN_PAGE, [frames, float(SPEC.fps)])
        page.close()
    return waits


@contextmanager
def _serve(source: Path) -> Iterator[str]:
    """A page with one video element, and the file behind it."""

    def show(_request: Request) -> Response:
        return HTMLResponse('<video src="/source.mp4" muted preload="auto" width="1280"></video>')

    def send(_request: Request) -> Response:
        return FileResponse(source, media_type="video/mp4")

    port = find_free_port()
    app = Starlette(routes=[Route("/", show), Route("/source.mp4", send)])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()
