"""Nothing acknowledged is lost, and nothing typed is lost either: bursts, crashes, closed tabs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.harness.materials import add_person
from tests.harness.media import get_real_clip, loop_by_remux
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.waiting import wait_for


@pytest.fixture
def lone_id(studio: Studio, tmp_path: Path) -> int:
    """A video in a studio that this test alone may kill and stop: poses, nothing to decode."""
    return add_person(studio, tmp_path)


def burst(seat: Seat, n: int, every_ms: int = 40) -> None:
    """``n`` presses of a class key, ``every_ms`` apart."""
    for _ in range(n):
        seat.page.keyboard.press("Shift+Digit1")
        seat.page.wait_for_timeout(every_ms)


def find_second_attempt(studio: Studio) -> dict[str, Any] | None:
    return next((job for job in studio.list_jobs() if job["kind"] == "poses" and job["attempts"] == 2), None)


def come_back(seat: Seat) -> None:
    """Starts the server again and waits until Streamlit's notice of the lost connection is gone."""
    seat.studio.start()
    seat.page.locator("[data-test-connection-state=CONNECTED]").wait_for()
    expect(seat.page.get_by_role("dialog")).to_have_count(0)


def count_rows(seat: Seat, video_id: int) -> int:
    """How many labels of this person the server has."""
    labels = seat.http.get(f"/api/videos/{video_id}/state").json()["annotations"]
    return sum(label["annotator"] == seat.name for label in labels)


def test_fifty_keys_in_two_seconds_make_fifty_rows(newcomer: Seat, video_id: int) -> None:
    seat = newcomer
    burst(seat, 50)
    seat.wait_saved()
    assert count_rows(seat, video_id) == 50
    assert "Saved" in seat.run("return player.savedText")


def test_a_tab_closed_at_once_loses_nothing(newcomer: Seat, video_id: int) -> None:
    seat = newcomer
    burst(seat, 20, every_ms=0)
    seat.page.close()
    seat.open_page()
    seat.annotate(video_id)
    seat.wait_saved()
    assert count_rows(seat, video_id) == 20


def test_a_killed_server_loses_no_key_and_leaves_no_worker(
    studio: Studio, seat: Seat, lone_id: int, tmp_path: Path
) -> None:
    studio.upload(loop_by_remux(get_real_clip(), tmp_path / "clip.mp4", 20))
    studio.wait_for_job("poses", "running")
    (old_worker,) = studio.list_workers()
    seat.annotate(lone_id)
    burst(seat, 10)
    seat.wait("player.edits.pendingCount < 10")
    studio.kill()
    burst(seat, 5, every_ms=0)
    seat.wait("player.edits.own.failure")
    n_shown = seat.run(
        "return player.annotations.size"
    )  # a key that Streamlit's notice of the lost server took is none
    assert n_shown > 10
    assert n_shown - 10 <= seat.run("return player.edits.pendingCount") < n_shown
    assert "Saved" not in seat.run("return player.savedText")
    wait_for(lambda: old_worker not in studio.list_workers(), "the old worker leaves with its server")
    studio.start()
    seat.wait_saved()
    assert count_rows(seat, lone_id) == n_shown
    job = wait_for(lambda: find_second_attempt(studio), "another worker takes up the extraction")
    assert job["state"] == "running"
    assert len(studio.list_workers()) == 1


def test_offline_and_closed_edits_arrive_after_reopening(newcomer: Seat, video_id: int) -> None:
    seat = newcomer
    seat.context.set_offline(True)
    burst(seat, 25, every_ms=10)
    seat.page.close()
    seat.context.set_offline(False)
    seat.open_page()
    seat.annotate(video_id)
    seat.wait_saved()
    assert count_rows(seat, video_id) == 25


def test_a_page_left_open_over_a_restored_backup_goes_on_and_shows_what_is_there(
    seat: Seat, studio: Studio, lone_id: int, tmp_path: Path
) -> None:
    seat.annotate(lone_id)
    burst(seat, 3)
    seat.wait_saved()
    studio.stop()
    shutil.copytree(studio.data, tmp_path / "backup")
    come_back(seat)
    burst(seat, 4)
    seat.wait_saved()
    studio.stop()
    shutil.rmtree(studio.data)
    shutil.copytree(tmp_path / "backup", studio.data)
    come_back(seat)
    assert seat.run("return player.annotations.size") == 7
    burst(seat, 2)
    seat.wait_saved()
    assert count_rows(seat, lone_id) == 5
    seat.wait("player.annotations.size === 5")
