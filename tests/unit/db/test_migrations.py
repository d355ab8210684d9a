"""A project that an older studio made opens, keeps every label and its ledger, and is worked on."""

from __future__ import annotations

import pytest

from db.backup import count_rows, verify_database
from db.check import check_database
from db.engine import Database, load_sqlite, open_database
from db.jobs import enqueue_job, list_jobs
from db.labels import list_annotations
from db.ledger import iter_entries
from db.schema import HEAD
from db.watched import Stretch, replace_watched, set_preference, set_progress
from imigue_core.errors import StorageError
from imigue_core.settings import Settings
from imigue_core.studio.exchange.exchanging import export_labels, run_import
from imigue_core.studio.safety.backing_up import make_backup
from tests.harness.hands import Hand, make_scan
from tests.harness.places import OLD_PROJECTS

OLD = OLD_PROJECTS / "schema_0001.sql"
"""Two people's labels by hand with notes, a rating, an undo, a deletion and a refusal; four imported labels."""
LAST_HASH = "98ccdcd121214883ff0910f078bf8e93d72371a73e405935eb7744adee15e137"


STUDIO = OLD_PROJECTS / "schema_0003.sql"
"""As above with ratings changed, undone and refused, a scan with three decisions, coverage and a preference."""
STUDIO_HASH = "6656e6dfd132ec2bb69a1c3cc668f6c549a91db2c79c282d57d8101fef06348c"


@pytest.fixture
def studio(settings: Settings) -> Settings:
    """A data folder as the studio of schema 0003 left it."""
    settings.data.mkdir(parents=True)
    connection = load_sqlite().connect(str(settings.database))
    connection.executescript(STUDIO.read_text())
    connection.close()
    return settings


@pytest.fixture
def old(settings: Settings) -> Settings:
    """A data folder as the studio of schema 0001 left it."""
    settings.data.mkdir(parents=True)
    connection = load_sqlite().connect(str(settings.database))
    connection.executescript(OLD.read_text())
    connection.close()
    return settings


def read_ledger(db: Database) -> list[tuple[str, ...]]:
    with db.read() as conn:
        return [tuple(str(getattr(entry, name)) for name in entry.__slots__) for entry in iter_entries(conn)]


def test_an_old_project_is_upgraded_and_sound(old: Settings) -> None:
    with pytest.raises(StorageError, match="SCHEMA_OLDER"):
        Database(old, read_only=True)
    db = open_database(old)
    report = check_database(db)
    assert (report.findings, report.n_ledger, report.n_annotations, report.last_hash) == ([], 13, 7, LAST_HASH)
    with db.read() as conn:
        assert conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == HEAD
        rows = count_rows(conn)
        labels = list_annotations(conn)
    assert (rows["scan"], rows["suggestion"], rows["decision"]) == (0, 0, 0)
    assert (rows["preference"], rows["watched"], rows["video_progress"]) == (0, 0, 0)
    assert {(label.suggestion_id, label.suggestion_rank) for label in labels} == {(None, None)}
    db.close()


def test_jobs_of_an_old_project_stay_and_one_may_belong_to_no_video(old: Settings) -> None:
    connection = load_sqlite().connect(str(old.database))
    columns = "job_id, video_id, kind, state, params, progress_done, progress_total, attempts, created_utc"
    values = """7, 1, 'poses', 'failed', '{"revision": 2}', 3, 9, 1, '2026-01-01T00:00:00Z'"""
    connection.execute(f"INSERT INTO job ({columns}) VALUES ({values})")
    connection.commit()
    connection.close()
    db = open_database(old)
    with db.write() as conn:
        (job,) = list_jobs(conn)
        assert (job.job_id, job.video_id, job.kind, job.state) == (7, 1, "poses", "failed")
        assert (job.params, job.progress_done, job.progress_total) == ({"revision": 2}, 3, 9)
        assert enqueue_job(conn, None, "training") == 8
    assert check_database(db).findings == []
    db.close()


def test_upgrading_rewrites_no_row_of_the_ledger(old: Settings) -> None:
    connection = load_sqlite().connect(str(old.database))
    before = [tuple(map(str, row)) for row in connection.execute("SELECT * FROM ledger ORDER BY ledger_seq")]
    connection.close()
    db = open_database(old)
    assert read_ledger(db) == before
    db.close()


def test_old_labels_are_undone_changed_and_exported(old: Settings) -> None:
    db = open_database(old)
    hand = Hand(db, 1)
    before = read_ledger(db)
    undo = hand.state()["undo"]
    delete_id = next(row[1] for row in before if row[6] == "delete" and row[13] == "None")
    assert delete_id in undo
    assert hand.undo(delete_id).refused == []
    standing = {label["label_id"]: label for label in hand.state()["annotations"] if label["annotator"] == "Ann"}
    assert hand.do("relabel", standing[2]["annotation_id"], 3, class_id=9).refused == []
    exported = export_labels(db, "imigue", 1)
    assert run_import(db, exported.data, "imigue", 1).n_new == 0
    assert check_database(db).findings == []
    assert read_ledger(db)[:13] == before
    db.close()


def test_an_upgraded_project_takes_suggestions_and_backups(old: Settings) -> None:
    db = open_database(old)
    hand = Hand(db, 1)
    first, second = make_scan(db, (5, 300, 320), (6, 400, 420))
    hand.accept(first, 5, 300, 320)
    assert hand.review(second, "rejected").refused == []
    assert check_database(db).findings == []
    assert make_backup(db).ledger_seq == 15
    db.close()


def test_an_upgraded_project_keeps_coverage_and_backs_it_up(old: Settings) -> None:
    db = open_database(old)
    assert Hand(db, 1).state()["progress"] == "in_progress"  # labels from before states were kept
    with db.write() as conn:
        replace_watched(conn, 1, 1, [Stretch(0, 99, True), Stretch(100, 149)])
        set_progress(conn, 1, 1, "done")
        set_preference(conn, 1, "player", "{}")
    assert check_database(db).findings == []
    rows = verify_database(Settings(data=make_backup(db).folder)).rows
    assert (rows["watched"], rows["video_progress"], rows["preference"]) == (2, 1, 1)
    db.close()


def test_ratings_from_before_there_was_a_valence_replay_and_are_completed(studio: Settings) -> None:
    db = open_database(studio)
    report = check_database(db)
    assert (report.findings, report.n_ledger, report.last_hash) == ([], 13, STUDIO_HASH)
    ann = Hand(db, 1)
    (rating,) = ann.state()["ratings"]
    assert (rating["emotion"], rating["note"], rating["version"]) == ("negative", "tired after the match", 3)
    assert (rating["valence"], rating["confidence"]) == (None, None)
    assert ann.redo(ann.state()["redo"][-1]).refused == [], "a step from before the upgrade"
    assert ann.do("rate", None, 4, emotion="negative", valence=2, confidence=0.5).refused == []
    assert ann.undo(ann.last["edit_id"]).refused == []
    ben = Hand(db, 2, 2)
    assert ben.redo(ben.state()["redo"][-1]).refused == [], "a rating that was taken back before the upgrade"
    assert ben.do("rate", None, 3, emotion="unsure", valence=4).refused == []
    assert check_database(db).findings == []
    exported = export_labels(db, "json")
    assert run_import(db, exported.data, "json", 1).n_new_ratings == 0
    with db.read() as conn:
        before = count_rows(conn)
    assert verify_database(Settings(data=make_backup(db).folder)).rows == before
    db.close()
