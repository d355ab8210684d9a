"""What the browser tests of hands on spans share: making labels, finding them on the timeline, dragging there."""

from __future__ import annotations

from typing import Any

from tests.harness.player_numbers import TIMELINE_RIGHT_PX
from tests.harness.reviewing import list_own
from tests.harness.seat import Seat

BOTH, OUTER = ((20, 59), (60, 99)), (150, 199)
"""Two labels that touch, and one for itself."""


def go_to(seat: Seat, frame: int) -> None:
    seat.press("g")
    seat.page.keyboard.type(str(frame))
    seat.press("Enter")
    seat.wait(f"player.frame === {frame}")


def make(seat: Seat, *spans: tuple[int, int], key: str = "1") -> None:
    """Labels by marks and a class key; none is selected then."""
    for start, end in spans:
        go_to(seat, start)
        seat.press("i")
        go_to(seat, end)
        seat.press("o", key)
    seat.press("Escape")


def list_spans(seat: Seat, video_id: int) -> list[tuple[int, int]]:
    return [(a["start_frame"], a["end_frame"]) for a in list_own(seat, video_id)]


def list_values(seat: Seat, video_id: int, name: str) -> list[Any]:
    return [a[name] for a in list_own(seat, video_id)]


def select(seat: Seat, start: int) -> None:
    """The label that starts there, by Tab from the frame before."""
    go_to(seat, start)
    seat.press("Escape", "Tab")
    seat.wait(f"player.picked.label?.start_frame === {start}")


def place_of(seat: Seat, boundary: float, row: str = "labels") -> tuple[float, float]:
    """Where a boundary lies on the page, in the middle of the first lane of a row."""
    x, y = seat.run(
        """
        player.painter.flush();
        const timeline = player.timeline, track = timeline.layout.tracks.find(one => one.kind === argument.row);
        const perFrame = timeline.plotWidth / (timeline.view.stop - timeline.view.start);
        const box = timeline.canvas.getBoundingClientRect();
        const left = box.width / timeline.scale - timeline.plotWidth - argument.right;
        return [box.left + (left + (argument.boundary - timeline.view.start) * perFrame) * timeline.scale,
                box.top + (track.top + track.laneHeight / 2) * timeline.scale];
        """,
        {"boundary": boundary, "row": row, "right": TIMELINE_RIGHT_PX},
    )
    return float(x), float(y)


def click(seat: Seat, start: int, end: int, *keys: str) -> None:
    """Clicks the middle of a label while keys are down."""
    x, y = place_of(seat, (start + end + 1) / 2)
    for key in keys:
        seat.page.keyboard.down(key)
    seat.page.mouse.click(x, y)
    for key in keys:
        seat.page.keyboard.up(key)


def drag(seat: Seat, start: float, end: float, *keys: str, is_held: bool = False) -> None:
    """Drags from one boundary to another on the own row while keys are down."""
    (x, y), (to, _) = place_of(seat, start), place_of(seat, end)
    for key in keys:
        seat.page.keyboard.down(key)
    seat.page.mouse.move(x, y)
    seat.page.mouse.down()
    seat.page.mouse.move((x + to) / 2, y)
    seat.page.mouse.move(to, y)
    if not is_held:
        seat.page.mouse.up()
    for key in keys:
        seat.page.keyboard.up(key)


def list_chosen(seat: Seat) -> list[int]:
    """Starts of the labels selected together."""
    starts: list[int] = seat.run("return player.picked.labels.map(one => one.start_frame)")
    return starts


def count_pixels(seat: Seat, first: int, last: int, colour: tuple[int, int, int]) -> int:
    """How many pixels of the own row between two frames have about this colour."""
    left = place_of(seat, first)[0]
    right = place_of(seat, last + 1)[0]
    n: int = seat.run(
        """
        player.painter.flush();
        const { canvas, layout, scale, scroller } = player.timeline, box = canvas.getBoundingClientRect();
        const track = layout.tracks[0], ratio = canvas.width / box.width;
        const seen = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
        for (const layer of scroller.querySelectorAll('canvas')) seen.drawImage(layer, 0, 0);
        const [x, w] = [(argument.left - box.left) * ratio, (argument.right - argument.left) * ratio];
        const [y, h] = [track.top * scale * ratio, track.height * scale * ratio];
        const data = seen.getImageData(x, y, w, h).data;
        let n = 0;
        for (let i = 0; i < data.length; i += 4)
            if ([0, 1, 2].every(k => Math.abs(data[i + k] - argument.colour[k]) < 40)) n += 1;
        return n;
        """,
        {"left": left, "right": right, "colour": list(colour)},
    )
    return n
