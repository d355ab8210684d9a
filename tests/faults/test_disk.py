"""A full disk, a read-only disk, a locked database: the right words, nothing lost, and it goes on afterwards."""

from __future__ import annotations

import multiprocessing
import shutil
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from db.check import check_database
from db.engine import Database, load_sqlite, open_database
from imigue_core.errors import StorageError
from imigue_core.settings import Settings
from imigue_core.studio.safety.backing_up import check_project, make_backup
from tests.faults.conftest import remount
from tests.harness.hands import Hand, make_person, make_video

pytestmark = pytest.mark.faults


def open_page(db: Database) -> Hand:
    """Ann's page on a new video."""
    return Hand(db, make_person(db, "Ann"), make_video(db))


def fill(disk: Path) -> Path:
    """Takes the last byte of a disk; removing the file gives the space back."""
    path = disk / "ballast"
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096) == 4096:
                pass
        except OSError:
            return path
    return path


def write_until_refused(hand: Hand) -> None:
    """Labels with long notes until the disk refuses."""
    for _ in range(2000):
        label = hand.create()
        hand.do("annotate", label, 1, note="x" * 4000)
    raise AssertionError("the disk never was full")


def test_a_full_disk_refuses_new_edits_and_keeps_the_old_ones(small_disk: Path) -> None:
    db = open_database(Settings(data=small_disk / "data"))
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * 1024 * 1024)
    hand = open_page(db)
    with pytest.raises(StorageError) as refused:
        write_until_refused(hand)
    assert refused.value.code == "STORAGE_FULL"
    waiting = hand.last
    labels = hand.state()["annotations"]
    assert len(labels) > 50
    with pytest.raises(StorageError, match="STORAGE_FULL"):
        hand.send(waiting)
    assert hand.state()["annotations"] == labels
    assert check_database(db).ok
    ballast.unlink()
    assert hand.send(waiting).acked == waiting["client_seq"]
    hand.create()
    assert check_database(db).ok
    db.close()
    again = open_database(Settings(data=small_disk / "data"))
    assert check_database(again).ok
    again.close()


def test_opening_on_a_disk_without_a_byte_left_says_so_and_works_later(small_disk: Path) -> None:
    settings = Settings(data=small_disk / "data")
    db = open_database(settings)
    open_page(db).create()
    db.close()
    ballast = fill(small_disk)
    with pytest.raises(StorageError, match="STORAGE_FULL"):
        open_database(settings)
    ballast.unlink()
    db = open_database(settings)
    assert check_database(db).ok
    db.close()


def test_a_project_that_does_not_fit_leaves_nothing_half_made(small_disk: Path) -> None:
    settings = Settings(data=small_disk / "data")
    settings.data.mkdir()
    ballast = fill(small_disk)
    with pytest.raises(StorageError, match="STORAGE_FULL"):
        open_database(settings)
    ballast.unlink()
    db = open_database(settings)
    assert check_database(db).ok
    db.close()


def test_a_backup_that_does_not_fit_leaves_nothing_behind(small_disk: Path) -> None:
    db = open_database(Settings(data=small_disk / "data"))
    hand = open_page(db)
    for _ in range(40):
        hand.do("annotate", hand.create(), 1, note="x" * 4000)
    fill(small_disk)
    with pytest.raises(StorageError, match="STORAGE_FULL"):
        make_backup(db)
    assert list(db.settings.backups.glob("*")) == []
    assert check_database(db).ok
    db.close()


def test_a_project_on_a_read_only_disk_can_be_checked_and_read_but_not_opened_to_write(small_disk: Path) -> None:
    settings = Settings(data=small_disk / "data")
    db = open_database(settings)
    hand = open_page(db)
    label = hand.create()
    db.close()
    remount(small_disk, "ro")
    assert check_project(settings).ok
    with pytest.raises(StorageError, match="STORAGE_READ_ONLY"):
        open_database(settings)
    hand.db = Database(settings, read_only=True)
    assert hand.label(label)["version"] == 1
    with pytest.raises(StorageError, match="STORAGE_READ_ONLY"):
        hand.do("delete", label, 1)
    hand.db.close()


def test_a_project_on_a_read_only_disk_is_read_with_what_its_log_holds(small_disk: Path) -> None:
    """The server was killed before its log went into the file, and the disk was locked afterwards."""
    settings = Settings(data=small_disk / "data")
    db = open_database(settings)
    hand = open_page(db)
    label = hand.create()
    copy = Settings(data=small_disk / "copy")
    shutil.copytree(settings.data, copy.data)
    db.close()
    assert (copy.data / "studio.db-wal").stat().st_size > 0
    remount(small_disk, "ro")
    assert check_project(copy, [hand.last["edit_id"]]).ok
    hand.db = Database(copy, read_only=True)
    assert hand.label(label)["version"] == 1
    hand.db.close()


def hold_lock(path: str, seconds: float, held: Connection) -> None:
    """In another process: keeps the write lock for a while; says when it has it, and when it lets go."""
    connection = load_sqlite().connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    held.send(True)
    time.sleep(seconds)
    held.send(True)
    connection.execute("ROLLBACK")
    connection.close()


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Hand]:
    """A page whose server waits 1 s for locks."""
    db = Database(Settings(data=tmp_path / "data"), busy_timeout_ms=1000)
    yield open_page(db)
    db.close()


def lock_for(hand: Hand, seconds: float) -> tuple[BaseProcess, Connection]:
    """A process that holds the lock of a page's database, and where it says that it lets go."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    holder = multiprocessing.get_context("spawn").Process(
        target=hold_lock, args=(str(hand.db.settings.database), seconds, theirs)
    )
    holder.start()
    assert ours.recv()
    return holder, ours


def test_a_save_waits_for_a_short_lock(patient: Hand) -> None:
    holder, lets_go = lock_for(patient, 0.4)
    patient.create()
    assert lets_go.poll()
    holder.join()


def test_a_long_lock_is_told_after_the_timeout_and_nothing_is_lost(patient: Hand) -> None:
    label = patient.create()
    holder, lets_go = lock_for(patient, 200)
    with pytest.raises(StorageError, match="STORAGE_BUSY"):
        patient.do("delete", label, 1)
    assert not lets_go.poll()
    assert patient.label(label)["version"] == 1
    holder.kill()
    holder.join()
    assert patient.send(patient.last).refused == []
    assert check_database(patient.db).ok
