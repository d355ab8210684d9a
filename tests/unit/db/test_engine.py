"""The engine: pragmas on every connection, which SQLite may keep a WAL, whose files are opened at all."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from db.engine import (
    Database,
    close_database,
    get_database,
    is_wal_safe,
    list_pragmas,
    load_sqlite,
    open_database,
)
from db.people import add_annotator, list_annotators
from db.schema import APPLICATION_ID, HEAD, alembic_config, list_expected_objects
from db.tables import Base
from imigue_core.errors import StorageError
from imigue_core.settings import Settings
from tests.harness.places import ROOT

EXPECTED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "busy_timeout": 10_000,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "secure_delete": 1,
}


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 1), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_only_a_fixed_sqlite_keeps_a_wal(version: tuple[int, ...], safe: bool) -> None:
    assert is_wal_safe(version) is safe


def test_the_installed_sqlite_is_a_fixed_one() -> None:
    assert is_wal_safe(load_sqlite().sqlite_version_info)


def test_every_connection_has_every_pragma(db: Database) -> None:
    """Eight readers at once and the writer: the pool may not hold one that was forgotten."""
    ready, done = threading.Barrier(9), threading.Event()
    answers: list[dict[str, Any]] = []

    def look() -> None:
        with db.read() as conn:
            answers.append({name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in list_pragmas("wal")})
            ready.wait(10)
            done.wait(10)

    readers = [threading.Thread(target=look) for _ in range(8)]
    for reader in readers:
        reader.start()
    ready.wait(10)
    done.set()
    for reader in readers:
        reader.join()
    assert answers == [{**EXPECTED, "query_only": 1}] * 8
    assert db.read_pragmas() == [{**EXPECTED, "query_only": 1}, {**EXPECTED, "query_only": 0}]


def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(StorageError, match="STORAGE_READ_ONLY"), db.read() as conn:
        add_annotator(conn, "Ann")


def test_an_error_inside_write_leaves_nothing_behind(db: Database) -> None:
    def fail_halfway() -> None:
        with db.write() as conn:
            add_annotator(conn, "Ann")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with db.read() as conn:
        assert list_annotators(conn) == []


def test_a_reader_sees_one_moment(db: Database) -> None:
    with db.read() as before:
        assert list_annotators(before) == []
        with db.write() as conn:
            add_annotator(conn, "Ann")
        assert list_annotators(before) == []


def test_writers_in_threads_take_turns(db: Database) -> None:
    def add(k: int) -> None:
        with db.write() as conn:
            add_annotator(conn, f"Person {k}")

    threads = [threading.Thread(target=add, args=(k,)) for k in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as conn:
        assert len(list_annotators(conn)) == 12


def test_one_database_a_process_for_each_folder(settings: Settings) -> None:
    first = get_database(settings)
    assert get_database(settings) is first
    close_database(settings)
    second = get_database(settings)
    assert second is not first
    close_database(settings)


def test_an_old_sqlite_keeps_no_wal_and_works(settings: Settings) -> None:
    """In a process of its own: two SQLite libraries may never have one file open."""
    old = importlib.import_module("sqlite3.dbapi2")
    if is_wal_safe(old.sqlite_version_info):
        pytest.skip("Python's own SQLite is a fixed one here")
    open_database(settings).close()
    program = (
        "import sys, sqlite3.dbapi2 as old\n"
        "from db.engine import Database\n"
        "from db.people import add_annotator\n"
        "from db.check import check_database\n"
        "from imigue_core.settings import load_settings\n"
        "db = Database(load_settings(sys.argv[1]), sqlite=old)\n"
        "with db.write() as conn: add_annotator(conn, 'Ann')\n"
        "assert {p['journal_mode'] for p in db.read_pragmas()} == {'truncate'}, db.read_pragmas()\n"
        "assert {p['synchronous'] for p in db.read_pragmas()} == {2}\n"
        "assert check_database(db).ok\n"
        "assert 'pysqlite3' not in sys.modules\n"
    )
    root = ROOT
    done = subprocess.run(
        [sys.executable, "-c", program, str(settings.data)], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    db = open_database(settings)
    assert db.read_pragmas()[0]["journal_mode"] == "wal"
    with db.read() as conn:
        assert len(list_annotators(conn)) == 1
    db.close()


def test_a_missing_project_is_said_to_be_missing(settings: Settings) -> None:
    with pytest.raises(StorageError, match="STORAGE_MISSING"):
        open_database(settings, create=False)
    with pytest.raises(StorageError, match="STORAGE_MISSING"):
        Database(settings, read_only=True)
    assert not settings.data.exists()


@pytest.mark.parametrize("content", [b"not a database at all\n" * 400, b"x", b"SQLite format 3\0"])
def test_a_file_that_is_no_database_is_left_alone(settings: Settings, content: bytes) -> None:
    settings.data.mkdir()
    settings.database.write_bytes(content)
    with pytest.raises(StorageError, match=r"STORAGE_(NOT_OURS|DAMAGED)"):
        open_database(settings)
    assert settings.database.read_bytes() == content
    assert os.listdir(settings.data) == ["studio.db"]


@pytest.mark.parametrize("journal_mode", ["delete", "wal"])
def test_another_programs_database_is_left_alone(settings: Settings, journal_mode: str) -> None:
    settings.data.mkdir()
    other = load_sqlite().connect(str(settings.database))
    other.execute(f"PRAGMA journal_mode={journal_mode}")
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.commit()
    other.close()
    content = settings.database.read_bytes()
    with pytest.raises(StorageError, match="STORAGE_NOT_OURS"):
        open_database(settings)
    with pytest.raises(StorageError, match="STORAGE_NOT_OURS"):
        Database(settings, read_only=True)
    assert settings.database.read_bytes() == content


def test_an_emptied_database_is_not_taken_for_a_new_one(settings: Settings) -> None:
    settings.videos.mkdir(parents=True)
    settings.database.touch()
    with pytest.raises(StorageError, match="STORAGE_DAMAGED"):
        open_database(settings)


def test_a_newer_schema_is_refused(settings: Settings) -> None:
    db = open_database(settings)
    with db.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    for read_only in (False, True):
        with pytest.raises(StorageError, match="SCHEMA_NEWER"):
            Database(settings, read_only=read_only)


def test_a_read_only_database_reads_and_never_writes(db: Database, settings: Settings) -> None:
    with db.write() as conn:
        add_annotator(conn, "Ann")
    reader = Database(settings, read_only=True)
    with reader.read() as conn:
        assert [person.name for person in list_annotators(conn)] == ["Ann"]
    with pytest.raises(StorageError, match="STORAGE_READ_ONLY"), reader.write() as conn:
        add_annotator(conn, "Ben")
    reader.close()


def test_opening_again_changes_nothing(settings: Settings) -> None:
    open_database(settings).close()
    content = settings.database.read_bytes()
    open_database(settings).close()
    assert settings.database.read_bytes() == content


def test_the_migrations_make_exactly_the_tables_of_the_code(db: Database) -> None:
    with db.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), Base.metadata) == []
        found = {tuple(row) for row in conn.exec_driver_sql("SELECT type, name FROM sqlite_master")}
        assert list_expected_objects() <= found
        assert conn.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID


def test_the_head_constant_is_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [HEAD]
