"""Every page at two sizes: nothing overflows, nothing is empty. The pictures in docs/ are made here.

`make pictures` keeps them; an ordinary run only looks.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from imigue_core.bench.materials import add_person
from imigue_core.bench.seat import Seat
from imigue_core.bench.server import ROOT, Studio
from imigue_core.taxonomy import CLASSES

SIZES = {"": (1366, 768), "-large": (2560, 1440)}
SECTIONS = {"library": "/", "explore": "/explore", "exchange": "/exchange"}


def label_freely(studio: Studio, video_id: int, name: str, seed: int, n_frames: int) -> None:
    """Labels of one person, drawn by the published frequencies."""
    rng = np.random.default_rng(seed)
    weights = np.array([c.published_count for c in CLASSES], float)
    client = studio.sign_in(name)
    edits = []
    for seq, start in enumerate(range(20, n_frames - 80, 70), 1):
        begin = start + int(rng.integers(-8, 9))
        edits.append(
            {
                "client_seq": seq,
                "edit_id": str(uuid.uuid4()),
                "kind": "create",
                "video_id": video_id,
                "annotation_id": str(uuid.uuid4()),
                "base_version": 0,
                "class_id": CLASSES[int(rng.choice(len(CLASSES), p=weights / weights.sum()))].class_id,
                "start_frame": begin,
                "end_frame": begin + int(rng.integers(15, 75)),
            }
        )
    ids = {
        "project_id": client.get("/api/health").json()["project_id"],
        "annotator_id": studio.people[name],
        "client": str(uuid.uuid4()),
    }
    answer = client.post("/api/edits", json={**ids, "edits": edits})
    assert answer.json()["acked"] == len(edits), answer.text
    client.close()


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A small project with two annotators; generated people only."""
    folder = tmp_path_factory.mktemp("gallery")
    studio = Studio(folder / "data").start()
    for number, n_frames in enumerate((1500, 900, 2200)):
        video_id = add_person(studio, folder, n_frames, name=f"interview {number + 1}", seed=number)
        label_freely(studio, video_id, "Ann", seed=10 + number, n_frames=n_frames)
        label_freely(studio, video_id, "Bea", seed=20 + number, n_frames=n_frames)
    yield studio
    studio.stop()


def keep(seat: Seat, name: str, tmp_path: Path) -> None:
    folder = ROOT / "docs" / "pictures" if os.environ.get("IMIGUE_PICTURES") else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    seat.page.screenshot(path=folder / f"{name}.png")


def assert_nothing_overflows(seat: Seat) -> None:
    assert seat.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"


def assert_emotion_is_in_sight(seat: Seat) -> None:
    """With a label selected its buttons are there without scrolling."""
    panel = seat.page.locator(".panel").bounding_box()
    assert panel is not None
    for name in ("positive", "negative", "unsure"):
        box = seat.page.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= panel["y"] + panel["height"], f"{name} lies below the fold"


@pytest.mark.parametrize("suffix", SIZES)
def test_the_studio_fills_the_window(browser: Browser, gallery: Studio, tmp_path: Path, suffix: str) -> None:
    seat = Seat(browser, gallery, size=SIZES[suffix])
    seat.annotate(1)
    seat.run("await player.seek(247)")
    seat.press("Tab", "Tab")
    seat.page.wait_for_timeout(800)
    assert_nothing_overflows(seat)
    box = seat.page.locator("div.studio").bounding_box()
    assert box is not None
    assert abs(box["y"] + box["height"] - SIZES[suffix][1]) < 4, "the studio does not end where the window ends"
    assert_emotion_is_in_sight(seat)
    keep(seat, f"annotate{suffix}", tmp_path)
    seat.press("?")
    seat.page.wait_for_timeout(300)
    keep(seat, f"keys{suffix}", tmp_path)
    seat.close()
    assert seat.errors == []


@pytest.mark.parametrize("suffix", SIZES)
@pytest.mark.parametrize("name", SECTIONS)
def test_pages_show_what_is_there(browser: Browser, gallery: Studio, tmp_path: Path, name: str, suffix: str) -> None:
    seat = Seat(browser, gallery, size=SIZES[suffix])
    seat.visit(SECTIONS[name])
    seat.page.locator('[data-testid="stMainBlockContainer"]').wait_for()
    seat.page.wait_for_timeout(2500)
    assert_nothing_overflows(seat)
    assert seat.page.get_by_text("Traceback").count() == 0
    keep(seat, f"{name}{suffix}", tmp_path)
    seat.close()
    assert seat.errors == []
