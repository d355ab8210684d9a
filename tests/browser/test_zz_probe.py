"""Reviewing suggestions by keyboard: one key each, nothing lost over a reload or rescan, all of it can be undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from db.engine import Database
from db.people import set_setting
from imigue_core.bench.materials import add_person
from imigue_core.bench.seat import Seat
from imigue_core.bench.server import Studio
from imigue_core.settings import Settings
from tests.browser.reviewing import (
    N_SHOWN,
    SPANS,
    add_scanned,
    get_review,
    list_own,
    open_project,
    rescan,
    selected_start,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, int]]:
    """One studio with one scanned video for all tests here: each test is another person."""
    folder = tmp_path_factory.mktemp("suggestions")
    studio = open_project(folder)
    yield studio, add_scanned(studio, folder)
    studio.stop()


@pytest.fixture
def video_id(shared: tuple[Studio, int]) -> int:
    return shared[1]


@pytest.fixture
def seat(browser: Browser, shared: tuple[Studio, int], request: pytest.FixtureRequest) -> Iterator[Seat]:
    """Somebody new in front of the suggestions; no error may reach the page."""
    somebody = Seat(browser, shared[0], name=request.node.name[:60])
    open_video(somebody, shared[1])
    yield somebody
    somebody.close()
    assert somebody.errors == []


def open_video(seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    seat.wait("player.findings.isLoaded")


def test_ten_suggestions_are_reviewed_with_ten_keys(seat: Seat, video_id: int) -> None:
    seat.press("n")
    assert selected_start(seat) == SPANS[0][1]
    keys = ["Enter", "Backspace", "s", "Enter", "3", "Delete", "1", "Enter", "x", "Enter"]
    assert len(keys) == N_SHOWN
    seat.press(*keys)
    assert selected_start(seat) is None
    assert [(a["start_frame"], a["suggestion_rank"]) for a in list_own(seat, video_id)] == [
        (SPANS[0][1], 1), (SPANS[3][1], 1), (SPANS[4][1], 3), (SPANS[6][1], 1), (SPANS[7][1], 1), (SPANS[9][1], 1),
    ]  # fmt: skip
    review = get_review(seat, video_id)
    assert [one["start_frame"] for one in review["rejected"]] == [SPANS[1][1], SPANS[5][1]]
    skipped = [one["start_frame"] for one in review["suggestions"] if one["verdict"] == "skipped"]
    assert skipped == [SPANS[2][1], SPANS[8][1]]


def test_decisions_survive_a_reload_and_a_rescan(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("rescan")
    studio = open_project(folder)
    video_id = add_scanned(studio, folder)
    seat = Seat(browser, studio)
    open_video(seat, video_id)
    seat.press("n", "Enter", "Backspace", "s", "2")
    seat.wait_saved()
    for again in (lambda: None, lambda: rescan(studio, video_id, "b" * 64)):
        again()
        open_video(seat, video_id)
        assert [a["start_frame"] for a in list_own(seat, video_id)] == [SPANS[0][1], SPANS[3][1]]
        assert seat.run("return player.findings.ghosts.map(one => one.start_frame)") == [SPANS[1][1]]
        above = seat.run("return player.findings.above.map(one => one.start_frame)")
        assert above == [SPANS[k][1] for k in (2, 4, 5, 6, 7, 8, 9)]
    assert seat.errors == []
    seat.close()
    studio.stop()


def test_decisions_made_offline_show_at_once_and_arrive_after_a_reload(seat: Seat, video_id: int) -> None:
    seat.context.set_offline(True)
    seat.press("n", "Enter", "Backspace", "s")
    assert seat.run("return [player.findings.above.length, player.findings.ghosts.length]") == [8, 1]
    seat.page.close()
    seat.context.set_offline(False)
    seat.open_page()
    open_video(seat, video_id)
    seat.wait_saved()
    seat.wait("player.findings.above.length === 8 && player.findings.ghosts.length === 1")
    assert [a["start_frame"] for a in list_own(seat, video_id)] == [SPANS[0][1]]


def test_accepting_as_third_labels_with_the_third_class(seat: Seat, video_id: int) -> None:
    third = seat.http.get(f"/api/videos/{video_id}/suggestions").json()["suggestions"][0]["top"][2][0]
    seat.press("n", "3")
    (label,) = list_own(seat, video_id)
    assert (label["class_id"], label["suggestion_rank"]) == (third, 3)
    assert (label["start_frame"], label["end_frame"]) == SPANS[0][1:]


def test_a_class_of_the_card_is_accepted_by_mouse(seat: Seat, video_id: int) -> None:
    second = seat.http.get(f"/api/videos/{video_id}/suggestions").json()["suggestions"][0]["top"][1][0]
    card = seat.page.get_by_role("region", name="Suggestion")
    card.get_by_role("button", name="review").click()
    expect(card).to_contain_text("1 of 10")
    card.locator("button.top-class").nth(1).click()
    expect(card).to_contain_text("1 of 9")
    (label,) = list_own(seat, video_id)
    assert (label["class_id"], label["suggestion_rank"]) == (second, 2)


def test_nudged_edges_are_what_accepting_labels(seat: Seat, video_id: int) -> None:
    seat.press("n", "[", "[", "Shift+BracketLeft", "]", "]", "Enter")
    (label,) = list_own(seat, video_id)
    _, start, end = SPANS[0]
    assert (label["start_frame"], label["end_frame"]) == (start - 1, end + 2)
    assert selected_start(seat) == SPANS[1][1]


def test_a_rejection_is_lifted_with_one_key(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Escape")
    assert [one["start_frame"] for one in get_review(seat, video_id)["rejected"]] == [SPANS[0][1]]
    seat.press("e", "Enter")
    assert selected_start(seat) == SPANS[0][1]
    assert get_review(seat, video_id)["rejected"] == []
    seat.press("Enter")
    assert [a["start_frame"] for a in list_own(seat, video_id)] == [SPANS[0][1]]


def test_a_rejection_of_an_earlier_page_is_lifted_and_the_suggestion_comes_back(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace")
    seat.wait_saved()
    open_video(seat, video_id)
    seat.press("e", "Enter")
    assert seat.run("return player.findings.ghosts.length") == 0
    seat.wait("player.findings.above.length === 10")
    assert get_review(seat, video_id)["rejected"] == []


def test_a_ghost_is_lifted_by_mouse_too_0(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Escape")
    seat.wait("player.timeline.layout.tracks.some(one => one.kind === 'rejected')")
    seat.page.wait_for_timeout(500)  # the page settles its height a moment after it came up
    place = seat.run(
        """
        const timeline = player.timeline, track = timeline.layout.tracks.find(one => one.kind === "rejected");
        const perFrame = timeline.plotWidth / (timeline.view.stop - timeline.view.start);
        const box = timeline.canvas.getBoundingClientRect(), middle = track.index.spans[0].start_frame + 8;
        const left = box.width / timeline.scale - timeline.plotWidth - 14;
        return {
            x: box.left + (left + (middle - timeline.view.start) * perFrame) * timeline.scale,
            y: box.top + (track.top + track.laneHeight / 2) * timeline.scale,
        };
        """
    )
    seat.run("window.evs=[]; for (const t of [`pointerdown`,`click`]) document.addEventListener(t, e => window.evs.push([t, e.clientX, e.clientY, e.composedPath()[0].className, player.review.ghostId]), true)")
    seat.page.mouse.click(place["x"], place["y"])
    seat.page.wait_for_timeout(500)
    print("PROBE", place, seat.run("return [window.evs, player.review.ghostId, player.review.selectedId, player.timeline.canvas.getBoundingClientRect().top, player.timeline.layout.tracks.map(t => [t.kind, t.top, t.height]), player.timeline.view, player.timeline.plotWidth, player.findings.ghosts.length]"))
    seat.page.screenshot(path=f"/tmp/j7_0.png")
    seat.page.set_default_timeout(3000)
    seat.page.get_by_role("button", name="lift the rejection").click()
    assert get_review(seat, video_id)["rejected"] == []


def test_a_ghost_is_lifted_by_mouse_too_1(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Escape")
    seat.wait("player.timeline.layout.tracks.some(one => one.kind === 'rejected')")
    seat.page.wait_for_timeout(500)  # the page settles its height a moment after it came up
    place = seat.run(
        """
        const timeline = player.timeline, track = timeline.layout.tracks.find(one => one.kind === "rejected");
        const perFrame = timeline.plotWidth / (timeline.view.stop - timeline.view.start);
        const box = timeline.canvas.getBoundingClientRect(), middle = track.index.spans[0].start_frame + 8;
        const left = box.width / timeline.scale - timeline.plotWidth - 14;
        return {
            x: box.left + (left + (middle - timeline.view.start) * perFrame) * timeline.scale,
            y: box.top + (track.top + track.laneHeight / 2) * timeline.scale,
        };
        """
    )
    seat.run("window.evs=[]; for (const t of [`pointerdown`,`click`]) document.addEventListener(t, e => window.evs.push([t, e.clientX, e.clientY, e.composedPath()[0].className, player.review.ghostId]), true)")
    seat.page.mouse.click(place["x"], place["y"])
    seat.page.wait_for_timeout(500)
    print("PROBE", place, seat.run("return [window.evs, player.review.ghostId, player.review.selectedId, player.timeline.canvas.getBoundingClientRect().top, player.timeline.layout.tracks.map(t => [t.kind, t.top, t.height]), player.timeline.view, player.timeline.plotWidth, player.findings.ghosts.length]"))
    seat.page.screenshot(path=f"/tmp/j7_1.png")
    seat.page.set_default_timeout(3000)
    seat.page.get_by_role("button", name="lift the rejection").click()
    assert get_review(seat, video_id)["rejected"] == []


def test_a_ghost_is_lifted_by_mouse_too_2(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Escape")
    seat.wait("player.timeline.layout.tracks.some(one => one.kind === 'rejected')")
    seat.page.wait_for_timeout(500)  # the page settles its height a moment after it came up
    place = seat.run(
        """
        const timeline = player.timeline, track = timeline.layout.tracks.find(one => one.kind === "rejected");
        const perFrame = timeline.plotWidth / (timeline.view.stop - timeline.view.start);
        const box = timeline.canvas.getBoundingClientRect(), middle = track.index.spans[0].start_frame + 8;
        const left = box.width / timeline.scale - timeline.plotWidth - 14;
        return {
            x: box.left + (left + (middle - timeline.view.start) * perFrame) * timeline.scale,
            y: box.top + (track.top + track.laneHeight / 2) * timeline.scale,
        };
        """
    )
    seat.run("window.evs=[]; for (const t of [`pointerdown`,`click`]) document.addEventListener(t, e => window.evs.push([t, e.clientX, e.clientY, e.composedPath()[0].className, player.review.ghostId]), true)")
    seat.page.mouse.click(place["x"], place["y"])
    seat.page.wait_for_timeout(500)
    print("PROBE", place, seat.run("return [window.evs, player.review.ghostId, player.review.selectedId, player.timeline.canvas.getBoundingClientRect().top, player.timeline.layout.tracks.map(t => [t.kind, t.top, t.height]), player.timeline.view, player.timeline.plotWidth, player.findings.ghosts.length]"))
    seat.page.screenshot(path=f"/tmp/j7_2.png")
    seat.page.set_default_timeout(3000)
    seat.page.get_by_role("button", name="lift the rejection").click()
    assert get_review(seat, video_id)["rejected"] == []


def test_a_ghost_is_lifted_by_mouse_too_3(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Escape")
    seat.wait("player.timeline.layout.tracks.some(one => one.kind === 'rejected')")
    seat.page.wait_for_timeout(500)  # the page settles its height a moment after it came up
    place = seat.run(
        """
        const timeline = player.timeline, track = timeline.layout.tracks.find(one => one.kind === "rejected");
        const perFrame = timeline.plotWidth / (timeline.view.stop - timeline.view.start);
        const box = timeline.canvas.getBoundingClientRect(), middle = track.index.spans[0].start_frame + 8;
        const left = box.width / timeline.scale - timeline.plotWidth - 14;
        return {
            x: box.left + (left + (middle - timeline.view.start) * perFrame) * timeline.scale,
            y: box.top + (track.top + track.laneHeight / 2) * timeline.scale,
        };
        """
    )
    seat.run("window.evs=[]; for (const t of [`pointerdown`,`click`]) document.addEventListener(t, e => window.evs.push([t, e.clientX, e.clientY, e.composedPath()[0].className, player.review.ghostId]), true)")
    seat.page.mouse.click(place["x"], place["y"])
    seat.page.wait_for_timeout(500)
    print("PROBE", place, seat.run("return [window.evs, player.review.ghostId, player.review.selectedId, player.timeline.canvas.getBoundingClientRect().top, player.timeline.layout.tracks.map(t => [t.kind, t.top, t.height]), player.timeline.view, player.timeline.plotWidth, player.findings.ghosts.length]"))
    seat.page.screenshot(path=f"/tmp/j7_3.png")
    seat.page.set_default_timeout(3000)
    seat.page.get_by_role("button", name="lift the rejection").click()
    assert get_review(seat, video_id)["rejected"] == []


def test_a_ghost_is_lifted_by_mouse_too_4(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Escape")
    seat.wait("player.timeline.layout.tracks.some(one => one.kind === 'rejected')")
    seat.page.wait_for_timeout(500)  # the page settles its height a moment after it came up
    place = seat.run(
        """
        const timeline = player.timeline, track = timeline.layout.tracks.find(one => one.kind === "rejected");
        const perFrame = timeline.plotWidth / (timeline.view.stop - timeline.view.start);
        const box = timeline.canvas.getBoundingClientRect(), middle = track.index.spans[0].start_frame + 8;
        const left = box.width / timeline.scale - timeline.plotWidth - 14;
        return {
            x: box.left + (left + (middle - timeline.view.start) * perFrame) * timeline.scale,
            y: box.top + (track.top + track.laneHeight / 2) * timeline.scale,
        };
        """
    )
    seat.run("window.evs=[]; for (const t of [`pointerdown`,`click`]) document.addEventListener(t, e => window.evs.push([t, e.clientX, e.clientY, e.composedPath()[0].className, player.review.ghostId]), true)")
    seat.page.mouse.click(place["x"], place["y"])
    seat.page.wait_for_timeout(500)
    print("PROBE", place, seat.run("return [window.evs, player.review.ghostId, player.review.selectedId, player.timeline.canvas.getBoundingClientRect().top, player.timeline.layout.tracks.map(t => [t.kind, t.top, t.height]), player.timeline.view, player.timeline.plotWidth, player.findings.ghosts.length]"))
    seat.page.screenshot(path=f"/tmp/j7_4.png")
    seat.page.set_default_timeout(3000)
    seat.page.get_by_role("button", name="lift the rejection").click()
    assert get_review(seat, video_id)["rejected"] == []


def test_a_ghost_is_lifted_by_mouse_too_5(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Escape")
    seat.wait("player.timeline.layout.tracks.some(one => one.kind === 'rejected')")
    seat.page.wait_for_timeout(500)  # the page settles its height a moment after it came up
    place = seat.run(
        """
        const timeline = player.timeline, track = timeline.layout.tracks.find(one => one.kind === "rejected");
        const perFrame = timeline.plotWidth / (timeline.view.stop - timeline.view.start);
        const box = timeline.canvas.getBoundingClientRect(), middle = track.index.spans[0].start_frame + 8;
        const left = box.width / timeline.scale - timeline.plotWidth - 14;
        return {
            x: box.left + (left + (middle - timeline.view.start) * perFrame) * timeline.scale,
            y: box.top + (track.top + track.laneHeight / 2) * timeline.scale,
        };
        """
    )
    seat.run("window.evs=[]; for (const t of [`pointerdown`,`click`]) document.addEventListener(t, e => window.evs.push([t, e.clientX, e.clientY, e.composedPath()[0].className, player.review.ghostId]), true)")
    seat.page.mouse.click(place["x"], place["y"])
    seat.page.wait_for_timeout(500)
    print("PROBE", place, seat.run("return [window.evs, player.review.ghostId, player.review.selectedId, player.timeline.canvas.getBoundingClientRect().top, player.timeline.layout.tracks.map(t => [t.kind, t.top, t.height]), player.timeline.view, player.timeline.plotWidth, player.findings.ghosts.length]"))
    seat.page.screenshot(path=f"/tmp/j7_5.png")
    seat.page.set_default_timeout(3000)
    seat.page.get_by_role("button", name="lift the rejection").click()
    assert get_review(seat, video_id)["rejected"] == []


def test_a_ghost_is_lifted_by_mouse_too_6(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Escape")
    seat.wait("player.timeline.layout.tracks.some(one => one.kind === 'rejected')")
    seat.page.wait_for_timeout(500)  # the page settles its height a moment after it came up
    place = seat.run(
        """
        const timeline = player.timeline, track = timeline.layout.tracks.find(one => one.kind === "rejected");
        const perFrame = timeline.plotWidth / (timeline.view.stop - timeline.view.start);
        const box = timeline.canvas.getBoundingClientRect(), middle = track.index.spans[0].start_frame + 8;
        const left = box.width / timeline.scale - timeline.plotWidth - 14;
        return {
            x: box.left + (left + (middle - timeline.view.start) * perFrame) * timeline.scale,
            y: box.top + (track.top + track.laneHeight / 2) * timeline.scale,
        };
        """
    )
    seat.run("window.evs=[]; for (const t of [`pointerdown`,`click`]) document.addEventListener(t, e => window.evs.push([t, e.clientX, e.clientY, e.composedPath()[0].className, player.review.ghostId]), true)")
    seat.page.mouse.click(place["x"], place["y"])
    seat.page.wait_for_timeout(500)
    print("PROBE", place, seat.run("return [window.evs, player.review.ghostId, player.review.selectedId, player.timeline.canvas.getBoundingClientRect().top, player.timeline.layout.tracks.map(t => [t.kind, t.top, t.height]), player.timeline.view, player.timeline.plotWidth, player.findings.ghosts.length]"))
    seat.page.screenshot(path=f"/tmp/j7_6.png")
    seat.page.set_default_timeout(3000)
    seat.page.get_by_role("button", name="lift the rejection").click()
    assert get_review(seat, video_id)["rejected"] == []


def test_a_ghost_is_lifted_by_mouse_too_7(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Escape")
    seat.wait("player.timeline.layout.tracks.some(one => one.kind === 'rejected')")
    seat.page.wait_for_timeout(500)  # the page settles its height a moment after it came up
    place = seat.run(
        """
        const timeline = player.timeline, track = timeline.layout.tracks.find(one => one.kind === "rejected");
        const perFrame = timeline.plotWidth / (timeline.view.stop - timeline.view.start);
        const box = timeline.canvas.getBoundingClientRect(), middle = track.index.spans[0].start_frame + 8;
        const left = box.width / timeline.scale - timeline.plotWidth - 14;
        return {
            x: box.left + (left + (middle - timeline.view.start) * perFrame) * timeline.scale,
            y: box.top + (track.top + track.laneHeight / 2) * timeline.scale,
        };
        """
    )
    seat.run("window.evs=[]; for (const t of [`pointerdown`,`click`]) document.addEventListener(t, e => window.evs.push([t, e.clientX, e.clientY, e.composedPath()[0].className, player.review.ghostId]), true)")
    seat.page.mouse.click(place["x"], place["y"])
    seat.page.wait_for_timeout(500)
    print("PROBE", place, seat.run("return [window.evs, player.review.ghostId, player.review.selectedId, player.timeline.canvas.getBoundingClientRect().top, player.timeline.layout.tracks.map(t => [t.kind, t.top, t.height]), player.timeline.view, player.timeline.plotWidth, player.findings.ghosts.length]"))
    seat.page.screenshot(path=f"/tmp/j7_7.png")
    seat.page.set_default_timeout(3000)
    seat.page.get_by_role("button", name="lift the rejection").click()
    assert get_review(seat, video_id)["rejected"] == []


