"""The bundled scanner from the Models page: scan, review by keyboard, and decisions that outlive a rescan."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from imigue_core.skeleton.pose import save_npz
from imigue_core.synthesis.interview import InterviewSpec, make_interview
from tests.harness.reviewing import get_review, list_own, open_project
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

N_REVIEWED = 10


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A project with one acted interview that nothing has scanned yet."""
    folder = tmp_path_factory.mktemp("scanning")
    running = open_project(folder)
    interview = make_interview(InterviewSpec(60, 84.0, mix="tempered", profile="mediapipe", dialects="all"))
    path = folder / "acted.npz"
    save_npz(path, interview.poses)
    width, height = interview.size
    running.command("add", "--poses-only", str(path), "--fps", "25", "--size", f"{width}x{height}")
    yield running
    running.stop()


def test_scan_review_reload_and_rescan(browser: Tabs, studio: Studio) -> None:
    seat = Seat(browser.browser, studio)
    seat.visit("/models")
    expect(seat.page.get_by_text("learned from acted people only")).to_be_visible()
    seat.page.get_by_role("button", name="Scan what is missing").click()
    expect(seat.page.get_by_text("1 of 1 video scanned")).to_be_visible(timeout=60_000)

    seat.annotate(1)
    seat.press("n")
    for k in range(N_REVIEWED):
        seat.press("Enter" if k % 2 == 0 else "Delete")
    seat.wait_saved()
    after = get_review(seat, 1)
    own = list_own(seat, 1)
    assert len(own) == N_REVIEWED // 2
    assert len(after["rejected"]) == N_REVIEWED // 2

    seat.page.reload()
    seat.wait("player.ready")
    assert get_review(seat, 1)["rejected"] == after["rejected"]
    assert list_own(seat, 1) == own

    studio.command("scan", "1")
    again = get_review(seat, 1)
    assert again["scan"]["scan_id"] != after["scan"]["scan_id"]
    assert [(r["class_id"], r["start_frame"]) for r in again["rejected"]] == [
        (r["class_id"], r["start_frame"]) for r in after["rejected"]
    ]
    decided = {(r["class_id"], r["start_frame"], r["end_frame"]) for r in after["rejected"] + own}
    open_again = {(s["class_id"], s["start_frame"], s["end_frame"]) for s in again["suggestions"]}
    assert not decided & open_again, "what was decided came back"
    assert list_own(seat, 1) == own
    seat.close()
    assert seat.errors == []
