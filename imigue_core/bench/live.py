"""From one person's key to the other person's timeline: two browsers on one video.

The path: keydown in one Chromium page -> POST -> COMMIT -> the other page's open poll is
answered -> its label stands in the model that the next screen refresh draws.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from imigue_core.bench.figures import Figure, compute_percentiles
from tests.harness.label_table import make_label_table
from tests.harness.materials import add_person
from tests.harness.seat import Seat, start_browser
from tests.harness.studio import Studio

N_KEYS, EVERY_MS = 40, 300
TARGET_S = 2.0
PATH = "keydown in one page to the first screen refresh with the label in another person's page"
PRESSED = """
    player.benchPresses = [];
    root.addEventListener("keydown", event => {
        if (event.code === "Digit1") player.benchPresses.push(performance.timeOrigin + event.timeStamp);
    }, true);
"""
ARRIVED = """
    player.benchArrivals = [];
    let known = player.annotations.size;
    const look = () => {
        for (; known < player.annotations.size; known += 1)
            player.benchArrivals.push(performance.timeOrigin + performance.now());
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
"""


def measure() -> Iterator[Figure]:
    """Forty presses in an empty project and in one with 18,500 labels."""
    with tempfile.TemporaryDirectory() as name, start_browser() as browser:
        yield from _measure_project(browser, Path(name) / "few", "an empty project")
        yield from _measure_project(browser, Path(name) / "many", "18,500 labels", make_label_table())


def _measure_project(browser: Browser, folder: Path, condition: str, table: bytes | None = None) -> Iterator[Figure]:
    folder.mkdir()
    studio = Studio(folder / "data").start()
    try:
        video_id = add_person(studio, folder, n_frames=2000)
        if table is not None:
            (folder / "labels.csv").write_bytes(table)
            studio.command("import", "--format", "imigue", str(folder / "labels.csv"), "--annotator", "Import")
        waits = _measure_seconds(Seat(browser, studio, "Ann"), Seat(browser, studio, "Ben"), video_id)
    finally:
        studio.stop()
    median, p95 = compute_percentiles(waits)
    yield Figure("live", f"median, {condition}", median, "s", TARGET_S, note=PATH)
    yield Figure("live", f"95th percentile, {condition}", p95, "s", TARGET_S, note=PATH)


def _measure_seconds(presses: Seat, watches: Seat, video_id: int) -> list[float]:
    """Seconds from each key to its label's arrival; the keys come one after another, so the order tells which."""
    try:
        for seat in (presses, watches):
            seat.annotate(video_id)
        presses.run(PRESSED)
        watches.run(ARRIVED)
        for k in range(N_KEYS):
            presses.press("Shift+Digit1")
            watches.wait(f"player.benchArrivals.length > {k}", timeout_s=30)
            presses.page.wait_for_timeout(EVERY_MS)
        pressed, arrived = presses.run("return player.benchPresses"), watches.run("return player.benchArrivals")
    finally:
        presses.close()
        watches.close()
    return [(end - start) / 1000 for start, end in zip(pressed, arrived, strict=True)]
