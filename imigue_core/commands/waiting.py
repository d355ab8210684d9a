"""Waiting until videos are through their steps: by the worker that is there, else by this process."""

from __future__ import annotations

import fcntl
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from db.engine import Database
from db.jobs import OPEN_STATES, Job, list_jobs
from imigue_core.errors import WorkerError
from imigue_core.jobs.worker import hold_worker_lock, run_jobs
from imigue_core.settings import Settings

_LOOK_S = 0.2
_BAR_WIDTH = 30


def finish_steps(db: Database, video_ids: list[int] | None = None) -> None:
    """Returns once no step of these videos, or none at all, waits or runs; shows a bar when somebody looks."""
    with _progress_bar(db, video_ids):
        while _list_open(db, video_ids):
            if not is_server_running(db.settings):
                try:
                    with hold_worker_lock(db.settings):
                        run_jobs(db, video_ids)
                    continue
                except WorkerError:  # a worker without a server has the lock
                    pass
            time.sleep(_LOOK_S)


def is_server_running(settings: Settings) -> bool:
    """Whether a studio serves the folder, and so keeps a worker."""
    path = settings.data / "server.lock"
    try:
        pid = int(path.read_text() or 0)
        os.kill(pid, 0)
    except (OSError, ValueError):
        return False
    if pid <= 0:
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _list_open(db: Database, video_ids: list[int] | None) -> list[Job]:
    with db.read() as conn:
        jobs = list_jobs(conn, states=OPEN_STATES)
    return jobs if video_ids is None else [job for job in jobs if job.video_id in video_ids]


@contextmanager
def _progress_bar(db: Database, video_ids: list[int] | None) -> Iterator[None]:
    """One line on the error stream, when it is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_draw, args=(db, video_ids, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _draw(db: Database, video_ids: list[int] | None, over: threading.Event) -> None:
    while not over.wait(_LOOK_S):
        jobs = _list_open(db, video_ids)
        if jobs:
            print("\r\x1b[K" + format_progress(jobs, len(video_ids or ())), end="", file=sys.stderr, flush=True)


def format_progress(jobs: list[Job], n_videos: int) -> str:
    """One line about the open jobs of ``n_videos`` videos: a bar for the running one, and how many videos are left."""
    running = next((job for job in jobs if job.state == "running"), jobs[0])
    total = running.progress_total
    filled = _BAR_WIDTH * running.progress_done // total if total else 0
    count = f" {running.progress_done:,}/{total:,} frames" if total else ""
    left = f", {len({job.video_id for job in jobs})} of {n_videos} videos left" if n_videos > 1 else ""
    return f"{running.kind:<12} [{'#' * filled:<{_BAR_WIDTH}}]{count}{left}"
