"""Finding similar stretches: by keys and by mouse, labelled here and in another video, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from db.engine import Database
from imigue_core.settings import Settings
from tests.harness.hands import make_scan
from tests.harness.materials import add_person
from tests.harness.reviewing import list_own, open_project
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs
from tests.harness.tokens import AGAIN, SPAN, leave_tokens
from tests.harness.waiting import wait_for


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One studio with three videos, the third one never scanned: each test is another person."""
    folder = tmp_path_factory.mktemp("similar")
    studio = open_project(folder)
    db = Database(Settings(data=studio.data))
    for seed in range(3):
        add_person(studio, folder, name=f"person {seed}", seed=seed)
    for video_id in (1, 2):
        leave_tokens(db, video_id, seed=video_id)
    make_scan(db, (7, SPAN.start_frame, SPAN.end_frame), video_id=1)
    db.close()
    yield studio
    studio.stop()


@pytest.fixture
def seat(browser: Tabs, shared: Studio, request: pytest.FixtureRequest) -> Iterator[Seat]:
    """Somebody new in front of the first video; no error may reach the page."""
    somebody = Seat(browser, shared, name=request.node.name[:60])
    somebody.annotate(1)
    yield somebody
    somebody.close()
    assert somebody.errors == []


def make_label(seat: Seat, class_id: int = 5) -> None:
    """An own label of the movement, which is the current one."""
    fields = [class_id, SPAN.start_frame, SPAN.end_frame]
    seat.run("player.picked.chooseLabel(player.labels.create(...argument).annotation_id)", fields)


def open_drawer(seat: Seat, n: int = 4) -> None:
    seat.press("Shift+A")
    seat.wait(f"player.similar.cards.length >= {n}")


def list_spans(seat: Seat, video_id: int) -> list[tuple[int, int, int]]:
    return [(one["class_id"], one["start_frame"], one["end_frame"]) for one in list_own(seat, video_id)]


def selected(seat: Seat) -> dict[str, Any]:
    found: dict[str, Any] = seat.run("return player.similar.cards[player.similar.at].found")
    return found


def select_first_of(seat: Seat, video_id: int) -> None:
    """Walks right to the best stretch of a video."""
    while selected(seat)["video_id"] != video_id:
        seat.press("ArrowRight")


def test_one_key_labels_what_is_alike_here_and_the_focus_comes_back(seat: Seat) -> None:
    make_label(seat)
    open_drawer(seat)
    expect(seat.page.get_by_role("region", name="Similar stretches")).to_contain_text("Like this label")
    first = selected(seat)
    assert (first["video_id"], first["start_frame"], first["end_frame"]) == (1, AGAIN.start_frame, AGAIN.end_frame)
    seat.press("Enter")
    assert list_spans(seat, 1) == [
        (5, SPAN.start_frame, SPAN.end_frame),
        (5, AGAIN.start_frame, AGAIN.end_frame),
    ]
    card = seat.page.get_by_role("list", name="In this video").get_by_role("listitem").first
    expect(card).to_contain_text("yours")
    assert selected(seat)["start_frame"] != AGAIN.start_frame  # the next one that is open
    seat.press("Escape")
    seat.wait("!player.similar.isOpen && document.activeElement !== document.body")
    assert seat.run("return player.root.getRootNode().activeElement === player.root")
    seat.press("Control+z")
    assert list_spans(seat, 1) == [(5, SPAN.start_frame, SPAN.end_frame)]


def test_a_class_key_labels_another_video_and_undo_reaches_there(seat: Seat) -> None:
    make_label(seat)
    open_drawer(seat)
    select_first_of(seat, 2)
    found = selected(seat)
    class_id = seat.run("return player.classKeys.inBank(0)[1].class_id")
    seat.press("2")
    assert list_spans(seat, 2) == [(class_id, found["start_frame"], found["end_frame"])]
    assert len(list_spans(seat, 1)) == 1
    assert seat.run("return player.labels.own.length") == 1
    seat.press("Control+z")
    seat.wait_saved()
    assert list_spans(seat, 2) == []
    third = seat.run("return player.classKeys.inBank(2)[0].class_id")
    seat.press("x", "1")
    assert list_spans(seat, 2) == [(third, found["start_frame"], found["end_frame"])]


def test_what_was_labelled_elsewhere_can_be_undone_there(seat: Seat) -> None:
    make_label(seat)
    open_drawer(seat)
    select_first_of(seat, 2)
    seat.press("Enter")
    seat.wait_saved()
    seat.annotate(2)
    assert len(list_spans(seat, 2)) == 1
    seat.press("Control+z")
    assert list_spans(seat, 2) == []


def test_the_selected_one_plays_and_arrows_walk_over_both_lists(seat: Seat) -> None:
    make_label(seat)
    open_drawer(seat)
    seat.wait("player.similar.cards[0].clip.poses.length > 0")
    playing = "return player.similar.cards.flatMap((card, i) => card.clip.isPlaying ? [i] : [])"
    assert seat.run(playing) == [0]
    look = "return player.similar.cards[0].clip.node.toDataURL()"
    before = seat.run(look)
    seat.wait("player.similar.cards[0].clip.isPlaying")
    wait_for(lambda: seat.run(look) != before, "the clip moves")
    seat.press("ArrowRight")
    assert seat.run(playing) == [1]
    seat.press("End")
    assert selected(seat)["video_id"] == 2
    seat.press("Home", "ArrowDown")
    assert seat.run("return player.similar.at") > 1
    card = seat.page.locator(".similar-card:focus")
    expect(card).to_have_attribute("aria-current", "true")


def test_by_mouse(seat: Seat) -> None:
    make_label(seat)
    seat.page.locator(".label-tools").get_by_role("button", name="similar").locator("visible=true").click()
    there = seat.page.get_by_role("list", name="In the project").get_by_role("listitem")
    expect(there.first).to_be_visible()
    there.nth(1).scroll_into_view_if_needed()
    there.nth(1).hover()
    expect(there.nth(1).locator("canvas")).to_have_attribute("data-playing", "")
    there.nth(1).click(position={"x": 40, "y": 40})
    expect(there.nth(1)).to_have_attribute("aria-current", "true")
    found = selected(seat)
    there.nth(1).get_by_role("button", name="label").click()
    expect(there.nth(1)).to_contain_text("yours")
    assert list_spans(seat, 2) == [(5, found["start_frame"], found["end_frame"])]
    seat.page.get_by_role("region", name="Similar stretches").get_by_role("button", name="undo").click()
    expect(there.nth(1)).not_to_contain_text("yours")
    assert list_spans(seat, 2) == []
    seat.page.get_by_role("button", name="Close (Esc)").click()
    expect(seat.page.get_by_role("region", name="Similar stretches")).to_have_count(0)


def test_from_a_suggestion_the_class_is_the_suggested_one(seat: Seat) -> None:
    seat.wait("player.findings.isLoaded")
    seat.press("n")
    seat.wait("player.picked.suggestion !== null")
    open_drawer(seat)
    expect(seat.page.get_by_role("region", name="Similar stretches")).to_contain_text("Like this suggestion")
    seat.press("Enter")
    assert list_spans(seat, 1) == [(7, AGAIN.start_frame, AGAIN.end_frame)]


def test_from_a_marked_span_a_class_key_names_the_class(seat: Seat) -> None:
    seat.run("player.picked.setMarks(...argument)", [SPAN.start_frame, SPAN.end_frame])
    open_drawer(seat)
    seat.press("Enter")
    assert list_spans(seat, 1) == []
    seat.press("1")
    class_id = seat.run("return player.classKeys.inBank(0)[0].class_id")
    assert list_spans(seat, 1) == [(class_id, AGAIN.start_frame, AGAIN.end_frame)]
    expect(seat.page.locator(".similar-foot")).to_contain_text("Enter labels with")


def test_a_found_one_can_be_looked_at_in_the_player(seat: Seat) -> None:
    make_label(seat)
    open_drawer(seat)
    seat.press("g")
    seat.wait(f"!player.similar.isOpen && player.frame === {AGAIN.start_frame}")


def test_videos_that_were_not_scanned_are_said(seat: Seat) -> None:
    make_label(seat)
    open_drawer(seat)
    drawer = seat.page.get_by_role("region", name="Similar stretches")
    expect(drawer).to_contain_text("1 of 3 videos has not been scanned.")
    seat.press("Shift+A")
    expect(drawer).to_have_count(0)
    seat.annotate(3)
    make_label(seat)
    seat.press("Shift+A")
    expect(drawer).to_contain_text("This video has not been scanned")
    expect(drawer.get_by_role("button", name="Scan")).to_be_visible()


def test_with_nothing_selected_it_says_what_is_needed(seat: Seat) -> None:
    seat.press("Shift+A")
    expect(seat.page.locator(".hint")).to_contain_text("Select a label or a suggestion")
    assert not seat.run("return player.similar.isOpen")
