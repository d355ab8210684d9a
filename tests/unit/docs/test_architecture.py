"""docs/architecture.md names every room of the house, and no room or file that is not there."""

from __future__ import annotations

import re

from tests.harness.places import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
HOUSE = PAGE[: PAGE.index("## Who may do what")]
NOT_ROOMS = {"__pycache__"}


def list_rooms() -> set[str]:
    """The folders of the house, two deep in studio/ and web/."""
    core = ROOT / "imigue_core"
    folders = [*core.iterdir(), *(core / "studio").iterdir(), core / "web" / "player"]
    return {path.name for path in folders if path.is_dir()} - NOT_ROOMS


def test_every_room_is_in_the_table_of_rooms_or_the_picture() -> None:
    assert {room for room in list_rooms() if not re.search(rf"\b{room}\b", HOUSE)} == set()


def test_every_path_that_the_table_of_rooms_names_is_there() -> None:
    table = [line for line in HOUSE.splitlines() if line.startswith("| `")]
    named = {name for line in table for name in re.findall(r"`([\w/.]+)`", line.split("|")[1])}
    assert len(named) > 25
    places = (ROOT, ROOT / "imigue_core", ROOT / "imigue_core" / "studio")
    assert {name for name in named if not any((place / name).exists() for place in places)} == set()


def test_every_file_that_the_page_names_is_somewhere_in_the_house() -> None:
    names = set(re.findall(r"`(?:[\w]+/)*([\w]+\.(?:py|js))`", PAGE))
    known = {path.name for base in ("imigue_core", "db", "pages", "tests") for path in (ROOT / base).rglob("*.*")}
    assert names - known - {"app.py"} == set()
