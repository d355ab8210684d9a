"""Suggestions are reviewed by time, the surest first or the most doubtful first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.harness.reviewing import N_SHOWN, SPANS, get_review, list_own, rescan, selected_start
from tests.harness.seat import Seat
from tests.harness.studio import Studio

STARTS = [start for _, start, _ in SPANS[:N_SHOWN]]


@pytest.fixture(scope="module", autouse=True)
def scanned(shared: tuple[Studio, int]) -> None:
    """The file's video has suggestions."""
    rescan(*shared)


@pytest.fixture
def seat(newcomer: Seat) -> Seat:
    newcomer.wait("player.findings.isLoaded")
    return newcomer


def open_video(seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    seat.wait("player.findings.isLoaded")


def get_card(seat: Seat) -> Locator:
    return seat.page.get_by_role("region", name="Suggestion")


def walk(seat: Seat, n: int, key: str = "n") -> list[int | None]:
    starts = []
    for _ in range(n):
        seat.press(key)
        starts.append(selected_start(seat))
    return starts


def test_a_key_steps_the_orders_and_n_walks_in_them(seat: Seat) -> None:
    assert walk(seat, 3) == STARTS[:3]
    seat.press("Escape", "Shift+O")
    expect(get_card(seat).get_by_label("Order of review")).to_have_value("confidence")
    assert walk(seat, N_SHOWN + 1) == [*STARTS, STARTS[0]]  # the scores fall with time
    assert walk(seat, 2, "Shift+N") == [STARTS[-1], STARTS[-2]]
    seat.press("Escape", "Shift+O")
    expect(get_card(seat).get_by_label("Order of review")).to_have_value("doubt")
    starts = walk(seat, N_SHOWN)
    doubts = seat.run("return player.review.queue.map(one => one.start_frame)")
    assert starts == doubts
    assert sorted(doubts) == STARTS != doubts
    seat.press("Shift+O")
    expect(get_card(seat).get_by_label("Order of review")).to_have_value("time")


def test_decisions_go_on_in_the_order_and_the_count_is_true(seat: Seat, shared: tuple[Studio, int]) -> None:
    get_card(seat).get_by_label("Order of review").select_option("doubt")
    assert seat.run("return root.getRootNode().activeElement === root")
    queue = seat.run("return player.review.queue.map(one => one.start_frame)")
    seat.press("n")
    seen = []
    for key, count in (
        ("Enter", "1 of 10"),
        ("Backspace", "1 of 9"),
        ("s", "1 of 8"),
        ("2", "2 of 8"),
        ("Enter", "2 of 7"),
    ):
        expect(get_card(seat)).to_contain_text(count)
        seen.append(selected_start(seat))
        seat.wait(f"player.transport.loop?.start_frame === {seen[-1]}")
        seat.press(key)
    assert [*seen, selected_start(seat)] == queue[:6]
    assert [label["start_frame"] for label in list_own(seat, shared[1])] == sorted([queue[0], queue[3], queue[4]])
    assert [one["start_frame"] for one in get_review(seat, shared[1])["rejected"]] == [queue[1]]
    seat.press("Escape")
    expect(get_card(seat)).to_contain_text("5 to decide, 1 skipped")
    seat.press("n")
    assert selected_start(seat) == queue[5], "what was skipped comes last"


def test_the_order_is_kept_for_the_person(seat: Seat, shared: tuple[Studio, int]) -> None:
    seat.press("Shift+O")
    seat.run("await player.preferences.flush()")
    assert seat.http.get("/api/preferences").json()["player"]["order"] == "confidence"
    open_video(seat, shared[1])
    expect(get_card(seat).get_by_label("Order of review")).to_have_value("confidence")


def test_the_order_is_chosen_by_keyboard_in_the_card(seat: Seat) -> None:
    select = get_card(seat).get_by_label("Order of review")
    select.focus()
    seat.press("ArrowDown", "ArrowDown")
    expect(select).to_have_value("doubt")
    seat.press("Escape")
    assert seat.run("return root.getRootNode().activeElement === root")
    seat.press("n")
    assert selected_start(seat) == seat.run("return player.review.queue[0].start_frame")


def test_entering_shows_five_classes_with_probabilities_and_the_edges_move(seat: Seat) -> None:
    seat.press("Shift+O", "n")
    rows = get_card(seat).locator("button.top-class")
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text(".90")
    seat.wait(f"player.transport.isPlaying && player.transport.loop?.start_frame === {STARTS[0]}")
    seat.press("Control+BracketLeft", "]")
    assert seat.run("return [player.picked.span.start_frame, player.picked.span.end_frame]") == [STARTS[0] - 10, 41]
    expect(get_card(seat)).to_contain_text("nudged")
