"""The emotion score: never before an own rating, folded while its weights are a demonstration, following the labels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.harness.models import make_emotion_model
from tests.harness.reviewing import add_scanned, open_project
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, int]]:
    folder = tmp_path_factory.mktemp("emotion")
    studio = open_project(folder)
    make_emotion_model(studio.data)
    yield studio, add_scanned(studio, folder)
    studio.stop()


@pytest.fixture
def seat(browser: Tabs, shared: tuple[Studio, int], request: pytest.FixtureRequest) -> Iterator[Seat]:
    """Somebody new in front of the video; no error may reach the page."""
    somebody = Seat(browser, shared[0], name=request.node.name[:60])
    somebody.annotate(shared[1])
    somebody.wait("player.findings.isLoaded")
    yield somebody
    somebody.close()
    assert somebody.errors == []


def get_score(seat: Seat) -> Locator:
    return seat.page.get_by_role("group", name="Emotion score")


def rate(seat: Seat, emotion: str = "negative") -> Locator:
    seat.page.get_by_role("button", name=emotion, exact=True).click()
    seat.wait_saved()
    return get_score(seat)


def test_nothing_is_asked_or_shown_before_the_own_rating(seat: Seat) -> None:
    asked: list[str] = []
    seat.listen("request", lambda request: asked.append(request.url))
    score = get_score(seat)
    expect(score).to_contain_text("once you have rated")
    seat.press("n", "Enter", "Enter")
    seat.wait_saved()
    assert not [url for url in asked if "/emotion" in url]
    expect(score.locator("details")).to_be_hidden()
    rate(seat)
    expect(score.locator("summary")).to_have_text("demonstration weights, invented rates")
    assert [url for url in asked if "/emotion" in url]


def test_the_score_of_invented_rates_is_folded_until_it_is_asked_for(seat: Seat) -> None:
    score = rate(seat)
    bar = score.get_by_role("img")
    expect(score.locator("summary")).to_be_visible()
    expect(bar).to_be_hidden()
    score.locator("summary").click()
    expect(bar).to_be_visible()
    expect(score).to_contain_text("negative")
    expect(score).to_contain_text("accuracy on real footage unknown")
    expect(score.locator(".contribution").first).to_be_visible()


def test_the_disclosure_opens_by_keyboard(seat: Seat) -> None:
    score = rate(seat)
    expect(score.locator("summary")).to_be_visible()
    score.locator("summary").focus()
    seat.press("Enter")
    expect(score.get_by_role("img")).to_be_visible()
    assert seat.run("return player.palette.isOpen") is False


def test_an_open_score_follows_the_labels(seat: Seat) -> None:
    score = rate(seat)
    score.locator("summary").click()
    forehead = score.locator(".contribution", has_text="touch forehead")
    expect(forehead).to_have_count(1)
    before = forehead.inner_text()
    seat.focus()
    for start in range(0, 450, 30):
        seat.run(f"player.labels.create(5, {start}, {start + 8})")
    expect(forehead).not_to_have_text(before)
    seat.wait_saved()
    own = seat.http.get(f"/api/videos/{seat.run('return player.data.video_id')}/emotion").json()
    n = next(one["n"] for one in own["contributions"] if one["class_id"] == 5)
    expect(forehead).to_contain_text(f"× {n:g}")


def test_the_score_of_an_earlier_rating_is_there_after_a_reload(seat: Seat, shared: tuple[Studio, int]) -> None:
    rate(seat, "unsure")
    seat.annotate(shared[1])
    expect(get_score(seat).locator("summary")).to_have_text("demonstration weights, invented rates")
