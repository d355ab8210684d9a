"""A copy of the whole database at one moment, and the proof that a copy is good.

Copies are made by SQLite (VACUUM INTO), never by copying the file, which may be in
the middle of a write. What else belongs to a backup stands in studio/safety/backing_up.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db.check import check_database
from db.engine import Connection, Database
from db.ledger import find_hash, get_tip
from db.people import get_project_id
from db.schema import HEAD
from db.tables import Base
from imigue_core.errors import StorageError
from imigue_core.files import sync_path
from imigue_core.settings import Settings


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """What stands in a checked database.

    Attributes:
        schema: Its revision.
        ledger_seq: Last row of the ledger.
        ledger_hash: Hash of that row, which stands for all rows before it.
        rows: Number of rows by table.
    """

    project_id: str
    schema: str
    ledger_seq: int
    ledger_hash: str
    rows: dict[str, int]


def copy_database(db: Database, folder: Path) -> CopyFacts:
    """Writes ``studio.db`` into ``folder`` and proves the copy; people go on labelling meanwhile.

    Raises:
        StorageError: ``STORAGE_DAMAGED`` when the database or the copy has a finding, or what the disk says.
    """
    copy = Settings(data=folder)
    db.copy_into(copy.database)
    sync_path(copy.database)
    facts = verify_database(copy)
    with db.read() as conn:
        if find_hash(conn, facts.ledger_seq) != facts.ledger_hash:
            raise StorageError("STORAGE_DAMAGED", "the copy's ledger is not the beginning of the database's.")
    return facts


def verify_database(settings: Settings) -> CopyFacts:
    """Opens a database without writing to it and checks every invariant.

    Raises:
        StorageError: ``STORAGE_DAMAGED`` naming the first finding, or why it cannot be opened.
    """
    db = Database(settings, read_only=True)
    try:
        report = check_database(db)
        if report.findings:
            first = report.findings[0]
            raise StorageError(
                "STORAGE_DAMAGED",
                f"expected a sound database, found {len(report.findings)} faults: {first.invariant}: {first.message}.",
                where=str(settings.database),
            )
        with db.read() as conn:
            seq, last_hash = get_tip(conn)
            return CopyFacts(get_project_id(conn), HEAD, seq, last_hash, count_rows(conn))
    finally:
        db.close()


def count_rows(conn: Connection) -> dict[str, int]:
    """Rows of each table, by name."""
    return {
        name: conn.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in sorted(Base.metadata.tables)
    }
