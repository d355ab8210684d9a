"""What every step has at hand while it runs: its job row, and a way to tell progress and to be stopped.

Which steps there are, and what each is called, stands in studio/videos/steps.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from db.engine import Connection, Database
from db.jobs import Job, is_running, is_short_job_waiting, set_params, set_progress
from db.videos import Video, get_video
from imigue_core.jobs.child import MEMORY_LIMIT_BYTES, Progress, Task, run_in_child
from imigue_core.studio.videos.queueing import request_followers
from imigue_core.studio.videos.steps import QUEUE_RULES, Step
from imigue_core.video_folder import VideoFolder

_TELL_S = 0.25


class StepCancelledError(Exception):
    """Somebody cancelled the job, or removed the video, while the step ran."""


class StepInterruptedError(Exception):
    """A shorter step of another video goes first; what is done so far stays done."""


@dataclass(slots=True)
class StepRun:
    """One leased job while it runs.

    Attributes:
        video_ids: The videos this worker serves, None for all.
        params: Copy of the job's parameters; ``save_params`` stores changes.
    """

    db: Database
    job: Job
    video_ids: list[int] | None = None
    params: dict[str, Any] = field(default_factory=dict)
    _told: float = 0.0

    def __post_init__(self) -> None:
        self.params = dict(self.job.params)

    @property
    def video_id(self) -> int:
        """The video it is about; only for steps of a video."""
        assert self.job.video_id is not None
        return self.job.video_id

    @property
    def files(self) -> VideoFolder:
        return self.db.settings.files_of(self.video_id)

    def load_video(self) -> Video:
        with self.db.read() as conn:
            return get_video(conn, self.video_id, include_hidden=True)

    def tell(self, done: int, total: int, *, at_once: bool = False) -> None:
        """Stores progress and parameters, four times a second at most.

        Raises:
            StepCancelledError: The job is no longer running.
        """
        now = time.monotonic()
        if not at_once and now - self._told < _TELL_S:
            return
        self._told = now
        with self.db.write() as conn:
            if not set_progress(conn, self.job.job_id, done, total):
                raise StepCancelledError
            set_params(conn, self.job.job_id, self.params)

    @contextmanager
    def recording(self) -> Iterator[Connection]:
        """A writing connection for what the step found; nothing is stored once the job was cancelled.

        Raises:
            StepCancelledError: The job is no longer running.
        """
        with self.db.write() as conn:
            if not is_running(conn, self.job.job_id):
                raise StepCancelledError
            yield conn

    def request_followers(self, conn: Connection) -> None:
        """Queues what follows this step; call where its result is stored."""
        request_followers(conn, self.db.settings, self.video_id, Step(self.job.kind))

    def is_in_the_way(self) -> bool:
        """Whether a shorter step could run now, were it not for this one."""
        with self.db.read() as conn:
            return is_short_job_waiting(conn, QUEUE_RULES, self.video_ids)

    def run_in_child(
        self, task: Task, *args: Any, memory_bytes: int | None = MEMORY_LIMIT_BYTES, only_data: bool = False
    ) -> Any:
        """Runs a task on an untrusted file; its progress becomes the job's."""
        return run_in_child(
            task,
            *args,
            stall_s=self.db.settings.stall_s,
            on_progress=self._pass_on,
            memory_bytes=memory_bytes,
            only_data=only_data,
        )

    def _pass_on(self, done: int, total: int) -> None:
        self.tell(done, total, at_once=total > 0 and done == total)


__all__ = ["Progress", "StepCancelledError", "StepInterruptedError", "StepRun"]
