"""The newest ledger number and its hash, in a small file of their own beside the database: ``studio.head``.

A database whose write-ahead log was lost, or that was replaced by an older copy, is whole and knows nothing of
what is missing; this file does. It is written after COMMIT, in a thread that no edit waits for: it may lag behind
what is on the disk, by half a second mostly, and is never ahead of it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection

from db.clock import now_utc
from db.ledger import find_hash, get_tip
from db.people import get_project_id
from imigue_core.errors import InputError, StorageError
from imigue_core.files import read_regular, write_atomic

HEAD_FILE = "studio.head"
GATHER_S = 0.5
"""The edits of so long are remembered together."""
_MAX_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Head:
    """How far a project's ledger was, and when that was written."""

    project_id: str
    ledger_seq: int
    ledger_hash: str
    utc: str


def load_head(folder: Path) -> Head | None:
    """What the file in a data folder remembers; None where there is none, or none that can be read.

    Read it before the moment of the database that it is compared with: edits go on meanwhile.
    """
    try:
        head = Head(**json.loads(read_regular(folder / HEAD_FILE, _MAX_BYTES)))
    except (InputError, ValueError, TypeError):  # a power cut may leave it empty, which says nothing of the database
        return None
    return head if isinstance(head.ledger_seq, int) and isinstance(head.ledger_hash, str) else None


def compare_head(conn: Connection, head: Head | None) -> str | None:
    """What is missing from a database that ``head`` remembers, as a sentence; None when nothing is."""
    if head is None:
        return None
    if get_project_id(conn) != head.project_id:
        return f"another project's database lies here; the one of {head.utc} with {head.ledger_seq} edits is gone."
    tip, _ = get_tip(conn)
    n_missing = head.ledger_seq - tip
    if n_missing > 0:
        edits = "1 acknowledged edit is" if n_missing == 1 else f"{n_missing:,} acknowledged edits are"
        return f"{edits} missing: the database ends at #{tip}, and at {head.utc} it had #{head.ledger_seq}."
    if find_hash(conn, head.ledger_seq) != head.ledger_hash:
        return f"the ledger is not the one that had #{head.ledger_seq} at {head.utc}: it was replaced or changed."
    return None


class HeadWriter:
    """Keeps the file of one database up to date, from a thread of its own.

    Args:
        folder: The project's data folder.
        read: A connection that sees one moment of the database.
        complain: Is told, with a sentence, that the file remembers more than the database has; it is left as it is.
    """

    def __init__(
        self, folder: Path, read: Callable[[], AbstractContextManager[Connection]], complain: Callable[[str], None]
    ) -> None:
        self._folder, self._read, self._complain = folder, read, complain
        self._woken = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """The ledger has grown; returns at once. One writer at a time calls this."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="ledger head", daemon=True)
            self._thread.start()
        self._woken.set()

    def close(self) -> None:
        """Writes what is still to be remembered, and ends."""
        self._closing.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def save(self) -> None:
        """Remembers how far the ledger is now, unless the file remembers more than that."""
        remembered = load_head(self._folder)
        with self._read() as conn:
            missing = compare_head(conn, remembered)
            head = Head(get_project_id(conn), *get_tip(conn), utc=now_utc())
        if missing is not None:
            self._complain(missing)
            return
        if remembered is not None and remembered.ledger_seq == head.ledger_seq:
            return
        content = json.dumps(asdict(head)).encode()
        # Not waited for: that would make the disk busy just when the next edit wants it.
        write_atomic(self._folder / HEAD_FILE, lambda file: file.write(content), durable=False)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._woken.wait()
            self._closing.wait(GATHER_S)
            self._woken.clear()
            with suppress(OSError, StorageError):  # a full disk: the next edit tries again
                self.save()
