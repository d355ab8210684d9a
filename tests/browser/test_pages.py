"""The pages in a real browser: who is there, adding by upload, from a bar to the clip, not a word to strangers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.harness.materials import add_person
from tests.harness.media import get_real_clip
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

NASTY = "<img src=x onerror=alert(1)> $x$ :red[no] :smile:"


@pytest.fixture
def page(browser: Tabs, studio: Studio) -> Iterator[Page]:
    """A browser that nobody has used."""
    context = browser.browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(studio.base)
    yield page
    context.close()


def click_first_bar(page: Page) -> None:
    box = page.locator(".js-plotly-plot .point path").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_new_person_enters_and_leaves(page: Page) -> None:
    page.get_by_label("Your name").fill(NASTY)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_title(NASTY)).to_have_text(NASTY)
    page.get_by_role("button", name="switch").click()
    expect(page.locator(".person span")).to_have_text(NASTY)
    assert page.locator("img[src=x]").count() == 0


def test_a_name_in_use_is_refused_with_a_sentence(page: Page, studio: Studio) -> None:
    studio.sign_in("Ann").close()
    page.reload()
    page.get_by_label("Somebody new").fill("ANN")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_contain_text("somebody is already called")


def test_a_video_dropped_on_the_library_becomes_a_card(seat: Seat) -> None:
    seat.visit("/")
    asked: list[str] = []
    seat.listen("request", lambda request: asked.append(request.url))
    seat.page.locator(".drop input[type=file]").set_input_files(get_real_clip())
    expect(seat.page.locator(".file .status")).to_have_text("added")
    card = seat.page.locator(".card")
    expect(card.locator(".name")).to_have_text(get_real_clip().stem)
    expect(card.locator(".facts")).to_contain_text("120 frames")
    seat.page.locator(".drop input[type=file]").set_input_files(get_real_clip())
    expect(seat.page.locator(".file .status").nth(1)).to_have_text("already in the library")
    for name, text in (("Explore", "Nothing is labelled yet"), ("Exchange", "Import labels"), ("Library", "1 video")):
        seat.page.get_by_role("link", name=name, exact=True).click()
        seat.page.get_by_text(text).first.wait_for()
    assert [url for url in asked if not url.startswith((seat.studio.base, "data:", "blob:"))] == []


def test_a_card_opens_its_video(seat: Seat, studio: Studio, tmp_path: Path) -> None:
    video_id = add_person(studio, tmp_path)
    seat.visit("/")
    seat.page.locator(f".card[data-video='{video_id}'] .open").click()
    seat.wait("player.ready")
    assert seat.page.url.endswith(f"/annotate?video={video_id}")


def test_from_a_bar_to_the_clip_behind_it(seat: Seat, studio: Studio, tmp_path: Path) -> None:
    video_id = add_person(studio, tmp_path)
    seat.annotate(video_id)
    seat.run("await player.seek(30)")
    seat.press("Shift+Digit1")
    seat.wait_saved()
    (label,) = seat.http.get(f"/api/videos/{video_id}/state").json()["annotations"]
    seat.page.get_by_role("link", name="Explore").click()
    seat.page.locator("#explore-summary").get_by_text("1 label · 1 video").wait_for()
    click_first_bar(seat.page)
    seat.page.get_by_text("1 clip. Choose one").wait_for()
    table = seat.page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    assert table is not None
    seat.page.mouse.click(table["x"] + 15, table["y"] + 50)
    seat.wait(f"player.ready && player.frame === {label['start_frame']}")
    assert seat.page.url.endswith(f"/annotate?video={video_id}&frame={label['start_frame']}")
