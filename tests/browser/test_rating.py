"""Rating a video's emotion by keyboard and mouse, and the score without single spans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from db.engine import Database
from db.people import set_setting
from imigue_core.settings import Settings
from tests.harness.models import make_emotion_model
from tests.harness.reviewing import SPANS, add_scanned, open_project
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, int]]:
    folder = tmp_path_factory.mktemp("rating")
    studio = open_project(folder)
    make_emotion_model(studio.data)
    db = Database(Settings(data=studio.data))
    with db.write() as conn:
        set_setting(conn, "active_emotion", "mood")
    db.close()
    yield studio, add_scanned(studio, folder)
    studio.stop()


@pytest.fixture
def seat(browser: Tabs, shared: tuple[Studio, int], request: pytest.FixtureRequest) -> Iterator[Seat]:
    """Somebody new in front of the video; no error may reach the page."""
    somebody = Seat(browser, shared[0], name=request.node.name[:60])
    open_video(somebody, shared[1])
    yield somebody
    somebody.close()
    assert somebody.errors == []


def open_video(seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    seat.wait("player.findings.isLoaded")


def read_rating(seat: Seat) -> tuple[Any, ...]:
    """Class, valence, confidence and note as the server has them once all is saved."""
    seat.wait_saved()
    video_id = seat.run("return player.data.video_id")
    (rating,) = seat.http.get(f"/api/videos/{video_id}/state").json()["ratings"] or [{}]
    return tuple(rating.get(name) for name in ("emotion", "valence", "confidence", "note"))


def n_edits(seat: Seat) -> int:
    n: int = seat.run("return player.labels.undoStack.length")
    return n


def focused(seat: Seat) -> str:
    """Name of the control with the focus, as it is read out."""
    name: str = seat.run(
        "const one = root.getRootNode().activeElement; return one.getAttribute('aria-label') ?? one.textContent;"
    )
    return name


def is_at_studio(seat: Seat) -> bool:
    is_there: bool = seat.run("return root.getRootNode().activeElement === root")
    return is_there


def state(seat: Seat) -> Locator:
    return seat.page.locator(".section", has=seat.page.locator(".rating-card")).get_by_role("status").first


def test_a_rating_is_made_by_keyboard_alone(seat: Seat) -> None:
    expect(state(seat)).to_have_text("not rated")
    seat.press("Shift+R")
    assert focused(seat) == "positive"
    seat.press("ArrowRight", "Enter")
    expect(state(seat)).to_have_text("rated: negative")
    seat.press("Tab")
    assert focused(seat) == "0, neither"
    seat.press("2")
    assert focused(seat) == "−2, negative"
    seat.press("Tab", "7")  # as every choice of a page does: the option that begins so
    expect(state(seat)).to_have_text("rated: negative, −2, 75 %")
    seat.press("Tab")
    seat.page.keyboard.type("looks down n 5")
    seat.press("Escape")
    assert is_at_studio(seat)
    assert read_rating(seat) == ("negative", 2, 0.75, "looks down n 5")
    assert seat.run("return player.frame") == 0
    seat.press("ArrowRight")
    seat.wait("player.frame === 1")


def test_arrows_in_the_valences_settle_into_one_edit(seat: Seat) -> None:
    seat.press("Shift+R", "Space", "Tab", "ArrowLeft")
    seat.press("ArrowLeft", "ArrowLeft", "ArrowRight")
    assert focused(seat) == "−1, a little negative"
    seat.press("Escape")
    assert is_at_studio(seat)
    assert read_rating(seat)[:2] == ("positive", 3), "class and valence stand beside each other"
    assert n_edits(seat) == 2
    seat.press("Control+z")
    assert read_rating(seat)[:2] == ("positive", None)
    seat.press("Control+y", "Shift+R", "Tab", "Delete")
    assert read_rating(seat)[:2] == ("positive", None)
    assert seat.run("return player.frame") == 0, "none of these keys reached the studio"


def test_what_is_chosen_before_the_class_waits_and_goes_with_it(seat: Seat) -> None:
    seat.press("Shift+R", "6")
    assert focused(seat) == "+2, positive"
    expect(state(seat)).to_have_text("choose the class to save")
    seat.press("Escape")
    assert n_edits(seat) == 0
    seat.page.get_by_role("button", name="unsure", exact=True).click()
    assert is_at_studio(seat)
    assert read_rating(seat) == ("unsure", 6, None, "")
    assert n_edits(seat) == 1


def test_a_rating_is_made_by_mouse_and_is_there_after_a_reload(seat: Seat, shared: tuple[Studio, int]) -> None:
    page = seat.page
    page.get_by_role("button", name="positive", exact=True).click()
    page.get_by_role("radio", name="+3, very positive").click()
    page.get_by_label("How sure you are of the emotion").select_option("0.5")
    assert is_at_studio(seat)
    page.get_by_label("Note on the emotion").fill("laughs")
    page.get_by_label("Note on the emotion").press("Enter")
    assert read_rating(seat) == ("positive", 7, 0.5, "laughs")
    open_video(seat, shared[1])
    expect(state(seat)).to_have_text("rated: positive, +3, 50 %")
    expect(seat.page.get_by_role("radio", name="+3, very positive")).to_be_checked()
    expect(seat.page.get_by_label("Note on the emotion")).to_have_value("laughs")
    seat.page.get_by_role("radio", name="+3, very positive").click()
    assert read_rating(seat)[1] is None, "a second click takes the valence back"


def test_nothing_moves_while_a_rating_is_made(seat: Seat) -> None:
    measure = "return player.panel.rating.node.parentElement.getBoundingClientRect().height"
    before = seat.run(measure)
    seat.press("Shift+R", "3", "Escape")
    assert seat.run(measure) == before
    seat.page.get_by_role("button", name="negative", exact=True).click()
    assert seat.run(measure) == before
    expect(seat.page.get_by_role("group", name="Emotion score").locator("summary")).to_be_visible()
    assert abs(seat.run(measure) - before) <= 1


def open_score(seat: Seat) -> Locator:
    """Rates and unfolds the score."""
    seat.page.get_by_role("button", name="negative", exact=True).click()
    score = seat.page.get_by_role("group", name="Emotion score")
    score.locator("summary").click()
    expect(score.locator(".score-span").first).to_be_visible()
    return score


def read_value(seat: Seat) -> float:
    value: float = seat.run("return player.panel.score.score.value")
    return value


def test_spans_are_switched_off_and_on_by_mouse(seat: Seat) -> None:
    score = open_score(seat)
    expect(score).to_contain_text("demonstration weights, invented rates")
    expect(score).to_contain_text(f"by span: all {len(SPANS)}")
    whole, n = read_value(seat), n_edits(seat)
    first = score.locator(".score-span").first
    expect(first.locator(".numbers").last).to_contain_text("+")
    first.get_by_role("checkbox").uncheck()
    expect(score).to_contain_text(f"without 1 of {len(SPANS)}")
    expect(score.locator(".score-full")).to_contain_text("was")
    seat.wait(f"player.panel.score.score.value < {whole}")
    expect(first).to_have_class("score-span off")
    score.locator(".score-span").nth(1).get_by_role("checkbox").uncheck()
    expect(score).to_contain_text(f"without 2 of {len(SPANS)}")
    score.get_by_role("button", name="all on again").click()
    seat.wait(f"player.panel.score.score.value === {whole}")
    expect(score.locator(".score-full")).to_have_count(0)
    assert n_edits(seat) == n, "nothing of it is stored"


def test_spans_are_switched_and_gone_to_by_keyboard(seat: Seat) -> None:
    score = open_score(seat)
    seat.wait("player.panel.score.spans.order.length > 0")
    score.locator("summary").focus()
    for _ in range(6):
        seat.press("Tab")
        if focused(seat).startswith("Count "):
            break
    name = focused(seat)
    assert name.startswith("Count ")
    seat.press("Space")
    expect(score).to_contain_text("without 1 of")
    seat.wait("player.panel.score.score.spans.filter(one => !one.is_on).length === 1")
    assert focused(seat) == name
    seat.press("ArrowDown", "Space", "ArrowUp")
    seat.wait("player.panel.score.score.spans.filter(one => !one.is_on).length === 2")
    assert focused(seat) == name, "rows keep their places while something is off"
    seat.press("Enter")
    start = seat.run("return player.panel.score.spans.spans.find(one => !one.is_on).start_frame")
    off = seat.run("return player.panel.score.spans.spans.filter(one => !one.is_on).map(one => one.start_frame)")
    assert start in off
    seat.wait(f"{off}.includes(player.frame) && player.frame > 0")
    score.get_by_role("button", name="all on again").focus()
    seat.press("Enter")
    expect(score).to_contain_text(f"by span: all {len(SPANS)}")
    seat.press("Escape")
    assert is_at_studio(seat)


def test_a_click_on_a_span_goes_to_it_and_labels_count_at_once(seat: Seat) -> None:
    score = open_score(seat)
    seat.focus()
    seat.run("player.labels.create(5, 470, 480)")
    row = score.locator(".score-span", has_text="00:18.80")
    expect(row).to_have_count(1, timeout=20_000)
    row.get_by_role("button").click()
    seat.wait("player.frame === 470")
    assert is_at_studio(seat)
