"""The three views: V goes round what is allowed, skeletons need no video, and a choice is remembered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.harness.materials import make_still_poses
from tests.harness.media import MarkerSpec, make_marker_video
from tests.harness.reviewing import open_project
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

SPEC = MarkerSpec(n_frames=120, width=640, height=480)
BRIGHTNESS = """
    const { x, y, scale } = player.viewport();
    const at = (px, py) => [...player.canvas.getContext('2d').getImageData(x + px * scale, y + py * scale, 1, 1).data];
    return at(60, 440);
"""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One for all: each test is another person with another video."""
    server = open_project(tmp_path_factory.mktemp("views"))
    yield server
    server.stop()


@pytest.fixture
def seat(browser: Tabs, studio: Studio, request: pytest.FixtureRequest) -> Iterator[Seat]:
    """Somebody new at the desk of a project that shows skeletons only; no error may reach the page."""
    somebody = Seat(browser, studio, name=request.node.name[:60])
    allow(somebody, "skeleton")
    yield somebody
    somebody.close()
    assert somebody.errors == []


@pytest.fixture
def video_id(seat: Seat, tmp_path: Path) -> int:
    """A video of its own, of which there is no masked copy yet."""
    spec = replace(SPEC, n_frames=SPEC.n_frames + len(seat.studio.list_videos()))
    source = make_marker_video(tmp_path / "a.mp4", spec)
    return seat.studio.add(str(source), "--poses", str(make_still_poses(tmp_path / "a.npz", spec.n_frames)))


def allow(seat: Seat, view: str) -> None:
    answer = seat.http.post("/api/view", json={"most_revealing_view": view})
    assert answer.status_code == 200, answer.text


def listen(seat: Seat) -> list[str]:
    """Addresses of videos that the page asks for from now on."""
    asked: list[str] = []
    seat.listen("request", lambda request: asked.extend(re.findall(r"[^/]*\.mp4.*$", request.url)))
    return asked


def test_v_goes_round_the_views_that_are_allowed(seat: Seat, video_id: int) -> None:
    allow(seat, "source")
    asked = listen(seat)
    seat.annotate(video_id)
    seat.wait("player.modes.length === 3")
    chip = seat.page.locator("header .chip").first
    for view, words in (("masked", "face masked"), ("source", "source picture"), ("skeleton", "skeleton only")):
        seat.press("v")
        seat.wait(f"player.mode === '{view}' && player.hasOverlay")
        expect(chip).to_have_text(words)
    assert set(asked) == {"masked.mp4", "proxy.mp4"}


def test_skeletons_play_without_any_video_request(seat: Seat, video_id: int) -> None:
    allow(seat, "source")
    asked = listen(seat)
    seat.annotate(video_id)
    seat.wait("player.modes.length === 3")
    seat.press("Space")
    seat.wait("player.frame > 30")
    seat.press("k", "ArrowRight", "End")
    assert seat.run("return player.mode") == "skeleton"
    assert seat.run("return document.querySelectorAll('video').length") == 0
    assert asked == []


def test_masked_is_the_most_that_a_masked_project_sends(seat: Seat, video_id: int) -> None:
    allow(seat, "masked")
    asked = listen(seat)
    seat.annotate(video_id)
    seat.wait("player.modes.length === 2")
    for view in ("masked", "skeleton", "masked"):
        seat.press("v")
        seat.wait(f"player.mode === '{view}'")
    seat.run("await player.seek(77)")
    assert seat.run("return player.frame") == 77
    assert sum(seat.run(BRIGHTNESS)[:3]) > 0
    assert set(asked) == {"masked.mp4"}


def test_the_chosen_view_is_remembered_by_person(seat: Seat, studio: Studio, browser: Tabs, video_id: int) -> None:
    allow(seat, "source")
    seat.annotate(video_id)
    seat.wait("player.modes.length === 3")
    seat.press("v")
    seat.wait("player.mode === 'masked'")
    seat.annotate(video_id)
    seat.wait("player.mode === 'masked'")
    other = Seat(browser, studio, "Ben")
    other.annotate(video_id)
    assert other.run("return player.mode") == "skeleton"
    other.close()


def test_a_label_tells_in_which_view_it_was_made(seat: Seat, video_id: int) -> None:
    allow(seat, "masked")
    seat.annotate(video_id)
    seat.wait("player.modes.length === 2")
    seat.press("v")
    seat.wait("player.mode === 'masked'")
    sent: list[str] = []
    seat.listen(
        "request", lambda request: sent.extend([request.post_data or ""] if request.url.endswith("/edits") else [])
    )
    seat.press("Shift+Digit1")
    seat.wait_saved()
    assert '"view_mode":"masked"' in sent[-1]


def test_the_question_lets_a_person_choose_the_masked_picture(seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    seat.press("v")
    seat.page.get_by_role("button", name="Show it with the face masked").click()
    seat.wait("player.mostRevealing === 'masked'")
    expect(seat.page.locator(".hint")).to_contain_text("not ready yet")
    seat.wait("player.modes.includes('masked')")
    seat.press("v")
    seat.wait("player.mode === 'masked'")


def test_the_question_is_answered_by_keyboard(seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    keep = seat.page.get_by_role("button", name="Keep the skeleton")
    for answer in ("Enter", "Escape"):
        seat.press("v")
        expect(keep).to_be_focused()
        seat.press(answer)
        expect(keep).to_be_hidden()
        assert seat.run("return root.getRootNode().activeElement === root")
    assert seat.run("return player.mostRevealing") == "skeleton"
    seat.press("v")
    expect(keep).to_be_focused()
    seat.press("Shift+Tab", "Shift+Tab", "Enter")
    seat.wait("player.mostRevealing === 'masked'")
