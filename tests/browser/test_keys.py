"""Class keys that open and close spans, their banks, and a person's own keys."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from db.engine import Database
from imigue_core.settings import Settings
from imigue_core.studio.people.project_settings import ProjectSettings, save_project_settings
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

FIRST, SECOND, THIRD = 99, 31, 29
"""Classes on the first three class keys."""


@pytest.fixture
def seat(newcomer: Seat) -> Seat:
    return newcomer


def list_labels(seat: Seat, video_id: int) -> list[tuple[int, int, int]]:
    """Class, first and last frame of each own label, as the server has them once all is saved."""
    seat.wait_saved()
    own = seat.run("return player.annotatorId")
    labels = seat.http.get(f"/api/videos/{video_id}/state").json()["annotations"]
    return sorted((a["class_id"], a["start_frame"], a["end_frame"]) for a in labels if a["annotator_id"] == own)


def go_to(seat: Seat, frame: int) -> None:
    seat.run("await player.seek(argument)", frame)
    seat.wait(f"player.position === {frame} && player.frame === {frame}")


def list_open(seat: Seat) -> list[list[int]]:
    spans: list[list[int]] = seat.run("return player.classKeys.spans.list.map(one => [one.classId, one.start])")
    return spans


def key_of(seat: Seat, name: str) -> Locator:
    return seat.page.locator(".class-keys").get_by_role("button", name=name)


def test_a_tap_opens_a_span_and_a_second_tap_closes_it(seat: Seat, video_id: int) -> None:
    go_to(seat, 100)
    seat.press("3")
    expect(key_of(seat, "press lips")).to_have_attribute("aria-pressed", "true")
    expect(seat.page.locator(".chip.next")).to_contain_text("O closes press lips")
    assert list_labels(seat, video_id) == []
    go_to(seat, 131)
    seat.press("3")
    assert list_labels(seat, video_id) == [(THIRD, 100, 131)]
    expect(key_of(seat, "press lips")).to_have_attribute("aria-pressed", "false")
    seat.press("Control+z")
    assert list_labels(seat, video_id) == []


def test_a_span_closed_before_its_start_has_its_ends_swapped(seat: Seat, video_id: int) -> None:
    go_to(seat, 100)
    seat.press("1")
    go_to(seat, 80)
    seat.press("1")
    assert list_labels(seat, video_id) == [(FIRST, 80, 100)]


def test_a_key_held_while_the_video_plays_closes_at_its_release(seat: Seat, video_id: int) -> None:
    go_to(seat, 50)
    seat.press("Space")
    seat.wait("player.frame > 55")
    seat.page.keyboard.down("2")
    seat.page.keyboard.down("2")  # the keyboard repeats it
    start = list_open(seat)[0][1]
    seat.wait(f"player.frame > {start} + 15")
    seat.page.keyboard.up("2")
    seat.press("k")
    ((class_id, first, last),) = list_labels(seat, video_id)
    assert (class_id, first) == (SECOND, start)
    assert last - first >= 8
    assert last <= seat.run("return player.frame")
    assert list_open(seat) == []


def test_a_key_held_while_the_focus_goes_leaves_the_span_open(seat: Seat, video_id: int) -> None:
    go_to(seat, 50)
    seat.page.keyboard.down("2")
    seat.run("window.dispatchEvent(new Event('blur'))")
    go_to(seat, 80)
    seat.page.keyboard.up("2")
    assert list_open(seat) == [[SECOND, 50]]
    assert list_labels(seat, video_id) == []


def test_two_overlapping_spans_are_open_at_once_and_a_reload_loses_none(seat: Seat, video_id: int) -> None:
    go_to(seat, 100)
    seat.press("1")
    go_to(seat, 120)
    seat.press("2")
    seat.annotate(video_id)
    assert list_open(seat) == [[FIRST, 100], [SECOND, 120]]
    expect(key_of(seat, "illustrative")).to_have_attribute("aria-pressed", "true")
    go_to(seat, 140)
    seat.press("1")
    go_to(seat, 150)
    seat.press("2")
    assert list_labels(seat, video_id) == [(SECOND, 120, 150), (FIRST, 100, 140)]
    seat.annotate(video_id)
    assert list_open(seat) == []


def test_o_closes_all_open_spans_and_one_undo_takes_them_back(seat: Seat, video_id: int) -> None:
    go_to(seat, 10)
    seat.press("1", "2", "3")
    go_to(seat, 30)
    seat.press("o")
    assert list_labels(seat, video_id) == [(THIRD, 10, 30), (SECOND, 10, 30), (FIRST, 10, 30)]
    seat.press("Control+z")
    assert list_labels(seat, video_id) == []


def test_escape_drops_the_newest_open_span(seat: Seat, video_id: int) -> None:
    go_to(seat, 10)
    seat.press("1", "2", "Escape")
    assert list_open(seat) == [[FIRST, 10]]
    seat.press("Escape")
    assert list_open(seat) == []
    assert list_labels(seat, video_id) == []


def test_marks_and_a_selected_label_come_before_opening(seat: Seat, video_id: int) -> None:
    go_to(seat, 10)
    seat.press("i", "Control+ArrowRight", "o", "1")
    seat.press("Tab", "2")
    assert list_labels(seat, video_id) == [(SECOND, 10, 20)]
    assert list_open(seat) == []


def test_banks_reach_every_class(seat: Seat, video_id: int) -> None:
    classes = seat.run("return player.classKeys.classes.map(one => one.class_id)")
    assert len(set(classes)) == 32
    seat.press("q")
    banks = seat.page.get_by_role("group", name="Bank of the class keys")
    expect(banks.get_by_role("button", name="13–24")).to_have_attribute("aria-pressed", "true")
    seat.press("1", "x", "8", "q", "q", "1")
    assert [one for one, _ in list_open(seat)] == [classes[12], classes[31], classes[0]]
    seat.press("q", "1")
    assert list_labels(seat, video_id) == [(classes[12], 0, 0)]
    seat.press("x", "Escape", "2")
    assert [one for one, _ in list_open(seat)] == [classes[31], classes[0], classes[1]]
    seat.press("x", "9")
    expect(seat.page.locator(".hint")).to_contain_text("no class on this key in bank three")


def test_spans_are_opened_and_closed_with_the_mouse(seat: Seat, video_id: int) -> None:
    key_of(seat, "press lips").click()
    go_to(seat, 25)
    seat.page.get_by_role("button", name="13–24").click()
    seat.page.locator(".class-keys button").first.click()
    assert len(list_open(seat)) == 2
    go_to(seat, 40)
    seat.page.get_by_role("button", name="close all").click()
    assert sorted(span[1:] for span in list_labels(seat, video_id)) == [(0, 40), (25, 40)]


def test_the_palette_opens_spans_by_name_and_remembers_what_was_picked(seat: Seat, video_id: int) -> None:
    seat.press("Enter")
    seat.page.keyboard.type("fold arm")
    seat.press("Enter")
    ((folding, start),) = list_open(seat)
    assert start == 0
    go_to(seat, 12)
    seat.press("Enter")
    first = seat.page.get_by_role("option").first
    expect(first).to_contain_text("Folding arms")
    expect(seat.page.get_by_role("group", name="picked last").get_by_role("option")).to_have_count(1)
    seat.press("Enter")
    assert list_labels(seat, video_id) == [(folding, 0, 12)]


def test_where_overlaps_are_refused_a_span_stays_open_until_it_fits(seat: Seat, video_id: int) -> None:
    db = Database(Settings(data=seat.studio.data))
    save_project_settings(db, ProjectSettings(overlap_rule="refused", auto_scan=False), None)
    try:
        seat.annotate(video_id)
        go_to(seat, 100)
        seat.press("Shift+Digit1")
        go_to(seat, 90)
        seat.press("2", "3")
        expect(seat.page.locator(".hint")).to_contain_text("takes no overlapping labels")
        go_to(seat, 110)
        seat.press("2")
        expect(seat.page.locator(".hint")).to_contain_text("stays open")
        assert list_open(seat) == [[SECOND, 90]]
        go_to(seat, 99)
        seat.press("o")
        assert list_labels(seat, video_id) == [(SECOND, 90, 99), (FIRST, 100, 124)]
    finally:
        save_project_settings(db, ProjectSettings(auto_scan=False), None)
        db.close()


def open_editor(seat: Seat) -> Locator:
    seat.press("?")
    seat.page.get_by_role("button", name="Change keys").press("Enter")
    return seat.page.get_by_role("dialog", name="Change keys")


def test_a_key_is_changed_by_keyboard_alone_and_kept_for_the_person(
    browser: Tabs, shared: tuple[Studio, int], seat: Seat, video_id: int
) -> None:
    editor = open_editor(seat)
    editor.get_by_role("button", name="stop: K").focus()
    seat.press("Enter", "Control+k")
    expect(editor.get_by_role("status")).to_contain_text("Ctrl K is “stop” now.")
    assert seat.run("return root.getRootNode().activeElement.textContent") == "Ctrl K"
    for _ in range(200):
        seat.press("Tab")
    assert seat.run("return Boolean(root.getRootNode().activeElement.closest('.key-editor'))")
    seat.press("Escape")
    expect(seat.page.get_by_role("dialog", name="Keys")).to_contain_text("with your changes")
    seat.press("Escape")
    seat.press("Space")
    seat.wait("player.transport.isPlaying")
    seat.press("k")
    assert seat.run("return player.transport.isPlaying")
    seat.press("Control+k")
    assert not seat.run("return player.transport.isPlaying")
    seat.run("await player.preferences.flush()")
    elsewhere = Seat(browser, shared[0], name=seat.name)
    elsewhere.annotate(video_id)
    assert elsewhere.run("return player.keys.capOf('stop')") == "Ctrl K"
    elsewhere.close()
    other = Seat(browser, shared[0], name="somebody else")
    other.annotate(video_id)
    assert other.run("return player.keys.capOf('stop')") == "K"
    other.close()


def test_a_key_that_is_taken_is_named_and_can_be_swapped(seat: Seat, video_id: int) -> None:
    editor = open_editor(seat)
    status = editor.get_by_role("status")
    editor.get_by_role("button", name="stop: K").click()
    seat.press("3")
    expect(status).to_contain_text("class keys")
    seat.press("Control+w")
    expect(status).to_contain_text("belongs to the browser")
    seat.press("g")
    expect(status).to_contain_text("G is “go to a frame” already (Move).")
    editor.get_by_role("button", name="Cancel").click()
    expect(editor.get_by_role("button", name="stop: K")).to_be_focused()
    seat.press("Enter", "g", "Enter")
    expect(editor.get_by_role("button", name="stop: G")).to_be_visible()
    expect(editor.get_by_role("button", name="go to a frame: K")).to_be_visible()
    editor.get_by_role("button", name="Reset the keys of: stop").click()
    expect(editor.get_by_role("button", name="stop: K")).to_be_visible()
    editor.get_by_role("button", name="Reset all").click()
    expect(editor.get_by_role("button", name="go to a frame: G")).to_be_visible()


def test_classes_change_places_on_their_keys(seat: Seat, video_id: int) -> None:
    editor = open_editor(seat)
    editor.get_by_role("button", name="1: Illustrative").click()
    editor.get_by_role("button", name="Q 1:").click()
    seat.press("Escape", "Escape", "1")
    ((class_id, _),) = list_open(seat)
    assert class_id != FIRST
    seat.press("Escape", "q", "1")
    assert list_open(seat) == [[FIRST, 0]]


def test_no_hotkey_of_the_page_fires_while_the_studio_has_the_focus(seat: Seat, video_id: int) -> None:
    leaked: Any = seat.run(
        """
        window.leaked = [];
        for (const kind of ["keydown", "keyup", "keypress"])
            document.addEventListener(kind, event => window.leaked.push(`${kind} ${event.key}`));
        return window.leaked;
        """
    )
    keys = ("c", "r", "Shift+C", "Shift+R", "m", "Escape")
    seat.press(*keys, "Escape")
    seat.press("Enter", *keys)  # the palette's input
    seat.press("g", "c", "r", "Escape")
    seat.press("?", *keys[:-1], "Escape")
    editor = open_editor(seat)
    editor.get_by_role("button", name="stop: K").focus()
    seat.press("c", "r", "Enter", "Shift+C", "Escape", "Escape", "Escape")
    note = seat.page.get_by_label("Note on the emotion")
    note.focus()
    seat.press("c", "r", "Escape")
    leaked = seat.page.evaluate("() => window.leaked")
    assert leaked == []
    assert seat.page.locator("[data-testid='stDialog'], [data-testid='stMainMenuPopover']").count() == 0
    assert seat.run("return player.ready")
