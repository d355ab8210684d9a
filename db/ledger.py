"""The append-only, hash-chained ledger of edits, and the state it adds up to.

An object is an annotation (its uuid), a rating (``rating:<video>:<annotator>``) or a
decision about a suggestion (``review:<suggestion>:<annotator>``). Its state is a plain
dict; ``read_state`` makes one from stored columns. The rules of who may do what stand in studio/edits/annotating.py.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, func, insert, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from db.clock import now_utc
from db.tables import AnnotationRow, DecisionRow, EmotionRatingRow, LedgerRow, NoteRow

GENESIS = "0" * 64
State = dict[str, Any]

ANNOTATION_FIELDS = (
    "annotation_id",
    "video_id",
    "annotator_id",
    "label_id",
    "class_id",
    "start_frame",
    "end_frame",
    "deleted",
    "confidence",
    "mark",
    "note_hash",
    "start_time",
    "end_time",
    "suggestion_id",
    "suggestion_rank",
)
OPTIONAL_FIELDS = frozenset({"suggestion_id", "suggestion_rank"})
"""Of an annotation: not in its state when None, so that labels made by hand read as they did before there were any."""
RATING_FIELDS = ("video_id", "annotator_id", "emotion", "deleted", "note_hash", "valence", "confidence")
OPTIONAL_RATING_FIELDS = frozenset({"valence", "confidence"})
"""Of a rating: not in its state when None, so that ratings from before there were any still replay."""
DECISION_FIELDS = (
    "suggestion_id",
    "annotator_id",
    "video_id",
    "verdict",
    "class_id",
    "start_frame",
    "end_frame",
    "score",
    "model",
    "model_hash",
)
FIELDS_OF_OBJECT: dict[str, tuple[str, ...]] = {
    "annotation": ANNOTATION_FIELDS,
    "rating": RATING_FIELDS,
    "review": DECISION_FIELDS,
}
_OPTIONAL_OF = {ANNOTATION_FIELDS: OPTIONAL_FIELDS, RATING_FIELDS: OPTIONAL_RATING_FIELDS}
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

    edit_id: str
    client: str
    client_seq: int
    annotator_id: int
    video_id: int | None
    kind: str
    object_id: str | None
    base_version: int | None
    before: State | None
    after: State | None
    content: dict[str, Any]
    provenance: dict[str, Any]
    refused: str | None = None


def encode_json(value: Any) -> str:
    """Canonical JSON: sorted keys, no blanks."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def compute_hash(prev_hash: str, fields: Iterable[Any]) -> str:
    """SHA-256 over the hash before and the row's fields in the order of ``LEDGER_FIELDS``.

    Fields are joined by a character, and None is another one, that canonical JSON
    escapes and ids cannot hold.
    """
    text = "\x1f".join([prev_hash, *["\x1e" if f is None else str(f) for f in fields]])
    return hashlib.sha256(text.encode()).hexdigest()


def object_of_rating(video_id: int, annotator_id: int) -> str:
    return f"rating:{video_id}:{annotator_id}"


def object_of_review(suggestion_id: int, annotator_id: int) -> str:
    return f"review:{suggestion_id}:{annotator_id}"


def kind_of_object(object_id: str) -> str:
    """``annotation``, ``rating`` or ``review``."""
    kind, colon, _ = object_id.partition(":")
    return kind if colon else "annotation"


def get_tip(conn: Connection) -> tuple[int, str]:
    """Last ``ledger_seq`` and its hash; (0, zeros) when the ledger is empty."""
    row = conn.execute(_TIP).one_or_none()
    return (0, GENESIS) if row is None else (row[0], row[1])


def find_hash(conn: Connection, ledger_seq: int) -> str | None:
    """Hash of a ledger row; zeros for row 0, None for one that is not there."""
    if ledger_seq == 0:
        return GENESIS
    return conn.execute(select(LedgerRow.hash).where(LedgerRow.ledger_seq == ledger_seq)).scalar_one_or_none()


def append_entries(conn: Connection, entries: Iterable[Entry]) -> int:
    """Appends entries in order and returns the last ``ledger_seq``. Call inside ``write()``."""
    seq, prev_hash = get_tip(conn)
    utc = now_utc()
    rows = []
    for entry in entries:
        seq += 1
        fields = (
            seq,
            entry.edit_id,
            entry.client,
            entry.client_seq,
            entry.annotator_id,
            entry.video_id,
            entry.kind,
            entry.object_id,
            entry.base_version,
            None if entry.before is None else encode_json(entry.before),
            None if entry.after is None else encode_json(entry.after),
            encode_json(entry.content),
            encode_json(entry.provenance),
            entry.refused,
            utc,
        )
        row_hash = compute_hash(prev_hash, fields)
        rows.append((*fields, prev_hash, row_hash))
        prev_hash = row_hash
    if rows:
        conn.exec_driver_sql(_INSERT_LEDGER, rows)
    return seq


def find_client(conn: Connection, client: str) -> tuple[int, int] | None:
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

    ledger_seq: int
    edit_id: str
    client: str
    client_seq: int
    annotator_id: int
    video_id: int | None
    kind: str
    object_id: str | None
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


def iter_entries(conn: Connection) -> Iterator[LedgerEntry]:
    """The whole ledger in order."""
    for row in conn.execution_options(yield_per=2000).execute(_ALL):
        yield LedgerEntry(*row)


def list_steps(conn: Connection, video_id: int, annotator_id: int) -> list[tuple[str, str, str, str]]:
    """(edit_id, kind, object_id, content) of what a person did by hand in a video and what was accepted, in order."""
    query = (
        select(LedgerRow.edit_id, LedgerRow.kind, LedgerRow.object_id, LedgerRow.content)
        .where(
            LedgerRow.video_id == video_id,
            LedgerRow.annotator_id == annotator_id,
            LedgerRow.kind != literal_column("'import'"),
            LedgerRow.refused.is_(None),
        )
        .order_by(LedgerRow.ledger_seq)
    )
    return [(row[0], row[1], str(row[2]), row[3]) for row in conn.execute(query)]


def list_changed_objects(conn: Connection, video_id: int, since_seq: int, limit: int) -> list[str]:
    """Ids of the annotations of a video that accepted edits after ``since_seq`` touched, at most ``limit``."""
    query = (
        select(LedgerRow.object_id)
        .where(LedgerRow.ledger_seq > since_seq, LedgerRow.video_id == video_id, LedgerRow.refused.is_(None))
        .where(LedgerRow.object_id.not_like("r%:%"))
        .distinct()
        .limit(limit)
    )
    return [str(object_id) for object_id in conn.execute(query).scalars()]


def read_state(fields: tuple[str, ...], values: Iterable[Any]) -> State:
    """An object's state from its columns in the order of ``fields``; further values are left out."""
    state = dict(zip(fields, values, strict=False))
    optional = _OPTIONAL_OF.get(fields, ())
    for name in optional:
        if state[name] is None:
            del state[name]
    return state


def find_state(conn: Connection, object_id: str) -> tuple[State, int] | None:
    """State and version of an object, deleted ones too."""
    kind = kind_of_object(object_id)
    if kind == "annotation":
        row = conn.execute(_ANNOTATION, {"id": object_id}).one_or_none()
    else:
        _, first, annotator_id = object_id.split(":")
        query = _RATING if kind == "rating" else _DECISION
        row = conn.execute(query, {"first": int(first), "annotator": int(annotator_id)}).one_or_none()
    return None if row is None else (read_state(FIELDS_OF_OBJECT[kind], row), int(row[-1]))


def store_state(conn: Connection, object_id: str, state: State, version: int) -> None:
    """Writes an object's state and version."""
    values = {**state, "version": version}
    kind = kind_of_object(object_id)
    if kind == "rating":
        values = dict.fromkeys(OPTIONAL_RATING_FIELDS) | values
        statement = upsert(EmotionRatingRow).values(values)
        conn.execute(statement.on_conflict_do_update(index_elements=["video_id", "annotator_id"], set_=values))
    elif kind == "review":
        statement = upsert(DecisionRow).values(values)
        conn.execute(statement.on_conflict_do_update(index_elements=["suggestion_id", "annotator_id"], set_=values))
    elif version == 1:
        conn.execute(_INSERT_ANNOTATION, values)
    else:
        columns = dict.fromkeys(OPTIONAL_FIELDS) | values
        conn.execute(_UPDATE_ANNOTATION, {f"b_{name}": value for name, value in columns.items()})


def store_new_annotations(conn: Connection, states: list[State]) -> None:
    """Writes many new annotations at version 1; none of them came from a suggestion."""
    fields = tuple(name for name in ANNOTATION_FIELDS if name not in OPTIONAL_FIELDS)
    columns = (*fields, "version")
    marks = ", ".join("?" * len(columns))
    values = itemgetter(*fields)
    conn.exec_driver_sql(
        f"INSERT INTO annotation ({', '.join(columns)}) VALUES ({marks})",
        [(*values(state), 1) for state in states],
    )


def next_label_id(conn: Connection, video_id: int, annotator_id: int) -> int:
    """One past the highest clip number this person ever used in this video."""
    return conn.execute(_NEXT_LABEL, {"video": video_id, "annotator": annotator_id}).scalar_one() + 1


def save_note(conn: Connection, video_id: int, text: str) -> str | None:
    """Stores free text under a new salt and returns its hash; None for empty text."""
    if not text:
        return None
    salt = secrets.token_hex(16)
    note_hash = compute_note_hash(salt, text)
    conn.execute(insert(NoteRow), {"note_hash": note_hash, "video_id": video_id, "salt": salt, "text": text})
    return note_hash


def compute_note_hash(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\x1f{text}".encode()).hexdigest()


_TIP = select(LedgerRow.ledger_seq, LedgerRow.hash).order_by(LedgerRow.ledger_seq.desc()).limit(1)
_ALL = select(*(getattr(LedgerRow, name) for name in (*LEDGER_FIELDS, "prev_hash", "hash"))).order_by(
    LedgerRow.ledger_seq
)
_BY_EDIT = _ALL.where(LedgerRow.edit_id == bindparam("edit_id"))
_CLIENT_TIP = (
    select(LedgerRow.annotator_id, LedgerRow.client_seq)
    .where(LedgerRow.client == bindparam("client"))
    .order_by(LedgerRow.client_seq.desc())
    .limit(1)
)
_INSERT_LEDGER = (
    f"INSERT INTO ledger ({', '.join((*LEDGER_FIELDS, 'prev_hash', 'hash'))}) "
    f"VALUES ({', '.join('?' * (len(LEDGER_FIELDS) + 2))})"
)
_ANNOTATION = select(*(getattr(AnnotationRow, name) for name in (*ANNOTATION_FIELDS, "version"))).where(
    AnnotationRow.annotation_id == bindparam("id")
)
_RATING = select(*(getattr(EmotionRatingRow, name) for name in (*RATING_FIELDS, "version"))).where(
    EmotionRatingRow.video_id == bindparam("first"), EmotionRatingRow.annotator_id == bindparam("annotator")
)
_DECISION = select(*(getattr(DecisionRow, name) for name in (*DECISION_FIELDS, "version"))).where(
    DecisionRow.suggestion_id == bindparam("first"), DecisionRow.annotator_id == bindparam("annotator")
)
_INSERT_ANNOTATION = insert(AnnotationRow)
_UPDATE_ANNOTATION = (
    update(AnnotationRow)
    .where(AnnotationRow.annotation_id == bindparam("b_annotation_id"))
    .values({name: bindparam(f"b_{name}") for name in (*ANNOTATION_FIELDS, "version")})
)
_NEXT_LABEL = select(func.coalesce(func.max(AnnotationRow.label_id), 0)).where(
    AnnotationRow.video_id == bindparam("video"), AnnotationRow.annotator_id == bindparam("annotator")
)
