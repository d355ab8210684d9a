"""The switch of source pixels is thrown off while somebody looks at them: the picture goes, the work goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from playwright.sync_api import expect

from tests.browser.test_frames import add_with_dots, make_dot_poses
from tests.harness.media import MarkerSpec
from tests.harness.reviewing import open_project
from tests.harness.seat import Seat
from tests.harness.studio import Studio

LONG = MarkerSpec(n_frames=1500, width=160, height=120)
WORDS = "Source pixels were switched off"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One for all tests, each of which ends with the switch off."""
    server = open_project(tmp_path_factory.mktemp("switch"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def plain_id(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> int:
    return add_with_dots(studio, tmp_path_factory.mktemp("plain"), "plain_25")


@pytest.fixture
def watching(seat: Seat, plain_id: int) -> Seat:
    """Ann, who looks at the source picture of frame 40."""
    seat.allow_source_pixels()
    seat.annotate(plain_id)
    seat.show("source")
    seat.run("await player.seek(40)")
    return seat


def make_noise_video(path: Path, spec: MarkerSpec) -> Path:
    """Frames that do not compress, so that the browser cannot hold the whole file."""
    rng = np.random.default_rng(0)
    with av.open(str(path), "w") as file:
        stream: VideoStream = file.add_stream("libx264", rate=spec.fps, options={"preset": "ultrafast"})  # type: ignore[assignment]
        stream.width, stream.height, stream.pix_fmt = spec.width, spec.height, "yuv420p"
        for _ in range(spec.n_frames):
            pixels = rng.integers(0, 256, (spec.height, spec.width, 3), np.uint8)
            file.mux(stream.encode(VideoFrame.from_ndarray(pixels, format="rgb24")))
        file.mux(stream.encode())
    return path


def switch_off(seat: Seat) -> None:
    assert seat.http.post("/api/view", json={"most_revealing_view": "skeleton"}).status_code == 200


def assert_skeleton_works(seat: Seat, frame: int) -> None:
    seat.wait("player.mode === 'skeleton' && player.ready", timeout_s=15)
    expect(seat.page.locator(".hint")).to_contain_text(WORDS)
    assert seat.run("return player.frame") == frame
    seat.focus()
    seat.press("ArrowRight")
    seat.wait(f"player.frame === {frame + 1} && player.hasOverlay")


def test_the_picture_goes_by_itself_soon_after(watching: Seat) -> None:
    switch_off(watching)
    assert_skeleton_works(watching, 40)


def test_the_picture_goes_when_the_page_comes_back_into_sight(watching: Seat) -> None:
    switch_off(watching)
    watching.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    watching.wait("player.mode === 'skeleton'", timeout_s=2)
    assert_skeleton_works(watching, 40)


def test_a_seek_to_what_the_browser_never_had_ends_at_the_skeleton(seat: Seat, studio: Studio, tmp_path: Path) -> None:
    video = make_noise_video(tmp_path / "noise.mp4", LONG)
    poses = make_dot_poses(tmp_path / "noise.npz", LONG)
    video_id = studio.add(str(video), "--poses", str(poses))
    seat.allow_source_pixels()
    seat.annotate(video_id)
    seat.show("source")
    seat.run("clearTimeout(player.watcher.timer)")  # so that the seek comes before the next look at the switch
    switch_off(seat)
    seat.run("await player.seek(1450)")
    assert_skeleton_works(seat, 1450)
