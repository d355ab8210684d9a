"""The queue of long tasks. One worker at a time leases jobs, oldest first, in order within a video.

What the kinds of jobs are called is not known here; ``QueueRules`` says how they are treated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update
from sqlalchemy.orm import aliased

from db.clock import now_utc
from db.tables import JobRow

OPEN_STATES = ("queued", "running")
MAX_ATTEMPTS = 5
"""A step that ends with its worker so many times is not tried again; a server that somebody stops counts too."""
KEPT_AT = "kept_at_attempt"
"""Parameter of a job: the last attempt that was not in vain, because a part of the work was kept."""


@dataclass(frozen=True, slots=True)
class QueueRules:
    """How kinds of jobs are treated.

    Attributes:
        slow: Those that take minutes; shorter ones go first and may interrupt them.
        aside: Those that no other waits for in earnest: when one fails, the ones after it go on.
    """

    slow: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One step of one video, or of none. ``state``: queued, running, done, failed or cancelled."""

    job_id: int
    video_id: int | None
    kind: str
    state: str
    params: dict[str, Any]
    progress_done: int
    progress_total: int
    owner: str | None
    heartbeat_utc: str | None
    attempts: int
    error_code: str | None
    error_text: str | None
    created_utc: str
    started_utc: str | None
    finished_utc: str | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


_FIELDS = tuple(Job.__dataclass_fields__)
_COLUMNS = tuple(getattr(JobRow, name) for name in _FIELDS)


def enqueue_job(conn: Connection, video_id: int | None, kind: str, params: dict[str, Any] | None = None) -> int:
    """Adds a job, or returns the id of the same step that still waits or runs.

    Args:
        video_id: None for work that belongs to no video.
    """
    waiting = conn.execute(
        select(JobRow.job_id).where(JobRow.video_id == video_id, JobRow.kind == kind, JobRow.state.in_(OPEN_STATES))
    ).first()
    if waiting is not None:
        return int(waiting[0])
    row = {
        "video_id": video_id,
        "kind": kind,
        "state": "queued",
        "params": {name: value for name, value in (params or {}).items() if name != KEPT_AT},
        "progress_done": 0,
        "progress_total": 0,
        "attempts": 0,
        "created_utc": now_utc(),
    }
    key = conn.execute(insert(JobRow), row).inserted_primary_key
    assert key is not None
    return int(key[0])


def lease_job(conn: Connection, rules: QueueRules, owner: str, video_ids: list[int] | None = None) -> Job | None:
    """Takes the oldest job that may run now, or None; slow ones come after everything shorter.

    A job waits for every earlier open job of its video, one of no video for none. A ``running`` job of another
    owner is taken over: the worker lock says that owner is gone. One that was begun ``MAX_ATTEMPTS``
    times in vain fails with ``WORKER_CRASHED``.
    """
    while (job := _find_next(conn, rules, owner, video_ids)) is not None:
        n_in_vain = job.attempts - job.params.get(KEPT_AT, 0)
        if job.state == "queued" or n_in_vain < MAX_ATTEMPTS:
            return _take(conn, job, owner)
        text = f"this step was begun {n_in_vain} times and its process ended each time. Retry starts it anew."
        fail_job(conn, rules, job.job_id, "WORKER_CRASHED", text)
    return None


def _find_next(conn: Connection, rules: QueueRules, owner: str, video_ids: list[int] | None) -> Job | None:
    query = (
        select(*_COLUMNS)
        .where(
            (JobRow.state == "queued") | ((JobRow.state == "running") & (JobRow.owner != owner)),
            _has_its_turn(),
        )
        .order_by(JobRow.kind.in_(rules.slow), JobRow.job_id)
        .limit(1)
    )
    if video_ids is not None:
        query = query.where(JobRow.video_id.in_(video_ids))
    row = conn.execute(query).one_or_none()
    return None if row is None else Job(*row)


def _take(conn: Connection, job: Job, owner: str) -> Job:
    now = now_utc()
    conn.execute(
        update(JobRow)
        .where(JobRow.job_id == job.job_id)
        .values(
            state="running",
            owner=owner,
            heartbeat_utc=now,
            started_utc=job.started_utc or now,
            attempts=JobRow.attempts + 1,
        )
    )
    return get_job(conn, job.job_id)


def _has_its_turn() -> Any:
    """No earlier job of the same video is open."""
    earlier = aliased(JobRow)
    return ~exists().where(
        earlier.video_id == JobRow.video_id,
        earlier.job_id < JobRow.job_id,
        earlier.state.in_(OPEN_STATES),
    )


def is_short_job_waiting(conn: Connection, rules: QueueRules, video_ids: list[int] | None = None) -> bool:
    """Whether a step could run now that should not have to wait for a slow one."""
    is_short = JobRow.kind.not_in(rules.slow)
    query = select(JobRow.job_id).where(JobRow.state == "queued", is_short, _has_its_turn()).limit(1)
    if video_ids is not None:
        query = query.where(JobRow.video_id.in_(video_ids))
    return conn.execute(query).first() is not None


def requeue_job(conn: Connection, job_id: int) -> bool:
    """Gives a running job back to the queue; what it has done so far stays done. False when it was cancelled."""
    query = update(JobRow).where(JobRow.job_id == job_id, JobRow.state == "running")
    return conn.execute(query.values(state="queued", attempts=JobRow.attempts - 1)).rowcount == 1


def get_job(conn: Connection, job_id: int) -> Job:
    return Job(*conn.execute(select(*_COLUMNS).where(JobRow.job_id == job_id)).one())


def set_progress(conn: Connection, job_id: int, done: int, total: int) -> bool:
    """Stores progress and the heartbeat; False when the job was cancelled meanwhile."""
    query = (
        update(JobRow)
        .where(JobRow.job_id == job_id, JobRow.state == "running")
        .values(progress_done=done, progress_total=total, heartbeat_utc=now_utc())
    )
    return conn.execute(query).rowcount == 1


def set_params(conn: Connection, job_id: int, params: dict[str, Any]) -> None:
    conn.execute(update(JobRow).where(JobRow.job_id == job_id).values(params=params))


def clear_params(conn: Connection, video_id: int) -> None:
    """Forgets what the jobs of a video were told, such as paths of files, and what went wrong."""
    conn.execute(update(JobRow).where(JobRow.video_id == video_id).values(params={}, error_text=None))


def is_running(conn: Connection, job_id: int) -> bool:
    """Whether a job may still write what it found; False when it was cancelled meanwhile."""
    return get_job(conn, job_id).state == "running"


def cancel_job(conn: Connection, job_id: int) -> None:
    """Ends a running job that has nothing left to do."""
    _end(conn, job_id, "cancelled", None, None)


def finish_job(conn: Connection, job_id: int) -> bool:
    """Marks a job done; False when it was cancelled meanwhile."""
    return _end(conn, job_id, "done", None, None)


def fail_job(conn: Connection, rules: QueueRules, job_id: int, code: str, text: str) -> bool:
    """Marks a job failed and cancels the steps of its video that waited for it; False when it was cancelled itself."""
    job = get_job(conn, job_id)
    if not _end(conn, job_id, "failed", code, text):
        return False
    if job.video_id is None or job.kind in rules.aside:
        return True
    conn.execute(
        update(JobRow)
        .where(JobRow.video_id == job.video_id, JobRow.job_id > job_id, JobRow.state == "queued")
        .values(
            state="cancelled",
            finished_utc=now_utc(),
            error_code="PREVIOUS_FAILED",
            error_text=f"the step before it ({job.kind}) failed.",
        )
    )
    return True


def cancel_jobs(conn: Connection, video_id: int | None, kind: str | None = None) -> int:
    """Cancels what waits or runs for a video, or for none; the worker stops a running one at its next step."""
    query = update(JobRow).where(JobRow.video_id == video_id, JobRow.state.in_(OPEN_STATES))
    if kind is not None:
        query = query.where(JobRow.kind == kind)
    return conn.execute(query.values(state="cancelled", finished_utc=now_utc())).rowcount


def drop_jobs(conn: Connection) -> list[tuple[int | None, str]]:
    """Forgets every job; returns video and kind of those that waited or ran. What they were told is not read."""
    query = select(JobRow.video_id, JobRow.kind).where(JobRow.state.in_(OPEN_STATES))
    waiting: list[tuple[int | None, str]] = [(row[0], row[1]) for row in conn.execute(query)]
    conn.execute(delete(JobRow))
    return waiting


def move_jobs(conn: Connection, video_id: int, target_id: int) -> None:
    """Gives the steps of a video to another one, whose own were about media that it no longer has."""
    conn.execute(delete(JobRow).where(JobRow.video_id == target_id))
    conn.execute(update(JobRow).where(JobRow.video_id == video_id).values(video_id=target_id))


def list_jobs(conn: Connection, video_id: int | None = None, states: tuple[str, ...] | None = None) -> list[Job]:
    """Jobs in the order they were made."""
    query = select(*_COLUMNS).order_by(JobRow.job_id)
    if video_id is not None:
        query = query.where(JobRow.video_id == video_id)
    if states is not None:
        query = query.where(JobRow.state.in_(states))
    return [Job(*row) for row in conn.execute(query)]


def find_job(conn: Connection, video_id: int | None, kind: str) -> Job | None:
    """The latest job of this kind for a video, or of no video."""
    query = (
        select(*_COLUMNS)
        .where(JobRow.video_id == video_id, JobRow.kind == kind)
        .order_by(JobRow.job_id.desc())
        .limit(1)
    )
    row = conn.execute(query).one_or_none()
    return None if row is None else Job(*row)


def _end(conn: Connection, job_id: int, state: str, code: str | None, text: str | None) -> bool:
    query = (
        update(JobRow)
        .where(JobRow.job_id == job_id, JobRow.state == "running")
        .values(state=state, finished_utc=now_utc(), error_code=code, error_text=text)
    )
    return conn.execute(query).rowcount == 1
