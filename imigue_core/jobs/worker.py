"""The worker: one process a project that leases jobs and runs their steps.

``run_worker`` is the process the server keeps alive; ``run_jobs`` is the loop that the
command line uses when no worker is there. Both hold ``worker.lock``.
"""

from __future__ import annotations

import fcntl
import logging
import multiprocessing
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from db.engine import Database, open_database
from db.jobs import Job, cancel_job, fail_job, finish_job, lease_job, requeue_job
from imigue_core.errors import StudioError, WorkerError
from imigue_core.files import create_private, make_folder
from imigue_core.jobs.import_poses import run_import_poses
from imigue_core.jobs.inbox import Inbox
from imigue_core.jobs.mask import run_mask
from imigue_core.jobs.mend import run_mend
from imigue_core.jobs.poses import run_poses
from imigue_core.jobs.probe import run_probe
from imigue_core.jobs.proxy import run_proxy
from imigue_core.jobs.scan import run_scan
from imigue_core.jobs.step_run import StepCancelledError, StepInterruptedError, StepRun
from imigue_core.jobs.upkeep import Upkeep
from imigue_core.settings import Settings
from imigue_core.studio.safety.damage import look_before_work
from imigue_core.studio.safety.watching import Watch
from imigue_core.studio.videos.incoming import clear_stale_copies
from imigue_core.studio.videos.mending import mend_project
from imigue_core.studio.videos.removing import sweep_erased
from imigue_core.studio.videos.steps import QUEUE_RULES, Step
from imigue_core.studio.videos.viewing import request_missing_masks


def _run_demo(step: StepRun) -> None:
    from imigue_core.jobs.demo import run_demo  # performers and their paint, which no other step needs

    run_demo(step)


RUNNERS: dict[Step, Callable[[StepRun], None]] = {
    Step.PROBE: run_probe,
    Step.PROXY: run_proxy,
    Step.POSES: run_poses,
    Step.IMPORT_POSES: run_import_poses,
    Step.SCAN: run_scan,
    Step.MASK: run_mask,
    Step.MEND: run_mend,
    Step.DEMO: _run_demo,
}
LOCK_WAIT_S = 10.0
NICE = 10
_LOOK_S = 0.25
_INBOX_S = 1.0
_DAMAGED_S = 1.0
logger = logging.getLogger("imigue.worker")


def run_worker(settings: Settings, *, once: bool = False, parent_pipe: bool = False) -> None:
    """Runs jobs until the process is ended.

    Args:
        once: Return when nothing is left to do, the inbox included.
        parent_pipe: Leave as soon as standard input, a pipe of the parent's, closes.

    Raises:
        WorkerError: ``WORKER_ALREADY_RUNNING`` when another worker keeps the lock for 10 s.
    """
    if parent_pipe:
        threading.Thread(target=_leave_with_parent, name="parent pipe", daemon=True).start()
    with hold_worker_lock(settings, wait_s=LOCK_WAIT_S):
        os.nice(NICE)
        db = open_database(settings)
        try:
            if look_before_work(db) is not None and once:
                db.damage.refuse()
            if not once:
                Watch(db).start()
                _wait_while_damaged(db)
            clear_stale_copies(settings)
            sweep_erased(db)
            request_missing_masks(db)
            mend_project(db)
            make_folder(settings.inbox)
            if once:
                _empty_inbox(db)
            else:
                threading.Thread(target=_watch_inbox, args=(db,), name="inbox", daemon=True).start()
            upkeep = Upkeep(db)
            while True:
                run_jobs(db)
                if once:
                    return
                upkeep.tick()
                time.sleep(_LOOK_S)
                _wait_while_damaged(db)
        finally:
            db.close()


def run_jobs(db: Database, video_ids: list[int] | None = None) -> None:
    """Runs what is queued, of all videos or of some, until nothing is left. Call under the worker lock."""
    owner = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
    while True:
        with db.write() as conn:
            job = lease_job(conn, QUEUE_RULES, owner, video_ids)
        if job is None:
            return
        run_job(db, job, video_ids)


def run_job(db: Database, job: Job, video_ids: list[int] | None) -> None:
    """Runs one leased job to its end and stores how it ended; nothing a file does gets past this."""
    is_stored = False
    try:
        RUNNERS[Step(job.kind)](StepRun(db, job, video_ids))
    except StepCancelledError:
        with db.write() as conn:
            cancel_job(conn, job.job_id)
    except StepInterruptedError:
        with db.write() as conn:
            is_stored = requeue_job(conn, job.job_id)
    except StudioError as error:
        is_stored = _fail(db, job, error)
    except Exception as error:
        logger.exception("job %d (%s) failed", job.job_id, job.kind)
        message = f"the step failed in an unexpected way: {type(error).__name__}."
        is_stored = _fail(db, job, WorkerError("WORKER_FAILED", message))
    else:
        with db.write() as conn:
            is_stored = finish_job(conn, job.job_id)
    if not is_stored:
        sweep_erased(db)  # the step may have written files after the erase


def _fail(db: Database, job: Job, error: StudioError) -> bool:
    is_ours = error.where.startswith("source.")  # our own name for the file tells nobody anything
    place = f"{error.where}: " if error.where and not is_ours else ""
    hint = f" {error.hint}" if error.hint else ""
    with db.write() as conn:
        return fail_job(conn, QUEUE_RULES, job.job_id, error.code, f"{place}{error.message}{hint}")


@contextmanager
def hold_worker_lock(settings: Settings, *, wait_s: float = 0.0) -> Iterator[None]:
    """Makes this process the project's only worker.

    Raises:
        WorkerError: ``WORKER_ALREADY_RUNNING`` when another process keeps the lock for ``wait_s`` seconds.
    """
    make_folder(settings.data)
    deadline = time.monotonic() + wait_s
    create_private(settings.data / "worker.lock")
    with (settings.data / "worker.lock").open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    message = f"another worker serves {settings.data} already."
                    raise WorkerError("WORKER_ALREADY_RUNNING", message) from None
                time.sleep(0.1)
        yield


def _wait_while_damaged(db: Database) -> None:
    """Nothing is worked on in a damaged project; the watch goes on looking at it."""
    while db.damage.find() is not None:
        time.sleep(_DAMAGED_S)


def _leave_with_parent() -> None:
    """Waits for the parent's end of the pipe to close, then ends this process and its children at once."""
    with suppress(OSError):
        while os.read(sys.stdin.fileno(), 4096):
            pass
    for child in multiprocessing.active_children():
        child.kill()
    os._exit(0)


def _watch_inbox(db: Database) -> None:
    inbox = Inbox(db)
    while True:
        _wait_while_damaged(db)
        try:
            inbox.look()
        except Exception:
            logger.exception("the inbox could not be read")
        time.sleep(_INBOX_S)


def _empty_inbox(db: Database) -> None:
    """Waits for the files in the inbox to be still, and takes them in."""
    inbox = Inbox(db)
    inbox.look()
    while inbox.is_waiting:
        time.sleep(_INBOX_S)
        inbox.look()
