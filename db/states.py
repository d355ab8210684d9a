"""What the ledger adds up to: the states of labels, ratings and decisions in their tables.

Only what stands in the ledger is written here, in the same transaction; what a field is
stands in imigue_core/annotation.py. Labels for people to look at are read in db/labels.py.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select

from db.bulk import insert_rows
from db.objects import ObjectKind, object_of_label, object_of_rating, object_of_review, parse_object
from db.tables import AnnotationRow, Base, DecisionRow, EmotionRatingRow, NoteRow
from imigue_core.annotation import DECISION, LABEL, RATING, DecisionState, LabelState, ObjectState, RatingState
from imigue_core.ids import LabelNumber, ObjectId
from imigue_core.label_fields import Plain, Shape

_NAME_OF: dict[ObjectKind, Callable[..., ObjectId]] = {
    ObjectKind.LABEL: object_of_label,
    ObjectKind.RATING: object_of_rating,
    ObjectKind.DECISION: object_of_review,
}


class StateTable(NamedTuple):
    """Where states of one kind lie: its columns are the fields of ``shape`` and ``version``.

    Attributes:
        key: The columns that name the object.
    """

    kind: ObjectKind
    table: type[Base]
    shape: Shape[Any]
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        return str(self.table.__tablename__)

    def name_object(self, plain: Plain) -> ObjectId:
        """The name of the object that a state is of."""
        return _NAME_OF[self.kind](*(plain[column] for column in self.key))

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.shape.names, "version")


LABELS = StateTable(ObjectKind.LABEL, AnnotationRow, LABEL, ("annotation_id",))
RATINGS = StateTable(ObjectKind.RATING, EmotionRatingRow, RATING, ("video_id", "annotator_id"))
DECISIONS = StateTable(ObjectKind.DECISION, DecisionRow, DECISION, ("suggestion_id", "annotator_id"))
STATE_TABLES = {one.kind: one for one in (LABELS, RATINGS, DECISIONS)}
_OF_CLASS: dict[type, StateTable] = {LabelState: LABELS, RatingState: RATINGS, DecisionState: DECISIONS}


def read_plain(kind: ObjectKind, plain: Plain) -> ObjectState:
    """A state that the ledger kept as JSON."""
    state: ObjectState = STATE_TABLES[kind].shape.read(plain)
    return state


def write_plain(state: ObjectState) -> Plain:
    """A state as the ledger keeps it."""
    return _OF_CLASS[type(state)].shape.write(state)


def find_state(conn: Connection, object_id: str) -> tuple[ObjectState, int] | None:
    """State and version of an object, deleted ones too."""
    name = parse_object(object_id)
    if name.kind is ObjectKind.LABEL:
        values: tuple[Any, ...] = (name.label,)
    else:
        values = (name.number, name.annotator)
    row = conn.exec_driver_sql(_FIND[name.kind], values).one_or_none()
    if row is None:
        return None
    *state, version = row
    return STATE_TABLES[name.kind].shape.read_row(state), int(version)


def store_state(conn: Connection, state: ObjectState, version: int) -> None:
    """Writes an object's state and version in place of what stood."""
    place = _OF_CLASS[type(state)]
    conn.exec_driver_sql(_STORE[place.kind], (*place.shape.list_values(state), version))


def store_new_labels(conn: Connection, states: Sequence[LabelState]) -> None:
    """Writes many new labels at version 1."""
    insert_rows(conn, LABELS.name, LABELS.columns, [(*LABEL.list_values(state), 1) for state in states])


def next_label_id(conn: Connection, video_id: int, annotator_id: int) -> LabelNumber:
    """One past the highest clip number this person ever used in this video."""
    highest = conn.execute(_HIGHEST, {"video": video_id, "annotator": annotator_id}).scalar_one()
    return LabelNumber(highest + 1)


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


def _make_find(place: StateTable) -> str:
    where = " AND ".join(f"{column} = ?" for column in place.key)
    return f"SELECT {', '.join(place.columns)} FROM {place.name} WHERE {where}"


def _make_store(place: StateTable) -> str:
    marks = ", ".join("?" * len(place.columns))
    changes = ", ".join(f"{column} = excluded.{column}" for column in place.columns if column not in place.key)
    into = f"INSERT INTO {place.name} ({', '.join(place.columns)}) VALUES ({marks})"
    return f"{into} ON CONFLICT ({', '.join(place.key)}) DO UPDATE SET {changes}"


_FIND = {kind: _make_find(place) for kind, place in STATE_TABLES.items()}
_STORE = {kind: _make_store(place) for kind, place in STATE_TABLES.items()}
_HIGHEST = select(func.coalesce(func.max(AnnotationRow.label_id), 0)).where(
    AnnotationRow.video_id == bindparam("video"), AnnotationRow.annotator_id == bindparam("annotator")
)
