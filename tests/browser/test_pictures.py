"""Every page of the demo at two sizes: nothing overflows, nothing is empty. The pictures in docs/ are made here.

`make pictures` draws the whole demo and keeps them; an ordinary run looks at shorter interviews.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from db.engine import open_database
from imigue_core.bench.seat import Seat
from imigue_core.bench.server import ROOT, Studio
from imigue_core.commands.demo import ANNOTATORS, SCENES, make_demo
from imigue_core.settings import load_settings

IS_KEPT = bool(os.environ.get("IMIGUE_PICTURES"))
SIZES = {"": (1366, 768), "-large": (2560, 1440)}
SECTIONS = {
    "library": "/",
    "explore": "/explore",
    "codebook": "/codebook",
    "models": "/models",
    "exchange": "/exchange",
}
SHORT_S = 16.0
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


def assert_nothing_overflows(seat: Seat) -> None:
    assert seat.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"


@pytest.mark.parametrize("suffix", SIZES)
def test_the_studio_fills_the_window(browser: Browser, gallery: Studio, tmp_path: Path, suffix: str) -> None:
    seat = Seat(browser, gallery, AINO, size=SIZES[suffix])
    seat.annotate(1)
    seat.run("await player.seek(60)")
    seat.press("Tab")
    seat.page.wait_for_timeout(1200)
    assert_nothing_overflows(seat)
    box = seat.page.locator("div.studio").bounding_box()
    assert box is not None
    assert abs(box["y"] + box["height"] - SIZES[suffix][1]) < 4, "the studio does not end where the window ends"
    assert seat.page.get_by_text("Demo project", exact=False).first.is_visible()
    keep(seat, f"annotate{suffix}", tmp_path)
    seat.press("?")
    seat.page.wait_for_timeout(300)
    keep(seat, f"keys{suffix}", tmp_path)
    seat.close()
    assert seat.errors == []


@pytest.mark.parametrize("suffix", SIZES)
def test_a_suggestion_is_shown_with_its_five_classes(
    browser: Browser, gallery: Studio, tmp_path: Path, suffix: str
) -> None:
    seat = Seat(browser, gallery, BRUNO, size=SIZES[suffix])
    seat.annotate(2)
    found = seat.http.get("/api/videos/2/suggestions").json()
    assert found["scan"] is not None, "the demo was not scanned"
    seat.press("n")
    seat.page.wait_for_timeout(1200)
    assert_nothing_overflows(seat)
    keep(seat, f"review{suffix}", tmp_path)
    seat.close()
    assert seat.errors == []


@pytest.mark.parametrize("suffix", SIZES)
@pytest.mark.parametrize("name", SECTIONS)
def test_pages_show_what_is_there(browser: Browser, gallery: Studio, tmp_path: Path, name: str, suffix: str) -> None:
    seat = Seat(browser, gallery, AINO, size=SIZES[suffix])
    seat.visit(SECTIONS[name])
    seat.page.locator('[data-testid="stMainBlockContainer"]').wait_for()
    seat.page.wait_for_timeout(2500)
    assert_nothing_overflows(seat)
    assert seat.page.get_by_text("Traceback").count() == 0
    keep(seat, f"{name}{suffix}", tmp_path)
    seat.close()
    assert seat.errors == []
