"""The power is cut at random moments: nothing acknowledged is lost, and what is made of videos is there again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults import power

pytestmark = pytest.mark.faults


def test_three_cuts_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may mount the disk of this test")
    try:
        figures = power.run(3, tmp_path)
    except power.DiskError as error:
        pytest.skip(f"no disk can be cut here: {error}")
    print(figures)
    assert (figures.cuts, figures.wrong) == (3, [])
