"""From key press to durable and echoed: the page says "Saved" for that very edit.

The path: Chromium, keydown event time -> optimistic picture -> POST over loopback to
`make run`'s server -> COMMIT with synchronous=FULL -> answer -> the header's text changes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from imigue_core.bench.figures import Figure, compute_percentiles
from tests.harness.label_table import make_label_table
from tests.harness.materials import add_person
from tests.harness.media import get_real_clip, loop_by_remux
from tests.harness.seat import Seat, start_browser
from tests.harness.studio import Studio

N_KEYS, EVERY_MS = 60, 250
PATH = "keydown in Chromium to the header's Saved: POST over loopback to make run's server, COMMIT, answer"
LISTEN = """
    player.benchWaits = [];
    let pressed = null, last = player.savedText;
    const header = root.querySelector("[data-testid=saved]");
    root.addEventListener("keydown", event => { pressed = event.timeStamp; }, true);
    new MutationObserver(() => {
        const text = player.savedText;
        if (pressed !== null && text.startsWith("Saved") && text !== last) {
            player.benchWaits.push(performance.now() - pressed);
            pressed = null;
            last = text;
        }
    }).observe(header, {childList: true, characterData: true, subtree: true});
"""


def measure() -> Iterator[Figure]:
    """Sixty presses a condition: few or many labels, each alone and while poses are extracted."""
    with tempfile.TemporaryDirectory() as name, start_browser() as browser:
        clip = loop_by_remux(get_real_clip(), Path(name) / "clip.mp4", 100)
        yield from _measure_project(browser, Path(name) / "few", "30 labels", clip)
        yield from _measure_project(browser, Path(name) / "many", "18,500 labels", clip, make_label_table())


def _measure_project(
    browser: Browser, folder: Path, condition: str, clip: Path, table: bytes | None = None
) -> Iterator[Figure]:
    folder.mkdir()
    studio = Studio(folder / "data").start()
    try:
        video_id = add_person(studio, folder, n_frames=2000)
        if table is not None:
            (folder / "labels.csv").write_bytes(table)
            studio.command("import", "--format", "imigue", str(folder / "labels.csv"), "--annotator", "Import")
        yield from _measure_one(browser, studio, video_id, condition, n_first=30)
        studio.upload(clip)
        studio.wait_for_job("poses", "running")
        yield from _measure_one(browser, studio, video_id, f"{condition}, poses being extracted")
    finally:
        studio.stop()


def _measure_one(browser: Browser, studio: Studio, video_id: int, condition: str, n_first: int = 2) -> Iterator[Figure]:
    seat = Seat(browser, studio)
    seat.annotate(video_id)
    for _ in range(n_first):
        seat.press("Shift+Digit1")
    seat.wait_saved()
    seat.run(LISTEN)
    for _ in range(N_KEYS):
        seat.page.wait_for_timeout(EVERY_MS)
        seat.press("Shift+Digit2")
    seat.wait_saved()
    seat.page.wait_for_timeout(200)
    waits = seat.run("return player.benchWaits")
    seat.close()
    assert len(waits) >= N_KEYS * 0.9, f"only {len(waits)} of {N_KEYS} keys were timed"
    median, p95 = compute_percentiles(waits)
    yield Figure("echo", f"median, {condition}", median, "ms", 25, note=PATH)
    yield Figure("echo", f"95th percentile, {condition}", p95, "ms", 60, note=PATH)
