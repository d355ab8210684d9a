"""How many keys a label and a reviewed suggestion cost: a scripted person at a real Chromium, on acted videos.

Sixty gestures are labelled frame-exactly at the spans that were acted, then sixty suggestions of
the bundled scanner are reviewed against what was acted. Every keydown counts that is no
auto-repeat, but for the keys that play, pause, change speed, step and jump. What the script
wanted is compared with what the database holds.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from db.engine import Database
from db.labels import list_annotations
from db.suggestions import list_decisions
from imigue_core.annotation import Annotation
from imigue_core.bench.figures import Figure
from imigue_core.bench.hands_review import review_suggestions
from imigue_core.settings import Settings
from imigue_core.skeleton.pose import save_npz
from imigue_core.synthesis.interview import Interview, InterviewSpec, make_interview
from imigue_core.taxonomy import CLASSES
from tests.harness.seat import Seat, start_browser
from tests.harness.studio import Studio

N_LABELS, N_REVIEWED = 60, 60
LABELLED_SEED, REVIEWED_SEED = 880_001, 880_002
LABELLED_S, REVIEWED_S = 600.0, 1200.0
KEYS_PER_LABEL, KEYS_PER_SUGGESTION = 2.2, 1.1
HOLD_S = 0.4
"""Longer than the studio's own limit of 0.35 s between a tap and a hold."""
N_BANK = 12
CODES = [*(f"Digit{digit}" for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)), "Minus", "Equal"]
BANKS = ("", "q", "x")
COUNT = """
    const free = new Set(["Space", "KeyJ", "KeyK", "KeyL", "Home", "End", "KeyG",
        "ArrowLeft", "ArrowRight", "PageUp", "PageDown"]);
    let waiting = 0;
    player.benchKeys = 0;
    root.addEventListener("keydown", event => {
        if (event.repeat || event.composedPath()[0].matches(".goto")) return;
        // A modifier counts with the key it is for.
        if (["Shift", "Control", "Alt"].includes(event.key)) { waiting += 1; return; }
        if (!free.has(event.code)) player.benchKeys += 1 + waiting;
        waiting = 0;
    }, true);
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label to make; frames both inside, ``is_held`` when its key is held from start to end."""

    class_id: int
    start_frame: int
    end_frame: int
    is_held: bool


def measure() -> Iterator[Figure]:
    """Keys and seconds of the script; it waits for nothing but the studio."""
    with tempfile.TemporaryDirectory() as name, start_browser() as browser:
        folder = Path(name)
        studio = Studio(folder / "data").start()
        try:
            labelled = _make_interview(LABELLED_SEED, LABELLED_S)
            reviewed = _make_interview(REVIEWED_SEED, REVIEWED_S)
            label_id = _add(studio, folder / "labelled.npz", labelled)
            review_id = _add(studio, folder / "reviewed.npz", reviewed)
            _wait_for_scans(studio, 2)
            seat = Seat(browser, studio)
            yield from _measure_labels(seat, label_id, draw_wanted(labelled))
            yield from _measure_review(seat, review_id, reviewed)
            assert seat.errors == []
            seat.close()
        finally:
            studio.stop()


def _make_interview(seed: int, duration_s: float) -> Interview:
    return make_interview(
        InterviewSpec(seed=seed, duration_s=duration_s, mix="published", dialects="all", profile="mediapipe")
    )


def _add(studio: Studio, path: Path, interview: Interview) -> int:
    save_npz(path, interview.poses)
    width, height = interview.size
    studio.command("add", "--poses-only", str(path), "--fps", "25", "--size", f"{width}x{height}")
    return int(studio.list_videos()[-1]["id"])


def _wait_for_scans(studio: Studio, n: int, timeout_s: float = 300) -> None:
    deadline = time.monotonic() + timeout_s
    while sum(job["kind"] == "scan" and job["state"] == "done" for job in studio.list_jobs()) < n:
        assert time.monotonic() < deadline, studio.list_jobs()
        time.sleep(1)


def draw_wanted(interview: Interview, n: int = N_LABELS, seed: int = 0) -> list[Wanted]:
    """The first ``n`` acted spans that last two frames at least, with classes drawn by the published counts.

    Two spans that overlap or touch are never of one class, and never both held.
    """
    rng = np.random.default_rng(seed)
    counts = np.array([c.published_count for c in CLASSES], dtype=float)
    ids = [c.class_id for c in CLASSES]
    wanted: list[Wanted] = []
    for label in (one for one in interview.labels if one.end_frame - one.start_frame >= 2):
        near = [one for one in wanted if one.end_frame >= label.start_frame - 1]
        class_id = int(rng.choice(ids, p=counts / counts.sum()))
        while class_id in {one.class_id for one in near}:
            class_id = int(rng.choice(ids, p=counts / counts.sum()))
        is_held = len(wanted) % 4 == 1 and not near
        wanted.append(Wanted(class_id, label.start_frame, label.end_frame, is_held))
        if len(wanted) == n:
            return wanted
    raise AssertionError(f"only {len(wanted)} spans were acted")


def _measure_labels(seat: Seat, video_id: int, wanted: list[Wanted]) -> Iterator[Figure]:
    seat.annotate(video_id)
    seat.run(COUNT)
    begun = time.perf_counter()
    label_all(seat, wanted)
    seconds = time.perf_counter() - begun
    seat.wait_saved()
    keys = seat.run("return player.benchKeys")
    db = Database(Settings(data=seat.studio.data))
    with db.read() as conn:
        found = list_annotations(conn, video_id)
    db.close()
    made = {(one.class_id, one.start_frame, one.end_frame) for one in found}
    asked = {(one.class_id, one.start_frame, one.end_frame) for one in wanted}
    assert made == asked, f"made {sorted(made - asked)} instead of {sorted(asked - made)}"
    assert len(found) == len(wanted)
    assert all(one.version == 1 for one in found), "a label was made in more than one edit"
    n_held = sum(one.is_held for one in wanted)
    n_banked = sum(_place(seat, one.class_id)[0] > 0 for one in wanted)
    note = f"{n_held} held, {n_banked} of bank two or three; {len(made)} labels frame-exact in the database"
    yield Figure("hands", "keys a new label, besides play, step and jump", keys / len(wanted), "keys",
                 KEYS_PER_LABEL, note=note)  # fmt: skip
    yield Figure("hands", "seconds a new label in the script, moves included", seconds / len(wanted), "s",
                 note="the studio's share: nobody thinks or looks here")  # fmt: skip


def _measure_review(seat: Seat, video_id: int, interview: Interview) -> Iterator[Figure]:
    seat.annotate(video_id)
    seat.wait("player.findings.isLoaded && player.findings.above.length > 0")
    seat.run(COUNT)
    begun = time.perf_counter()
    done = review_suggestions(seat, interview.labels, N_REVIEWED)
    seconds = time.perf_counter() - begun
    seat.wait_saved()
    keys = seat.run("return player.benchKeys")
    db = Database(Settings(data=seat.studio.data))
    with db.read() as conn:
        labels: dict[int | None, Annotation] = {one.suggestion_id: one for one in list_annotations(conn, video_id)}
        rejected = {
            one.suggestion_id
            for one in list_decisions(conn, video_id, seat.studio.people["Ann"])
            if one.verdict.value == "rejected"
        }
    db.close()
    accepted = [one for one in done if one.rank]
    for one in accepted:
        label = labels[one.suggestion_id]
        is_same = (label.class_id, label.start_frame, label.end_frame) == (one.class_id, *one.span)
        assert is_same, f"{label} is not {one}"
        assert label.suggestion_rank == one.rank
    assert set(labels) == {one.suggestion_id for one in accepted}
    assert rejected == {one.suggestion_id for one in done if not one.rank}
    note = (
        f"{sum(one.rank == 1 for one in done)} accepted, {sum(one.rank > 1 for one in done)} as another class, "
        f"{len(rejected)} rejected, {sum(one.n_nudged for one in done)} edges moved; the scanner knows acted "
        "data, real footage will need more"
    )
    yield Figure("hands", "keys a reviewed suggestion", keys / len(done), "keys", KEYS_PER_SUGGESTION, note=note)
    yield Figure("hands", "seconds a reviewed suggestion in the script", seconds / len(done), "s")


def label_all(seat: Seat, wanted: list[Wanted]) -> None:
    """Makes every label: each edge in the order of the video, held keys down from one to the other."""
    edges = sorted(
        [(one.start_frame, 1, one) for one in wanted] + [(one.end_frame, 0, one) for one in wanted],
        key=lambda edge: edge[:2],
    )
    open_now: list[Wanted] = []
    pressed_at = 0.0
    for frame, is_start, one in edges:
        _go_to(seat, frame, by_steps=any(other.is_held for other in open_now))
        bank, code = _place(seat, one.class_id)
        if is_start:
            if bank:
                seat.press(BANKS[bank])
            if one.is_held:
                seat.page.keyboard.down(code)
                pressed_at = time.perf_counter()
            else:
                seat.press(code)
            open_now.append(one)
            continue
        open_now.remove(one)
        if one.is_held:
            time.sleep(max(0.0, HOLD_S - (time.perf_counter() - pressed_at)))
            seat.page.keyboard.up(code)
        elif bank and not open_now:
            seat.press("o")
        else:
            seat.press(*([BANKS[bank]] if bank else []), code)


def _place(seat: Seat, class_id: int) -> tuple[int, str]:
    """Bank and key of a class."""
    at = seat.run("return player.classKeys.classes.findIndex(one => one.class_id === argument)", class_id)
    return int(at) // N_BANK, CODES[int(at) % N_BANK]


def _go_to(seat: Seat, frame: int, *, by_steps: bool) -> None:
    """Jumps by typing the frame; by arrows while a class key is down."""
    if by_steps:
        left = frame - int(seat.run("return player.position"))
        n_tens, n_ones = divmod(abs(left), 10)
        arrow = "ArrowRight" if left > 0 else "ArrowLeft"
        seat.press(*[f"Alt+{arrow}"] * n_tens, *[arrow] * n_ones)
    else:
        seat.press("g")
        seat.page.keyboard.type(str(frame))
        seat.press("Enter")
    seat.wait(f"player.position === {frame} && player.frame === {frame}")
