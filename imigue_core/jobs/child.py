"""Processes of their own for work on files that nobody vouches for.

A child runs one task after the other, tells its progress, and is killed when it goes
quiet. It cannot outlive the worker. What the tasks do is for the files of the steps.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from imigue_core.errors import (
    ConflictError,
    DeniedError,
    InputError,
    NotAvailableError,
    StorageError,
    StudioError,
    WorkerError,
)

MEMORY_LIMIT_BYTES = 4 * 1024**3
Progress = Callable[[int, int], None]
Task = Callable[..., Any]
"""A function of a module; called with its arguments and ``on_progress``."""

_SPAWN = multiprocessing.get_context("spawn")
_PR_SET_PDEATHSIG = 1
_TELL_S = 0.1
_START_S = 60.0
"""Starting Python and loading a task's module on a busy machine may take this long on top of the stall time."""
_ERRORS: dict[str, type[StudioError]] = {
    kind.__name__: kind for kind in (StudioError, InputError, ConflictError, DeniedError, StorageError, WorkerError)
}


class Child:
    """One process that works for this one.

    Args:
        stall_s: Seconds without progress after which the child is killed.
        memory_bytes: Largest address space, None for no limit.
        only_data: Let only memory that can be written count, for libraries that ask for far more addresses.
    """

    def __init__(
        self, *, stall_s: float, memory_bytes: int | None = MEMORY_LIMIT_BYTES, only_data: bool = False
    ) -> None:
        self._stall_s = stall_s
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs, os.getpid(), memory_bytes, only_data), daemon=True)
        self._process.start()
        theirs.close()
        self._deadline = time.monotonic()
        self._has_answered = False
        self.done = 0
        self.total = 0

    @property
    def connection(self) -> Connection:
        """For ``multiprocessing.connection.wait``: readable when ``poll`` has something new."""
        return self._pipe

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def start(self, task: Task, *args: Any) -> None:
        """Gives the child its next task; the one before must have been answered."""
        self.done = self.total = 0
        self._push_deadline()
        with suppress(BrokenPipeError):  # poll says how the child died
            self._pipe.send((task, args))

    def poll(self) -> tuple[bool, Any]:
        """Takes in what the child told so far: whether the task is done, and its result.

        Raises:
            StudioError: What the task raised, with its code.
            WorkerError: ``WORKER_TIMEOUT``, ``WORKER_MEMORY`` or ``WORKER_DIED``; the child is gone.
        """
        while self._pipe.poll():
            try:
                kind, *content = self._pipe.recv()
            except (EOFError, OSError):
                raise self._explain_death() from None
            self._has_answered = True
            self._push_deadline()
            if kind == "result":
                return True, content[0]
            if kind == "error":
                raise _rebuild_error(*content)
            self.done, self.total = content
        if time.monotonic() > self._deadline:
            self.kill()
            message = f"no progress for {self._stall_s:g} s after {self.done} frames; the step was stopped."
            raise WorkerError("WORKER_TIMEOUT", message)
        return False, None

    def kill(self) -> None:
        """Ends the process at once."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _push_deadline(self) -> None:
        self._deadline = time.monotonic() + self._stall_s + (0 if self._has_answered else _START_S)

    def _explain_death(self) -> WorkerError:
        self._process.join(5)
        code = self._process.exitcode
        how = f"signal {-code}" if code is not None and code < 0 else f"code {code}"
        return WorkerError("WORKER_DIED", f"the process that read the file ended with {how}.")


def run_in_child(
    task: Task,
    *args: Any,
    stall_s: float,
    on_progress: Progress,
    memory_bytes: int | None = MEMORY_LIMIT_BYTES,
    only_data: bool = False,
) -> Any:
    """Runs one task in a process of its own and returns its result.

    Args:
        stall_s, memory_bytes, only_data: As for ``Child``.
        on_progress: Called with done and total four times a second; what it raises stops the child.

    Raises:
        StudioError: See ``Child.poll``.
    """
    child = Child(stall_s=stall_s, memory_bytes=memory_bytes, only_data=only_data)
    try:
        child.start(task, *args)
        while True:
            wait([child.connection], timeout=0.25)
            is_done, result = child.poll()
            on_progress(child.done, child.total)
            if is_done:
                return result
    finally:
        child.kill()


def die_with_parent(parent: int) -> None:
    """Asks the kernel to kill this process when its parent dies; Linux only, elsewhere nothing happens."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def _serve(pipe: Connection, parent: int, memory_bytes: int | None, only_data: bool) -> None:
    """What a child does: tasks, one after the other, until the pipe closes."""
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_DATA if only_data else resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(EOFError, BrokenPipeError):
        while True:
            task, args = pipe.recv()  # this loads the task's module
            pipe.send(("progress", 0, 0))
            pipe.send(_run(task, args, _Teller(pipe)))


def _run(task: Task, args: tuple[Any, ...], teller: Progress) -> tuple[Any, ...]:
    try:
        return "result", task(*args, on_progress=teller)
    except StudioError as error:
        kind = next((name for name, known in _ERRORS.items() if type(error) is known), "WorkerError")
        return "error", kind, error.code, error.message, error.hint, error.where
    except MemoryError:
        return "error", "WorkerError", "WORKER_MEMORY", "this needs more memory than a step may take.", "", ""
    except Exception as error:
        message = f"the step failed in an unexpected way: {type(error).__name__}: {error}"
        return "error", "WorkerError", "WORKER_FAILED", message, "", ""


class _Teller:
    """Sends progress to the worker, not more often than it matters."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._last = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last >= _TELL_S or 0 < total == done:
            self._last = now
            self._pipe.send(("progress", done, total))


def _rebuild_error(kind: str, code: str, message: str, hint: str, where: str) -> StudioError:
    if code == "NOT_AVAILABLE":
        return NotAvailableError(message, hint=hint, where=where)
    return _ERRORS.get(kind, WorkerError)(code, message, hint=hint, where=where)
