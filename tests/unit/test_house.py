"""tests/unit mirrors the house: every room has its folder of tests, and no folder tests what is not there."""

from __future__ import annotations

from pathlib import Path

from tests.harness.places import ROOT

UNIT = ROOT / "tests" / "unit"
WITHOUT = {
    Path("db/migrations"): "db/test_migrations.py runs them one after another",
    Path("db/migrations/versions"): "as above",
}
"""Rooms without a folder of tests, and why."""


def list_rooms(base: Path, inside: Path) -> set[Path]:
    """The folders of modules under ``base``, itself too, as paths inside ``inside``."""
    rooms = {path.parent.relative_to(inside) for path in base.rglob("*.py")}
    return rooms - {Path()}


def test_every_room_has_its_folder_of_tests() -> None:
    rooms = list_rooms(ROOT / "imigue_core", ROOT / "imigue_core")
    rooms |= list_rooms(ROOT / "db", ROOT) | list_rooms(ROOT / "pages", ROOT)
    assert {room for room in rooms if not (UNIT / room).is_dir()} == set(WITHOUT)


def test_every_folder_of_tests_has_its_room() -> None:
    bases = (ROOT / "imigue_core", ROOT, ROOT / "tests")
    folders = list_rooms(UNIT, UNIT)
    assert len(folders) > 20
    assert {folder for folder in folders if not any((base / folder).is_dir() for base in bases)} == set()
