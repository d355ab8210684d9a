"""The worker process: started with the server, started again when it dies, stopped with the server.

What the worker does is not known here. It ends by itself when its standard input, a
pipe that only this process holds, closes; so it cannot outlive a server that was killed.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from imigue_core.settings import Settings

logger = logging.getLogger("imigue.worker")
ROOT = Path(__file__).parents[2]
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
HEALTHY_AFTER_S = 60.0
_LEAVE_S = 5.0


class Supervisor:
    """Keeps one worker process running.

    Args:
        settings: The project the worker serves.
        command: What to run instead of the worker, for tests.
    """

    def __init__(self, settings: Settings, command: Sequence[str] | None = None) -> None:
        worker = (sys.executable, "-m", "imigue_core", "worker", "--data", str(settings.data), "--parent-pipe")
        self._command = tuple(command or worker)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="worker supervisor", daemon=True)

    @property
    def pid(self) -> int | None:
        """Process id of the worker that runs now."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Closes the worker's pipe, waits for it to leave, and ends what does not."""
        self._stopping.set()
        with self._lock:
            process = self._process
        if process is not None:
            _end(process)
        self._thread.join(timeout=_LEAVE_S)

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            started = time.monotonic()
            with self._lock:
                if self._stopping.is_set():
                    return
                self._process = process = self._start_process()
            code = process.wait()
            _end(process)
            with self._lock:
                self._process = None
            if self._stopping.is_set():
                return
            if time.monotonic() - started > HEALTHY_AFTER_S:
                pause_s = FIRST_PAUSE_S
            logger.warning("the worker ended with code %s and starts again in %.1f s", code, pause_s)
            self._stopping.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _start_process(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches the server alone, which then lets the worker finish its step.
        return subprocess.Popen(self._command, stdin=subprocess.PIPE, cwd=ROOT, close_fds=True, start_new_session=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a worker and whatever processes it left behind in its session."""
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        try:
            process.wait(_LEAVE_S)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal_number)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
