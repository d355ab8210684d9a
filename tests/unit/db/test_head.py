"""studio.head remembers how far the ledger was; it is never ahead, and stays when something is missing."""

from __future__ import annotations

import json

import pytest

from db.check import check_database
from db.damage import NOTE
from db.engine import Database, open_database
from db.head import HEAD_FILE, Head, load_head
from db.ledger import get_tip
from db.people import Annotator
from imigue_core.errors import StorageError
from tests.harness.hands import Hand, make_video


@pytest.fixture
def hand(db: Database, ann: Annotator) -> Hand:
    return Hand(db, ann.annotator_id, make_video(db))


def remember(db: Database, **fields: object) -> None:
    """Writes another head than the one that is there."""
    path = db.settings.data / HEAD_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def test_closing_remembers_the_newest_edit(hand: Hand) -> None:
    hand.create()
    hand.create()
    with hand.db.read() as conn:
        tip = get_tip(conn)
    hand.db.close()
    head = load_head(hand.db.settings.data)
    assert isinstance(head, Head)
    assert (head.ledger_seq, head.ledger_hash) == tip


def test_a_project_without_edits_has_none(db: Database) -> None:
    db.close()
    assert load_head(db.settings.data) is None


def test_a_refused_transaction_is_not_remembered(hand: Hand) -> None:
    hand.create()
    hand.db.head.save()

    def fail() -> None:
        with hand.db.write() as conn:
            conn.exec_driver_sql("DROP TRIGGER ledger_no_delete")
            conn.exec_driver_sql("DELETE FROM ledger")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    hand.db.head.save()
    head = load_head(hand.db.settings.data)
    assert head is not None
    assert head.ledger_seq == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ledger_seq": 3}, "1 acknowledged edit is missing: the database ends at #2"),
        ({"ledger_seq": 1002}, "1,000 acknowledged edits are missing"),
        ({"ledger_hash": "f" * 64}, "the ledger is not the one that had #2"),
        ({"project_id": "another"}, "another project's database lies here"),
    ],
)
def test_what_is_missing_is_said_and_what_remembers_it_stays(
    hand: Hand, fields: dict[str, object], sentence: str
) -> None:
    hand.create()
    hand.create()
    hand.db.head.save()
    remember(hand.db, **fields)
    remembered = load_head(hand.db.settings.data)
    (finding,) = check_database(hand.db).findings
    assert finding.invariant == "I8"
    assert sentence in finding.message
    hand.create()
    hand.db.head.save()
    assert load_head(hand.db.settings.data) == remembered
    with pytest.raises(StorageError, match="EDITS_MISSING"):
        hand.create()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"ledger_seq": 3}', '{"project_id": 1, "ledger_seq": "x", "ledger_hash": 1, "utc": 1}']
)
def test_one_that_cannot_be_read_says_nothing_of_the_database(hand: Hand, content: str) -> None:
    hand.create()
    (hand.db.settings.data / HEAD_FILE).write_text(content)
    assert check_database(hand.db).ok
    hand.db.head.save()
    head = load_head(hand.db.settings.data)
    assert head is not None
    assert head.ledger_seq == 1


def test_what_is_noted_is_known_to_every_process_and_after_a_restart(hand: Hand) -> None:
    hand.db.damage.write("STORAGE_DAMAGED", "a page is gone.")
    hand.db.damage.write("STORAGE_DAMAGED", "another page is gone.")
    again = open_database(hand.db.settings)
    for db in (hand.db, again):
        with pytest.raises(StorageError, match="a page is gone"), db.write():
            pass
    again.damage.clear()
    hand.create()
    again.close()


def test_a_note_that_is_damaged_itself_still_counts(hand: Hand) -> None:
    (hand.db.settings.data / NOTE).write_text("{")
    with pytest.raises(StorageError, match="STORAGE_DAMAGED"):
        hand.create()
