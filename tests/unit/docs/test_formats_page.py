"""docs/formats.md says what the registry says."""

from __future__ import annotations

from imigue_core.formats.registry import ENTRY_POINTS
from tests.harness.format_table import END, PAGE, START, make_tables
from tests.harness.places import ROOT


def test_the_page_lists_what_each_format_holds_and_loses() -> None:
    written = PAGE.read_text().split(START)[1].split(END)[0]
    assert written == make_tables(), "run: python -m tests.harness.format_table"


def test_the_page_names_the_entry_point_as_the_example_package_does() -> None:
    lines = f'[project.entry-points."{ENTRY_POINTS}"]\nlines = "imigue_lines:LINES"\n'
    assert lines in PAGE.read_text()
    assert lines in (ROOT / "tests" / "example_format" / "pyproject.toml").read_text()
