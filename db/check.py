"""Proves a project's database: the invariants of the edit contract, one by one.

I1 acknowledged edits are there exactly once; I2 replaying the ledger gives the
state; I3 the hash chain is whole and without holes; I4 SQLite's own checks pass;
I5 versions count edits; I6 nobody edited without the right; I7 no edit is half there;
I8 the ledger reaches what studio.head remembers; I9 (studio/safety/backing_up.py) files made of videos are whole;
I10 what is in no ledger is as it was when it was last proven, where the studio did not change it.
Nothing here writes. What cannot even be read is a finding, not a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson

from db.engine import Connection, Database
from db.head import Head, compare_head, load_head
from db.ledger import GENESIS, LedgerEntry, iter_entries
from db.objects import parse_object
from db.schema import list_expected_objects
from db.seal import Seal, compare_seals, compute_seal, load_seal
from db.states import LABELS, STATE_TABLES, StateTable, compute_note_hash
from imigue_core.label_fields import EditKind, Plain

MAX_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken invariant: which, and a sentence."""

    invariant: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at and what was wrong; ``ok`` when nothing was.

    Attributes:
        n_ledger: Last ``ledger_seq``.
        last_hash: Hash of that row: it stands for everything before it.
        findings: The first hundred.
        seal: Of the tables that no ledger proves, None where they cannot be read.
    """

    n_ledger: int
    n_annotations: int
    n_acked: int
    last_hash: str
    findings: list[Finding]
    seal: Seal | None = None

    @property
    def ok(self) -> bool:
        return not self.findings


@dataclass(slots=True)
class _Group:
    """A group of edits of which some rows were read: who made it, how many are still to come, what was said of them."""

    key: tuple[str, str | None]
    n_missing: int
    is_refused: bool


@dataclass(slots=True)
class _Replay:
    """What the ledger adds up to so far, and what was wrong on the way."""

    states: dict[str, Plain] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    edit_ids: set[str] = field(default_factory=set)
    clients: dict[str, tuple[int, int]] = field(default_factory=dict)
    prev_hash: str = GENESIS
    last_seq: int = 0
    n_annotations: int = 0
    group: _Group | None = None
    findings: list[Finding] = field(default_factory=list)
    seal: Seal | None = None

    def complain(self, invariant: str, message: str) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(invariant, message))


def check_database(db: Database, acked: Iterable[str] | None = None) -> CheckReport:
    """Checks I2 to I8 and I10, and with ``acked`` (edit ids a client saw acknowledged) I1."""
    replay = _Replay()
    head, sealed = load_head(db.settings.data), load_seal(db.settings.data)
    with db.read() as conn:
        if _look_at_ledger(conn, replay):
            for place in STATE_TABLES.values():
                _look(replay, f"the {place.name} table", partial(_compare_table, conn, replay, place))
            _look(replay, "the notes", lambda: _check_notes(conn, replay))
        _look(replay, "the end of the ledger", lambda: _check_head(conn, replay, head))
        _look(replay, "the suggestions", lambda: _check_suggestions(conn, replay))
        _look(replay, "the rest", lambda: _read_everything(conn, replay))
        _look(replay, "the tables without a ledger", lambda: _check_seal(conn, replay, sealed))
        _look(replay, "the file", lambda: _check_sqlite(conn, replay))
    acked_ids = list(acked or ())
    for edit_id in acked_ids:
        if edit_id not in replay.edit_ids:
            replay.complain("I1", f"acknowledged edit {edit_id} is not in the ledger")
    return CheckReport(
        replay.last_seq, replay.n_annotations, len(acked_ids), replay.prev_hash, replay.findings, replay.seal
    )


def _look(replay: _Replay, name: str, step: Callable[[], None]) -> bool:
    try:
        step()
    except Exception as error:  # damaged pages and rows raise whatever their bytes happen to mean
        cause = getattr(error, "orig", None) or error
        replay.complain("I4", f"{name} cannot be read: {cause}")
        return False
    return True


def _look_at_ledger(conn: Connection, replay: _Replay) -> bool:
    """Replays it; a row that cannot be read is named by the one before it."""
    try:
        _replay_ledger(conn, replay)
    except Exception as error:
        cause = getattr(error, "orig", None) or error
        replay.complain("I4", f"the ledger cannot be read after row {replay.last_seq}: {cause}")
        return False
    return True


def _replay_ledger(conn: Connection, replay: _Replay) -> None:
    joined = {row[0]: row[1] for row in conn.exec_driver_sql("SELECT annotator_id, created_seq FROM annotator")}
    for entry in iter_entries(conn):
        _follow_chain(replay, entry)
        _follow_sender(replay, entry, joined)
        _follow_group(replay, entry)
        if entry.refused is None:
            _follow_state(replay, entry)

    _end_group(replay)


def _follow_group(replay: _Replay, entry: LedgerEntry) -> None:
    """The edits of a group stand together in the ledger, all of them, and all accepted or all refused."""
    content = orjson.loads(entry.content)
    key = (entry.client, content.get("group_id"))
    if replay.group is not None and replay.group.key != key:
        _end_group(replay)
    if key[1] is None:
        return
    refused = entry.refused is not None
    if replay.group is None:
        replay.group = _Group(key, content["group_size"], refused)
    elif replay.group.is_refused != refused and not EditKind(entry.kind).is_step:
        replay.complain("I7", f"group {key[1]} is half refused at ledger row {entry.ledger_seq}")
    replay.group.n_missing -= 1
    if replay.group.n_missing == 0:
        replay.group = None


def _end_group(replay: _Replay) -> None:
    if replay.group is not None:
        replay.complain("I7", f"{replay.group.n_missing} edits of group {replay.group.key[1]} are missing")
        replay.group = None


def _follow_chain(replay: _Replay, entry: LedgerEntry) -> None:
    seq = entry.ledger_seq
    if seq != replay.last_seq + 1:
        replay.complain("I3", f"ledger rows {replay.last_seq + 1}..{seq - 1} are missing")
    if entry.prev_hash != replay.prev_hash or entry.compute_hash() != entry.hash:
        replay.complain("I3", f"the hash chain breaks at ledger row {seq}")
    replay.prev_hash, replay.last_seq = entry.hash, seq
    if entry.edit_id in replay.edit_ids:
        replay.complain("I1", f"edit {entry.edit_id} is in the ledger twice")
    replay.edit_ids.add(entry.edit_id)


def _follow_sender(replay: _Replay, entry: LedgerEntry, joined: dict[int, int]) -> None:
    seq = entry.ledger_seq
    if joined.get(entry.annotator_id, seq) >= seq:
        replay.complain("I6", f"ledger row {seq} is by somebody who had not joined")
    annotator_id, client_seq = replay.clients.get(entry.client, (entry.annotator_id, 0))
    if annotator_id != entry.annotator_id:
        replay.complain("I6", f"ledger row {seq} uses another person's client")
    if client_seq + 1 != entry.client_seq:
        replay.complain("I7", f"ledger row {seq} follows edit {client_seq} of its client, but is {entry.client_seq}")
    replay.clients[entry.client] = (annotator_id, entry.client_seq)


def _follow_state(replay: _Replay, entry: LedgerEntry) -> None:
    seq = entry.ledger_seq
    if entry.after is None or entry.object_id is None:
        replay.complain("I7", f"ledger row {seq} is accepted but says nothing of what came after")
        return
    after: Plain = orjson.loads(entry.after)
    before: Plain | None = orjson.loads(entry.before) if entry.before is not None else None
    if replay.states.get(entry.object_id) != before:
        replay.complain("I2", f"ledger row {seq} starts from another state than the rows before it left")
    if after["annotator_id"] != entry.annotator_id:
        replay.complain("I6", f"ledger row {seq} changes another person's label")
    replay.states[entry.object_id] = after
    replay.versions[entry.object_id] = replay.versions.get(entry.object_id, 0) + 1


def _compare_table(conn: Connection, replay: _Replay, place: StateTable) -> None:
    seen = set()
    for *values, version in _read_raw(conn, place.name, place.columns):
        state = place.shape.write_row(values)
        object_id = place.name_object(state)
        seen.add(object_id)
        _compare(replay, object_id, state, version)
    if place is LABELS:
        replay.n_annotations = len(seen)
    for missing in sorted(replay.states.keys() - seen):
        if parse_object(missing).kind is place.kind:
            replay.complain("I7", f"{missing} is in the ledger but not in the state")


def _read_raw(conn: Connection, table: str, columns: tuple[str, ...]) -> Iterable[Any]:
    """Rows as they are stored, without the kindness of typed columns."""
    return conn.exec_driver_sql(f"SELECT {', '.join(columns)} FROM {table}")


def _compare(replay: _Replay, object_id: str, state: Plain, version: int) -> None:
    expected = replay.states.get(object_id)
    if expected is None:
        replay.complain("I7", f"{object_id} is in the state but not in the ledger")
    elif expected != state:
        replay.complain("I2", f"{object_id} differs from what the ledger adds up to")
    elif replay.versions[object_id] != version:
        replay.complain("I5", f"{object_id} says version {version}, the ledger {replay.versions[object_id]}")


def _check_notes(conn: Connection, replay: _Replay) -> None:
    erased = {row[0] for row in conn.exec_driver_sql("SELECT video_id FROM video WHERE erased_utc IS NOT NULL")}
    kept: dict[str, int] = {}
    for note_hash, video_id, salt, text in _read_raw(conn, "note", ("note_hash", "video_id", "salt", "text")):
        kept[note_hash] = video_id
        if compute_note_hash(salt, text) != note_hash:
            replay.complain("I2", f"note {note_hash[:12]} was changed outside the ledger")
    for object_id, state in replay.states.items():
        note_hash, video_id = state.get("note_hash"), state["video_id"]
        if note_hash is None:
            continue
        if note_hash not in kept and video_id not in erased:
            replay.complain("I2", f"the note of {object_id} is gone although its video was not erased")
        if kept.get(note_hash, video_id) != video_id:
            replay.complain("I2", f"the note of {object_id} lies with another video")


def _check_suggestions(conn: Connection, replay: _Replay) -> None:
    """What labels and decisions refer to is there and of the same video, until the video is erased."""
    for table, name in (("annotation", "annotation_id"), ("decision", "'review:' || d.suggestion_id")):
        dangling = conn.exec_driver_sql(
            f"SELECT {name}, d.suggestion_id FROM {table} d JOIN video v ON v.video_id = d.video_id "
            "LEFT JOIN suggestion s ON s.suggestion_id = d.suggestion_id AND s.video_id = d.video_id "
            "WHERE d.suggestion_id IS NOT NULL AND s.suggestion_id IS NULL AND v.erased_utc IS NULL"
        )
        for object_id, suggestion_id in dangling:
            replay.complain("I4", f"{object_id} refers to suggestion {suggestion_id}, which is missing")


def _check_head(conn: Connection, replay: _Replay, head: Head | None) -> None:
    missing = compare_head(conn, head)
    if missing is not None:
        replay.complain("I8", missing)


def _check_seal(conn: Connection, replay: _Replay, sealed: Seal | None) -> None:
    replay.seal = compute_seal(conn)
    for sentence in compare_seals(replay.seal, sealed):
        replay.complain("I10", sentence)


def list_missing_objects(conn: Connection) -> Iterator[str]:
    """Each table, index and guard that is not there, as a sentence."""
    found = {tuple(row) for row in conn.exec_driver_sql("SELECT type, name FROM sqlite_master")}
    for kind, name in sorted(list_expected_objects() - found):
        yield f"the {kind} {name} is missing"


def _read_everything(conn: Connection, replay: _Replay) -> None:
    """Tables, indexes and guards are all there, and every row of every table can be read."""
    missing = set(list_missing_objects(conn))
    for sentence in sorted(missing):
        replay.complain("I4", sentence)
    for kind, name in sorted(list_expected_objects()):
        if kind == "table" and f"the table {name} is missing" not in missing:
            for row in conn.exec_driver_sql(f"SELECT * FROM {name}"):
                tuple(row)


def _check_sqlite(conn: Connection, replay: _Replay) -> None:
    for message in conn.exec_driver_sql("PRAGMA integrity_check").scalars():
        if message != "ok":
            replay.complain("I4", str(message))
    for row in conn.exec_driver_sql("PRAGMA foreign_key_check"):
        replay.complain("I4", f"row {row[1]} of {row[0]} points at a missing row of {row[2]}")
