"""Locked playback: a span again and again at 0.1x to 4x, while its edges and its speed change."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.harness.media import MarkerSpec, make_marker_video
from tests.harness.reviewing import rescan, selected_start
from tests.harness.seat import Seat
from tests.harness.spans import BOTH, OUTER, drag, go_to, list_spans, make, select
from tests.harness.studio import Studio


@pytest.fixture(scope="module", autouse=True)
def scanned(shared: tuple[Studio, int]) -> None:
    """The file's video has suggestions."""
    rescan(*shared)


@pytest.fixture
def seat(newcomer: Seat) -> Seat:
    return newcomer


def test_a_locked_loop_keeps_to_its_label_while_speed_and_edges_change(seat: Seat, video_id: int) -> None:
    make(seat, OUTER)
    select(seat, 150)
    seat.press("p")
    line = seat.page.get_by_role("group", name="Playing")
    expect(line).to_contain_text("locked 150–199")
    expect(line).to_contain_text("1×")
    seat.press("l", "l", "l", "l", "l")
    expect(line).to_contain_text("4×")
    seat.press(*["Shift+L"] * 8)
    expect(line).to_contain_text("0.1×")
    line.get_by_role("button", name="Faster").click()
    expect(line).to_contain_text("0.25×")
    seat.press("Control+BracketLeft")
    expect(line).to_contain_text("locked 140–199")
    seat.wait("player.transport.isPlaying && player.frame >= 140 && player.frame < 150")
    seat.press("l", "l", "l", "Control+Shift+BracketRight")
    expect(line).to_contain_text("locked 140–189")
    seen = seat.run(
        """
        const seen = [player.frame];
        const countTurns = () => seen.filter((frame, k) => k > 0 && frame < seen[k - 1]).length;
        while (countTurns() < 2) { seen.push(player.frame); await new Promise(requestAnimationFrame); }
        return [Math.min(...seen), Math.max(...seen), player.transport.isPlaying];
        """
    )
    assert seen[0] == 140
    assert 185 <= seen[1] <= 189
    assert seen[2]
    seat.press("Control+z")
    expect(line).to_contain_text("locked 140–199")
    seat.press("Escape")
    assert seat.run("return [player.transport.isPlaying, player.transport.loop]") == [False, None]
    assert list_spans(seat, video_id) == [(140, 199)]


def test_a_drag_waits_for_the_locked_loop_and_the_loop_for_the_drag(seat: Seat, video_id: int) -> None:
    make(seat, OUTER)
    select(seat, 150)
    seat.press("p")
    seat.wait("player.lockedLoop.isActive && player.transport.isPlaying")
    drag(seat, 200, 240, "Alt", is_held=True)
    assert seat.run("return [player.transport.isPlaying, player.frame]") == [False, 239]
    seat.page.mouse.up()
    seat.wait("player.lockedLoop.isActive && player.transport.isPlaying && player.transport.loop.end_frame === 239")
    seat.press("k")
    assert list_spans(seat, video_id) == [(150, 239)]


def test_marks_several_labels_and_suggestions_are_locked_too(seat: Seat, video_id: int) -> None:
    make(seat, *BOTH)
    line = seat.page.get_by_role("group", name="Playing")
    seat.press("Control+a", "p")
    expect(line).to_contain_text("locked 20–99")
    seat.press("k", "Escape")
    go_to(seat, 110)
    seat.press("i")
    go_to(seat, 130)
    seat.press("o", "p")
    expect(line).to_contain_text("locked 110–130")
    button = line.get_by_role("button", name="locked 110–130")
    button.click()
    expect(button).to_be_hidden()
    assert seat.run("return player.transport.isPlaying") is False
    seat.press("Escape", "n", "p")
    start = selected_start(seat)
    seat.press("Control+BracketLeft")
    assert start is not None
    expect(line).to_contain_text(f"locked {start - 10}–")
    seat.wait("player.transport.isPlaying")


def test_a_video_is_looped_at_a_tenth_of_its_speed_frame_by_frame(seat: Seat, tmp_path: Path) -> None:
    video = make_marker_video(tmp_path / "slow.mp4", MarkerSpec(n_frames=80, width=320, height=240))
    seat.studio.command("add", str(video))
    video_id = next(v["id"] for v in seat.studio.list_videos() if v["name"].startswith("slow"))
    seat.allow_source_pixels()
    seat.annotate(video_id)
    seat.show("source")
    make(seat, (40, 46))
    select(seat, 40)
    seat.press("p", *["Shift+L"] * 5)
    seen = seat.run(
        """
        const seen = [];
        const countTurns = () => seen.filter((frame, k) => k > 0 && frame < seen[k - 1]).length;
        while (countTurns() < 3) {
            if (seen.at(-1) !== player.frame) seen.push(player.frame);
            await new Promise(requestAnimationFrame);
        }
        return seen;
        """
    )
    assert seat.run("return player.frames.video.playbackRate") == 0.1
    assert seen[-8:] == [40, 41, 42, 43, 44, 45, 46, 40]
    assert set(seen) <= set(range(40, 47))
