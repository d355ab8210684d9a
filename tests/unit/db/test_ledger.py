"""The ledger: append-only, numbered without holes, chained by hashes that nothing can hide behind."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from db.engine import Database
from db.ledger import (
    GENESIS,
    Entry,
    append_entries,
    compute_hash,
    encode_json,
    find_client,
    find_entry,
    get_tip,
    iter_entries,
)
from db.people import Annotator
from imigue_core.annotation import LabelState
from imigue_core.label_fields import EditKind
from tests.harness.hands import Hand, make_video


def make_entry(seq: int = 1, **fields: Any) -> Entry:
    entry = Entry(
        edit_id=str(uuid.uuid4()),
        client="c",
        client_seq=seq,
        annotator_id=1,
        video_id=1,
        kind=EditKind.CREATE,
        object_id="o",
        base_version=0,
        before=None,
        after=LabelState("ü", 1, 1, 1, 5, 0, 9),
        content={},
        provenance={},
    )
    return entry._replace(**fields)


def test_an_empty_ledger_ends_at_zero(db: Database) -> None:
    with db.read() as conn:
        assert get_tip(conn) == (0, GENESIS)
        assert find_client(conn, "c") is None
        assert find_entry(conn, "e") is None


def test_entries_are_numbered_and_chained(db: Database, ann: Annotator) -> None:
    with db.write() as conn:
        assert append_entries(conn, [make_entry(1), make_entry(2)]) == 2
        assert append_entries(conn, []) == 2
        assert append_entries(conn, [make_entry(3, refused="CONFLICT", after=None)]) == 3
    with db.read() as conn:
        rows = list(iter_entries(conn))
        assert [row.ledger_seq for row in rows] == [1, 2, 3]
        assert [row.prev_hash for row in rows] == [GENESIS, rows[0].hash, rows[1].hash]
        assert all(row.compute_hash() == row.hash for row in rows)
        assert get_tip(conn) == (3, rows[2].hash)
        assert find_client(conn, "c") == (1, 3)
        assert find_entry(conn, rows[1].edit_id) == rows[1]
        assert rows[0].after is not None
        assert rows[0].after.startswith('{"annotation_id":"ü","annotator_id":1,"class_id":5,"confidence":null,')
        assert rows[0].read_after() == make_entry().after


def test_the_hash_is_what_the_documentation_says(db: Database) -> None:
    text = "\x1f".join([GENESIS, "1", "\x1e", "x"])
    assert compute_hash(GENESIS, (1, None, "x")) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("pair", [((None,), ("",)), (("a", "b"), ("ab", "")), ((1, 2), (12,)), ((0,), (None,))])
def test_different_rows_have_different_hashes(pair: tuple[Any, Any]) -> None:
    assert compute_hash(GENESIS, pair[0]) != compute_hash(GENESIS, pair[1])


def test_canonical_json_has_one_form() -> None:
    assert encode_json({"b": None, "a": [1, 0.5, True]}) == '{"a":[1,0.5,true],"b":null}'
    assert encode_json({"x": "\x1f\x1e"}) == '{"x":"\\u001f\\u001e"}'


@pytest.mark.parametrize("table", ["ledger", "audit"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET utc = 'x'", "DELETE FROM {}"])
def test_nothing_is_changed_or_deleted_afterwards(db: Database, ann: Annotator, table: str, statement: str) -> None:
    from db.people import add_audit

    with db.write() as conn:
        append_entries(conn, [make_entry()])
        add_audit(conn, 1, "source.switch", "project")
    with pytest.raises(IntegrityError, match="append-only"), db.write() as conn:
        conn.exec_driver_sql(statement.format(table))


def test_an_edit_id_or_a_clients_number_is_taken_once(db: Database, ann: Annotator) -> None:
    first = make_entry(1)
    with db.write() as conn:
        append_entries(conn, [first])
    for clash in (make_entry(2, edit_id=first.edit_id), make_entry(1)):
        with pytest.raises(IntegrityError), db.write() as conn:
            append_entries(conn, [clash])


def test_times_are_utc_text(db: Database, ann: Annotator) -> None:
    Hand(db, ann.annotator_id, make_video(db)).create()
    with db.read() as conn:
        (row,) = iter_entries(conn)
    assert row.utc[10] == "T"
    assert row.utc.endswith("Z")


def test_order_does_not_come_from_the_clock(db: Database, ann: Annotator, monkeypatch: pytest.MonkeyPatch) -> None:
    from db import ledger
    from db.check import check_database

    hand = Hand(db, ann.annotator_id, make_video(db))
    label = hand.create()
    for version, utc in enumerate(("1970-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z", "2001-01-01T00:00:00.000Z")):
        monkeypatch.setattr(ledger, "now_utc", lambda utc=utc: utc)
        hand.do("move", label, version + 1, start_frame=version, end_frame=50)
    assert hand.label(label)["start_frame"] == 2
    assert check_database(db).ok
