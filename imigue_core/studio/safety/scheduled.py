"""Backups that nobody has to think of: every hour in which something changed, thinned out as they grow old.

The worker makes them in the thread of its watch, when nothing has changed for a minute, or ten minutes late where
people or steps never pause; no edit waits. A pose file that did not change since the backup before is the same file
under a second name and takes no room. Backups that a person made are never removed.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from db.backup import count_rows
from db.engine import Database
from db.ledger import get_tip
from imigue_core.errors import InputError, StorageError, StudioError
from imigue_core.files import move_path, read_regular, write_atomic
from imigue_core.settings import Settings
from imigue_core.studio.safety.backing_up import (
    SCHEDULED,
    UNFINISHED,
    BackupSummary,
    list_backups,
    list_summaries,
    make_backup,
)
from imigue_core.studio.videos.incoming import remove_folder

QUIET_S = 60.0
LATEST_S = 600.0
"""A backup that is due waits no longer than that for a quiet minute."""
_LOOK_S = 30.0
_ROOM_BYTES = 256 * 1024 * 1024
"""Left free on the disk after a backup, so that labelling goes on."""
_UNCOUNTED = ("audit", "job", "change_count")
"""Tables that also change when nobody has done anything worth a backup."""
_NOT_MADE = "not-made.json"
logger = logging.getLogger("imigue.backup")


class Schedule:
    """Decides when a project's next backup is made, and makes it.

    Args:
        db: Of the project.
        clock: Seconds that only go forward.
        now: The time of day, for how old a backup is; which one is the newest never comes from it.
    """

    def __init__(
        self,
        db: Database,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._db, self._clock, self._now = db, clock, now
        self._looked_at: float | None = None
        self._due_since: float | None = None

    def look(self, quiet_s: float) -> Path | None:
        """Makes a backup when one is due, and returns its folder.

        Args:
            quiet_s: For how long nothing has changed.
        """
        moment = self._clock()
        if self._looked_at is not None and moment - self._looked_at < _LOOK_S:
            return None
        self._looked_at = moment
        if not self._is_due():
            self._due_since = None
            return None
        if self._due_since is None:
            self._due_since = moment
        if quiet_s < QUIET_S and moment - self._due_since < LATEST_S:
            return None
        self._due_since = None
        return self._make()

    def _is_due(self) -> bool:
        hours = self._db.settings.backup_hours
        if not hours or self._db.damage.find() is not None:
            return False
        newest = next(iter(list_summaries(self._db.settings)), None)
        with self._db.read() as conn:
            seq, last_hash = get_tip(conn)
            rows = count_rows(conn)
        if newest is None:
            return seq > 0 or rows["video"] > 0
        age_s = (self._now() - newest.made_at).total_seconds()
        is_same = (seq, last_hash) == (newest.ledger_seq, newest.ledger_hash) and all(
            n == newest.rows.get(name) for name, n in rows.items() if name not in _UNCOUNTED
        )
        return not is_same and not 0 <= age_s < hours * 3600

    def _make(self) -> Path | None:
        settings = self._db.settings
        try:
            _expect_room(settings)
            newest = next(iter(list_backups(settings)), None)
            folder = make_backup(self._db, earlier=newest, is_scheduled=True).folder
        except StudioError as error:
            logger.warning("no backup was made: %s", error)
            _say(settings, error)
            return None
        with suppress(OSError):
            (settings.backups / _NOT_MADE).unlink(missing_ok=True)
        remove_superseded(settings)
        return folder


def remove_superseded(settings: Settings) -> None:
    """Removes the scheduled backups that are no longer kept, one after the other, each wholly or not at all."""
    made = [one for one in list_summaries(settings) if one.folder.name.endswith(SCHEDULED)]
    kept = {one.folder for one in choose_kept(made, settings.backups_kept)}
    for one in made:
        if one.folder not in kept:
            leaving = one.folder.with_name(f"{UNFINISHED}{uuid.uuid4().hex}")
            with suppress(OSError, StorageError):  # the next one tries again
                move_path(one.folder, leaving)
                remove_folder(leaving)


def choose_kept(made: Iterable[BackupSummary], counts: tuple[int, int, int]) -> list[BackupSummary]:
    """Of backups, newest first: the newest one of each of the last hours, days and weeks that have any.

    Args:
        counts: How many hours, days and weeks.
    """
    kept = []
    seen: tuple[set[str], ...] = (set(), set(), set())
    for one in made:
        names = (f"{one.made_at:%Y-%m-%d %H}", f"{one.made_at:%Y-%m-%d}", f"{one.made_at:%G-%V}")
        is_first = [name not in before and len(before) < n for name, before, n in zip(names, seen, counts, strict=True)]
        if any(is_first):
            kept.append(one)
        for name, before, is_new in zip(names, seen, is_first, strict=True):
            if is_new:
                before.add(name)
    return kept


def find_backup_trouble(settings: Settings) -> StudioError | None:
    """Why the last scheduled backup was not made; None when it was."""
    try:
        said = json.loads(read_regular(settings.backups / _NOT_MADE, 64 * 1024))
        return StorageError(said["code"], said["message"], hint=said["hint"])
    except (InputError, ValueError, KeyError, TypeError):
        return None


def _say(settings: Settings, error: StudioError) -> None:
    content = json.dumps(error.to_dict()).encode()
    with suppress(OSError):  # on a full disk the log says it, and the page when there is room
        write_atomic(settings.backups / _NOT_MADE, lambda file: file.write(content), durable=False)


def _expect_room(settings: Settings) -> None:
    needed = 3 * settings.database.stat().st_size + _ROOM_BYTES
    free = shutil.disk_usage(settings.data).free
    if free < needed:
        message = f"no backup was made: expected {needed:,} bytes free on the disk, got {free:,}."
        raise StorageError("BACKUP_SKIPPED", message, hint="Free some space; labelling goes on meanwhile.")
