"""What the tables outside the ledger were when they were last proven: a digest of each, in ``studio.seal``.

The ledger proves labels, ratings and decisions; a note has its own hash. A changed bit in any other row looks like
any other value. So every row that the studio itself writes, changes or removes counts up ``change_count``, by triggers
that only our own writing connections have; a table whose count stands where it stood at the last seal must have the
digest it had then. The worker writes a seal after each whole check without findings. A table that is changed between
two checks is not proven over that time; ``video.revision``, which every edit raises, never is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from db.clock import now_utc
from db.people import get_project_id
from db.schema import HEAD
from db.tables import Base
from imigue_core.errors import InputError
from imigue_core.files import read_regular, write_atomic

SEAL_FILE = "studio.seal"
_MAX_BYTES = 64 * 1024
_PROVEN_OTHERWISE = ("ledger", "annotation", "emotion_rating", "decision", "note", "change_count")
_RAISED_BY_EDITS = {"video": ("revision",)}


@dataclass(frozen=True, slots=True)
class Seal:
    """The digests of one moment, and how often each table had been changed by then.

    Attributes:
        schema: Revision of the tables.
        counts: Changes by table. A table that is not counted is not proven.
        digests: Of all rows, in order of their keys, by table.
    """

    project_id: str
    schema: str
    utc: str
    counts: dict[str, int]
    digests: dict[str, str]


def list_sealed() -> dict[str, tuple[str, ...]]:
    """Columns that a seal covers, by table."""
    return {
        name: tuple(c.name for c in table.columns if c.name not in _RAISED_BY_EDITS.get(name, ()))
        for name, table in sorted(Base.metadata.tables.items())
        if name not in _PROVEN_OTHERWISE
    }


def list_count_triggers() -> Iterator[str]:
    """What a writing connection is told once, so that it counts what it changes."""
    for name, columns in list_sealed().items():
        for event in ("INSERT", "DELETE", f"UPDATE OF {', '.join(columns)}"):
            trigger = f"count_{name}_{event.split()[0].lower()}"
            yield (
                f"CREATE TEMP TRIGGER IF NOT EXISTS {trigger} AFTER {event} ON main.{name} "
                f"BEGIN UPDATE change_count SET n = n + 1 WHERE name = '{name}'; END"
            )


def compute_seal(conn: Connection) -> Seal:
    """The seal of this moment. Reads every row that no ledger proves."""
    counts = {row[0]: row[1] for row in conn.exec_driver_sql("SELECT name, n FROM change_count ORDER BY name")}
    digests = {name: _compute_digest(conn, name, columns) for name, columns in list_sealed().items()}
    return Seal(get_project_id(conn), HEAD, now_utc(), counts, digests)


def _compute_digest(conn: Connection, name: str, columns: tuple[str, ...]) -> str:
    keys = ", ".join(column.name for column in Base.metadata.tables[name].primary_key.columns)
    digest = hashlib.blake2b(digest_size=16)
    for row in conn.exec_driver_sql(f"SELECT {', '.join(columns)} FROM {name} ORDER BY {keys}"):
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def compare_seals(now: Seal, before: Seal | None) -> Iterator[str]:
    """Each table that changed although nobody changed it, as a sentence."""
    if before is None or (before.project_id, before.schema) != (now.project_id, now.schema):
        return
    for name, count in now.counts.items():
        counted = before.counts.get(name)
        if counted is not None and count < counted:
            yield f"the table {name} was changed fewer times than at {before.utc}: it is an older one"
        elif count == counted and now.digests.get(name) != before.digests.get(name):
            yield f"the table {name} is not what it was at {before.utc}, and the studio has not changed it"


def load_seal(folder: Path) -> Seal | None:
    """The seal of a data folder; None where there is none, or none that can be read. Read it before the database."""
    try:
        content: dict[str, Any] = json.loads(read_regular(folder / SEAL_FILE, _MAX_BYTES))
        check = content.pop("check")
        seal = Seal(**content)
        return seal if check == _compute_check(seal) else None
    except (InputError, ValueError, TypeError, KeyError, AttributeError):
        return None


def save_seal(folder: Path, seal: Seal) -> None:
    """Writes the seal of a database that was proven; nothing when it says the same already."""
    before = load_seal(folder)
    if before is not None and (before.counts, before.digests) == (seal.counts, seal.digests):
        return
    content = json.dumps({**asdict(seal), "check": _compute_check(seal)}).encode()
    write_atomic(folder / SEAL_FILE, lambda file: file.write(content))


def _compute_check(seal: Seal) -> str:
    return hashlib.sha256(json.dumps(asdict(seal), sort_keys=True).encode()).hexdigest()
