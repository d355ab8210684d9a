"""The annotator's hands: every way to make, change and take back a label, by keys and by mouse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.harness.player_numbers import TIMELINE_RIGHT_PX
from tests.harness.seat import Seat

ILLUSTRATIVE, SHAKING_SHOULDERS, PRESSING_LIPS, FOLDING_ARMS = 99, 31, 29, 17


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
    seat.press("g")
    seat.page.keyboard.type(str(frame))
    seat.press("Enter")
    seat.wait(f"player.frame === {frame}")


def place_of(seat: Seat, part: float) -> dict[str, float]:
    """Where the first label's bar is on the page; ``part`` 0 is its start, 1 its end."""
    place: dict[str, float] = seat.run(
        """
        const timeline = player.timeline, track = timeline.layout.tracks[0], label = track.index.spans[0];
        const perFrame = timeline.plotWidth / (timeline.view.stop - timeline.view.start);
        const boundary = label.start_frame + argument.part * (label.end_frame + 1 - label.start_frame);
        const box = timeline.canvas.getBoundingClientRect();
        const left = box.width / timeline.scale - timeline.plotWidth - argument.right;
        return {
            x: box.left + (left + (boundary - timeline.view.start) * perFrame) * timeline.scale,
            y: box.top + (track.top + track.laneHeight / 2) * timeline.scale,
            perFrame: perFrame * timeline.scale,
        };
        """,
        {"part": part, "right": TIMELINE_RIGHT_PX},
    )
    return place


def drag(seat: Seat, part: float, frames: int) -> None:
    place = place_of(seat, part)
    seat.page.mouse.move(place["x"], place["y"])
    seat.page.mouse.down()
    seat.page.mouse.move(place["x"] + frames * place["perFrame"] / 2, place["y"])
    seat.page.mouse.move(place["x"] + frames * place["perFrame"], place["y"])
    seat.page.mouse.up()


def test_marks_and_a_class_key_make_a_label(seat: Seat, video_id: int) -> None:
    go_to(seat, 100)
    seat.press("i", "Shift+ArrowRight", "o", "3")
    assert list_labels(seat, video_id) == [(PRESSING_LIPS, 100, 125)]


def test_a_class_key_with_shift_labels_one_second_from_the_play_head(seat: Seat, video_id: int) -> None:
    go_to(seat, 40)
    seat.press("Shift+Digit1", "End", "Shift+Digit2")
    assert list_labels(seat, video_id) == [(SHAKING_SHOULDERS, 499, 499), (ILLUSTRATIVE, 40, 64)]


def test_steps_by_frames_and_seconds_land_where_they_say(seat: Seat, video_id: int) -> None:
    seen = []
    for key in (
        "ArrowRight",
        "Control+ArrowRight",
        "Shift+ArrowRight",
        "Alt+ArrowLeft",
        "End",
        "Shift+ArrowLeft",
        "Home",
    ):
        seat.press(key)
        seat.wait("player.position === player.frame")
        seen.append(seat.run("return player.frame"))
    assert seen == [1, 11, 36, 26, 499, 474, 0]


def test_a_class_is_picked_by_typing_part_of_its_name(seat: Seat, video_id: int) -> None:
    seat.press("Enter")
    seat.page.keyboard.type("fold")
    seat.press("Shift+Enter")
    seat.press("Tab", "r")
    seat.page.keyboard.type("lip")
    seat.press("Enter")
    assert list_labels(seat, video_id) == [(PRESSING_LIPS, 0, 24)]


def test_a_selected_label_is_relabelled_trimmed_and_deleted_by_keys(seat: Seat, video_id: int) -> None:
    seat.press("Shift+Digit1", "Tab", "2")
    assert list_labels(seat, video_id) == [(SHAKING_SHOULDERS, 0, 24)]
    go_to(seat, 10)
    seat.press("[")
    go_to(seat, 30)
    seat.press("]")
    assert list_labels(seat, video_id) == [(SHAKING_SHOULDERS, 10, 30)]
    seat.press("Delete")
    assert list_labels(seat, video_id) == []


def test_undo_and_redo_walk_back_and_forth_also_after_a_reload(seat: Seat, video_id: int) -> None:
    seat.press("Shift+Digit1", "Tab", "2", "Delete", "Control+z", "Control+z")
    assert list_labels(seat, video_id) == [(ILLUSTRATIVE, 0, 24)]
    seat.press("Control+Shift+z")
    assert list_labels(seat, video_id) == [(SHAKING_SHOULDERS, 0, 24)]
    seat.annotate(video_id)
    seat.press("Control+z", "Control+z")
    assert list_labels(seat, video_id) == []
    seat.press("Control+y")
    assert list_labels(seat, video_id) == [(ILLUSTRATIVE, 0, 24)]
    seat.wait("player.labels.own.length === 1")


def test_edges_and_bodies_are_dragged_with_the_mouse(seat: Seat, video_id: int) -> None:
    go_to(seat, 200)
    seat.press("i", "Shift+ArrowRight", "o", "1", "Shift+Z")
    seat.wait_saved()
    drag(seat, 1.0, 8)
    assert list_labels(seat, video_id) == [(ILLUSTRATIVE, 200, 233)]
    drag(seat, 0.5, -12)
    assert list_labels(seat, video_id) == [(ILLUSTRATIVE, 188, 221)]
    drag(seat, 0.0, 5)
    assert list_labels(seat, video_id) == [(ILLUSTRATIVE, 193, 221)]


def test_a_rating_with_a_note_is_kept(seat: Seat, video_id: int) -> None:
    seat.page.get_by_role("button", name="negative").click()
    seat.page.get_by_placeholder("Why (note)").fill("<b>tense</b> & =1+1")
    seat.press("Enter")
    seat.wait("player.labels.rating.version === 2")
    seat.wait_saved()
    (rating,) = seat.http.get(f"/api/videos/{video_id}/state").json()["ratings"]
    assert (rating["emotion"], rating["note"]) == ("negative", "<b>tense</b> & =1+1")


def list_notes(seat: Seat, video_id: int) -> dict[int, tuple[str, float | None]]:
    """Note and certainty of each own label by its first frame, as the server has them."""
    seat.wait_saved()
    own = seat.run("return player.annotatorId")
    labels = seat.http.get(f"/api/videos/{video_id}/state").json()["annotations"]
    return {a["start_frame"]: (a["note"], a["confidence"]) for a in labels if a["annotator_id"] == own}


def make_two_labels(seat: Seat) -> None:
    """One from frame 0, one from frame 200; the second is selected."""
    seat.press("Shift+Digit1")
    go_to(seat, 200)
    seat.press("Shift+Digit2", "Home", "Tab", "Tab")
    seat.wait("player.frame === 200")
    seat.wait_saved()


def test_a_note_stays_with_the_label_it_was_typed_for(seat: Seat, video_id: int) -> None:
    make_two_labels(seat)
    note = seat.page.get_by_placeholder("Note", exact=True)
    note.click()
    seat.page.keyboard.type("about the second")
    place = place_of(seat, 0.5)
    seat.page.mouse.click(place["x"], place["y"])
    assert list_notes(seat, video_id) == {0: ("", None), 200: ("about the second", None)}
    assert note.input_value() == ""
    seat.press("Tab")
    expect(note).to_have_value("about the second")


def test_a_certainty_chosen_by_mouse_gives_the_keys_back(seat: Seat, video_id: int) -> None:
    make_two_labels(seat)
    certainty = seat.page.get_by_label("How sure you are", exact=True)
    certainty.click()
    certainty.select_option("75 % sure")
    assert list_notes(seat, video_id) == {0: ("", None), 200: ("", 0.75)}
    seat.press("ArrowRight")
    seat.wait("player.frame === 201")


def test_a_certainty_is_chosen_by_keys_and_left_by_enter(seat: Seat, video_id: int) -> None:
    make_two_labels(seat)
    seat.page.get_by_label("How sure you are", exact=True).focus()
    seat.press("5")
    assert seat.run("return player.root.getRootNode().activeElement.tagName") == "SELECT"
    seat.press("Escape")
    assert list_notes(seat, video_id) == {0: ("", None), 200: ("", 0.5)}
    seat.press("ArrowRight")
    seat.wait("player.frame === 201")


def test_what_is_drawn_is_not_drawn_again_when_the_server_says_the_same(seat: Seat, video_id: int) -> None:
    seat.press("Shift+Digit1")
    before = seat.run("return player.labels.changeCount")
    seat.wait_saved()
    seat.wait("player.picked.label.label_id !== null")
    assert seat.run("return player.labels.changeCount") == before
    expect(seat.page.locator(".label-head")).to_contain_text("clip")


def test_keys_of_the_studio_never_reach_the_page_around_it(seat: Seat, video_id: int) -> None:
    seen: list[Any] = seat.run(
        """
        const seen = [];
        document.addEventListener("keydown", event => seen.push(event.key));
        window.leaked = seen;
        return seen;
        """
    )
    seat.press("c", "Escape", "r", "Escape", "?", "Escape", "Space", "k")
    seen = seat.page.evaluate("() => window.leaked")
    assert seen == []


def test_keys_pressed_while_nothing_has_the_focus_belong_to_the_studio(seat: Seat, video_id: int) -> None:
    seat.page.evaluate("() => document.activeElement.blur()")
    assert seat.page.evaluate("() => document.activeElement === document.body")
    seat.press("ArrowRight", "Shift+Digit1")
    assert list_labels(seat, video_id) == [(ILLUSTRATIVE, 1, 25)]


def test_the_help_names_every_key_of_the_table(seat: Seat, video_id: int) -> None:
    seat.press("?")
    sheet = seat.page.get_by_role("dialog", name="Keys")
    for words in ("play or pause", "one second", "mark in", "undo", "body, hands, face", "these keys"):
        assert sheet.get_by_text(words, exact=True).is_visible()
    seat.press("Escape")
    assert sheet.count() == 0


def test_source_pixels_are_asked_for_only_after_the_switch(seat: Seat, video_id: int) -> None:
    asked: list[str] = []
    seat.listen("request", lambda request: asked.append(request.url))
    seat.annotate(video_id)
    seat.press("Space")
    seat.wait("player.frame > 10")
    seat.press("k", "v")
    assert not [url for url in asked if "proxy" in url]
    assert seat.run("return player.mode") == "skeleton"
