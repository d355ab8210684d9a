"""The append-only, hash-chained ledger of edits.

What a row is about has a name (db/objects.py) and, before and after the edit, a state
(db/states.py, where the states that stand are written). The rules of who may do what
stand in studio/edits/rules.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, literal_column, select

from db.bulk import insert_rows
from db.clock import now_utc
from db.objects import is_label, parse_object
from db.states import read_plain, write_plain
from db.tables import LedgerRow
from imigue_core.annotation import ObjectState
from imigue_core.ids import AnnotationId, AnnotatorId, ClientId, EditId, GroupId, LedgerSeq, ObjectId, VideoId
from imigue_core.label_fields import EditKind, Plain

GENESIS = "0" * 64
HAS_GROWN = "ledger has grown"
"""In a connection's ``info``: this transaction appended something, which studio.head is to remember."""
LEDGER_FIELDS = (
    "ledger_seq",
    "edit_id",
    "client",
    "client_seq",
    "annotator_id",
    "video_id",
    "kind",
    "object_id",
    "base_version",
    "before",
    "after",
    "content",
    "provenance",
    "refused",
    "utc",
)


class Entry(NamedTuple):
    """One edit as it enters the ledger. ``before`` and ``after`` are None when refused.

    A tuple, because imports make tens of thousands.
    """

    edit_id: EditId
    client: ClientId
    client_seq: int
    annotator_id: AnnotatorId
    video_id: VideoId | None
    kind: EditKind
    object_id: ObjectId | None
    base_version: int | None
    before: ObjectState | None
    after: ObjectState | None
    content: Plain
    provenance: Plain
    refused: str | None = None


def encode_json(value: Any) -> str:
    """Canonical JSON: sorted keys, no blanks."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def compute_hash(prev_hash: str, fields: Iterable[Any]) -> str:
    """SHA-256 over the hash before and the row's fields in the order of ``LEDGER_FIELDS``.

    Fields are joined by a character, and None is another one, that canonical JSON
    escapes and ids cannot hold.
    """
    text = "\x1f".join([prev_hash, *[f if type(f) is str else "\x1e" if f is None else str(f) for f in fields]])
    return hashlib.sha256(text.encode()).hexdigest()


def get_tip(conn: Connection) -> tuple[LedgerSeq, str]:
    """Last ``ledger_seq`` and its hash; (0, zeros) when the ledger is empty."""
    row = conn.execute(_TIP).one_or_none()
    return (LedgerSeq(0), GENESIS) if row is None else (row[0], row[1])


def find_hash(conn: Connection, ledger_seq: int) -> str | None:
    """Hash of a ledger row; zeros for row 0, None for one that is not there."""
    if ledger_seq == 0:
        return GENESIS
    return conn.execute(select(LedgerRow.hash).where(LedgerRow.ledger_seq == ledger_seq)).scalar_one_or_none()


def append_entries(conn: Connection, entries: Iterable[Entry]) -> LedgerSeq:
    """Appends entries in order and returns the last ``ledger_seq``. Call inside ``write()``."""
    tip, prev_hash = get_tip(conn)
    utc = now_utc()
    rows = []
    seq = int(tip)
    content: Plain | None = None
    provenance: Plain | None = None
    content_text = provenance_text = ""
    for seq, entry in enumerate(entries, start=tip + 1):
        # The rows of an import share what they say of themselves, so that it becomes text once.
        if entry.content is not content:
            content, content_text = entry.content, encode_json(entry.content)
        if entry.provenance is not provenance:
            provenance, provenance_text = entry.provenance, encode_json(entry.provenance)
        fields = (
            seq,
            entry.edit_id,
            entry.client,
            entry.client_seq,
            entry.annotator_id,
            entry.video_id,
            entry.kind.value,
            entry.object_id,
            entry.base_version,
            None if entry.before is None else encode_json(write_plain(entry.before)),
            None if entry.after is None else encode_json(write_plain(entry.after)),
            content_text,
            provenance_text,
            entry.refused,
            utc,
        )
        row_hash = compute_hash(prev_hash, fields)
        rows.append((*fields, prev_hash, row_hash))
        prev_hash = row_hash
    if rows:
        insert_rows(conn, LedgerRow.__tablename__, _COLUMNS, rows)
        conn.info[HAS_GROWN] = True
    return LedgerSeq(seq)


def find_client(conn: Connection, client: str) -> tuple[AnnotatorId, int] | None:
    """(annotator_id, highest client_seq) of a client that has written before."""
    row = conn.execute(_CLIENT_TIP, {"client": client}).one_or_none()
    return None if row is None else (row[0], row[1])


def find_entry(conn: Connection, edit_id: str) -> LedgerEntry | None:
    """The ledger row of an edit."""
    row = conn.execute(_BY_EDIT, {"edit_id": edit_id}).one_or_none()
    return None if row is None else LedgerEntry(*row)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A ledger row as read back: every column, JSON still as text."""

    ledger_seq: LedgerSeq
    edit_id: EditId
    client: ClientId
    client_seq: int
    annotator_id: AnnotatorId
    video_id: VideoId | None
    kind: str
    object_id: ObjectId | None
    base_version: int | None
    before: str | None
    after: str | None
    content: str
    provenance: str
    refused: str | None
    utc: str
    prev_hash: str
    hash: str

    def compute_hash(self) -> str:
        """What ``hash`` must be, given ``prev_hash``."""
        return compute_hash(self.prev_hash, (getattr(self, name) for name in LEDGER_FIELDS))

    def read_before(self) -> ObjectState | None:
        """The object's state before the edit."""
        return self._read_state(self.before)

    def read_after(self) -> ObjectState | None:
        """The object's state after the edit; None when the edit was refused."""
        return self._read_state(self.after)

    def _read_state(self, text: str | None) -> ObjectState | None:
        if text is None or self.object_id is None:
            return None
        return read_plain(parse_object(self.object_id).kind, orjson.loads(text))


def iter_entries(conn: Connection) -> Iterator[LedgerEntry]:
    """The whole ledger in order."""
    for row in conn.execution_options(yield_per=2000).execute(_ALL):
        yield LedgerEntry(*row)


class Step(NamedTuple):
    """An accepted edit as undo and redo look at it.

    Attributes:
        target: Of an undo or a redo, the edit that it leads back to.
        group_id: The group it belongs to, None for an edit of its own.
    """

    edit_id: EditId
    kind: EditKind
    object_id: ObjectId
    target: EditId | None
    group_id: GroupId | None


def list_steps(conn: Connection, video_id: int, annotator_id: int) -> list[Step]:
    """What a person did by hand in a video and what was accepted, in order."""
    steps = []
    for edit_id, kind, object_id, text in conn.execute(_STEPS, {"video": video_id, "annotator": annotator_id}):
        assert object_id is not None  # that of every accepted edit
        content = orjson.loads(text)
        steps.append(Step(edit_id, EditKind(kind), object_id, content.get("target_edit_id"), content.get("group_id")))
    return steps


def list_changed_labels(conn: Connection, video_id: int, since_seq: int, limit: int) -> list[AnnotationId]:
    """The labels of a video that accepted edits after ``since_seq`` touched, at most ``limit``."""
    query = (
        select(LedgerRow.object_id)
        .where(LedgerRow.ledger_seq > since_seq, LedgerRow.video_id == video_id, LedgerRow.refused.is_(None))
        .where(is_label(LedgerRow.object_id))
        .distinct()
        .limit(limit)
    )
    return [AnnotationId(object_id) for object_id in conn.execute(query).scalars() if object_id is not None]


_TIP = select(LedgerRow.ledger_seq, LedgerRow.hash).order_by(LedgerRow.ledger_seq.desc()).limit(1)
_COLUMNS = (*LEDGER_FIELDS, "prev_hash", "hash")
_ALL = select(*(getattr(LedgerRow, name) for name in _COLUMNS)).order_by(LedgerRow.ledger_seq)
_BY_EDIT = _ALL.where(LedgerRow.edit_id == bindparam("edit_id"))
_CLIENT_TIP = (
    select(LedgerRow.annotator_id, LedgerRow.client_seq)
    .where(LedgerRow.client == bindparam("client"))
    .order_by(LedgerRow.client_seq.desc())
    .limit(1)
)
_STEPS = (
    select(LedgerRow.edit_id, LedgerRow.kind, LedgerRow.object_id, LedgerRow.content)
    .where(
        LedgerRow.video_id == bindparam("video"),
        LedgerRow.annotator_id == bindparam("annotator"),
        LedgerRow.kind != literal_column("'import'"),
        LedgerRow.refused.is_(None),
    )
    .order_by(LedgerRow.ledger_seq)
)
