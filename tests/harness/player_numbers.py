"""Numbers of the player that tests count with, read from its modules, so that they are written down once."""

from __future__ import annotations

import re

from tests.harness.places import ROOT

PLAYER = ROOT / "imigue_core" / "web" / "player"


def read_number(module: str, name: str) -> int:
    """The number that ``export const NAME = ...`` of a module says."""
    text = (PLAYER / module).read_text(encoding="utf-8")
    found = re.search(rf"^export const {name} = (\d+);", text, re.MULTILINE)
    assert found, f"{module} exports no number {name}"
    return int(found[1])


TIMELINE_LEFT_PX = read_number("timeline/timeline_ground.js", "LEFT_PX")
"""Width of the rows' names, left of the plot, before the timeline's scale."""
TIMELINE_RIGHT_PX = read_number("timeline/timeline_ground.js", "RIGHT_PX")
"""What is left free right of the plot."""
