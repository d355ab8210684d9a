"""Nothing acknowledged is lost, and nothing typed is lost either: bursts, crashes, closed tabs."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.harness.materials import add_person
from tests.harness.media import get_real_clip, loop_by_remux
from tests.harness.seat import Seat
from tests.harness.studio import Studio


@pytest.fixture
def video_id(studio: Studio, tmp_path: Path) -> int:
    """Poses alone: everything about saving, nothing to decode."""
    return add_person(studio, tmp_path)


def burst(seat: Seat, n: int, every_ms: int = 40) -> None:
    """``n`` presses of a class key, ``every_ms`` apart."""
    for _ in range(n):
        seat.page.keyboard.press("Shift+Digit1")
        seat.page.wait_for_timeout(every_ms)


def come_back(seat: Seat) -> None:
    """Starts the server again and waits until Streamlit's notice of the lost connection is gone."""
    seat.studio.start()
    seat.page.locator("[data-test-connection-state=CONNECTED]").wait_for()
    expect(seat.page.get_by_role("dialog")).to_have_count(0)


def count_rows(seat: Seat, video_id: int) -> int:
    return len(seat.http.get(f"/api/videos/{video_id}/state").json()["annotations"])


def test_fifty_keys_in_two_seconds_make_fifty_rows(seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    burst(seat, 50)
    seat.wait_saved()
    assert count_rows(seat, video_id) == 50
    assert "Saved" in seat.run("return player.savedText")


def test_a_tab_closed_at_once_loses_nothing(browser: Browser, seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    burst(seat, 20, every_ms=0)
    seat.page.close()
    seat.open_page()
    seat.annotate(video_id)
    seat.wait_saved()
    seat.page.wait_for_function("() => true")
    assert count_rows(seat, video_id) == 20


def test_a_killed_server_loses_no_key_and_leaves_no_worker(
    studio: Studio, seat: Seat, video_id: int, tmp_path: Path
) -> None:
    studio.upload(loop_by_remux(get_real_clip(), tmp_path / "clip.mp4", 20))
    studio.wait_for_job("poses", "running")
    (old_worker,) = studio.list_workers()
    seat.annotate(video_id)
    killed: list[float] = []

    def crash() -> None:
        studio.kill()
        killed.append(time.monotonic())

    crashing = threading.Timer(0.6, crash)
    crashing.start()
    burst(seat, 30)
    crashing.join()
    seat.wait("player.edits.own.failure")
    assert 0 < seat.run("return player.edits.pendingCount") < 30, "the server did not die inside the burst"
    assert "Saved" not in seat.run("return player.savedText")
    while old_worker in studio.list_workers():
        assert time.monotonic() - killed[0] < 5, "the old worker outlived its server by 5 s"
        time.sleep(0.05)
    studio.start()
    seat.wait_saved()
    assert count_rows(seat, video_id) == 30
    job = studio.wait_for_job("poses", "running")
    assert job["attempts"] == 2
    assert len(studio.list_workers()) == 1


def test_offline_and_closed_edits_arrive_after_reopening(seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    seat.context.set_offline(True)
    burst(seat, 25, every_ms=10)
    seat.page.close()
    seat.context.set_offline(False)
    seat.open_page()
    seat.annotate(video_id)
    seat.wait_saved()
    assert count_rows(seat, video_id) == 25


def test_a_page_left_open_over_a_restored_backup_goes_on_and_shows_what_is_there(
    seat: Seat, studio: Studio, video_id: int, tmp_path: Path
) -> None:
    seat.annotate(video_id)
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
    assert count_rows(seat, video_id) == 5
    seat.wait("player.annotations.size === 5")
