"""From nothing to the first page: server start, then the Library in a browser that has never seen it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from imigue_core.bench.figures import Figure
from tests.harness.seat import Seat, start_browser
from tests.harness.studio import Studio

N_RUNS = 3


def measure() -> Iterator[Figure]:
    """Median of three runs, each with a new project and a new browser."""
    starts, pages = [], []
    for _ in range(N_RUNS):
        with tempfile.TemporaryDirectory() as name, start_browser() as browser:
            begun = time.perf_counter()
            studio = Studio(Path(name) / "data").start()
            starts.append(time.perf_counter() - begun)
            try:
                seat = Seat(browser, studio)
                begun = time.perf_counter()
                seat.visit("/")
                seat.page.get_by_text("Library").first.wait_for()
                pages.append(time.perf_counter() - begun)
                seat.close()
            finally:
                studio.stop()
    middle = N_RUNS // 2
    yield Figure("cold", "launch to healthy", sorted(starts)[middle], "s")
    yield Figure("cold", "first page in a cold browser", sorted(pages)[middle], "s")
