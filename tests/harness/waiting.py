"""The one way in which tests wait for another process or thread: until a state is there, never for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def wait_for(look: Callable[[], Found | None], what: str, timeout_s: float = 60, every_s: float = 0.05) -> Found:
    """The first thing that ``look`` finds which is neither None nor False.

    Args:
        look: Looks once, without waiting.
        what: What is waited for, in words; said when it never comes.
        timeout_s: A hang ends after this long; generous, since it says nothing about speed.
        every_s: Pause between two looks.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        found = look()
        if found is not None and found is not False:
            return found
        assert time.monotonic() < deadline, f"{what}: it did not happen within {timeout_s:g} s"
        time.sleep(every_s)
