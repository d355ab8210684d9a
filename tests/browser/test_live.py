"""Two people, and two tabs of one person, on one video; coverage by key and by mouse; blind mode on the page."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from db.engine import Database
from imigue_core.settings import Settings
from imigue_core.studio.people.project_settings import ProjectSettings, save_project_settings
from tests.harness.materials import add_person
from tests.harness.reviewing import open_project
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    server = open_project(tmp_path_factory.mktemp("live"))
    yield server
    server.stop()


@pytest.fixture
def video_id(studio: Studio, tmp_path: Path, request: pytest.FixtureRequest) -> int:
    return add_person(studio, tmp_path, seed=zlib.crc32(request.node.name.encode()) % 10_000)


@pytest.fixture
def ben(browser: Tabs, studio: Studio) -> Iterator[Seat]:
    somebody = Seat(browser.browser, studio, "Ben")
    yield somebody
    somebody.close()
    assert somebody.errors == []


def set_rules(studio: Studio, rules: ProjectSettings) -> None:
    db = Database(Settings(data=studio.data))
    save_project_settings(db, rules, None)
    db.close()


def get_state(seat: Seat, video_id: int) -> dict[str, object]:
    state: dict[str, object] = seat.http.get(f"/api/videos/{video_id}/state").json()
    return state


def test_each_sees_what_the_other_does(seat: Seat, ben: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    ben.annotate(video_id)
    ben.press("Shift+Digit1")
    seat.wait("player.annotations.size === 1")
    assert seat.run("return [...player.annotations.values()][0].annotator") == "Ben"
    seat.press("End", "Shift+Digit2")
    ben.wait("player.annotations.size === 2")
    ben.press("Tab", "Delete")
    seat.wait("player.annotations.size === 1")
    ben.press("Control+z")
    seat.wait("player.annotations.size === 2")


def test_two_tabs_on_one_label_show_both_versions_and_lose_none(seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    seat.press("Shift+Digit1")
    seat.wait_saved()
    first = seat.page
    # The first tab hears nothing and sends nothing for a while.
    first.route("**/api/**", lambda route: route.abort())
    seat.run("player.live.abort.abort()")
    seat.press("Tab", "3")
    seat.open_page()
    seat.annotate(video_id)
    seat.press("Tab", "2")
    seat.wait_saved()
    theirs = seat.run("return [...player.annotations.values()][0].class_id")
    seat.page.close()
    seat.page = first
    mine = seat.run("return [...player.annotations.values()][0].class_id")
    assert mine != theirs
    first.unroute("**/api/**")
    expect(first.get_by_role("button", name="keep mine")).to_be_visible()
    assert seat.run("return [...player.annotations.values()][0].class_id") == theirs
    first.get_by_role("button", name="keep mine").click()
    seat.wait(f"[...player.annotations.values()][0].class_id === {mine}")
    seat.wait_saved()
    expect(first.get_by_role("button", name="keep mine")).to_have_count(0)
    assert get_state(seat, video_id)["annotations"][0]["class_id"] == mine  # type: ignore[index]


def test_what_was_played_is_watched_and_marked_reviewed_by_key_and_mouse(seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    seat.press("w")
    expect(seat.page.get_by_text("Nothing is watched here yet")).to_be_visible()
    seat.press("Space")
    seat.wait("player.frame > 40")
    seat.press("Space")
    seat.run("await player.coverage.send()")
    ((start, end, is_reviewed),) = seat.run("return player.coverage.watched")
    assert start <= 8
    assert end >= 40
    assert not is_reviewed
    seat.press("w")
    seat.wait(f"player.coverage.watched.some(one => one[1] === {end} && one[2])")
    assert get_state(seat, video_id)["watched"] == [[start, end, True]]
    assert get_state(seat, video_id)["progress"] == "in_progress"
    seat.page.get_by_role("button", name="not reviewed").click()
    seat.wait("player.coverage.watched.every(one => !one[2])")
    seat.focus()
    seat.press("Home", "i", "ArrowRight", "ArrowRight", "o", "w")
    seat.wait("player.coverage.watched.some(one => one[0] === 0 && one[1] === 2 && one[2])")
    seat.press("Control+Enter")
    seat.wait("player.coverage.progress === 'done'")
    expect(seat.page.get_by_role("button", name="done")).to_have_attribute("aria-pressed", "true")
    seat.page.get_by_role("button", name="done").click()
    seat.wait("player.coverage.progress === 'in_progress'")


def test_in_blind_mode_others_show_once_done(seat: Seat, ben: Seat, studio: Studio, video_id: int) -> None:
    set_rules(studio, ProjectSettings(blind=True))
    try:
        ben.annotate(video_id)
        ben.press("Shift+Digit1")
        ben.wait_saved()
        seat.annotate(video_id)
        assert seat.run("return player.annotations.size") == 0
        expect(seat.page.get_by_text("Blind mode")).to_be_visible()
        ben.press("End", "Shift+Digit2")
        ben.wait_saved()
        seat.wait("player.live.revision > 1")
        assert seat.run("return player.annotations.size") == 0
        seat.press("Control+Enter")
        seat.wait("player.annotations.size === 2")
        expect(seat.page.get_by_text("Blind mode")).to_have_count(0)
    finally:
        set_rules(studio, ProjectSettings())


def test_overlaps_are_warned_of_where_the_project_wants_it(seat: Seat, studio: Studio, video_id: int) -> None:
    set_rules(studio, ProjectSettings(overlap_rule="warned"))
    try:
        seat.annotate(video_id)
        seat.press("Shift+Digit1", "Shift+Digit2")
        expect(seat.page.get_by_text("overlaps another label of yours")).to_be_visible()
        seat.wait_saved()
        set_rules(studio, ProjectSettings(overlap_rule="refused"))
        seat.press("Shift+Digit3")
        expect(seat.page.get_by_text("OVERLAP_REFUSED")).to_be_visible()
        seat.wait_saved()
        assert seat.run("return player.annotations.size") == 2
    finally:
        set_rules(studio, ProjectSettings())
