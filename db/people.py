"""Annotators, project switches, the audit log and who has seen source pixels."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from db.clock import now_utc
from db.tables import AnnotatorRow, AuditRow, LedgerRow, ProjectRow, RevealRow, SettingRow
from imigue_core.errors import InputError, NotAvailableError
from imigue_core.ids import AnnotatorId, ProjectId

MIN_ANNOTATOR_NAME = 2
MAX_ANNOTATOR_NAME = 60


@dataclass(frozen=True, slots=True)
class Annotator:
    annotator_id: AnnotatorId
    name: str
    created_utc: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    audit_id: int
    utc: str
    annotator_id: AnnotatorId | None
    action: str
    target: str
    detail: dict[str, Any]


_COLUMNS = (AnnotatorRow.annotator_id, AnnotatorRow.name, AnnotatorRow.created_utc)
_PROJECT = select(ProjectRow.project_id)
_SETTING = select(SettingRow.value).where(SettingRow.name == bindparam("name"))


def validate_person_name(name: object) -> str:
    """The name without outer blanks.

    Raises:
        InputError: ``NAME_INVALID``: under 2 or over 60 characters, or with control
            or invisible characters.
    """
    text = unicodedata.normalize("NFC", name).strip() if isinstance(name, str) else ""
    if not MIN_ANNOTATOR_NAME <= len(text) <= MAX_ANNOTATOR_NAME:
        message = f"expected a name of {MIN_ANNOTATOR_NAME} to {MAX_ANNOTATOR_NAME} characters, got {len(text)}."
        raise InputError("NAME_INVALID", message)
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text):
        raise InputError("NAME_INVALID", "expected a name without control or invisible characters.")
    return text


def add_annotator(conn: Connection, name: str) -> Annotator:
    """Adds a person.

    Raises:
        InputError: ``NAME_INVALID``, or ``NAME_TAKEN`` when the name exists, also in other case.
    """
    text = validate_person_name(name)
    if find_annotator(conn, text) is not None:
        raise InputError("NAME_TAKEN", f"somebody is already called {text!r}; pick that name or another one.")
    tip = conn.execute(select(func.coalesce(func.max(LedgerRow.ledger_seq), 0))).scalar_one()
    utc = now_utc()
    row = {"name": text, "name_key": text.casefold(), "created_utc": utc, "created_seq": tip}
    key = conn.execute(insert(AnnotatorRow), row).inserted_primary_key
    assert key is not None
    return Annotator(key[0], text, utc)


def get_annotator(conn: Connection, annotator_id: int) -> Annotator:
    """The person with this id; ``NotAvailableError`` when there is none."""
    row = conn.execute(select(*_COLUMNS).where(AnnotatorRow.annotator_id == annotator_id)).one_or_none()
    if row is None:
        raise NotAvailableError("this annotator is not available")
    return Annotator(*row)


def find_annotator(conn: Connection, name: str) -> Annotator | None:
    """The person of this name, ignoring case."""
    key = unicodedata.normalize("NFC", name).strip().casefold()
    row = conn.execute(select(*_COLUMNS).where(AnnotatorRow.name_key == key)).one_or_none()
    return None if row is None else Annotator(*row)


def list_annotators(conn: Connection) -> list[Annotator]:
    """Everybody, by name."""
    return [Annotator(*row) for row in conn.execute(select(*_COLUMNS).order_by(AnnotatorRow.name_key))]


def get_project_id(conn: Connection) -> ProjectId:
    """The uuid that names this project to browsers."""
    return conn.execute(_PROJECT).scalar_one()


def get_setting(conn: Connection, name: str, default: str = "") -> str:
    value = conn.execute(_SETTING, {"name": name}).scalar_one_or_none()
    return default if value is None else value


def set_setting(conn: Connection, name: str, value: str) -> None:
    done = conn.execute(update(SettingRow).where(SettingRow.name == name).values(value=value))
    if done.rowcount == 0:
        conn.execute(insert(SettingRow), {"name": name, "value": value})


def add_audit(
    conn: Connection, annotator_id: int | None, action: str, target: str, detail: dict[str, Any] | None = None
) -> None:
    """Writes one audit row; ``action`` is ``noun.verb``."""
    conn.execute(
        insert(AuditRow),
        {
            "utc": now_utc(),
            "annotator_id": annotator_id,
            "action": action,
            "target": target,
            "detail": detail or {},
        },
    )


def list_audit(conn: Connection, action: str | None = None) -> list[AuditEntry]:
    """The audit log in order, all of it or one action's rows."""
    query = select(
        AuditRow.audit_id, AuditRow.utc, AuditRow.annotator_id, AuditRow.action, AuditRow.target, AuditRow.detail
    ).order_by(AuditRow.audit_id)
    if action is not None:
        query = query.where(AuditRow.action == action)
    return [AuditEntry(*row) for row in conn.execute(query)]


def has_revealed(conn: Connection, video_id: int, annotator_id: int) -> bool:
    """Whether this person has been sent source pixels of this video before."""
    query = select(RevealRow.utc).where(RevealRow.video_id == video_id, RevealRow.annotator_id == annotator_id)
    return conn.execute(query).first() is not None


def record_reveal(conn: Connection, video_id: int, annotator_id: int) -> bool:
    """Logs a person's first source bytes of a video; False when they were logged before."""
    if has_revealed(conn, video_id, annotator_id):
        return False
    row = {"video_id": video_id, "annotator_id": annotator_id, "utc": now_utc()}
    conn.execute(insert(RevealRow), row)
    add_audit(conn, annotator_id, "source.revealed", f"video:{video_id}")
    return True


def record_masked_reveal(conn: Connection, video_id: int, annotator_id: int) -> bool:
    """Logs a person's first bytes of a masked copy; False when they were logged before."""
    target = f"video:{video_id}"
    seen = select(AuditRow.audit_id).where(
        AuditRow.action == "masked.revealed", AuditRow.annotator_id == annotator_id, AuditRow.target == target
    )
    if conn.execute(seen.limit(1)).first() is not None:
        return False
    add_audit(conn, annotator_id, "masked.revealed", target)
    return True
