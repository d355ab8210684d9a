"""The timeline by key and by mouse: traces and their peaks, folding, following, fitting, zoom at the pointer."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.harness.player_numbers import TIMELINE_LEFT_PX
from tests.harness.reviewing import rescan
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

PLACE_OF = """
    const { timeline } = player;
    const canvas = argument.foot ? timeline.foot.canvas : timeline.canvas;
    const box = canvas.getBoundingClientRect();
    const { start, stop } = timeline.view;
    const plotX = (argument.frame + 0.5 - start) / (stop - start) * timeline.plotWidth;
    return [box.left + (argument.left + plotX) * timeline.scale, box.top + argument.y * timeline.scale];
"""


@pytest.fixture(scope="module")
def studio(running: Studio) -> Studio:
    return running


@pytest.fixture(scope="module")
def video_id(shared: tuple[Studio, int], browser: Tabs) -> int:
    """500 frames with suggestions and two overlapping labels of Ben's."""
    studio, number = shared
    rescan(studio, number)
    ben = Seat(browser, studio, "Ben")
    ben.annotate(number)
    for start, stop in ((50, 90), (70, 120)):
        make_label(ben, start, stop)
    ben.wait_saved()
    ben.close()
    return number


@pytest.fixture
def ann(seat: Seat, video_id: int) -> Seat:
    """Ann in front of the video, with her choices as they are at first."""
    for name in ("keymap", "player"):
        seat.http.post("/api/preferences", json={"name": name, "value": {}})
    open_video(seat, video_id)
    return seat


def open_video(seat: Seat, video_id: int) -> None:
    seat.annotate(video_id)
    seat.wait("player.traces.rows.length === 5 && player.findings.isLoaded && player.annotations.size >= 2")
    seat.run("await player.seek(0)")
    seat.press("z")


def make_label(seat: Seat, start: int, stop: int) -> None:
    seat.run("await player.seek(argument)", start)
    seat.press("i")
    seat.run("await player.seek(argument)", stop)
    seat.press("o", "1", "Escape")


def place_of(seat: Seat, frame: float, y: float, *, foot: bool = False) -> list[float]:
    refresh(seat)
    place: list[float] = seat.run(PLACE_OF, {"frame": frame, "y": y, "foot": foot, "left": TIMELINE_LEFT_PX})
    return place


def refresh(seat: Seat) -> None:
    seat.run("for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame)")


def view_of(seat: Seat) -> tuple[float, float]:
    view: dict[str, float] = seat.run("return player.timeline.view")
    return view["start"], view["stop"]


def first_peak(seat: Seat) -> dict[str, Any]:
    """A peak of the right hand away from all others, with the y of its line."""
    peak: dict[str, Any] = seat.run("""
        const { bands } = player.timeline.foot.layout;
        const band = bands.find(one => one.rows.includes("right hand"));
        const peak = player.traces.peaks.find(one => one.name === "right hand" && one.frame > 20);
        return { ...peak, y: band.top + band.height / 2 };
    """)
    return peak


def test_traces_are_shown_and_hidden_by_key_and_button_and_stay_so(ann: Seat, video_id: int) -> None:
    button = ann.page.get_by_role("button", name="traces")
    expect(button).to_have_attribute("aria-pressed", "true")
    heights = "return [player.stage.node.clientHeight, player.timeline.foot.canvas.clientHeight, innerHeight]"
    stage, with_traces, window = ann.run(heights)
    assert stage > window / 2
    ann.press("t")
    expect(button).to_have_attribute("aria-pressed", "false")
    refresh(ann)
    same_stage, without, _ = ann.run(heights)
    assert same_stage == stage
    assert without < with_traces
    expect(ann.page.get_by_text("Motion traces are hidden.")).to_be_visible()
    ann.run("await player.preferences.flush()")
    open_video(ann, video_id)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert ann.run("return player.timeline.foot.layout.bands.length") == 3


def test_page_keys_walk_the_peaks_both_ways(ann: Seat) -> None:
    frames = ann.run("return [...new Set(player.traces.peaks.map(peak => peak.frame))]")
    assert len(frames) > 4
    ann.press("PageDown")
    ann.wait(f"player.frame === {frames[0]}")
    expect(ann.page.get_by_text("Peak: ")).to_be_visible()
    ann.press("PageDown", "PageDown")
    ann.wait(f"player.frame === {frames[2]}")
    ann.press("PageUp")
    ann.wait(f"player.frame === {frames[1]}")
    ann.run("await player.seek(player.nFrames - 1)")
    ann.press("PageDown")
    expect(ann.page.get_by_text("There is no later peak of motion.")).to_be_visible()


def test_a_peak_is_clicked_and_says_what_it_is(ann: Seat) -> None:
    peak = first_peak(ann)
    x, y = place_of(ann, peak["frame"], peak["y"], foot=True)
    ann.page.mouse.move(x + 2, y)
    style = ann.run("const { canvas } = player.timeline.foot; return [canvas.style.cursor, canvas.title]")
    assert style[0] == "pointer"
    assert "shoulder widths" in style[1]
    ann.page.mouse.click(x + 2, y)
    ann.wait(
        f"Math.abs(player.frame - {peak['frame']}) <= 3 && player.traces.peaks.some(one => one.frame === player.frame)"
    )
    expect(ann.page.get_by_text("Peak: ")).to_be_visible()


def test_the_foot_scrubs_where_there_is_no_peak(ann: Seat) -> None:
    x, y = place_of(ann, 200, 8, foot=True)
    ann.page.mouse.move(x, y)
    assert ann.run("return player.timeline.foot.canvas.style.cursor") == "default"
    ann.page.mouse.down()
    ann.wait("player.frame === 200")
    x, y = place_of(ann, 260, 8, foot=True)
    ann.page.mouse.move(x, y)
    ann.page.mouse.up()
    ann.wait("player.frame === 260")


def test_valleys_lie_round_each_motion(ann: Seat) -> None:
    peak = first_peak(ann)
    around = ann.run("return player.traces.valleysBetween(argument - 60, argument + 60)", peak["frame"])
    assert any(boundary <= peak["frame"] for boundary in around)
    assert any(boundary > peak["frame"] for boundary in around)


def test_a_track_is_folded_by_its_name_and_by_keyboard_and_stays_so(ann: Seat, video_id: int) -> None:
    name = ann.page.get_by_role("button", name="Labels of Ben")
    expect(name).to_have_attribute("aria-expanded", "true")
    track = "return player.timeline.layout.tracks.find(one => one.name === 'Ben')"
    refresh(ann)
    height = ann.run(track)["height"]
    name.click()
    expect(name).to_have_attribute("aria-expanded", "false")
    refresh(ann)
    assert ann.run(track)["height"] < height
    name.focus()
    ann.press("Enter")
    expect(name).to_have_attribute("aria-expanded", "true")
    ann.press("Space")
    expect(name).to_have_attribute("aria-expanded", "false")
    ann.run("await player.preferences.flush()")
    open_video(ann, video_id)
    expect(name).to_have_attribute("aria-expanded", "false")
    refresh(ann)
    folded = ann.run(track)
    x, y = place_of(ann, 60, folded["top"] + folded["height"] / 2)
    ann.page.mouse.click(x, y)
    ann.wait("player.picked.label?.annotator === 'Ben'")


def test_all_tracks_of_others_are_folded_by_key_and_button(ann: Seat) -> None:
    name = ann.page.get_by_role("button", name="Labels of Ben")
    ann.press("Shift+T")
    expect(name).to_have_attribute("aria-expanded", "false")
    ann.page.get_by_role("button", name="Fold or unfold the tracks of others").click()
    expect(name).to_have_attribute("aria-expanded", "true")


def test_following_is_switched_by_key_and_button(ann: Seat) -> None:
    button = ann.page.get_by_role("button", name="follow")
    expect(button).to_have_attribute("aria-pressed", "true")
    ann.run("player.timeline.view = { start: 0, stop: 100 }")
    ann.run("await player.seek(300)")
    ann.wait("player.timeline.view.start <= 300 && player.timeline.view.stop > 300")
    ann.press("Shift+F")
    expect(button).to_have_attribute("aria-pressed", "false")
    ann.run("player.timeline.view = { start: 0, stop: 100 }")
    ann.run("await player.seek(400)")
    refresh(ann)
    assert view_of(ann) == (0, 100)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    ann.wait("player.timeline.view.start <= 400 && player.timeline.view.stop > 400")


def test_shift_z_fits_a_label_a_suggestion_and_several_labels(ann: Seat) -> None:
    ann.press("Shift+Z")
    expect(ann.page.get_by_text("Nothing is selected")).to_be_visible()
    make_label(ann, 300, 320)
    make_label(ann, 360, 380)
    ann.run("await player.seek(290)")
    ann.press("Tab", "Shift+Z")
    start, stop = view_of(ann)
    assert 250 < start < 300
    assert 321 <= stop < 350
    ann.press("y", "Tab", "y", "Shift+Z")
    start, stop = view_of(ann)
    assert start < 300
    assert 381 <= stop < 500
    ann.press("Escape", "Escape", "Home", "n", "Shift+Z")
    start, stop = view_of(ann)
    assert start < 20
    assert 41 <= stop < 80
    ann.press("Escape", "z")
    assert view_of(ann) == (0, 500)


def test_the_wheel_zooms_at_the_pointer_on_every_part(ann: Seat) -> None:
    for y, foot in ((40, False), (30, True)):
        ann.press("z")
        x, height = place_of(ann, 125, y, foot=foot)
        ann.page.mouse.move(x, height)
        ann.page.mouse.wheel(0, -400)
        ann.wait("player.timeline.view.stop - player.timeline.view.start < 260")
        start, stop = view_of(ann)
        assert abs((125.5 - start) / (stop - start) - 0.251) < 0.01
        ann.page.keyboard.down("Shift")
        ann.page.mouse.wheel(0, 200)
        ann.page.keyboard.up("Shift")
        ann.wait(f"player.timeline.view.start > {start + 1}")
        moved_start, moved_stop = view_of(ann)
        assert abs((moved_stop - moved_start) - (stop - start)) < 1e-6


def test_the_strip_of_the_whole_video_moves_the_view(ann: Seat) -> None:
    ann.run("player.timeline.view = { start: 0, stop: 50 }")
    refresh(ann)
    box = ann.page.get_by_role("img", name="Whole video").bounding_box()
    assert box
    scale = ann.run("return player.timeline.scale")
    plot = ann.run("return player.timeline.plotWidth")
    ann.page.mouse.click(box["x"] + (TIMELINE_LEFT_PX + plot * 0.5) * scale, box["y"] + box["height"] / 2)
    start, stop = view_of(ann)
    assert abs((start + stop) / 2 - 250) < 2


def test_only_the_play_head_moves_while_playing_and_everything_else_still_changes(ann: Seat) -> None:
    """What is kept between frames is drawn anew as soon as anything else changes."""
    count = """
        player.drawn = {};
        for (const name of ["rows", "strip", "foot"]) for (const layer of ["ground", "over"]) {
            const one = player.timeline[name][layer], plain = one.constructor.prototype.draw;
            player.drawn[name + " " + layer] = 0;
            one.draw = function (...parts) { player.drawn[name + " " + layer] += 1; return plain.apply(this, parts); };
        }
    """
    ann.run(count)
    ann.press("Space")
    ann.wait("player.frame > 30")
    ann.press("Space")
    ann.wait("!player.transport.isPlaying")
    drawn: dict[str, int] = ann.run("return player.drawn")
    for name in ("rows", "strip", "foot"):
        assert drawn[f"{name} over"] > 10
        assert drawn[f"{name} ground"] < drawn[f"{name} over"] / 2
    before = ann.run("return player.annotations.size")
    make_label(ann, 420, 440)
    ann.wait(f"player.annotations.size === {before + 1}")
    refresh(ann)
    ann.run(count)
    ann.press("Tab")
    refresh(ann)
    drawn = ann.run("return player.drawn")
    assert drawn["rows ground"] > 0


def test_many_rows_scroll_and_the_ruler_stays(ann: Seat) -> None:
    ann.page.set_viewport_size({"width": 1366, "height": 560})
    for k in range(5):
        make_label(ann, 100 + k, 200 + k)
    refresh(ann)
    assert ann.run("const { scroller } = player.timeline; return scroller.scrollHeight > scroller.clientHeight")
    ann.run("player.timeline.scroller.scrollTop = 30")
    refresh(ann)
    tools = ann.page.get_by_role("toolbar", name="Timeline").bounding_box()
    top = ann.run("return player.timeline.scroller.getBoundingClientRect().top")
    assert tools
    assert abs(tools["y"] - top) < 2
