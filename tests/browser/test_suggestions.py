"""Reviewing suggestions by keyboard: one key each, nothing lost over a reload or rescan, all of it can be undone."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from playwright.sync_api import expect

from db.engine import Database
from db.people import set_setting
from imigue_core.settings import Settings
from tests.harness.materials import add_person
from tests.harness.reviewing import (
    N_SHOWN,
    SCORES,
    SPANS,
    add_scanned,
    get_review,
    list_own,
    open_project,
    rescan,
    selected_start,
)
from tests.harness.seat import Seat
from tests.harness.spans import place_of
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs


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


def test_ten_suggestions_are_reviewed_with_ten_keys(seat: Seat, video_id: int) -> None:
    seat.press("n")
    assert selected_start(seat) == SPANS[0][1]
    keys = ["Enter", "Backspace", "s", "Enter", "3", "Delete", "1", "Enter", "x", "Enter"]
    assert len(keys) == N_SHOWN
    seat.press(*keys)
    assert selected_start(seat) is None
    assert [(a["start_frame"], a["suggestion_rank"]) for a in list_own(seat, video_id)] == [
        (SPANS[0][1], 1), (SPANS[3][1], 1), (SPANS[4][1], 3), (SPANS[6][1], 1), (SPANS[7][1], 1), (SPANS[9][1], 1),
    ]  # fmt: skip
    review = get_review(seat, video_id)
    assert [one["start_frame"] for one in review["rejected"]] == [SPANS[1][1], SPANS[5][1]]
    skipped = [one["start_frame"] for one in review["suggestions"] if one["verdict"] == "skipped"]
    assert skipped == [SPANS[2][1], SPANS[8][1]]


def test_one_key_too_many_after_the_last_suggestion_does_nothing(seat: Seat, video_id: int) -> None:
    seat.press("n", *["Enter"] * N_SHOWN)
    seat.wait("player.picked.suggestion === null && player.review.endedAt > 0")
    seat.run(
        "player.review.endedAt = performance.now();"
        "const options = {key: 'Enter', code: 'Enter', bubbles: true, cancelable: true};"
        "player.root.dispatchEvent(new KeyboardEvent('keydown', options));"
    )
    assert not seat.run("return player.palette.isOpen")
    seat.wait("!player.review.hasJustEnded")
    seat.press("Enter")
    assert seat.run("return player.palette.isOpen")


def test_decisions_survive_a_reload_and_a_rescan(browser: Tabs, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("rescan")
    studio = open_project(folder)
    video_id = add_scanned(studio, folder)
    seat = Seat(browser, studio)
    open_video(seat, video_id)
    seat.press("n", "Enter", "Backspace", "s", "2")
    seat.wait_saved()
    for again in (lambda: None, lambda: rescan(studio, video_id, "b" * 64)):
        again()
        open_video(seat, video_id)
        assert [a["start_frame"] for a in list_own(seat, video_id)] == [SPANS[0][1], SPANS[3][1]]
        assert seat.run("return player.findings.ghosts.map(one => one.start_frame)") == [SPANS[1][1]]
        above = seat.run("return player.findings.above.map(one => one.start_frame)")
        assert above == [SPANS[k][1] for k in (2, 4, 5, 6, 7, 8, 9)]
    assert seat.errors == []
    seat.close()
    studio.stop()


def test_decisions_made_offline_show_at_once_and_arrive_after_a_reload(seat: Seat, video_id: int) -> None:
    seat.context.set_offline(True)
    seat.press("n", "Enter", "Backspace", "s")
    assert seat.run("return [player.findings.above.length, player.findings.ghosts.length]") == [8, 1]
    seat.page.close()
    seat.context.set_offline(False)
    seat.open_page()
    open_video(seat, video_id)
    seat.wait_saved()
    seat.wait("player.findings.above.length === 8 && player.findings.ghosts.length === 1")
    assert [a["start_frame"] for a in list_own(seat, video_id)] == [SPANS[0][1]]


def test_accepting_as_third_labels_with_the_third_class(seat: Seat, video_id: int) -> None:
    third = seat.http.get(f"/api/videos/{video_id}/suggestions").json()["suggestions"][0]["top"][2][0]
    seat.press("n", "3")
    (label,) = list_own(seat, video_id)
    assert (label["class_id"], label["suggestion_rank"]) == (third, 3)
    assert (label["start_frame"], label["end_frame"]) == SPANS[0][1:]


def test_a_class_of_the_card_is_accepted_by_mouse(seat: Seat, video_id: int) -> None:
    second = seat.http.get(f"/api/videos/{video_id}/suggestions").json()["suggestions"][0]["top"][1][0]
    card = seat.page.get_by_role("region", name="Suggestion")
    card.get_by_role("button", name="review").click()
    expect(card).to_contain_text("1 of 10")
    card.locator("button.top-class").nth(1).click()
    expect(card).to_contain_text("1 of 9")
    (label,) = list_own(seat, video_id)
    assert (label["class_id"], label["suggestion_rank"]) == (second, 2)


def test_nudged_edges_are_what_accepting_labels(seat: Seat, video_id: int) -> None:
    seat.press("n", "[", "[", "Shift+BracketLeft", "]", "]", "Enter")
    (label,) = list_own(seat, video_id)
    _, start, end = SPANS[0]
    assert (label["start_frame"], label["end_frame"]) == (start - 1, end + 2)
    assert selected_start(seat) == SPANS[1][1]


def test_a_rejection_is_lifted_with_one_key(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Escape")
    assert [one["start_frame"] for one in get_review(seat, video_id)["rejected"]] == [SPANS[0][1]]
    seat.press("e", "Enter")
    assert selected_start(seat) == SPANS[0][1]
    assert get_review(seat, video_id)["rejected"] == []
    seat.press("Enter")
    assert [a["start_frame"] for a in list_own(seat, video_id)] == [SPANS[0][1]]


def test_a_rejection_of_an_earlier_page_is_lifted_and_the_suggestion_comes_back(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace")
    seat.wait_saved()
    open_video(seat, video_id)
    seat.press("e", "Enter")
    assert seat.run("return player.findings.ghosts.length") == 0
    seat.wait("player.findings.above.length === 10")
    assert get_review(seat, video_id)["rejected"] == []


def test_a_ghost_is_lifted_by_mouse_too(seat: Seat, tmp_path: Path) -> None:
    video_id = add_scanned(seat.studio, tmp_path, seed=1)  # without other people's rows, all of its own are in sight
    open_video(seat, video_id)
    seat.press("n", "Backspace", "Escape")
    seat.wait("player.timeline.layout.tracks.some(one => one.kind === 'rejected')")
    seat.page.mouse.click(*place_of(seat, SPANS[0][1] + 8, "rejected"))
    seat.page.get_by_role("button", name="lift the rejection").click()
    assert get_review(seat, video_id)["rejected"] == []


def test_undo_takes_back_a_rejection_and_an_acceptance(seat: Seat, video_id: int) -> None:
    seat.press("n", "Backspace", "Enter")
    assert selected_start(seat) == SPANS[2][1]
    seat.press("Control+z")
    assert selected_start(seat) == SPANS[1][1]
    assert list_own(seat, video_id) == []
    seat.press("Control+z")
    assert selected_start(seat) == SPANS[0][1]
    assert get_review(seat, video_id)["rejected"] == []
    seat.press("Control+y")
    assert [one["start_frame"] for one in get_review(seat, video_id)["rejected"]] == [SPANS[0][1]]


def test_undo_after_a_reload_brings_an_accepted_suggestion_back(seat: Seat, video_id: int) -> None:
    seat.press("n", "Enter")
    seat.wait_saved()
    open_video(seat, video_id)
    assert seat.run("return player.findings.above.length") == N_SHOWN - 1
    seat.press("Control+z")
    seat.wait(f"player.findings.above.length === {N_SHOWN}")
    assert list_own(seat, video_id) == []


def test_a_label_of_ones_own_hides_the_suggestion_of_the_same(seat: Seat, video_id: int) -> None:
    class_id, start, end = SPANS[0]
    seat.run(f"player.labels.create({class_id}, {start} + 2, {end})")
    assert seat.run("return player.findings.above[0].start_frame") == SPANS[1][1]
    seat.wait_saved()
    assert get_review(seat, video_id)["suggestions"][0]["start_frame"] == SPANS[1][1]


def test_the_threshold_hides_and_is_kept(seat: Seat, video_id: int) -> None:
    assert seat.run("return player.findings.above.length") == N_SHOWN
    start = seat.run("return player.findings.threshold")  # where the model's card says
    seat.press("ArrowRight", *["."] * 3)
    threshold = seat.run("return player.findings.threshold")
    assert threshold > start + 0.1
    n_above = sum(score >= threshold for score in SCORES)
    assert 1 < n_above < N_SHOWN
    assert seat.run("return player.findings.above.length") == n_above
    seat.press(*["n"] * n_above)
    assert selected_start(seat) == SPANS[n_above - 1][1]
    seat.press("n")
    assert selected_start(seat) == SPANS[0][1]
    seat.press("Shift+N")
    assert selected_start(seat) == SPANS[n_above - 1][1]
    open_video(seat, video_id)
    assert seat.run("return player.findings.threshold") == threshold
    slider = seat.page.get_by_label("Least score of the suggestions shown")
    slider.focus()
    slider.press("Home")
    assert seat.run("return player.findings.above.length") == len(SPANS)
    slider.press("Enter")
    seat.press("Shift+N")
    assert selected_start(seat) == SPANS[-1][1]


def test_keys_mean_what_they_meant_while_no_suggestion_is_selected(seat: Seat, video_id: int) -> None:
    seat.press("n", "Escape")
    assert selected_start(seat) is None
    seat.press("Shift+Digit6")
    (label,) = list_own(seat, video_id)
    assert label["suggestion_id"] is None
    seat.press("Backspace")
    assert list_own(seat, video_id) == []
    assert get_review(seat, video_id)["rejected"] == []
    seat.press("n", "6")
    assert list_own(seat, video_id) == []


def test_the_selected_span_plays_in_a_loop_until_that_is_switched_off(seat: Seat, video_id: int) -> None:
    seat.press("n")
    seat.wait(f"player.transport.loop?.start_frame === {SPANS[0][1]} && player.frame > {SPANS[0][1]} + 3")
    seat.press("a")
    assert seat.run("return player.transport.isPlaying") is False
    seat.press("n")
    seat.wait(f"player.frame === {SPANS[1][1]}")
    assert seat.run("return player.transport.isPlaying") is False


def test_the_card_says_where_scores_come_from(seat: Seat, video_id: int) -> None:
    card = seat.page.get_by_role("region", name="Suggestion")
    expect(card).to_contain_text("scanner-dense · trained on acted data, accuracy on real footage unknown")
    expect(card).to_contain_text("10 to decide")


def test_the_row_of_suggestions_comes_into_sight_below_other_peoples_rows(seat: Seat, video_id: int) -> None:
    for name in ("Bo", "Cy", "Di", "Ed", "Flo", "Gus"):
        other = seat.studio.sign_in(name)
        edit = {
            "client_seq": 1, "edit_id": str(uuid.uuid4()), "kind": "create", "video_id": video_id,
            "annotation_id": str(uuid.uuid4()), "base_version": 0, "class_id": 9, "start_frame": 1, "end_frame": 5,
        }  # fmt: skip
        project = seat.run("return player.data.project_id")
        body = {"project_id": project, "annotator_id": seat.studio.people[name], "client": str(uuid.uuid4())}
        assert other.post("/api/edits", json={**body, "edits": [edit]}).json()["acked"] == 1
    open_video(seat, video_id)
    seat.press("n")
    is_seen = """
        const {timeline} = player, {scroller, scale} = timeline;
        const track = timeline.layout.tracks.find(one => one.kind === "suggested");
        const bottom = (track.top + track.height) * scale - scroller.scrollTop;
        return scroller.scrollHeight > scroller.clientHeight && bottom > 0 && bottom <= scroller.clientHeight + 1;
    """
    assert seat.run(is_seen)
    is_own_seen = """
        const {timeline} = player, [own] = timeline.layout.tracks;
        const scrolled = timeline.scroller.scrollTop / timeline.scale;
        return scrolled > 0 && own.own && own.top >= scrolled && own.top < scrolled + 40;
    """
    seat.wait("player.timeline.scroller.scrollTop > 0")
    seat.press("Escape", "2", "Shift+ArrowRight")
    seat.wait("player.classKeys.spans.list.length === 1")
    assert seat.run(is_own_seen), "one's own row stays under the ruler while the others scroll"


def test_the_help_names_the_keys_of_suggestions(seat: Seat, video_id: int) -> None:
    seat.press("?")
    sheet = seat.page.get_by_role("dialog", name="Keys")
    for words in (
        "selected: accept (also 1)",
        "lower, raise the threshold",
        "rejected one selected: lift the rejection",
    ):
        assert sheet.get_by_text(words, exact=True).is_visible()


def test_a_key_counts_wherever_the_page_left_the_focus(seat: Seat, video_id: int) -> None:
    main = seat.page.locator("[data-testid=stMain], section.main").first
    main.evaluate("node => { node.tabIndex = 0; node.focus(); }")
    seat.press("n")
    assert selected_start(seat) == SPANS[0][1]


def test_a_scan_is_asked_for_and_watched_on_the_page(browser: Tabs, tmp_path_factory: pytest.TempPathFactory) -> None:
    pytest.importorskip("torch")
    from tests.harness.models import make_scanner

    folder = tmp_path_factory.mktemp("scan")
    studio = open_project(folder)
    make_scanner(studio.data)
    db = Database(Settings(data=studio.data))
    with db.write() as conn:
        set_setting(conn, "active_scanner", "tiny")
    db.close()
    video_id = add_person(studio, folder)
    seat = Seat(browser, studio)
    open_video(seat, video_id)
    card = seat.page.get_by_role("region", name="Suggestion")
    expect(card).to_contain_text("No scan yet")
    card.get_by_role("button", name="Scan").click()
    expect(card).to_contain_text("Looking for gestures")
    seat.wait("player.findings.scan && player.findings.scan.model === 'tiny'")
    n = seat.http.get(f"/api/videos/{video_id}/suggestions").json()["scan"]["n"]
    seat.wait(f"player.findings.all.length === {n}")
    expect(card).to_contain_text("tiny · trained on acted data")
    assert seat.errors == []
    seat.close()
    studio.stop()
