"""``check`` finds every way in which a project's database can be wrong, and says which invariant broke."""

from __future__ import annotations

import uuid

import pytest

from db.check import check_database
from db.engine import Database
from db.ledger import compute_hash, iter_entries
from db.people import Annotator
from tests.harness.hands import Hand, make_person, make_video

UNGUARD = ("DROP TRIGGER ledger_no_update", "DROP TRIGGER ledger_no_delete")
SMUGGLE = (
    "INSERT INTO annotation SELECT 'x', video_id, annotator_id, 9, class_id, start_frame, end_frame, version, "
    "deleted, confidence, mark, NULL, NULL, NULL, NULL, NULL FROM annotation LIMIT 1"
)


@pytest.fixture
def worked(db: Database, ann: Annotator) -> Database:
    """A project with labels, a rating, notes, a deletion, an undo and a refusal, by two people."""
    hand = Hand(db, ann.annotator_id, make_video(db))
    label, other = hand.create(), hand.create()
    hand.do("annotate", label, 1, note="first", confidence=0.25)
    hand.do("move", label, 2, start_frame=0, end_frame=5)
    hand.undo(hand.last["edit_id"])
    hand.do("delete", other, 1)
    hand.do("delete", other, 1)
    hand.do("rate", emotion="positive", note="second")
    Hand(db, make_person(db, "Ben"), hand.video_id).create()
    return db


def spoil(db: Database, *statements: str) -> set[str]:
    """Writes past the contract; returns the invariants that ``check`` finds broken."""
    with db.write() as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)
    return {finding.invariant for finding in check_database(db).findings}


def test_an_honest_project_has_no_findings(worked: Database) -> None:
    report = check_database(worked)
    assert report.findings == []
    assert (report.ok, report.n_ledger, report.n_annotations, report.n_acked) == (True, 9, 3, 0)
    assert len(report.last_hash) == 64


def test_an_empty_project_has_no_findings(db: Database) -> None:
    assert check_database(db).ok


def test_acknowledged_edits_must_be_there(worked: Database) -> None:
    with worked.read() as conn:
        acked = [entry.edit_id for entry in iter_entries(conn)]
    assert check_database(worked, acked).ok
    report = check_database(worked, [*acked, str(uuid.uuid4())])
    assert (report.n_acked, [finding.invariant for finding in report.findings]) == (10, ["I1"])


@pytest.mark.parametrize(
    ("statement", "invariant"),
    [
        ("UPDATE annotation SET start_frame = start_frame + 1 WHERE label_id = 1", "I2"),
        ("UPDATE annotation SET deleted = 3 WHERE label_id = 2", "I2"),
        ("UPDATE annotation SET note_hash = NULL", "I2"),
        ("UPDATE annotation SET class_id = 'five'", "I2"),
        ("UPDATE annotation SET version = version + 1 WHERE label_id = 1", "I5"),
        ("UPDATE emotion_rating SET emotion = 'negative'", "I2"),
        ("UPDATE emotion_rating SET valence = 7", "I2"),
        ("UPDATE emotion_rating SET confidence = 0.5", "I2"),
        ("UPDATE note SET text = 'changed'", "I2"),
        ("UPDATE note SET salt = ''", "I2"),
        ("DELETE FROM note", "I2"),
        ("DELETE FROM annotation WHERE deleted = 1", "I7"),
        ("DELETE FROM emotion_rating", "I7"),
        (SMUGGLE, "I7"),
        ("UPDATE annotator SET created_seq = 5 WHERE annotator_id = 1", "I6"),
        ("DROP TRIGGER audit_no_delete", "I4"),
        ("DROP INDEX ix_ledger_object_id", "I4"),
        ("DROP TABLE reveal", "I4"),
    ],
)
def test_a_change_past_the_ledger_is_found(worked: Database, statement: str, invariant: str) -> None:
    assert spoil(worked, statement) == {invariant}


@pytest.mark.parametrize(
    ("statement", "invariant"),
    [
        ("UPDATE ledger SET utc = '2000-01-01T00:00:00.000Z' WHERE ledger_seq = 4", "I3"),
        ("UPDATE ledger SET provenance = '{}' WHERE ledger_seq = 4", "I3"),
        ("UPDATE ledger SET refused = '' WHERE ledger_seq = 9", "I3"),
        ("UPDATE ledger SET annotator_id = 2 WHERE ledger_seq = 1", "I6"),
        ("UPDATE ledger SET client_seq = 40 WHERE ledger_seq = 3", "I7"),
        ("UPDATE ledger SET after = NULL WHERE ledger_seq = 3", "I7"),
        ("UPDATE ledger SET before = NULL WHERE ledger_seq = 3", "I2"),
        ("UPDATE ledger SET after = '{' WHERE ledger_seq = 3", "I4"),
        ("UPDATE ledger SET after = '[]' WHERE ledger_seq = 3", "I4"),
        ("DELETE FROM ledger WHERE ledger_seq = 2", "I3"),
        ("DELETE FROM ledger WHERE ledger_seq = 9", "I7"),
        ("DELETE FROM ledger", "I7"),
    ],
)
def test_a_change_of_the_ledger_itself_is_found(worked: Database, statement: str, invariant: str) -> None:
    found = spoil(worked, *UNGUARD, statement)
    assert invariant in found
    assert "I4" in found  # the guards are gone


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("content = replace(content, '\"group_size\":2', '\"group_size\":3')", "1 edits of group"),
        ("refused = 'CONFLICT' WHERE ledger_seq = (SELECT max(ledger_seq) FROM ledger)", "is half refused"),
    ],
)
def test_a_group_that_is_half_there_is_found(db: Database, ann: Annotator, change: str, message: str) -> None:
    hand = Hand(db, ann.annotator_id, make_video(db))
    labels = [hand.create(), hand.create()]
    hand.send(*hand.make_group(*(("relabel", label, 1, {"class_id": 9}) for label in labels)))
    assert check_database(db).ok
    spoil(db, *UNGUARD, f"UPDATE ledger SET {change}")
    assert [message in f.message for f in check_database(db).findings if f.invariant == "I7"] == [True]


def test_a_forged_row_with_a_right_hash_is_found_by_replay(worked: Database) -> None:
    """Whoever can compute hashes can rewrite the end of the chain, but not what it adds up to."""
    with worked.read() as conn:
        *_, last = iter_entries(conn)
    assert last.after is not None
    forged = last.after.replace('"class_id":5', '"class_id":6')
    fields = [getattr(last, name) for name in last.__slots__[:15]]
    fields[last.__slots__.index("after")] = forged
    new_hash = compute_hash(last.prev_hash, fields)
    statement = f"UPDATE ledger SET after = '{forged}', hash = '{new_hash}' WHERE ledger_seq = 9"
    findings = spoil(worked, UNGUARD[0], statement)
    assert findings == {"I2", "I4"}


def test_a_row_that_points_nowhere_is_found(worked: Database) -> None:
    connection = worked.connect(is_writer=True)
    connection.execute("PRAGMA foreign_keys=0")
    connection.execute("INSERT INTO reveal VALUES (99, 1, 'x')")
    connection.close()
    assert [finding.invariant for finding in check_database(worked).findings] == ["I4"]


def test_findings_stop_at_a_hundred(worked: Database) -> None:
    assert len(check_database(worked, [str(uuid.uuid4()) for _ in range(300)]).findings) == 100


def test_check_works_on_a_read_only_database(worked: Database) -> None:
    reader = Database(worked.settings, read_only=True)
    assert check_database(reader).ok
    reader.close()
