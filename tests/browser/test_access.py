"""The studio for everybody: by keyboard alone, with names for those who listen, readable, and nothing that jumps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.reviewing import add_scanned, open_project, rescan
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

SIZES = {"laptop": (1366, 768), "large": (2560, 1440)}
LEAST_FONT_PX = {"laptop": 10.5, "large": 13.0}
CONTROLS = {"button", "checkbox", "combobox", "link", "listbox", "radio", "slider", "spinbutton", "switch", "tab",
            "textbox", "menuitem", "option", "DisclosureTriangle", "application", "progressbar"}  # fmt: skip
STILL = 0.005
"""Share of the window that may move; text of another length within its own line stays far below."""
READABLE = 4.5

PROBES = (Path(__file__).parent / "looks.js").read_text(encoding="utf-8")


def measure(seat: Seat, call: str, argument: Any = None) -> Any:
    """What a function of looks.js says of the studio."""
    return seat.run(f"{PROBES}\nreturn {call}", argument)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, int]]:
    """A studio and its scanned video, in which Ann and Ben have labels."""
    folder = tmp_path_factory.mktemp("access")
    studio = open_project(folder)
    yield studio, add_scanned(studio, folder)
    studio.stop()


@pytest.fixture
def sit(browser: Tabs, shared: tuple[Studio, int]) -> Iterator[Callable[..., Seat]]:
    """Opens the video for somebody at a window of some size."""
    seats: list[Seat] = []

    def start(name: str = "Ann", size: str = "laptop") -> Seat:
        seat = Seat(browser, shared[0], name, size=SIZES[size])
        seats.append(seat)
        seat.annotate(shared[1])
        seat.wait("player.findings.scan")
        return seat

    yield start
    for seat in seats:
        seat.close()
        assert seat.errors == []


def label_here(seat: Seat, start: int, end: int) -> None:
    seat.run("player.act('escape'); await player.transport.jump(argument)", start)
    seat.press("i")
    seat.run("await player.transport.jump(argument)", end)
    seat.press("o", "1")
    seat.wait_saved()


def focused(seat: Seat) -> dict[str, Any] | None:
    """What has the focus, or None when it left the studio."""
    found: dict[str, Any] | None = measure(seat, "readFocus(player.root)")
    return found


def test_tab_reaches_every_part_and_the_focus_is_seen(sit: Callable[..., Seat]) -> None:
    seat = sit("Eve")  # who has no labels, so that Tab is the browser's own
    n_controls = measure(seat, "listControls(player.root).length")
    stops = []
    for _ in range(n_controls + 5):
        seat.press("Tab")
        here = focused(seat)
        if here is None:
            break
        stops.append(here)
    assert {stop["place"] for stop in stops} == {"header", "stage", "panel", "timeline"}
    assert len(stops) == n_controls, "a control that can be seen is not reached by Tab, or one that cannot is"
    assert [stop["name"] for stop in stops if stop["ring"] < 1.5] == []


def test_f6_goes_to_the_panel_and_back_and_tab_stays_the_browsers_own_there(sit: Callable[..., Seat]) -> None:
    seat = sit()
    label_here(seat, 30, 50)
    seat.press("F6")
    first = focused(seat)
    assert first is not None
    assert first["place"] == "panel"
    seat.press("Tab")
    second = focused(seat)
    assert second is not None
    assert (second["place"], second["ring"] > 0) == ("panel", True)
    assert second["name"] != first["name"]
    seat.press("F6")
    back = focused(seat)
    assert back is not None
    assert (back["place"], back["ring"] > 0) == ("studio", True)
    seat.press("Tab")  # here it walks through the labels
    assert focused(seat) == back
    assert seat.run("return player.picked.label?.start_frame") == 30


def test_f6_leaves_a_field_and_what_a_field_lets_go_comes_back_to_the_studio(sit: Callable[..., Seat]) -> None:
    seat = sit("Fay")
    label_here(seat, 60, 80)
    for name in ("How sure you are", "Note on this label"):
        field = seat.page.get_by_label(name, exact=True)
        field.focus()
        seat.press("F6")
        here = focused(seat)
        assert here is not None
        assert here["place"] == "studio", name
    seat.press("F2")
    seat.page.keyboard.type("hand hidden")
    seat.press("Enter")
    here = focused(seat)
    assert here is not None
    assert here["place"] == "studio"
    seat.wait("player.picked.label.note === 'hand hidden'")


def test_a_rerun_of_the_page_does_not_dim_the_studio(sit: Callable[..., Seat]) -> None:
    seat = sit()
    opacity = seat.page.evaluate("""() => {
        const holders = [...document.querySelectorAll('[data-testid="stElementContainer"]')];
        for (const one of holders) one.setAttribute('data-stale', 'true');
        return holders.map((one) => getComputedStyle(one).opacity);
    }""")
    assert opacity
    assert set(opacity) == {"1"}


def list_unnamed(seat: Seat) -> list[str]:
    """Controls that say nothing to a screen reader, as the browser's own accessibility tree has them."""
    session = seat.page.context.new_cdp_session(seat.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    studio = next(n for n in nodes if n.get("role", {}).get("value") == "application")
    unnamed, n_controls, waiting = [], 0, [studio]
    while waiting:
        node = waiting.pop()
        waiting += [by_id[child] for child in node.get("childIds", []) if child in by_id]
        if node.get("ignored") or node.get("role", {}).get("value") not in CONTROLS:
            continue
        n_controls += 1
        if not str(node.get("name", {}).get("value", "")).strip():
            unnamed.append(f"{node['role']['value']} {node.get('properties', [])[:3]}")
    assert n_controls >= 3
    return unnamed


def test_every_control_has_a_name(sit: Callable[..., Seat]) -> None:
    sit("Ben")
    seat = sit()
    label_here(seat, 100, 120)
    assert list_unnamed(seat) == []
    seat.press("Escape", "n")
    seat.wait("player.picked.suggestion")
    assert list_unnamed(seat) == []
    seat.press("Escape", "c")
    seat.wait("player.root.querySelector('.palette')")
    assert list_unnamed(seat) == []
    seat.press("Escape")
    seat.focus()
    seat.press("?")
    seat.wait("player.help.isOpen")
    assert list_unnamed(seat) == []


def test_every_text_is_readable_on_what_lies_behind_it(sit: Callable[..., Seat]) -> None:
    seat = sit()
    label_here(seat, 150, 170)
    assert measure(seat, "listPale(player.root, argument)", READABLE) == []
    seat.press("Escape", "n")
    seat.wait("player.picked.suggestion")
    assert measure(seat, "listPale(player.root, argument)", READABLE) == []
    seat.press("?")
    seat.wait("player.help.isOpen")
    assert measure(seat, "listPale(player.root, argument)", READABLE) == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_or_too_small(sit: Callable[..., Seat], size: str) -> None:
    sit("Maximiliana von Hohenlohe-Waldenburg")
    seat = sit(size=size)
    label_here(seat, 200, 220)
    assert measure(seat, "listCut(player.root, argument)", LEAST_FONT_PX[size]) == []
    seat.press("Escape", "n")
    seat.wait("player.picked.suggestion")
    assert measure(seat, "listCut(player.root, argument)", LEAST_FONT_PX[size]) == []
    box = seat.page.locator("div.studio").bounding_box()
    assert box is not None
    assert abs(box["y"] + box["height"] - SIZES[size][1]) < 4
    assert seat.run("return player.root.querySelector('.stage').getBoundingClientRect().height") > SIZES[size][1] * 0.3


def assert_still(seat: Seat) -> None:
    shifts = measure(seat, "await listShifts()")
    assert sum(shift["value"] for shift in shifts) < STILL, shifts


def test_nothing_jumps_when_the_video_has_opened(sit: Callable[..., Seat]) -> None:
    seat = sit()
    measure(seat, "watchShifts()")
    seat.wait("player.times && player.traces?.peaks")
    assert_still(seat)


def test_nothing_jumps_when_others_label_and_a_scan_arrives(
    sit: Callable[..., Seat], shared: tuple[Studio, int]
) -> None:
    ben = sit("Ben")
    seat = sit()
    measure(seat, "watchShifts()")
    before = seat.run("return player.annotations.size")
    label_here(ben, 300, 320)
    seat.wait(f"player.annotations.size === {before + 1}")
    assert_still(seat)
    rescan(*shared, model_hash="b" * 64)
    seat.run("await player.findings.reload()")
    seat.wait("player.findings.scan.model_hash === 'b'.repeat(64)")
    assert_still(seat)


def test_nothing_jumps_while_it_plays(sit: Callable[..., Seat]) -> None:
    seat = sit()
    seat.run("await player.transport.jump(0)")
    measure(seat, "watchShifts()")
    seat.run("player.play()")
    seat.wait("player.frame > 40")
    seat.run("player.pause()")
    assert_still(seat)
