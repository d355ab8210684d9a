"""When a project's database is looked at while people work: quickly every now and then, wholly when it has been quiet.

The worker's process does this in a thread of its own, at the lowest priority and with connections of its own: no edit
waits for it, and no page comes out of another connection's memory. What is found is noted (damage.py) for everybody.
The same thread makes the backups that are due (scheduled.py).
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from db.check import Finding, check_database
from db.damage import DAMAGE_CODES
from db.engine import Database
from db.quick_check import check_quickly
from db.seal import save_seal
from imigue_core.errors import StorageError
from imigue_core.settings import Settings
from imigue_core.studio.safety.damage import note_finding
from imigue_core.studio.safety.scheduled import Schedule

ROUND_S = 2.0
QUICK_S = 20.0
"""Between two quick checks while something changes."""
QUIET_S = 20.0
"""Without a change for so long, the database is idle and checked wholly."""
WHOLE_S = 40.0
"""Between two whole checks while something changes; at least ``LEISURE`` times as long as one takes."""
REST_S = 600.0
"""Between two whole checks while nothing changes: disks forget too."""
LEISURE = 30
_LITTLE_SPACE = 1024 * 1024
_BUSY = "is locked"
logger = logging.getLogger("imigue.damage")
Stamp = tuple[tuple[int, int], ...]


class Watch:
    """Looks after the database of one project.

    Args:
        db: Whose note says what is known to be wrong.
        clock: Seconds that only go forward.
    """

    def __init__(self, db: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._db, self._clock = db, clock
        self._stamp: Stamp = ()
        self._changed_at = clock()
        self._quick: tuple[Stamp, float] | None = None
        self._whole: tuple[Stamp, float] | None = None
        self._cost_s = 0.0
        self._confirmed = ""

    def start(self) -> None:
        """Looks until the process ends."""
        threading.Thread(target=self._run, name="damage watch", daemon=True).start()

    def look(self) -> None:
        """One round: whatever is due. The first one checks wholly."""
        if shutil.disk_usage(self._db.settings.data).free < _LITTLE_SPACE:
            return  # reading needs a little space too, and a full disk is no damage
        now, stamp = self._clock(), _read_stamp(self._db.settings)
        if stamp != self._stamp:
            self._stamp, self._changed_at = stamp, now
        if self._is_whole_due(now):
            self._check_wholly(stamp)
        elif self._quick is None or (self._quick[0] != stamp and now - self._quick[1] >= QUICK_S):
            finding = check_quickly(self._db)
            if finding is not None:
                self._say(finding)
            self._quick = stamp, self._clock()

    def _is_whole_due(self, now: float) -> bool:
        damage = self._db.damage.find()
        if self._whole is None or (damage is not None and damage.utc != self._confirmed):
            return True
        stamp, checked_at = self._whole
        rested_s = now - checked_at
        if stamp == self._stamp:
            return rested_s >= REST_S
        wait_s = max(QUIET_S if now - self._changed_at >= QUIET_S else WHOLE_S, LEISURE * self._cost_s)
        return rested_s >= wait_s

    def _check_wholly(self, stamp: Stamp) -> None:
        """Notes what is wrong; forgets what was noted before and is not wrong any more."""
        before, begun = self._db.damage.find(), self._clock()
        finding = _find_first(self._db.settings)
        ended = self._clock()
        self._cost_s, self._whole, self._quick = ended - begun, (stamp, ended), (stamp, ended)
        if finding is not None:
            self._say(finding)
        elif before is not None and self._db.damage.find() == before:
            logger.warning("%s was noted, and a whole check finds nothing wrong: going on", before.code)
            self._db.damage.clear()
        noted = self._db.damage.find()
        self._confirmed = "" if noted is None else noted.utc

    def _say(self, finding: Finding) -> None:
        if self._db.damage.find() is None:
            logger.error("the database is damaged: %s: %s", finding.invariant, finding.message)
        note_finding(self._db, finding)

    def _run(self) -> None:
        schedule = Schedule(self._db, self._clock)
        while True:
            try:
                self.look()
                schedule.look(self._clock() - self._changed_at)
            except Exception:
                logger.exception("the database could not be looked after")
            time.sleep(ROUND_S)


def _find_first(settings: Settings) -> Finding | None:
    """Checks wholly, and seals what has no finding."""
    try:
        db = Database(settings, read_only=True)
    except StorageError as error:
        return Finding("I4", error.message) if error.code in DAMAGE_CODES else None
    try:
        report = check_database(db)
    finally:
        db.close()
    if report.ok and report.seal is not None:
        with suppress(OSError):
            save_seal(settings.data, report.seal)
    return next((one for one in report.findings if _BUSY not in one.message), None)


def _read_stamp(settings: Settings) -> Stamp:
    """Sizes and times of change of the database and its log: something was written when they differ."""
    found = []
    for path in (settings.database, settings.database.with_name(f"{settings.database.name}-wal")):
        try:
            stat = path.stat()
        except OSError:
            found.append((0, 0))
        else:
            found.append((stat.st_size, stat.st_mtime_ns))
    return tuple(found)
