"""``list``, ``remove``, ``erase``, ``jobs``, ``worker`` and ``annotators`` on the command line."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from db.jobs import list_jobs
from db.people import list_annotators
from db.videos import get_video
from imigue_core.commands.parts import Subparsers, add_command, open_project
from imigue_core.jobs.worker import run_worker
from imigue_core.settings import load_settings
from imigue_core.studio.videos.library import LibraryItem, list_library
from imigue_core.studio.videos.removing import remove_video


def register(subparsers: Subparsers) -> None:
    """Adds the commands."""
    add_command(subparsers, "list", "list the videos of a project and the state of their steps", run_list)
    remover = add_command(subparsers, "remove", "hide videos, or erase them", run_remove)
    remover.add_argument("ids", nargs="+", type=int, metavar="ID", help="ids as list shows them")
    remover.add_argument("--erase", action="store_true", help="destroy media, poses and notes; the ledger stays whole")
    eraser = add_command(subparsers, "erase", "destroy media, poses and notes of videos", run_remove)
    eraser.add_argument("ids", nargs="+", type=int, metavar="ID", help="ids as list shows them")
    eraser.set_defaults(erase=True)
    add_command(subparsers, "jobs", "list the steps that wait, run or ended", run_list_jobs)
    add_command(subparsers, "annotators", "list the people of a project", run_list_annotators)
    worker = add_command(
        subparsers, "worker", "run the steps that wait, and watch the inbox", run_worker_process, has_json=False
    )
    worker.add_argument("--once", action="store_true", help="leave when nothing is left to do")
    worker.add_argument("--parent-pipe", action="store_true", help="leave when standard input closes")


def describe_steps(item: LibraryItem) -> dict[str, Any]:
    """A video as ``list --json`` shows it; ``fps`` is exact, such as ``25`` or ``359/12``."""
    video = item.video
    return {
        "id": video.video_id,
        "number": video.number,
        "name": video.name,
        "kind": video.kind,
        "n_frames": video.n_frames,
        "fps": None if video.fps is None else str(video.fps),
        "width": video.width,
        "height": video.height,
        "seconds": video.seconds_total,
        "n_labels": item.n_labels,
        "poses_ready": video.poses_ready,
        "steps": {job.kind: job.state for job in item.jobs},
        "errors": {
            job.kind: {"code": job.error_code, "message": job.error_text} for job in item.jobs if job.error_code
        },
        "warnings": [*(video.probe or {}).get("warnings", []), *(video.poses.warnings if video.poses else ())],
    }


def format_video(item: LibraryItem) -> str:
    """One line about a video."""
    video = item.video
    size = f"{video.width}x{video.height}" if video.width else "no picture"
    length = "length unknown" if video.n_frames is None else f"{video.n_frames:,} frames at {video.fps}/s"
    steps = ", ".join(f"{job.kind} {job.state}" for job in item.jobs) or "no steps"
    return f"{video.video_id} {video.name} ({length}, {size}; {item.n_labels} labels; {steps})"


def run_list(args: argparse.Namespace) -> int:
    """Prints the Library."""
    with open_project(args) as db:
        items = list_library(db)
    if args.json:
        print(json.dumps([describe_steps(item) for item in items]))
    elif not items:
        print("No videos yet. Add one: python -m imigue_core add FILE")
    for item in [] if args.json else items:
        print(format_video(item))
    return 0


def run_remove(args: argparse.Namespace) -> int:
    """Hides or erases videos, all of them or, when one is not there, none."""
    with open_project(args) as db:
        with db.read() as conn:
            for video_id in args.ids:
                get_video(conn, video_id, include_hidden=args.erase)
        for video_id in dict.fromkeys(args.ids):
            remove_video(db, video_id, erase=args.erase)
    if args.json:
        print(json.dumps({"removed": args.ids, "erased": args.erase}))
    else:
        print(f"{'Erased' if args.erase else 'Removed'}: {', '.join(map(str, args.ids))}.")
    return 0


def run_list_jobs(args: argparse.Namespace) -> int:
    """Prints the job table."""
    with open_project(args) as db, db.read() as conn:
        jobs = list_jobs(conn)
    if args.json:
        print(json.dumps([asdict(job) for job in jobs]))
        return 0
    for job in jobs:
        progress = f" {job.progress_done:,}/{job.progress_total:,}" if job.progress_total else ""
        error = f" {job.error_code}: {job.error_text}" if job.error_code else ""
        about = "project" if job.video_id is None else f"video {job.video_id}"
        print(f"{job.job_id} {about} {job.kind} {job.state}{progress}{error}")
    return 0


def run_list_annotators(args: argparse.Namespace) -> int:
    """Prints the people."""
    with open_project(args) as db, db.read() as conn:
        people = list_annotators(conn)
    if args.json:
        print(json.dumps([asdict(person) for person in people]))
    for person in [] if args.json else people:
        print(f"{person.annotator_id} {person.name}")
    return 0


def run_worker_process(args: argparse.Namespace) -> int:
    """Works until it is ended, or until nothing is left with ``--once``."""
    run_worker(load_settings(args.data), once=args.once, parent_pipe=args.parent_pipe)
    return 0
