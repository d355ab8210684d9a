"""Hands on spans: several labels at once, nudged and shared edges, snapping, doubts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.harness.reviewing import SPANS, rescan, selected_start
from tests.harness.seat import Seat
from tests.harness.spans import (
    BOTH,
    OUTER,
    click,
    count_pixels,
    drag,
    go_to,
    list_chosen,
    list_spans,
    list_values,
    make,
    place_of,
    select,
)
from tests.harness.studio import Studio

ILLUSTRATIVE, SHAKING_SHOULDERS = 99, 31
WHITE, AMBER, SNAP = (255, 255, 255), (227, 179, 65), (255, 216, 102)
OFF = 1.6
"""Frames beside a place that still snap to it while the whole video of 500 frames shows."""


@pytest.fixture(scope="module", autouse=True)
def scanned(shared: tuple[Studio, int]) -> None:
    """The file's video has suggestions."""
    rescan(*shared)


@pytest.fixture
def seat(newcomer: Seat) -> Seat:
    return newcomer


def test_several_labels_are_selected_by_keys_relabelled_deleted_and_brought_back(seat: Seat, video_id: int) -> None:
    make(seat, *BOTH, OUTER)
    select(seat, 20)
    seat.press("y", "Tab", "Tab", "y")
    assert list_chosen(seat) == [20, 150]
    expect(seat.page.get_by_text("2 labels selected")).to_be_visible()
    seat.press("2")
    assert list_values(seat, video_id, "class_id") == [SHAKING_SHOULDERS, ILLUSTRATIVE, SHAKING_SHOULDERS]
    assert list_chosen(seat) == [20, 150]
    seat.press("Control+z")
    assert list_values(seat, video_id, "class_id") == [ILLUSTRATIVE] * 3
    seat.press("Control+a")
    assert list_chosen(seat) == [20, 60, 150]
    seat.press("Delete")
    assert list_spans(seat, video_id) == []
    seat.press("Control+z")
    assert list_spans(seat, video_id) == [*BOTH, OUTER]


def test_y_takes_a_label_out_again_and_escape_drops_all(seat: Seat, video_id: int) -> None:
    make(seat, *BOTH)
    select(seat, 20)
    seat.press("y", "Tab", "y")
    assert list_chosen(seat) == [20, 60]
    seat.press("y")
    assert list_chosen(seat) == [20]
    expect(seat.page.get_by_text("1 label selected")).to_be_visible()
    seat.press("Escape")
    assert list_chosen(seat) == []
    assert seat.run("return player.picked.label.start_frame") == 60
    expect(seat.page.get_by_text("label selected")).to_be_hidden()


def test_all_between_the_marks_are_selected_and_the_marks_are_done_with(seat: Seat, video_id: int) -> None:
    make(seat, *BOTH, OUTER)
    go_to(seat, 55)
    seat.press("i")
    go_to(seat, 199)
    seat.press("o", "Control+a")
    assert list_chosen(seat) == [60, 150]
    seat.press("2")
    assert list_values(seat, video_id, "class_id") == [ILLUSTRATIVE, SHAKING_SHOULDERS, SHAKING_SHOULDERS]


def test_several_labels_are_selected_by_mouse(seat: Seat, video_id: int) -> None:
    make(seat, *BOTH, OUTER)
    before = count_pixels(seat, *OUTER, WHITE)
    click(seat, *BOTH[0])
    click(seat, *OUTER, "Control")
    assert list_chosen(seat) == [20, 150]
    assert count_pixels(seat, *OUTER, WHITE) > before + 100
    click(seat, *BOTH[0], "Control")
    assert list_chosen(seat) == [150]
    click(seat, *BOTH[1])
    assert list_chosen(seat) == []
    click(seat, *OUTER, "Shift")
    assert list_chosen(seat) == [60, 150]
    click(seat, *BOTH[0])
    drag(seat, 220, 90, "Shift")
    assert list_chosen(seat) == [60, 150]
    card = seat.page.get_by_role("group", name="Labels selected together")
    card.get_by_role("button", name="unclear, discuss").click()
    assert list_values(seat, video_id, "mark") == ["", "discuss", "discuss"]
    seat.press("Control+z")
    assert list_values(seat, video_id, "mark") == ["", "", ""]
    card.get_by_role("button", name="delete").click()
    assert list_spans(seat, video_id) == [BOTH[0]]
    seat.press("Control+z")
    assert list_spans(seat, video_id) == [*BOTH, OUTER]


def test_certainty_and_doubt_of_several_labels_and_of_one(seat: Seat, video_id: int) -> None:
    make(seat, *BOTH)
    plain = count_pixels(seat, *BOTH[0], AMBER)
    seat.press("Control+a", "Shift+C", "Shift+C", "Shift+D")
    assert list_values(seat, video_id, "confidence") == [0.5, 0.5]
    assert list_values(seat, video_id, "mark") == ["discuss", "discuss"]
    seat.press("Escape")
    assert count_pixels(seat, *BOTH[0], AMBER) > plain + 60
    seat.press("Control+z", "Control+z")
    assert list_values(seat, video_id, "mark") == ["", ""]
    assert list_values(seat, video_id, "confidence") == [0.25, 0.25]
    select(seat, 20)
    seat.press("Shift+D", "Shift+C")
    assert list_values(seat, video_id, "mark") == ["discuss", ""]
    assert list_values(seat, video_id, "confidence") == [0.5, 0.25]
    seat.press("Shift+D", "Shift+C", "Shift+C", "Shift+C")
    assert list_values(seat, video_id, "mark") == ["", ""]
    assert list_values(seat, video_id, "confidence") == [None, 0.25]
    seat.page.get_by_role("button", name="unclear, discuss").click()
    assert list_values(seat, video_id, "mark") == ["discuss", ""]


def test_f2_writes_a_note(seat: Seat, video_id: int) -> None:
    make(seat, *BOTH)
    select(seat, 60)
    seat.press("F2")
    seat.page.keyboard.type("which hand?")
    seat.press("Enter")
    assert list_values(seat, video_id, "note") == ["", "which hand?"]
    seat.focus()
    seat.press("Control+z")
    assert list_values(seat, video_id, "note") == ["", ""]


def test_nudges_go_outward_and_inward_by_ten_and_by_one_and_show_the_edge(seat: Seat, video_id: int) -> None:
    make(seat, OUTER)
    select(seat, 150)
    steps = (
        ("Control+BracketLeft", (140, 199), 140),
        ("Control+BracketRight", (140, 209), 209),
        ("Alt+BracketLeft", (139, 209), 139),
        ("Alt+BracketRight", (139, 210), 210),
        ("Control+Shift+BracketLeft", (149, 210), 149),
        ("Control+Shift+BracketRight", (149, 200), 200),
        ("Alt+Shift+BracketLeft", (150, 200), 150),
        ("Alt+Shift+BracketRight", (150, 199), 199),
    )
    for key, span, frame in steps:
        seat.press(key)
        seat.wait(f"player.frame === {frame}")
        assert list_spans(seat, video_id) == [span], key
    for _, span, _ in reversed(steps[:-1]):
        seat.press("Control+z")
        assert list_spans(seat, video_id) == [span]


def test_a_held_nudge_is_saved_step_by_step_and_undone_at_once(seat: Seat, video_id: int) -> None:
    make(seat, OUTER)
    select(seat, 150)
    before = seat.run("return player.labels.undoStack.length")
    seat.page.keyboard.down("Alt")
    for _ in range(5):  # the first one goes down, the others are repeats
        seat.page.keyboard.down("BracketRight")
    seat.page.keyboard.up("BracketRight")
    seat.page.keyboard.up("Alt")
    assert list_spans(seat, video_id) == [(150, 204)]
    assert seat.run("return player.labels.undoStack.length") == before + 5
    seat.press("Control+z")
    assert list_spans(seat, video_id) == [OUTER]
    seat.press("Control+y")
    assert list_spans(seat, video_id) == [(150, 204)]


def test_nudges_stop_at_the_video_and_at_the_other_edge(seat: Seat, video_id: int) -> None:
    make(seat, (3, 5))
    select(seat, 3)
    seat.press("Control+BracketLeft", "Control+Shift+BracketRight")
    assert list_spans(seat, video_id) == [(0, 0)]
    seat.press("Control+Shift+BracketLeft")
    assert list_spans(seat, video_id) == [(0, 0)]
    expect(seat.page.get_by_text("can go no further")).to_be_visible()


def test_a_selected_suggestion_is_nudged_by_ten(seat: Seat, video_id: int) -> None:
    seat.wait("player.findings.above.length > 0")
    seat.press("n")
    start = selected_start(seat)
    assert start == SPANS[0][1]
    seat.press("Control+BracketLeft", "Alt+Shift+BracketLeft", "Control+BracketRight")
    assert seat.run("return [player.picked.span.start_frame, player.picked.span.end_frame]") == [
        start - 9,
        SPANS[0][2] + 10,
    ]
    seat.press("Enter")
    assert list_spans(seat, video_id) == [(start - 9, SPANS[0][2] + 10)]


def test_a_shared_edge_moves_both_labels_by_keys(seat: Seat, video_id: int) -> None:
    make(seat, *BOTH)
    select(seat, 20)
    go_to(seat, 70)
    seat.press("Shift+BracketRight")
    assert list_spans(seat, video_id) == [(20, 70), (71, 99)]
    seat.press("Control+z")
    assert list_spans(seat, video_id) == [*BOTH]
    select(seat, 60)
    go_to(seat, 45)
    seat.press("Shift+BracketLeft")
    assert list_spans(seat, video_id) == [(20, 44), (45, 99)]
    seat.press("Control+z")
    select(seat, 60)
    go_to(seat, 120)
    seat.press("Shift+BracketLeft")
    expect(seat.page.get_by_text("outside both labels")).to_be_visible()
    seat.press("Shift+BracketRight")
    expect(seat.page.get_by_text("No label of yours touches")).to_be_visible()
    assert list_spans(seat, video_id) == [*BOTH]


def test_a_shared_edge_is_dragged_with_shift_and_alone_without(seat: Seat, video_id: int) -> None:
    make(seat, *BOTH)
    drag(seat, 59.9, 75, "Shift", "Alt", is_held=True)
    assert seat.run("return player.timeline.pointer.preview.moves.length") == 2
    seat.page.mouse.up()
    assert list_spans(seat, video_id) == [(20, 74), (75, 99)]
    seat.press("Control+z")
    assert list_spans(seat, video_id) == [*BOTH]
    drag(seat, 60.1, 70, "Alt")
    assert list_spans(seat, video_id) == [BOTH[0], (70, 99)]
    x, y = place_of(seat, 59.9)
    seat.page.mouse.move(x, y)
    assert seat.run("return player.timeline.canvas.style.cursor") == "ew-resize"


def test_hovering_a_shared_edge_says_what_shift_does(seat: Seat, video_id: int) -> None:
    make(seat, *BOTH)
    x, y = place_of(seat, 59.9)
    seat.page.keyboard.down("Shift")
    seat.page.mouse.move(x - 1, y)
    seat.page.mouse.move(x, y)
    seat.page.keyboard.up("Shift")
    assert seat.run("return player.timeline.canvas.style.cursor") == "col-resize"
    assert "Shift" in seat.run("return player.timeline.canvas.title")


def forget_valleys(seat: Seat) -> None:
    """Leaves labels, suggestions and the play head to snap to."""
    seat.wait("player.traces?.valleysBetween(0, 499).length > 0")
    seat.run("player.traces.valleys = []")


def test_an_edge_just_dragged_is_not_held_by_the_play_head_on_it(seat: Seat, video_id: int) -> None:
    forget_valleys(seat)
    make(seat, OUTER)
    drag(seat, 200, 212, "Alt")
    seat.wait("player.frame === 211")
    drag(seat, 212, 213.6)
    assert list_spans(seat, video_id) == [(150, 213)]


def test_a_dragged_edge_snaps_to_the_play_head_and_to_neighbours(seat: Seat, video_id: int) -> None:
    forget_valleys(seat)
    make(seat, (20, 59), (80, 99))
    go_to(seat, 130)
    drag(seat, 100, 130 - OFF, is_held=True)
    assert seat.run("return player.timeline.pointer.preview.snapped") == 130
    assert count_pixels(seat, 129, 130, SNAP) > 10
    seat.page.mouse.up()
    assert list_spans(seat, video_id) == [(20, 59), (80, 129)]
    seat.press("Control+z")
    drag(seat, 60, 80 - OFF)
    assert list_spans(seat, video_id) == [(20, 79), (80, 99)]
    seat.press("Control+z")
    assert list_spans(seat, video_id) == [(20, 59), (80, 99)]


def test_a_dragged_edge_snaps_to_where_motion_begins_or_ends(seat: Seat, video_id: int) -> None:
    seat.wait("player.traces?.valleysBetween(0, 499).length > 0")
    edges = {edge for _, start, end in SPANS for edge in (start, end + 1)}
    valleys: list[int] = seat.run("return player.traces.valleysBetween(60, 440)")
    valley = next(v for v in valleys if min(abs(v - edge) for edge in (*edges, *valleys) if edge != v) > 2 * OFF)
    make(seat, (valley - 40, valley - 16))
    go_to(seat, valley - 30)
    drag(seat, valley - 15, valley + OFF, "Alt")
    assert list_spans(seat, video_id) == [(valley - 40, valley + round(OFF) - 1)]
    seat.press("Control+z", "Home")
    drag(seat, valley - 15, valley + OFF)
    assert list_spans(seat, video_id) == [(valley - 40, valley - 1)]
    seat.press("Control+z")
    assert list_spans(seat, video_id) == [(valley - 40, valley - 16)]


def test_alt_drags_without_snapping_and_a_body_snaps_too(seat: Seat, video_id: int) -> None:
    forget_valleys(seat)
    make(seat, (20, 59), (80, 99))
    drag(seat, 60, 80 - OFF, "Alt")
    assert list_spans(seat, video_id)[0] == (20, 77)
    seat.press("Control+z", "Home")
    drag(seat, 40, 60 - OFF)
    assert list_spans(seat, video_id)[0] == (40, 79)
    seat.press("Control+z")
    assert list_spans(seat, video_id) == [(20, 59), (80, 99)]


def test_escape_gives_up_a_drag(seat: Seat, video_id: int) -> None:
    make(seat, OUTER)
    drag(seat, 200, 230, is_held=True)
    seat.press("Escape")
    seat.page.mouse.up()
    assert list_spans(seat, video_id) == [OUTER]
