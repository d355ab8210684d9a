"""How fast this machine is by one fixed piece of work, as a multiple of a stated reference: 2 is twice as fast.

The work never changes and uses nothing of the studio's, so a figure of one machine can be read beside one of
another. Each part is the least of several runs; Python, numpy and the decode count CPU time of one thread, the
browser's redraw counts the time of its script.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np

from imigue_core.bench.figures import Figure, time_cpu
from tests.harness.media import get_real_clip, loop_by_remux
from tests.harness.seat import start_browser

REFERENCE = "2 cores of an AMD EPYC in a virtual machine, Python 3.11, Chromium 156, 28 November 2026"
REFERENCE_S = {"Python": 0.135, "numpy": 0.095, "decode": 0.467, "browser redraw": 0.094}
"""Seconds that each part took there."""
N_RUNS = 9
N_STEPS = 1_000_000
SIZE = 600
N_LOOPS = 5
REDRAW = """() => {
    const canvas = document.createElement("canvas");
    canvas.width = 1366; canvas.height = 768;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const start = performance.now();
    for (let turn = 0; turn < 3; turn += 1) {
        context.fillStyle = "#111";
        context.fillRect(0, 0, 1366, 768);
        for (let k = 0; k < 2000; k += 1) {
            context.fillStyle = `hsl(${(k * 37 + turn) % 360} 60% 50%)`;
            context.fillRect((k * 53) % 1340, (k * 29) % 740, 24, 14);
            context.beginPath();
            context.moveTo((k * 53) % 1340, (k * 29) % 740);
            context.lineTo((k * 31) % 1366, (k * 17) % 768);
            context.strokeStyle = "#eee";
            context.stroke();
        }
        context.getImageData(0, 0, 1, 1);
    }
    return (performance.now() - start) / 1000;
}"""


def measure() -> Iterator[Figure]:
    """Each part, then all of them: their geometric mean."""
    with tempfile.TemporaryDirectory() as name:
        clip = loop_by_remux(get_real_clip(), Path(name) / "clip.mp4", N_LOOPS)
        seconds = {
            "Python": _take_least(_count),
            "numpy": _take_least(_multiply),
            "decode": _take_least(lambda: _decode(clip)),
            "browser redraw": _redraw(),
        }
    speeds = {part: REFERENCE_S[part] / taken for part, taken in seconds.items()}
    for part, speed in speeds.items():
        yield Figure("machine", f"{part}, times the reference", speed, "x", None, True, note=f"{seconds[part]:.4g} s")
    mean = math.prod(speeds.values()) ** (1 / len(speeds))
    yield Figure("machine", "all of these, times the reference", mean, "x", None, True, note=f"1 is {REFERENCE}")


def _take_least(run: Callable[[], object]) -> float:
    return min(time_cpu(run)[0] for _ in range(N_RUNS))


def _count() -> int:
    """A loop over numbers, texts and a dictionary."""
    counts: dict[str, int] = {}
    for k in range(N_STEPS):
        key = f"{k % 97}"
        counts[key] = counts.get(key, 0) + k % 7
    return len(counts)


def _multiply() -> float:
    """Arithmetic that stays in one thread, whatever numpy was built with."""
    rng = np.random.default_rng(0)
    values = rng.standard_normal((SIZE, SIZE)).astype(np.float32)
    for _ in range(40):
        values = np.sort(np.tanh(values * 1.1 + values.T * 0.2), axis=1)
    return float(values.sum())


def _decode(clip: Path) -> int:
    """Pictures of a real H.264 clip, as RGB, in one thread."""
    with av.open(str(clip)) as file:
        stream = file.streams.video[0]
        stream.thread_count = 1
        return sum(int(frame.to_ndarray(format="rgb24")[0, 0, 0]) for frame in file.decode(stream))


def _redraw() -> float:
    with start_browser() as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        return min(float(page.evaluate(REDRAW)) for _ in range(N_RUNS))
