"""Where things lie for tests: the checkout, stored projects of older releases."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
OLD_PROJECTS = ROOT / "tests" / "projects"
