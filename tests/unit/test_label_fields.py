"""A field of a label, a rating or a decision is declared once; ledger, table, JSON, files and browser follow."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest

from db.check import check_database
from db.engine import Database
from db.ledger import iter_entries
from db.objects import ObjectKind
from db.people import Annotator
from db.states import STATE_TABLES, StateTable, find_state
from imigue_core.annotation import RATING_SAID, STANDING_DECISION, STANDING_LABEL, STANDING_RATING
from imigue_core.formats.label_file import FIELDS, FileRating
from imigue_core.label_fields import EditKind, Shape
from imigue_core.studio.edits.envelope import FIELDS_OF_KIND
from imigue_core.studio.edits.reviewing import load_review
from imigue_core.web.label_types import make_fields_js
from tests.harness.hands import Hand, make_scan, make_video
from tests.harness.places import ROOT

TABLES = list(STATE_TABLES.values())
STANDING: dict[ObjectKind, Shape[Any]] = {
    ObjectKind.LABEL: STANDING_LABEL,
    ObjectKind.RATING: STANDING_RATING,
    ObjectKind.DECISION: STANDING_DECISION,
}
SAID: dict[str, Any] = {
    "confidence": 0.25,
    "mark": "discuss",
    "valence": 6,
    "emotion": "negative",
    "verdict": "rejected",
}
"""A value of each field that people say, other than its default: a new field wants one here."""
KINDS = {EditKind.ANNOTATE: ObjectKind.LABEL, EditKind.RATE: ObjectKind.RATING, EditKind.REVIEW: ObjectKind.DECISION}
FIELDS_SAID = [(kind, name) for kind, about in KINDS.items() for name in STATE_TABLES[about].shape.list_said(kind)]


@pytest.fixture
def worked(db: Database, ann: Annotator) -> Hand:
    """A person who has said everything that can be said of a label, a video and a suggestion."""
    hand = Hand(db, ann.annotator_id, make_video(db))
    (suggestion,) = make_scan(db, (7, 100, 200))
    label = hand.create()
    said = {kind: {name: SAID[name] for about, name in FIELDS_SAID if about is kind} for kind in KINDS}
    assert hand.do("annotate", label, 1, **said[EditKind.ANNOTATE]).refused == []
    assert hand.do("rate", None, **said[EditKind.RATE]).refused == []
    assert hand.do("review", None, suggestion_id=suggestion, **said[EditKind.REVIEW]).refused == []
    return hand


@pytest.mark.parametrize("place", TABLES, ids=lambda one: one.name)
def test_a_table_has_the_columns_of_its_state_and_the_version(place: StateTable) -> None:
    assert set(place.table.__table__.columns.keys()) == {*place.shape.names, "version"}


@pytest.mark.parametrize("place", TABLES, ids=lambda one: one.name)
def test_what_stands_is_the_state_with_its_version(place: StateTable) -> None:
    standing = {one.name for one in fields(STANDING[place.kind].kind)}
    assert standing - {"note"} == {*place.shape.names, "version"}


@pytest.mark.parametrize(("kind", "name"), FIELDS_SAID)
def test_a_field_that_is_said_is_in_ledger_table_and_answer(worked: Hand, kind: EditKind, name: str) -> None:
    assert name in FIELDS_OF_KIND[kind]
    with worked.db.read() as conn:
        entry = next(one for one in iter_entries(conn) if one.kind == kind)
        assert entry.object_id is not None
        found = find_state(conn, entry.object_id)
    assert json.loads(entry.content)[name] == SAID[name]
    assert json.loads(str(entry.after))[name] == SAID[name]
    assert found is not None
    assert getattr(found[0], name) == SAID[name]
    assert entry.read_after() == found[0]
    state = worked.state()
    shown = {
        EditKind.ANNOTATE: state["annotations"],
        EditKind.RATE: state["ratings"],
        EditKind.REVIEW: [{"verdict": "rejected"} for _ in load_review(worked.db, 1, worked.annotator_id)["rejected"]],
    }
    assert [one[name] for one in shown[kind]] == [SAID[name]]


@pytest.mark.parametrize(("kind", "name"), FIELDS_SAID)
def test_a_field_that_is_said_is_taken_back_and_brought_again(worked: Hand, kind: EditKind, name: str) -> None:
    with worked.db.read() as conn:
        entry = next(one for one in iter_entries(conn) if one.kind == kind)
    assert worked.undo(entry.edit_id).refused == []
    assert worked.redo(entry.edit_id).refused == []
    with worked.db.read() as conn:
        found = find_state(conn, str(entry.object_id))
    assert found is not None
    assert getattr(found[0], name) == SAID[name]


@pytest.mark.parametrize("place", TABLES, ids=lambda one: one.name)
def test_check_replays_every_field(worked: Hand, place: StateTable) -> None:
    assert check_database(worked.db).ok
    for name in set(place.shape.names) - {*place.key, "video_id", "annotator_id"}:
        with worked.db.write() as conn:
            kept = conn.exec_driver_sql(f"SELECT {name} FROM {place.name}").scalar_one()
            conn.exec_driver_sql(f"UPDATE {place.name} SET {name} = 77")
        assert "I2" in {finding.invariant for finding in check_database(worked.db).findings}, name
        with worked.db.write() as conn:
            conn.exec_driver_sql(f"UPDATE {place.name} SET {name} = ?", (kept,))
    assert check_database(worked.db).ok


@pytest.mark.parametrize("place", TABLES, ids=lambda one: one.name)
def test_a_state_from_before_there_was_a_field_reads_as_it_did(worked: Hand, place: StateTable) -> None:
    with worked.db.read() as conn:
        states = [place.shape.read_row(row[:-1]) for row in conn.exec_driver_sql(_select(place))]
    for state in states:
        plain = place.shape.write(state)
        old = {name: value for name, value in plain.items() if name not in place.shape.optional}
        assert place.shape.write(place.shape.read(old)) == old
        with pytest.raises(ValueError, match="expected the fields"):
            place.shape.read({**plain, "mood": 1})


def test_a_rating_in_a_file_says_what_a_rating_says() -> None:
    assert {one.name for one in fields(FileRating)} >= set(RATING_SAID.names)
    assert {f"rating.{name}" for name in RATING_SAID.names} <= FIELDS.keys()


def test_the_browsers_type_is_made_from_the_same_fields() -> None:
    path = ROOT / "imigue_core/web/player/labels/fields.js"
    assert path.read_text("utf-8") == make_fields_js(), "run tools/make-label-fields"


def _select(place: StateTable) -> str:
    return f"SELECT {', '.join(place.columns)} FROM {place.name}"
