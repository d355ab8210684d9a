"""What the pages of docs/ promise: the keys they name exist, the pictures and files they link are there."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.harness.node import NODE
from tests.harness.places import ROOT

TOUR = ROOT / "docs" / "ten-minutes.md"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")))
_MODIFIERS = ("Ctrl", "Shift", "Alt")
_LIST_KEYS = """
import { SECTIONS } from './imigue_core/web/player/keys/keymap.js';
const bindingsOf = ({ title, rows }) => [title, rows.flatMap((row) => row.bindings)];
console.log(JSON.stringify(Object.fromEntries(SECTIONS.map(bindingsOf))));
"""
_CODES = {
    "←": "ArrowLeft", "→": "ArrowRight", "↑": "ArrowUp", "↓": "ArrowDown", "Esc": "Escape", "Del": "Delete",
    "PgDn": "PageDown", "PgUp": "PageUp", "[": "BracketLeft", "]": "BracketRight", "-": "Minus", "=": "Equal",
}  # fmt: skip


def list_presses(page: str) -> list[tuple[str, ...]]:
    """What a page names as ``<kbd>``, keys joined by + together."""
    chains = re.findall(r"<kbd>[^<]+</kbd>(?:\+<kbd>[^<]+</kbd>)*", page)
    return [tuple(re.findall(r"<kbd>([^<]+)</kbd>", chain)) for chain in chains]


def list_known_presses() -> dict[str, set[tuple[str, ...]]]:
    """The presses of each section of the key table: modifiers in order, then the printed letter or the place."""
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", _LIST_KEYS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {
        title: {(*(n for n in _MODIFIERS if one.get(n.lower())), one.get("key") or one["code"]) for one in bindings}
        for title, bindings in json.loads(done.stdout).items()
    }


def spell(press: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The ways the key table may write a press."""
    modifiers = tuple(name for name in _MODIFIERS if name in press[:-1])
    last = press[-1]
    ways = {last.lower(), _CODES.get(last, last)}
    if last.isdigit():
        ways.add(f"Digit{last}")
    return {(*modifiers, way) for way in ways}


def test_every_key_of_the_tour_is_a_key_of_the_studio() -> None:
    known = set().union(*list_known_presses().values())
    alone = {(name,) for name in _MODIFIERS}
    presses = [press for press in list_presses(TOUR.read_text(encoding="utf-8")) if press not in alone]
    assert len(presses) > 60
    assert [press for press in presses if not spell(press) & known] == []


def test_the_tour_visits_every_section_of_the_key_table() -> None:
    named = {way for press in list_presses(TOUR.read_text(encoding="utf-8")) for way in spell(press)}
    assert [title for title, presses in list_known_presses().items() if not presses & named] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_is_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), target
