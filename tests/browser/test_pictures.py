"""Every page of the demo at two sizes: nothing overflows, nothing is empty. The pictures in docs/ are made here.

`make pictures` draws the whole demo and keeps them; an ordinary run looks at shorter interviews.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.engine import open_database
from imigue_core.commands.demo import make_demo
from imigue_core.settings import load_settings
from imigue_core.studio.demo import ANNOTATORS, SCENES
from tests.harness.places import ROOT
from tests.harness.seat import Seat
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

pytestmark = pytest.mark.timeout(900)  # the demo is drawn first

IS_KEPT = bool(os.environ.get("IMIGUE_PICTURES"))
SIZES = {"": (1366, 768), "-large": (2560, 1440)}
SECTIONS = {
    "library": "/",
    "explore": "/explore",
    "codebook": "/codebook",
    "models": "/models",
    "exchange": "/exchange",
    "settings": "/settings",
}
STILL_MS = 500
_IS_STILL = """() => {
    const main = document.querySelector('[data-testid="stMainBlockContainer"]');
    const is = main.innerText + main.querySelectorAll('*').length;
    const isStill = is === window.studioWas && !document.querySelector('[data-testid="stStatusWidget"]');
    window.studioWas = is;
    return isStill;
}"""
"""Whether a page of Streamlit says the same as when it was last asked, and is not at work."""
SHORT_S = 12.0
AINO, BRUNO = ANNOTATORS


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """The demo project, served."""
    data = tmp_path_factory.mktemp("gallery") / "demo"
    short = tuple(replace(scene, duration_s=SHORT_S, labelled_s=(SHORT_S, SHORT_S)) for scene in SCENES[:2])
    db = open_database(load_settings(data))
    make_demo(db, SCENES if IS_KEPT else short)
    db.close()
    studio = Studio(data)
    studio.start()
    for person in studio.list_people():
        studio.people[person["name"]] = person["annotator_id"]
    yield studio
    studio.stop()


def keep(seat: Seat, name: str, tmp_path: Path) -> None:
    folder = ROOT / "docs" / "pictures" if IS_KEPT else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    seat.page.screenshot(path=folder / f"{name}.png")


def settle(seat: Seat) -> None:
    """Lets pictures arrive; where the pictures are kept, hints fade too."""
    seat.page.wait_for_timeout(5000 if IS_KEPT else 300)


def take(seat: Seat, name: str, tmp_path: Path) -> None:
    """A picture of what is there once it is calm; nothing of it may stick out of the window."""
    settle(seat)
    assert_nothing_overflows(seat)
    keep(seat, name, tmp_path)


def assert_nothing_overflows(seat: Seat) -> None:
    assert seat.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"


@pytest.mark.parametrize("suffix", SIZES)
def test_the_studio_fills_the_window(browser: Tabs, gallery: Studio, tmp_path: Path, suffix: str) -> None:
    seat = Seat(browser, gallery, AINO, size=SIZES[suffix])
    seat.annotate(1)
    seat.run("await player.seek(60)")
    seat.press("Tab")
    seat.wait("player.traces.peaks.length && player.findings.isLoaded")
    settle(seat)
    box = seat.page.locator("div.studio").bounding_box()
    assert box is not None
    assert abs(box["y"] + box["height"] - SIZES[suffix][1]) < 4, "the studio does not end where the window ends"
    assert seat.page.get_by_text("Demo project", exact=False).first.is_visible()
    keep(seat, f"annotate{suffix}", tmp_path)
    seat.close()
    assert seat.errors == []


@pytest.mark.parametrize("suffix", SIZES)
def test_a_suggestion_is_shown_with_its_five_classes(
    browser: Tabs, gallery: Studio, tmp_path: Path, suffix: str
) -> None:
    seat = Seat(browser, gallery, BRUNO, size=SIZES[suffix])
    seat.annotate(2)
    found = seat.http.get("/api/videos/2/suggestions").json()
    assert found["scan"] is not None, "the demo was not scanned"
    seat.wait("player.findings.isLoaded && player.traces.peaks.length")
    seat.press("n")
    take(seat, f"review{suffix}", tmp_path)
    seat.close()
    assert seat.errors == []


@pytest.mark.parametrize("suffix", SIZES)
def test_what_opens_over_the_studio_fits(browser: Tabs, gallery: Studio, tmp_path: Path, suffix: str) -> None:
    seat = Seat(browser, gallery, AINO, size=SIZES[suffix])
    seat.annotate(1)
    seat.wait("player.traces.peaks.length && player.findings.isLoaded")
    seat.press("Tab", "Tab", "Shift+Z", "ArrowDown", "ArrowDown")
    take(seat, f"label{suffix}", tmp_path)
    seat.press("z", "c")
    seat.page.keyboard.type("neck")
    take(seat, f"palette{suffix}", tmp_path)
    seat.press("Escape", "?")
    take(seat, f"keys{suffix}", tmp_path)
    seat.page.get_by_role("button", name="Change keys").press("Enter")
    take(seat, f"key-editor{suffix}", tmp_path)
    seat.press("Escape", "Escape", "F1")
    seat.page.locator(".panel .book-loop").wait_for()
    take(seat, f"book{suffix}", tmp_path)
    seat.press("F1", "Shift+A")
    seat.page.locator(".similar-card").first.wait_for()
    take(seat, f"similar{suffix}", tmp_path)
    seat.press("Escape", "Shift+R")
    seat.page.locator(".emotion-score summary").click()
    seat.run("player.panel.rating.node.scrollIntoView({ block: 'start' })")
    take(seat, f"rating{suffix}", tmp_path)
    seat.close()
    assert seat.errors == []


@pytest.mark.parametrize("suffix", SIZES)
@pytest.mark.parametrize("name", SECTIONS)
def test_pages_show_what_is_there(browser: Tabs, gallery: Studio, tmp_path: Path, name: str, suffix: str) -> None:
    seat = Seat(browser, gallery, AINO, size=SIZES[suffix])
    seat.visit(SECTIONS[name])
    seat.page.locator('[data-testid="stMainBlockContainer"]').wait_for()
    seat.page.wait_for_function(_IS_STILL, polling=STILL_MS)
    take(seat, f"{name}{suffix}", tmp_path)
    assert seat.page.get_by_text("Traceback").count() == 0
    seat.close()
    assert seat.errors == []
