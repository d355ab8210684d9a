"""Formats of other packages, installed for one test, in this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imigue_core.formats.registry import find_formats

LINES = "from tests.example_format.imigue_lines import LINES as FORMAT"
"""The source of a module that brings the example format."""


@contextmanager
def installed_format(site: Path, source: str, name: str = "plain") -> Iterator[None]:
    """A module and its entry point where installed packages lie, as pip would put them.

    Args:
        site: A folder of the caller's.
        source: The module; its ``FORMAT`` is the format.
        name: Of the format, by its entry point; the package is called ``<name>_format``.
    """
    module = f"{name}_format"
    info = site / f"{module}-1.2.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[imigue_studio.formats]\n{name} = {module}:FORMAT\n")
    (site / f"{module}.py").write_text(source)
    with found_formats(site):
        yield
    sys.modules.pop(module, None)


@contextmanager
def found_formats(site: Path) -> Iterator[None]:
    """The packages of a folder count as installed."""
    sys.path.insert(0, str(site))
    find_formats.cache_clear()
    try:
        yield
    finally:
        sys.path.remove(str(site))
        find_formats.cache_clear()
