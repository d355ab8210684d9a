"""The codebook in a real browser: loops that move, links between classes, ways of acting."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from imigue_core.synthesis.loops import list_dialects
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.waiting import wait_for


@pytest.fixture(scope="module")
def studio(running: Studio) -> Studio:
    """Looking changes nothing."""
    return running


def find_card(seat: Seat, class_id: int) -> Locator:
    return seat.page.locator(f"article.card[data-class='{class_id}']")


def test_loops_are_pictures_that_move(seat: Seat) -> None:
    seat.visit("/codebook")
    picture = find_card(seat, 20).locator("img")
    picture.wait_for()
    seat.page.wait_for_function("node => node.complete && node.naturalWidth > 0", arg=picture.element_handle())
    first = picture.screenshot()
    wait_for(lambda: picture.screenshot() != first, "the picture moves")


def test_a_lookalike_is_one_click_away_even_when_the_filters_hide_it(seat: Seat) -> None:
    seat.visit("/codebook")
    find_card(seat, 20).locator(".chip", has_text="shake shoulders").click()
    expect(find_card(seat, 31)).to_be_focused()
    seat.page.get_by_label("Search", exact=True).fill("slouch")
    seat.page.keyboard.press("Enter")
    expect(seat.page.locator("article.card")).to_have_count(1)
    find_card(seat, 21).locator(".chip", has_text="deep breath").click()
    expect(find_card(seat, 2)).to_be_focused()
    expect(seat.page.locator("article.card")).to_have_count(32)


def test_each_way_of_acting_has_its_own_loop(seat: Seat) -> None:
    seat.visit("/codebook?class=8")
    card = find_card(seat, 8)
    expect(card).to_be_focused()
    second = card.locator(".way").nth(1)
    second.click()
    expect(second).to_have_class("way on")
    expect(card.locator(".caption")).to_have_text(list_dialects(8)[1])
    assert str(card.locator("img").get_attribute("src")).endswith("&d=1")
