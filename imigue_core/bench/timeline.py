"""Redrawing a crowded timeline: 4,000 labels of four people, 1,000 suggestions and motion traces over 26 minutes.

Timed is the script of one redraw, inside Chromium, from its first line to its last, while the timeline is panned
and zoomed by wheel and while the video plays.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from db.engine import Database
from db.people import set_setting
from db.suggestions import insert_scan
from imigue_core.annotation import SuggestedSpan
from imigue_core.bench.figures import Figure, compute_percentiles
from imigue_core.formats.label_file import FileVideo, Interval, LabelFile
from imigue_core.formats.studio_csv import save_studio_csv
from imigue_core.settings import Settings
from imigue_core.skeleton.pose import save_npz
from imigue_core.synthesis.interview import InterviewSpec, make_interview
from imigue_core.taxonomy import CLASS_IDS
from tests.harness.seat import Seat, start_browser
from tests.harness.studio import Studio

N_FRAMES, FPS = 39_000, 25
PEOPLE = ("Ann", "Ben", "Cleo", "Dora")
N_LABELS_EACH, N_SUGGESTIONS = 1000, 1000
TARGET_MS = 16.0
N_REDRAWS = 240
NUMBER = 7
PATH = "script of one refresh of the timeline, 4,000 labels in 4 tracks, 1,000 suggestions, traces on, 1366x768"
WATCH = """
    const { painter, timeline } = player;
    player.benchDraws = [];
    let spent = 0;
    for (const part of [timeline.rows, timeline.strip, timeline.foot])
        for (const name of ["draw", "drawOver"]) {
            const plain = part[name];
            part[name] = function () {
                const start = performance.now();
                plain.call(this);
                spent += performance.now() - start;
            };
        }
    const flush = painter.flush;
    painter.flush = function () {
        spent = 0;
        flush.call(this);
        if (spent) player.benchDraws.push(spent);
    };
"""
WHEEL = """
    const { timeline } = player;
    const refreshed = () => new Promise(requestAnimationFrame);
    const box = timeline.canvas.getBoundingClientRect();
    const turn = (deltaX, deltaY, share) => timeline.canvas.dispatchEvent(new WheelEvent("wheel", {
        deltaX, deltaY, clientX: box.left + box.width * share, clientY: box.top + 40,
        bubbles: true, cancelable: true }));
    timeline.view = { ...argument.view };
    await refreshed();
    player.benchDraws = [];
    while (player.benchDraws.length < argument.n) {
        const k = player.benchDraws.length;
        if (argument.kind === "pan") turn(k % 80 < 40 ? 60 : -60, 0, 0.5);
        else turn(0, k % 80 < 40 ? -60 : 60, 0.3 + 0.4 * (k % 80) / 80);
        await refreshed();
        await refreshed();
    }
    return player.benchDraws.slice(0, argument.n);
"""


def measure() -> Iterator[Figure]:
    """Panning and playing at the whole video, a minute and ten seconds; zooming in and out."""
    with tempfile.TemporaryDirectory() as name, start_browser() as browser:
        folder = Path(name)
        studio = Studio(folder / "data").start()
        try:
            yield from _measure_studio(browser, studio, make_crowded(studio, folder))
        finally:
            studio.stop()


def _measure_studio(browser: Browser, studio: Studio, video_id: int) -> Iterator[Figure]:
    seat = Seat(browser, studio, PEOPLE[0])
    try:
        seat.annotate(video_id)
        seat.wait(f"player.annotations.size === {N_LABELS_EACH * len(PEOPLE)} && player.traces.rows.length")
        seat.wait("player.findings.above.length > 500")
        seat.run(WATCH)
        everything: list[float] = []
        for condition, frames in (("the whole video", N_FRAMES), ("5 minutes", 7500), ("30 seconds", 750)):
            view = {"start": (N_FRAMES - frames) / 2, "stop": (N_FRAMES + frames) / 2}
            for kind in ("pan", "play"):
                draws = _play(seat, view) if kind == "play" else _turn(seat, kind, view)
                everything += draws
                yield from _tell(f"{kind}, {condition} in view", draws)
        draws = _turn(seat, "zoom", {"start": 0, "stop": N_FRAMES})
        yield from _tell("zoom in and out", draws)
        yield from _tell("all of these", everything + draws, target=TARGET_MS)
        assert seat.errors == []
    finally:
        seat.close()


def _tell(condition: str, draws: list[float], target: float | None = None) -> Iterator[Figure]:
    median, p95 = compute_percentiles(draws)
    yield Figure("timeline", f"median, {condition}", median, "ms", note=PATH if target else "")
    yield Figure("timeline", f"95th percentile, {condition}", p95, "ms", target, note=PATH if target else "")


def _turn(seat: Seat, kind: str, view: dict[str, float]) -> list[float]:
    draws: list[float] = seat.run(WHEEL, {"kind": kind, "view": view, "n": N_REDRAWS})
    return draws


def _play(seat: Seat, view: dict[str, float]) -> list[float]:
    seat.run("await player.seek(Math.round(argument.start + 1)); player.timeline.view = { ...argument };", view)
    seat.run("player.benchDraws = []; player.play();")
    seat.wait(f"player.benchDraws.length >= {N_REDRAWS // 2} || player.frame > {view['stop']}")
    draws: list[float] = seat.run("player.pause(); return player.benchDraws")
    return draws


def make_crowded(studio: Studio, folder: Path) -> int:
    """Adds the acted interview with everybody's labels and a scan; returns the video's id."""
    settings = Settings(data=studio.data)
    db = Database(settings)
    with db.write() as conn:
        set_setting(conn, "auto_scan", "0")
    interview = make_interview(InterviewSpec(7, N_FRAMES / FPS, Fraction(FPS), profile="mediapipe"))
    save_npz(folder / f"{NUMBER}.npz", interview.poses)
    width, height = interview.size
    studio.command(
        "add", "--poses-only", str(folder / f"{NUMBER}.npz"), "--fps", str(FPS), "--size", f"{width}x{height}"
    )
    video_id = int(studio.list_videos()[-1]["id"])
    rng = np.random.default_rng(0)
    for name in PEOPLE:
        studio.sign_in(name).close()
    (folder / "labels.csv").write_bytes(_draw_labels(rng))
    studio.command("import", "--format", "csv", str(folder / "labels.csv"), "--annotator", PEOPLE[0])
    with db.write() as conn:
        insert_scan(
            conn, video_id, _draw_suggestions(rng), model="scanner-dense", model_hash="a" * 64, trained_on="synthetic",
            device="cpu", poses_revision=1, cpu_s=0.5,
        )  # fmt: skip
    db.close()
    return video_id


def _draw_spans(rng: np.random.Generator, n: int) -> list[tuple[int, int, int]]:
    """(class, first, last frame), durations spread as gestures' are."""
    lengths = np.clip(np.rint(28 * np.exp(rng.normal(0, 0.7, n))), 4, 400).astype(int)
    starts = np.sort(rng.integers(0, N_FRAMES - 400, n))
    classes = rng.choice(CLASS_IDS, n)
    return [(int(c), int(a), int(a + d - 1)) for c, a, d in zip(classes, starts, lengths, strict=True)]


def _draw_suggestions(rng: np.random.Generator) -> list[SuggestedSpan]:
    spans = _draw_spans(rng, N_SUGGESTIONS)
    scores = rng.uniform(0.3, 1, N_SUGGESTIONS).tolist()
    sds = rng.uniform(0.5, 12, (N_SUGGESTIONS, 2)).tolist()
    return [
        SuggestedSpan(class_id, start, end, score, ((class_id, score),), *sd)
        for (class_id, start, end), score, sd in zip(spans, scores, sds, strict=True)
    ]


def _draw_labels(rng: np.random.Generator) -> bytes:
    """The studio's CSV with a thousand labels of each person."""
    labels = [
        Interval(
            video=str(NUMBER),
            class_text=str(class_id),
            start_frame=start,
            end_frame=end,
            start_time=f"{start / FPS:.4f}",
            end_time=f"{end / FPS:.4f}",
            annotator=name,
            label_id=k,
        )
        for name in PEOPLE
        for k, (class_id, start, end) in enumerate(_draw_spans(rng, N_LABELS_EACH), start=1)
    ]
    video = FileVideo(NUMBER, name=str(NUMBER), fps=Fraction(FPS), n_frames=N_FRAMES)
    return save_studio_csv(LabelFile({str(NUMBER): video}, labels))
