"""Proves a project's database: the invariants of the edit contract, one by one.

I1 acknowledged edits are there exactly once; I2 replaying the ledger gives the
state; I3 the hash chain is whole and without holes; I4 SQLite's own checks pass;
I5 versions count edits; I6 nobody edited without the right; I7 no edit is half there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from db.engine import Database
from db.ledger import (
    ANNOTATION_FIELDS,
    GENESIS,
    RATING_FIELDS,
    LedgerEntry,
    State,
    compute_note_hash,
    iter_entries,
    object_of_rating,
)
from db.tables import AnnotationRow, AnnotatorRow, EmotionRatingRow, NoteRow, VideoRow


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken invariant: which, and a sentence."""

    invariant: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at and what was wrong; ``ok`` when nothing was."""

    n_ledger: int
    n_annotations: int
    n_acked: int
    last_hash: str
    findings: list[Finding]

    @property
    def ok(self) -> bool:
        return not self.findings


@dataclass(slots=True)
class _Replay:
    states: dict[str, State] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    edit_ids: set[str] = field(default_factory=set)
    prev_hash: str = GENESIS
    last_seq: int = 0
    findings: list[Finding] = field(default_factory=list)

    def complain(self, invariant: str, message: str) -> None:
        if len(self.findings) < 100:
            self.findings.append(Finding(invariant, message))


def check_database(db: Database, acked: Iterable[str] | None = None) -> CheckReport:
    """Checks I2 to I6, and with ``acked`` (edit ids a client saw acknowledged) I1 and I7."""
    acked_ids = list(acked or ())
    with db.read() as conn:
        replay = _Replay()
        joined = dict(conn.execute(select(AnnotatorRow.annotator_id, AnnotatorRow.created_seq)).tuples().all())
        for entry in iter_entries(conn):
            _follow(replay, entry, joined)
        n_annotations = _compare_state(conn, replay)
        _check_notes(conn, replay)
        _check_sqlite(conn, replay)
    for edit_id in acked_ids:
        if edit_id not in replay.edit_ids:
            replay.complain("I1", f"acknowledged edit {edit_id} is not in the ledger")
    return CheckReport(replay.last_seq, n_annotations, len(acked_ids), replay.prev_hash, replay.findings)


def _follow(replay: _Replay, entry: LedgerEntry, joined: dict[int, int]) -> None:
    seq = entry.ledger_seq
    if seq != replay.last_seq + 1:
        replay.complain("I3", f"ledger rows {replay.last_seq + 1}..{seq - 1} are missing")
    if entry.prev_hash != replay.prev_hash or entry.compute_hash() != entry.hash:
        replay.complain("I3", f"the hash chain breaks at ledger row {seq}")
    replay.prev_hash, replay.last_seq = entry.hash, seq
    if entry.edit_id in replay.edit_ids:
        replay.complain("I1", f"edit {entry.edit_id} is in the ledger twice")
    replay.edit_ids.add(entry.edit_id)
    if joined.get(entry.annotator_id, seq) >= seq:
        replay.complain("I6", f"ledger row {seq} is by somebody who had not joined")
    if entry.refused is not None:
        return
    if entry.after is None or entry.object_id is None:
        replay.complain("I7", f"ledger row {seq} is accepted but says nothing of what came after")
        return
    after, before = json.loads(entry.after), json.loads(entry.before) if entry.before else None
    if replay.states.get(entry.object_id) != before:
        replay.complain("I2", f"ledger row {seq} starts from another state than the rows before it left")
    if after["annotator_id"] != entry.annotator_id:
        replay.complain("I6", f"ledger row {seq} changes another person's label")
    replay.states[entry.object_id] = after
    replay.versions[entry.object_id] = replay.versions.get(entry.object_id, 0) + 1


def _compare_state(conn: Connection, replay: _Replay) -> int:
    seen = set()
    annotations = conn.execute(select(*(getattr(AnnotationRow, f) for f in (*ANNOTATION_FIELDS, "version"))))
    for row in annotations:
        seen.add(row[0])
        _compare(replay, row[0], dict(zip(ANNOTATION_FIELDS, row, strict=False)), row[-1])
    n_annotations = len(seen)
    for row in conn.execute(select(*(getattr(EmotionRatingRow, f) for f in (*RATING_FIELDS, "version")))):
        object_id = object_of_rating(row[0], row[1])
        seen.add(object_id)
        _compare(replay, object_id, dict(zip(RATING_FIELDS, row, strict=False)), row[-1])
    for object_id in replay.states.keys() - seen:
        replay.complain("I2", f"{object_id} is in the ledger but not in the state")
    return n_annotations


def _compare(replay: _Replay, object_id: str, state: State, version: int) -> None:
    if replay.states.get(object_id) != state:
        replay.complain("I2", f"{object_id} differs from what the ledger adds up to")
    if replay.versions.get(object_id, 0) != version:
        replay.complain("I5", f"{object_id} says version {version}, the ledger {replay.versions.get(object_id, 0)}")


def _check_notes(conn: Connection, replay: _Replay) -> None:
    erased = set(conn.execute(select(VideoRow.video_id).where(VideoRow.erased_utc.is_not(None))).scalars())
    kept = set()
    for note_hash, salt, text in conn.execute(select(NoteRow.note_hash, NoteRow.salt, NoteRow.text)):
        kept.add(note_hash)
        if compute_note_hash(salt, text) != note_hash:
            replay.complain("I2", f"note {note_hash[:12]} was changed outside the ledger")
    for object_id, state in replay.states.items():
        if state["note_hash"] and state["note_hash"] not in kept and state["video_id"] not in erased:
            replay.complain("I2", f"the note of {object_id} is gone although its video was not erased")


def _check_sqlite(conn: Connection, replay: _Replay) -> None:
    for message in conn.exec_driver_sql("PRAGMA integrity_check").scalars():
        if message != "ok":
            replay.complain("I4", str(message))
    for row in conn.exec_driver_sql("PRAGMA foreign_key_check"):
        replay.complain("I4", f"row {row[1]} of {row[0]} points at a missing row of {row[2]}")
