"""The codebook beside the palette and in the panel, by keys and by mouse, and warnings of what a view cannot show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.harness.reviewing import add_scanned, list_own, open_project
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

HAT, FOREHEAD, FINGERS, LIPS = 3, 5, 24, 29


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One studio with one scanned video of keypoints: each test is another person."""
    folder = tmp_path_factory.mktemp("book")
    studio = open_project(folder)
    add_scanned(studio, folder)
    yield studio
    studio.stop()


@pytest.fixture
def seat(browser: Tabs, shared: Studio, request: pytest.FixtureRequest) -> Iterator[Seat]:
    """Somebody new in front of the video; no error may reach the page."""
    somebody = Seat(browser, shared, name=request.node.name[:60])
    somebody.annotate(1)
    yield somebody
    somebody.close()
    assert somebody.errors == []


def label(seat: Seat, class_id: int, start: int, end: int) -> None:
    """An own label, which is the current one."""
    seat.run("player.desk.createLabel(...argument)", [class_id, start, end])


def open_palette(seat: Seat, typed: str = "") -> Locator:
    seat.press("Enter")
    seat.wait("player.palette.isOpen")
    seat.page.keyboard.type(typed)
    return seat.page.locator(".palette .book")


def in_panel(seat: Seat) -> Locator:
    return seat.page.locator(".panel .book")


def test_the_page_follows_the_highlighted_class(seat: Seat) -> None:
    page = open_palette(seat, "forehead")
    expect(page.get_by_role("heading", level=3)).to_have_text("Touching or scratching forehead")
    expect(page).to_contain_text("The hand leaves its rest on the way to the forehead.")
    expect(page).to_contain_text("The hand is back at rest.")
    expect(page).to_contain_text("The hairline is the border")
    seat.wait("player.root.querySelector('.palette .book-loop')?.naturalWidth > 0")
    seat.press("Control+a")
    seat.page.keyboard.type("cross")
    expect(page.get_by_role("heading", level=3)).to_have_text("Crossing fingers")
    seat.press("Escape")
    expect(page).to_have_count(0)


def test_f1_hides_and_shows_it_beside_the_list_and_that_is_kept(seat: Seat) -> None:
    page = open_palette(seat, "forehead")
    expect(page.get_by_role("heading", level=3)).to_be_visible()
    seat.press("F1")
    expect(page).to_have_count(0)
    seat.press("Escape")
    open_palette(seat)
    expect(page).to_have_count(0)
    seat.press("Escape")
    seat.annotate(1)
    open_palette(seat)
    expect(page).to_have_count(0)
    seat.page.get_by_role("button", name="codebook").click()
    expect(page.get_by_role("heading", level=3)).to_be_visible()
    seat.page.keyboard.type("fore")  # the list has the keys as before
    expect(page.get_by_role("heading", level=3)).to_have_text("Touching or scratching forehead")


def test_palette_and_page_fit_a_small_screen(seat: Seat) -> None:
    page = open_palette(seat, "forehead")
    expect(page.get_by_role("heading", level=3)).to_be_visible()
    stage = seat.page.locator(".stage").bounding_box()
    box = seat.page.locator(".palette").bounding_box()
    assert stage is not None
    assert box is not None
    assert box["x"] >= stage["x"]
    assert box["x"] + box["width"] <= stage["x"] + stage["width"]
    assert box["y"] + box["height"] <= stage["y"] + stage["height"]
    widths = "return [one.scrollWidth, one.clientWidth]"
    for name in (".palette", ".palette-aside"):
        needed, there = seat.run(f"const one = player.root.querySelector('{name}'); {widths}")
        assert needed <= there


def test_confusions_lead_to_their_pages_by_mouse_and_back(seat: Seat) -> None:
    page = open_palette(seat, "forehead")
    heading = page.get_by_role("heading", level=3)
    page.get_by_role("button", name="rub eyes").click()
    expect(heading).to_have_text("Rubbing eyes")
    page.get_by_role("button", name="back").click()
    expect(heading).to_have_text("Touching or scratching forehead")
    seat.press("Enter")  # the list has kept the keys
    seat.wait("player.classKeys.spans.list.length === 1")
    assert seat.run("return player.classKeys.spans.list[0].classId") == FOREHEAD


def test_confusions_lead_to_their_pages_by_keys(seat: Seat) -> None:
    page = open_palette(seat, "forehead")
    heading = page.get_by_role("heading", level=3)
    expect(heading).to_have_text("Touching or scratching forehead")
    seat.press("Tab", "Enter")
    expect(heading).to_have_text("Touching hat")
    seat.press("1")
    assert seat.run("return player.classKeys.spans.list.length") == 0
    seat.press("Escape")
    expect(heading).to_have_text("Touching or scratching forehead")
    seat.press("Escape")
    assert seat.run("return player.root.getRootNode().activeElement === player.palette.input")
    seat.press("Escape")
    seat.wait("!player.palette.isOpen && player.root.getRootNode().activeElement === player.root")


def test_f1_opens_the_page_of_the_current_label_in_the_panel(seat: Seat) -> None:
    label(seat, FINGERS, 40, 80)
    seat.press("F1")
    heading = in_panel(seat).get_by_role("heading", level=3)
    expect(heading).to_have_text("Crossing fingers")
    expect(heading).to_be_in_viewport()
    label(seat, FOREHEAD, 100, 140)
    expect(heading).to_have_text("Touching or scratching forehead")
    seat.press("n")
    expect(heading).to_have_text(seat.run("return player.classOf(player.picked.suggestion.class_id).name"))
    seat.annotate(1)
    expect(in_panel(seat)).to_be_visible()
    expect(in_panel(seat)).to_contain_text("Select a label or a suggestion")
    seat.press("F1")
    expect(in_panel(seat)).to_be_hidden()


def test_labels_become_real_clips_that_play_larger(seat: Seat) -> None:
    label(seat, HAT, 40, 80)
    label(seat, HAT, 120, 160)
    seat.wait_saved()
    seat.press("F1")
    clips = in_panel(seat).locator(".book-clip")
    expect(clips).to_have_count(2)
    seat.wait("player.codebook.card.clips.every(one => one.poses.length === 41)")
    label(seat, HAT, 200, 240)
    expect(clips).to_have_count(3)  # once it is saved
    asked: list[str] = []
    seat.listen("request", lambda request: asked.extend([request.url] if ".mp4" in request.url else []))
    clips.first.click()
    expect(clips.first).to_have_attribute("aria-pressed", "true")
    large = in_panel(seat).locator(".book-stage canvas")
    expect(large).to_have_attribute("data-playing", "")
    assert seat.run(
        "return player.codebook.card.large.node.clientWidth > player.codebook.card.clips[0].node.clientWidth"
    )
    start = seat.run("return player.codebook.card.page.clips[0].start_frame")
    in_panel(seat).get_by_role("button", name="go there").click()
    seat.wait(f"player.frame === {start}")
    clips.first.focus()
    seat.press("Enter")
    expect(clips.first).to_have_attribute("aria-pressed", "false")
    expect(in_panel(seat).locator(".book-loop")).to_be_visible()
    assert asked == []


def test_clips_keep_still_for_who_wants_that_until_asked(seat: Seat) -> None:
    seat.page.emulate_media(reduced_motion="reduce")
    label(seat, FOREHEAD, 40, 80)
    seat.wait_saved()
    seat.press("F1")
    seat.wait("player.codebook.card.clips[0]?.poses.length === 41")
    assert seat.run("return player.codebook.card.clips.some(one => one.isPlaying)") is False
    in_panel(seat).locator(".book-clip").first.click()
    assert seat.run("return player.codebook.card.large.isPlaying") is True


def test_a_class_that_the_view_cannot_show_is_labelled_with_a_warning(seat: Seat) -> None:
    hint = seat.page.locator(".hint")
    seat.press("i", "ArrowRight", "o")
    open_palette(seat, "hat")
    expect(seat.page.locator(".palette-row .doubt-sign").first).to_be_visible()
    expect(seat.page.locator(".palette .book-warning")).to_contain_text("the skeleton shows no hat")
    seat.press("Enter")
    expect(hint).to_contain_text("Touching hat cannot be judged in this view: the skeleton shows no hat.")
    assert [one["class_id"] for one in list_own(seat, 1)] == [HAT]
    seat.press("Escape", "f", "i", "ArrowRight", "o")
    open_palette(seat, "pressing lips")
    seat.press("Enter")
    expect(hint).to_contain_text("the skeleton’s face is off")
    seat.press("Escape", "f", "i", "ArrowRight", "o")
    open_palette(seat, "pressing lips")
    expect(seat.page.locator(".palette-row .doubt-sign")).to_have_count(0)
    seat.press("Enter")
    expect(hint).to_contain_text("Pressing lips")
    expect(hint).not_to_contain_text("cannot be judged")


def test_class_keys_and_suggestions_carry_a_sign(seat: Seat) -> None:
    key = seat.page.locator(".class-key", has_text="cross fingers")
    expect(key).not_to_have_class("class-key doubtful")
    seat.press("h")
    expect(key).to_have_class("class-key doubtful")
    expect(key).to_have_attribute(
        "title", "Crossing fingers (C24, hand). Cannot be judged in this view: the skeleton’s hands are off"
    )
    seat.press("n")
    expect(seat.page.locator(".top-class .doubt-sign").first).to_be_visible()
    seat.press("Enter")
    expect(seat.page.locator(".hint")).to_contain_text("accepted. ")
    expect(seat.page.locator(".hint")).to_contain_text("cannot be judged in this view")


def test_what_is_drawn_is_remembered_by_person_in_every_browser(seat: Seat, shared: Studio, browser: Tabs) -> None:
    seat.press("f", "h")
    seat.run("await player.preferences.flush(); localStorage.clear()")  # nothing of it lies in the browser
    seat.annotate(1)
    assert seat.run("return player.show") == {"body": True, "hands": False, "face": False, "video": False}
    other = Seat(browser, shared, name="somebody else")
    other.annotate(1)
    assert other.run("return player.show.hands")
    other.close()
