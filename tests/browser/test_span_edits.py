"""Split, merge, copy, change and delete several: by key and by mouse, undone over reloads, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from db.engine import Database
from imigue_core.settings import Settings
from imigue_core.studio.people.project_settings import ProjectSettings, save_project_settings
from tests.harness.seat import Seat
from tests.harness.studio import Studio

ILLUSTRATIVE, SHAKING_SHOULDERS, PRESSING_LIPS = 99, 31, 29
Spans = list[tuple[int, int, int]]


@pytest.fixture
def seat(sit: Callable[[str], Seat]) -> Seat:
    return sit("Ann")


def list_shown(seat: Seat) -> Spans:
    """Class, first and last frame of each own label as the page shows them."""
    shown = seat.run("return player.labels.own.map(l => [l.class_id, l.start_frame, l.end_frame])")
    return [(one[0], one[1], one[2]) for one in shown]


def list_stored(seat: Seat, video_id: int) -> Spans:
    """The same as the server has them once all is saved."""
    seat.wait_saved()
    own = seat.run("return player.annotatorId")
    labels = seat.http.get(f"/api/videos/{video_id}/state").json()["annotations"]
    mine = [a for a in labels if a["annotator_id"] == own]
    return sorted(((a["class_id"], a["start_frame"], a["end_frame"]) for a in mine), key=lambda one: one[1:])


def go_to(seat: Seat, frame: int) -> None:
    seat.press("g")
    seat.page.keyboard.type(str(frame))
    seat.press("Enter")
    seat.wait(f"player.frame === {frame}")


def label(seat: Seat, start: int, end: int, key: str = "3") -> None:
    go_to(seat, start)
    seat.press("i")
    go_to(seat, end)
    seat.press("o", key)


def click(seat: Seat, name: str) -> None:
    """A button of the panel, by its accessible name."""
    seat.page.locator("aside.panel").get_by_role("button", name=name, exact=True).click()


def said(seat: Seat, text: str) -> None:
    expect(seat.page.get_by_text(text).first).to_be_visible()


def by_keys(seat: Seat, theirs: str) -> None:
    """Every operation on spans, by key."""
    label(seat, 100, 125)
    go_to(seat, 110)
    seat.press("s", "Shift+M", "d", "d", "Shift+M")
    seat.press("Escape", "Escape")
    seat.run("player.picked.chooseLabel(argument)", theirs)
    seat.press("u", "Control+a", "2", "Shift+D", "Delete")


def by_mouse(seat: Seat, theirs: str) -> None:
    """The same by mouse."""
    label(seat, 100, 125)
    go_to(seat, 110)
    click(seat, "S split")
    click(seat, "Merge the label with the previous one of its class")
    click(seat, "D duplicate")
    click(seat, "D duplicate")
    click(seat, "Merge the label with the previous one of its class")
    seat.run("player.picked.chooseLabel(argument)", theirs)
    click(seat, "U copy to my track")
    seat.press("Control+a")
    click(seat, "2 shake shoulders")
    click(seat, "⇧D unclear, discuss")
    click(seat, "⌫ delete")


PRESSED: list[Spans] = [
    [],
    [(PRESSING_LIPS, 100, 125)],
    [(PRESSING_LIPS, 100, 109), (PRESSING_LIPS, 110, 125)],
    [(PRESSING_LIPS, 100, 125)],
    [(PRESSING_LIPS, 100, 125), (PRESSING_LIPS, 126, 151)],
    [(PRESSING_LIPS, 100, 125), (PRESSING_LIPS, 126, 151), (PRESSING_LIPS, 152, 177)],
    [(PRESSING_LIPS, 100, 125), (PRESSING_LIPS, 126, 177)],
    [(ILLUSTRATIVE, 10, 30), (PRESSING_LIPS, 100, 125), (PRESSING_LIPS, 126, 177)],
    [(SHAKING_SHOULDERS, 10, 30), (SHAKING_SHOULDERS, 100, 125), (SHAKING_SHOULDERS, 126, 177)],
    [(SHAKING_SHOULDERS, 10, 30), (SHAKING_SHOULDERS, 100, 125), (SHAKING_SHOULDERS, 126, 177)],  # marked
    [],
]
"""What stands after each step of ``by_keys`` and ``by_mouse``."""


@pytest.mark.parametrize("work", [by_keys, by_mouse])
def test_every_operation_is_one_step_of_undo_and_redo_also_after_a_reload(
    sit: Callable[[str], Seat], video_id: int, work: Callable[[Seat, str], None]
) -> None:
    ben = sit("Ben")
    label(ben, 10, 30, "1")
    ben.wait_saved()
    theirs = ben.run("return player.labels.own[0].annotation_id")
    seat = sit("Ann")
    work(seat, theirs)
    assert list_stored(seat, video_id) == []
    seat.annotate(video_id)
    for spans in PRESSED[-2::-1]:
        seat.press("Control+z")
        assert list_stored(seat, video_id) == spans
        assert list_shown(seat) == spans
    seat.press("Control+z")
    said(seat, "There is nothing to undo.")
    for spans in PRESSED[1:]:
        seat.press("Control+y")
        assert list_stored(seat, video_id) == spans
    seat.annotate(video_id)
    for spans in PRESSED[-2:-6:-1]:
        seat.press("Control+z")
        assert list_stored(seat, video_id) == spans
    seat.annotate(video_id)
    for spans in PRESSED[-4:]:
        seat.press("Control+y")
        assert list_stored(seat, video_id) == spans


def test_undo_and_redo_show_at_once_on_the_page_that_did_it(seat: Seat, video_id: int) -> None:
    label(seat, 100, 125)
    go_to(seat, 110)
    seat.press("s")
    seat.press("Control+z")
    assert list_shown(seat) == PRESSED[1]
    seat.press("Control+y")
    assert list_shown(seat) == PRESSED[2]
    said(seat, "Done again: 2 changes that were made together.")
    assert list_stored(seat, video_id) == PRESSED[2]


def test_note_certainty_and_mark_outlast_cutting_and_joining(seat: Seat, video_id: int) -> None:
    label(seat, 100, 125)
    seat.press("Shift+D", "Shift+C", "F2")
    seat.page.keyboard.type("left hand")
    seat.press("Enter")
    go_to(seat, 110)
    seat.press("s", "F2")
    seat.press("End")
    seat.page.keyboard.type(" only")
    seat.press("Enter", "Shift+C")
    seat.wait_saved()
    fields = """
        const now = player.labels.own.map(label => player.annotations.get(label.annotation_id));
        return now.map(label => [label.note, label.confidence, label.mark]);
    """
    assert seat.run(fields) == [["left hand", 0.25, "discuss"], ["left hand only", 0.5, "discuss"]]
    seat.press("Shift+M")
    seat.wait_saved()
    seat.annotate(video_id)
    assert seat.run(fields) == [["left hand / left hand only", 0.25, "discuss"]]


def test_what_cannot_be_done_is_said_and_nothing_is_sent(seat: Seat, video_id: int) -> None:
    seat.press("s")
    said(seat, "None of your labels lies at the play head.")
    label(seat, 100, 125)
    seat.wait_saved()
    ledger = seat.run("return player.edits.ledgerSeq")
    seat.press("Tab", "s")
    said(seat, "on the first frame of this label")
    go_to(seat, 40)
    seat.press("s")
    said(seat, "does not lie in this label")
    seat.press("m")
    said(seat, "You have no Pressing lips after this label")
    seat.press("u")
    said(seat, "on your track already")
    seat.wait_saved()
    assert seat.run("return player.edits.ledgerSeq") == ledger
    seat.press("Escape")
    go_to(seat, 110)
    seat.press("s")  # nothing is selected: the only label here is cut
    assert list_stored(seat, video_id) == PRESSED[2]


def test_of_two_tabs_on_one_label_a_cut_is_refused_whole_on_one_card_and_either_version_can_stand(
    seat: Seat, video_id: int
) -> None:
    label(seat, 100, 125)
    seat.wait_saved()
    first = seat.page
    first.route("**/api/**", lambda route: route.abort())
    seat.run("player.live.abort.abort()")
    go_to(seat, 110)
    seat.press("s")
    assert list_shown(seat) == PRESSED[2]
    seat.open_page()
    seat.annotate(video_id)
    seat.press("Tab", "Control+BracketRight")
    moved = [(PRESSING_LIPS, 100, 135)]
    assert list_stored(seat, video_id) == moved
    seat.page.close()
    seat.page = first
    first.unroute("**/api/**")
    keep_mine = first.get_by_role("button", name="keep mine")
    expect(keep_mine).to_be_visible()
    cards = first.locator(".card.refusal")
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("100–109")
    expect(cards).to_contain_text("100–135")
    assert list_shown(seat) == list_stored(seat, video_id) == moved
    keep_mine.click()
    expect(cards).to_have_count(0)
    assert list_stored(seat, video_id) == PRESSED[2]
    seat.press("Control+z")
    assert list_stored(seat, video_id) == moved


def test_what_changed_elsewhere_since_is_left_and_named_when_the_rest_is_undone(seat: Seat, video_id: int) -> None:
    for start in (100, 200, 300):
        label(seat, start, start + 10)
    seat.press("Control+a", "1")
    seat.wait_saved()
    first = seat.page
    first.route("**/api/**", lambda route: route.abort())
    seat.run("player.live.abort.abort()")
    seat.press("Control+z")
    seat.open_page()
    seat.annotate(video_id)
    go_to(seat, 150)
    seat.press("Tab", "Control+BracketRight")
    seat.wait_saved()
    seat.page.close()
    seat.page = first
    first.unroute("**/api/**")
    expect(first.locator(".card.refusal")).to_have_count(1)
    said(seat, "Not undone: 1 of 3 changes")
    expected = [(PRESSING_LIPS, 100, 110), (ILLUSTRATIVE, 200, 220), (PRESSING_LIPS, 300, 310)]
    assert list_stored(seat, video_id) == list_shown(seat) == expected


def test_where_overlaps_are_refused_cutting_and_joining_go_on_and_a_bad_join_is_one_card(
    seat: Seat, shared: tuple[Studio, int], video_id: int
) -> None:
    db = Database(Settings(data=shared[0].data))
    save_project_settings(db, ProjectSettings(overlap_rule="refused", auto_scan=False), None)
    try:
        label(seat, 100, 125)
        go_to(seat, 110)
        seat.press("s", "Shift+M")
        assert list_stored(seat, video_id) == PRESSED[1]
        label(seat, 150, 160, "1")
        label(seat, 200, 210)
        before = list_stored(seat, video_id)
        seat.press("Shift+M")
        expect(seat.page.locator(".card.refusal")).to_have_count(1)
        said(seat, "OVERLAP_REFUSED")
        assert list_stored(seat, video_id) == list_shown(seat) == before
    finally:
        save_project_settings(db, ProjectSettings(auto_scan=False), None)
        db.close()


def test_a_cut_shows_whole_on_the_page_of_another(sit: Callable[[str], Seat], video_id: int) -> None:
    seat, ben = sit("Ann"), sit("Ben")
    label(seat, 100, 125)
    own = seat.run("return player.annotatorId")
    theirs = f"[...player.annotations.values()].filter(l => l.annotator_id === {own}).length"
    ben.wait(f"{theirs} === 1")
    go_to(seat, 110)
    seat.press("s")
    ben.wait(f"{theirs} === 2")
    seat.press("Control+z")
    ben.wait(f"{theirs} === 1")
