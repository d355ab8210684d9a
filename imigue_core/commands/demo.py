"""``demo`` on the command line: a project of acted interviews, so that every page has something to show."""

from __future__ import annotations

import argparse
import sys

from db.engine import Database
from db.jobs import find_job
from imigue_core.commands.parts import Subparsers, add_command, open_project
from imigue_core.commands.waiting import finish_steps
from imigue_core.errors import WorkerError
from imigue_core.studio.demo import SCENES, Scene, request_demo
from imigue_core.studio.videos.steps import Step


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    add_command(subparsers, "demo", "make a project of acted interviews, unless it is there", run_demo, has_json=False)


def run_demo(args: argparse.Namespace) -> int:
    """Makes what is missing of the demo; does nothing when it is whole."""
    with open_project(args, create=True) as db:
        make_demo(db)
    return 0


def make_demo(db: Database, scenes: tuple[Scene, ...] = SCENES) -> None:
    """Fills an empty project with acted interviews and closes it; goes on where an earlier try stopped.

    Raises:
        ConflictError: ``DEMO_FOLDER`` when the project has videos of somebody's own.
        WorkerError: The demo could not be made, with the code of the reason.
    """
    request_demo(db, scenes)
    with db.read() as conn:
        job = find_job(conn, None, Step.DEMO)
    if job is None or not job.is_open:
        return
    print("Making the demo project, once: acted interviews of about a minute.", file=sys.stderr)
    finish_steps(db)
    with db.read() as conn:
        job = find_job(conn, None, Step.DEMO)
    if job is not None and job.state == "failed":
        raise WorkerError(job.error_code or "WORKER_FAILED", job.error_text or "the demo could not be made.")
