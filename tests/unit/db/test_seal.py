"""What is in no ledger is proven too: a change that the studio did not make is found, its own are none."""

from __future__ import annotations

import pytest

from db.check import check_database
from db.engine import Database, load_sqlite, open_database
from db.jobs import enqueue_job
from db.people import Annotator, add_annotator, set_setting
from db.seal import SEAL_FILE, list_sealed, load_seal, save_seal
from db.watched import ProgressState, Stretch, replace_watched, set_preference, set_progress
from tests.harness.hands import Hand, make_scan, make_video


@pytest.fixture
def sealed(db: Database, ann: Annotator) -> Database:
    """A project with something in most tables, proven and sealed."""
    hand = Hand(db, ann.annotator_id, make_video(db))
    hand.accept(make_scan(db, (5, 10, 20), (6, 30, 40))[0])
    with db.write() as conn:
        enqueue_job(conn, 1, "proxy")
        set_setting(conn, "blind", "on")
        set_preference(conn, 1, "view", '"skeleton"')
        replace_watched(conn, 1, 1, [Stretch(0, 99)])
    seal(db)
    return db


def seal(db: Database) -> None:
    report = check_database(db)
    assert report.findings == []
    assert report.seal is not None
    save_seal(db.settings.data, report.seal)


def change_past_the_studio(db: Database, statement: str) -> list[str]:
    """Changes a value as a disk or another program does, and returns what is found."""
    raw = load_sqlite().connect(str(db.settings.database))
    assert raw.execute(statement).rowcount > 0
    raw.commit()
    raw.close()
    return [f"{one.invariant} {one.message.split()[2]}" for one in check_database(db).findings]


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE video SET name = 'another.mp4'", "video"),
        ("UPDATE suggestion SET score = score + 0.001 WHERE suggestion_id = 2", "suggestion"),
        ("UPDATE scan SET model = 'another'", "scan"),
        ("UPDATE setting SET value = 'off'", "setting"),
        ("UPDATE annotator SET name = 'Anm'", "annotator"),
        ("UPDATE job SET kind = 'probe'", "job"),
        ("UPDATE watched SET end_frame = 98", "watched"),
        ("UPDATE video_progress SET state = 'done'", "video_progress"),
        ("UPDATE preference SET value = '1'", "preference"),
        ("DELETE FROM watched", "watched"),
        ("INSERT INTO audit VALUES (99, 'x', NULL, 'x', 'x', '{}')", "audit"),
    ],
)
def test_a_change_that_the_studio_did_not_make_is_found(sealed: Database, statement: str, table: str) -> None:
    assert change_past_the_studio(sealed, statement) == [f"I10 {table}"]


def test_edits_in_between_leave_the_rest_proven(sealed: Database) -> None:
    hand = Hand(sealed, 1, 1)
    hand.do("rate", emotion="unsure", note="a note")
    hand.create()
    assert check_database(sealed).findings == []
    assert change_past_the_studio(sealed, "UPDATE video SET name = 'another.mp4'") == ["I10 video"]


def test_whatever_the_studio_changes_itself_is_no_finding(sealed: Database) -> None:
    again = open_database(sealed.settings)
    with again.write() as conn:
        add_annotator(conn, "Ben")
        set_setting(conn, "blind", "off")
        set_setting(conn, "overlap_rule", "warned")
        set_preference(conn, 1, "view", '"source"')
        replace_watched(conn, 1, 1, [Stretch(5, 9)])
        set_progress(conn, 1, 1, ProgressState.DONE)
        set_progress(conn, 1, 2, ProgressState.IN_PROGRESS)
    make_video(again, "second.mp4")
    make_scan(again, (7, 1, 2))
    again.close()
    assert check_database(sealed).findings == []


def test_an_older_copy_of_a_table_is_found(sealed: Database) -> None:
    assert change_past_the_studio(sealed, "UPDATE change_count SET n = n - 1 WHERE name = 'video'") == ["I10 video"]


def test_every_table_without_a_ledger_is_counted(sealed: Database) -> None:
    with sealed.read() as conn:
        counted = set(conn.exec_driver_sql("SELECT name FROM change_count").scalars())
    assert counted == set(list_sealed())


def test_a_seal_that_is_damaged_itself_says_nothing(sealed: Database) -> None:
    path = sealed.settings.data / SEAL_FILE
    path.write_text(path.read_text().replace('"video": "', '"video": "0'))
    assert load_seal(sealed.settings.data) is None
    assert check_database(sealed).ok
