"""Who waits for news of a video in this process, and how they are woken: by an edit, or by the server's end.

A wait holds neither a thread nor a database connection. Edits of other processes wake
nobody here; whoever waits looks at the database now and then (web/live_api.py).
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from imigue_core.errors import InputError

MAX_PER_PERSON = 8
"""Open polls of one person: one for each page that is looked at, and those that a reload left behind."""


class Hub:
    """Waits by video. ``signal`` and ``close`` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waits: dict[int, set[Wait]] = {}
        self._n_open: dict[int, int] = {}
        self.is_closing = False

    @contextmanager
    def wait_for(self, video_id: int, annotator_id: int) -> Iterator[Wait]:
        """A wait of the running event loop; signals from its making on are not lost.

        Raises:
            InputError: ``TOO_MANY_POLLS``.
        """
        wait = Wait()
        with self._lock:
            if self._n_open.get(annotator_id, 0) >= MAX_PER_PERSON:
                raise InputError("TOO_MANY_POLLS", f"expected at most {MAX_PER_PERSON} open polls of one person.")
            self._n_open[annotator_id] = self._n_open.get(annotator_id, 0) + 1
            self._waits.setdefault(video_id, set()).add(wait)
        try:
            yield wait
        finally:
            with self._lock:
                self._waits[video_id].discard(wait)
                if not self._waits[video_id]:
                    del self._waits[video_id]
                self._n_open[annotator_id] -= 1
                if not self._n_open[annotator_id]:
                    del self._n_open[annotator_id]

    def count_waits(self) -> int:
        """Open waits of everybody."""
        with self._lock:
            return sum(len(waits) for waits in self._waits.values())

    def signal(self, video_id: int) -> None:
        """Wakes everybody who waits for this video."""
        with self._lock:
            waits = list(self._waits.get(video_id, ()))
        for wait in waits:
            wait.wake()

    def close(self) -> None:
        """Wakes everybody for good: the server is about to end and waits for its open answers."""
        self.is_closing = True
        # Called from a signal handler too, on the thread that may hold the lock at this moment.
        for waits in list(self._waits.values()):
            for wait in list(waits):
                wait.wake()

    @contextmanager
    def closing_on_signals(self) -> Iterator[None]:
        """Closes on SIGINT and SIGTERM before the server's own handlers run; only the main thread can listen."""
        self.is_closing = False
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        former: dict[int, Any] = {}

        def close(number: int, frame: FrameType | None) -> None:
            self.close()
            if callable(former[number]):
                former[number](number, frame)

        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler):
                former[number] = handler
                signal.signal(number, close)
        try:
            yield
        finally:
            self.close()
            for listened, handler in former.items():
                if signal.getsignal(listened) is close:
                    signal.signal(listened, handler)


class Wait:
    """One open poll."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def wake(self) -> None:
        """From any thread."""
        try:
            self._loop.call_soon_threadsafe(self._event.set)
        except RuntimeError:  # its loop ended meanwhile
            return

    async def pause(self, seconds: float) -> bool:
        """Returns when woken, at the latest after ``seconds``; whether it was woken."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        self._event.clear()
        return True
