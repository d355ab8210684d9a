"""``scan``: a model looks through videos in this process, and what it suggests is stored and printed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from db.engine import Database
from db.suggestions import Suggestion, list_suggestions
from db.videos import Video, get_video, list_videos
from imigue_core.commands.parts import Subparsers, add_command, open_project
from imigue_core.errors import ConflictError, InputError, StudioError
from imigue_core.jobs.scan import load_model, scan_video
from imigue_core.jobs.step_run import Progress
from imigue_core.studio.models.project_models import get_active_name
from imigue_core.studio.models.scanning import ScanFacts, load_scan_input, record_scan
from imigue_core.studio.models.similar import store_tokens
from imigue_core.taxonomy import get_class

DEVICES = ("auto", "cpu", "cuda")
_BAR_WIDTH = 30


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    scanner = add_command(subparsers, "scan", "let a model suggest gestures in videos that have poses", run_scan)
    scanner.add_argument("ids", nargs="*", type=int, metavar="ID", help="ids as list shows them")
    scanner.add_argument("--all", action="store_true", help="every video whose poses are there")
    scanner.add_argument("--model", metavar="NAME", help="name of a model (default: the project's active one)")
    scanner.add_argument("--device", choices=DEVICES, default="auto", help="where to compute (default: auto)")


def run_scan(args: argparse.Namespace) -> int:
    """Scans the videos one after the other; what is done stays when a later one is refused."""
    if bool(args.ids) == args.all:
        raise InputError("USAGE", "expected ids of videos or --all.", hint="See scan --help.")
    with open_project(args) as db:
        with db.read() as conn:
            name = args.model or get_active_name(conn)
            if args.all:
                videos = list_videos(conn)
            else:
                videos = [get_video(conn, video_id) for video_id in dict.fromkeys(args.ids)]
        scanner = load_model(db.settings, name, args.device)
        results: list[dict[str, Any]] = []
        failures: list[StudioError] = []
        for video in videos:
            try:
                results.append(_scan(db, scanner, video))
            except ConflictError as refusal:
                if not args.all or not refusal.code.startswith("POSES_"):
                    failures.append(_name(refusal, video))
            except StudioError as error:
                failures.append(_name(error, video))
            else:
                if not args.json:
                    print(_format(results[-1]))
    if args.json:
        print(json.dumps(results))
    elif not videos:
        print("No videos yet. Add one: python -m imigue_core add FILE")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def _name(error: StudioError, video: Video) -> StudioError:
    return StudioError(error.code, error.message, hint=error.hint, where=f"video {video.video_id} ({video.name})")


def _scan(db: Database, scanner: Any, video: Video) -> dict[str, Any]:
    """One video: scanned, stored, and as it is printed."""
    with db.read() as conn:
        scanned = load_scan_input(conn, video.video_id)
    with _progress_bar(video) as tell:
        facts, spans, track = scan_video(db.settings, scanner, scanned, tell)
    with db.write() as conn:
        scan_id = record_scan(conn, scanned, facts, spans)
        if scan_id is None:
            message = "the poses were replaced while they were scanned; nothing was stored."
            raise ConflictError("SCAN_STALE", message, hint="Scan it again.")
        store_tokens(conn, db.settings, scanned, facts, track)
        suggestions = list_suggestions(conn, scan_id)
    return _describe(video, scan_id, facts, suggestions)


def _describe(video: Video, scan_id: int, facts: ScanFacts, suggestions: list[Suggestion]) -> dict[str, Any]:
    return {
        "id": video.video_id,
        "name": video.name,
        "scan_id": scan_id,
        "model": facts.model,
        "model_hash": facts.model_hash,
        "trained_on": facts.trained_on,
        "device": facts.device,
        "cpu_s": round(facts.cpu_s, 3),
        "suggestions": [
            {
                "suggestion_id": one.suggestion_id,
                "class_id": one.class_id,
                "name": get_class(one.class_id).name,
                "start_frame": one.start_frame,
                "end_frame": one.end_frame,
                "score": one.score,
                "top": one.top,
                "start_sd": one.start_sd,
                "end_sd": one.end_sd,
            }
            for one in suggestions
        ],
    }


def _format(result: dict[str, Any]) -> str:
    n = len(result["suggestions"])
    return f"{result['id']} {result['name']}: {n} suggestions by {result['model']} in {result['cpu_s']:.1f} s"


@contextmanager
def _progress_bar(video: Video) -> Iterator[Progress | None]:
    """One line on the error stream, when it is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell(done: int, total: int) -> None:
        filled = _BAR_WIDTH * done // total if total else 0
        line = f"scan {video.video_id:<7} [{'#' * filled:<{_BAR_WIDTH}}]"
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
