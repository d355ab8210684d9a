"""The watched folder: files that have stopped growing are moved into the project."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from db.engine import Database
from db.people import add_audit
from imigue_core.errors import InputError, StorageError, StudioError
from imigue_core.files import stat_regular
from imigue_core.studio.videos.adding import register_file
from imigue_core.studio.videos.library import REFUSED_FOLDER, Refusal, record_inbox_refusals

SETTLED_S = 5.0
"""Seconds for which a file's size must not have changed."""
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart", ".!ut")
logger = logging.getLogger("imigue.inbox")
_Seen = tuple[int, int]


class Inbox:
    """Remembers what it saw, to tell a file that is still being written from one that is whole."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._seen: dict[Path, tuple[_Seen, float]] = {}
        self._refused: dict[Path, _Seen] = {}
        self._reasons: dict[Path, StudioError] = {}
        self._told: list[Refusal] | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether there are files that have not been still for long enough."""
        return any(self._refused.get(path) != seen for path, (seen, _) in self._seen.items())

    def look(self, now: float | None = None) -> list[int]:
        """Takes in every file that has been still for 5 s; returns the videos.

        Args:
            now: Seconds of a clock that only goes forward, ``time.monotonic()`` when not given.
        """
        now = time.monotonic() if now is None else now
        found = self._list_files()
        self._seen = {
            path: (seen, self._seen[path][1] if path in self._seen and self._seen[path][0] == seen else now)
            for path, seen in found.items()
        }
        ready = [path for path, (_, since) in self._seen.items() if now - since >= SETTLED_S]
        taken = [video_id for path in ready if (video_id := self._take(path, found[path])) is not None]
        self._reasons = {path: reason for path, reason in self._reasons.items() if path in found}
        self._tell()
        return taken

    def _tell(self) -> None:
        """Stores what stays in the inbox and why, for the Library to show, whenever that changes."""
        refusals = [Refusal(_show(path.name), error.code, error.message) for path, error in self._reasons.items()]
        if refusals != self._told:
            record_inbox_refusals(self._db, refusals)
            self._told = refusals

    def _list_files(self) -> dict[Path, _Seen]:
        """What lies directly in the inbox, with size and time of change; hidden and half-loaded files are left."""
        folder = self._db.settings.inbox
        found: dict[Path, _Seen] = {}
        if not folder.is_dir():
            return found
        for path in sorted(folder.iterdir()):
            if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED) or path.name == REFUSED_FOLDER:
                continue
            try:
                info = path.lstat()
            except FileNotFoundError:  # taken away meanwhile
                continue
            found[path] = (info.st_size, info.st_mtime_ns)
        return found

    def _take(self, path: Path, seen: _Seen) -> int | None:
        if self._refused.get(path) == seen:
            return None
        try:
            if stat_regular(path) is None:
                path.lstat()  # raises when it was taken away meanwhile
                message = "expected a file, got a folder, a link or a pipe."
                raise InputError("NOT_A_FILE", message, hint="Put video files directly into the inbox.")
            result = register_file(self._db, path, move=True, inbox_name=path.name)
        except FileNotFoundError:  # taken away meanwhile
            return None
        except StorageError as error:  # a full disk may have room later
            logger.warning("%s", error)
            self._reasons[path] = error
            del self._seen[path]
            return None
        except StudioError as error:
            self._refused[path], self._reasons[path] = seen, error
            logger.warning("the inbox keeps %s: %s", _show(path.name), error)
            with self._db.write() as conn:
                add_audit(conn, None, "inbox.refuse", "inbox", {"code": error.code})
            return None
        self._reasons.pop(path, None)
        return result.video_id


def _show(name: str) -> str:
    """A file's name with what cannot be seen, or is no text, spelled out."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
