"""What is known to be wrong with a project's database, said for people: what was found, what to do, the newest backup.

The note itself is db/damage.py; when the database is looked at, and by whom, stands in watching.py.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from db.check import CheckReport, Finding
from db.clock import now_utc
from db.damage import Damage
from db.engine import Database, open_database
from db.head import HEAD_FILE
from db.people import add_audit
from db.quick_check import check_quickly
from db.seal import SEAL_FILE
from imigue_core.errors import StorageError
from imigue_core.files import move_path, storage_errors
from imigue_core.settings import Settings
from imigue_core.studio.safety.backing_up import check_project, list_backups

MISSING, UNSEALED = "I8", "I10"
"""The invariants that a whole database breaks of which edits are missing, or a table was changed past the studio."""
REPAIRABLE = "I9"
"""The one that a file breaks which can be made again."""
_hints: dict[tuple[str, str], str] = {}


def find_damage(db: Database) -> StorageError | None:
    """What is known to be wrong, with what to do about it; None when nothing is. Costs one look at the folder."""
    damage = db.damage.find()
    if damage is None:
        return None
    key = (str(db.settings.data), damage.utc)
    if key not in _hints:
        _hints[key] = _advise(db.settings, damage)
    return StorageError(damage.code, damage.message, hint=_hints[key])


def _advise(settings: Settings, damage: Damage) -> str:
    newest = next(iter(list_backups(settings)), None)
    backup = "There is no backup in backups/." if newest is None else f"The newest backup is backups/{newest.name}."
    if damage.code == "EDITS_MISSING":
        todo = "Put the missing studio.db-wal back, restore a backup, or decide to go on: docs/damage.md says how."
    else:
        todo = "Stop the studio and restore a backup: docs/damage.md says how."
    return f"Nothing is saved until then; the browsers keep their edits. {todo} {backup}"


def note_finding(db: Database, finding: Finding) -> None:
    """Lets nothing more be written into this database, in this process and in every other."""
    if finding.invariant == MISSING:
        db.damage.write("EDITS_MISSING", finding.message)
    else:
        db.damage.write("STORAGE_DAMAGED", f"the database is damaged ({finding.invariant}): {finding.message}.")


def look_before_work(db: Database) -> StorageError | None:
    """The quick check, before the first edit is acknowledged; what it finds is noted. Tens of milliseconds."""
    finding = check_quickly(db)
    if finding is not None:
        note_finding(db, finding)
    return find_damage(db)


def accept_losses(settings: Settings) -> CheckReport:
    """Lets people go on with a whole database of which something is missing; what told of it is kept beside it.

    Returns:
        What was found and is accepted; nothing when nothing was missing.

    Raises:
        StorageError: ``STORAGE_DAMAGED`` when more is wrong than that: no decision makes that good.
    """
    report = check_project(settings)
    hard = next((one for one in report.findings if one.invariant not in (MISSING, UNSEALED, REPAIRABLE)), None)
    lost = [one for one in report.findings if one.invariant in (MISSING, UNSEALED)]
    if hard is not None:
        hint = "Restore a backup instead: docs/damage.md says how."
        message = f"more is wrong than that edits are missing ({hard.invariant}): {hard.message}."
        raise StorageError("STORAGE_DAMAGED", message, hint=hint)
    db = open_database(settings, create=False)
    try:
        if lost:
            stamp = now_utc().replace(":", "")
            for name in (HEAD_FILE, SEAL_FILE):
                with storage_errors(), suppress(FileNotFoundError):
                    move_path(settings.data / name, settings.data / f"{name}.{stamp}")
        db.damage.clear()
        if lost:
            with db.write() as conn:
                found = [one.message for one in lost]
                add_audit(conn, None, "losses.accept", "", {"findings": found, "ledger_seq": report.n_ledger})
        db.head.save()
    finally:
        db.close()
    return replace(report, findings=lost)
