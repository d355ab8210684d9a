"""What starts every morning loads nothing heavy that it may not need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.harness.places import ROOT

HEAVY = ("pandas", "openpyxl", "torch", "mediapipe")


@pytest.mark.parametrize("module", ["imigue_core.cli", "imigue_core.jobs.worker", "app", "pages.library"])
def test_starting_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
