"""Everything of a project is for its user alone, whatever made it and whatever the system's habit is."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from db.engine import open_database
from db.people import Annotator, add_annotator
from imigue_core.cli import main
from imigue_core.files import sync_folders
from imigue_core.settings import Settings, load_settings
from imigue_core.skeleton.pose import PoseSequence, save_npz
from imigue_core.studio.safety.backing_up import make_backup
from imigue_core.studio.safety.restoring import restore_backup
from imigue_core.web.identity import load_secret
from imigue_core.web.server import hold_server_lock
from tests.harness.hands import Hand


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """A system on which new files are for everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def list_open(folder: Path) -> list[str]:
    """What in a folder somebody else could look at."""
    return [
        f"{path.relative_to(folder.parent)} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in (folder, *folder.rglob("*"))
        if stat.S_IMODE(path.lstat().st_mode) & 0o077
    ]


def test_a_project_is_private_after_every_kind_of_work(tmp_path: Path, marker_video: Callable[[str], Path]) -> None:
    settings = load_settings(tmp_path / "deep" / "data")
    data = ["--data", str(settings.data)]
    source = tmp_path / "film.mp4"
    source.write_bytes(marker_video("plain_25").read_bytes())
    source.chmod(0o666)
    save_npz(tmp_path / "poses.npz", PoseSequence(np.ones((60, 137, 3), np.float32)))
    assert main(["add", str(source), "--poses", str(tmp_path / "poses.npz"), *data]) == 0
    with hold_server_lock(settings):
        load_secret(settings)
    db = open_database(settings)
    with db.write() as conn:
        ann = add_annotator(conn, "Ann")
    Hand(db, ann.annotator_id).create(end_frame=11)
    assert list_open(settings.data) == [], "while it is worked on, so that log and index are there"
    backup = make_backup(db, media=True).folder
    db.close()
    assert main(["export", "--format", "csv", str(settings.data / "labels.csv"), *data]) == 0
    assert main(["check", *data]) == 0
    assert main(["remove", "1", *data]) == 0
    assert list_open(settings.data) == []
    restore_backup(backup, tmp_path / "far" / "new")
    assert list_open(tmp_path / "far") == []


def test_a_database_is_private_without_an_entry_point(settings: Settings) -> None:
    db = open_database(settings)
    with db.write() as conn:
        add_annotator(conn, "Ann")
    assert sorted(path.name for path in settings.data.glob("studio.db*")) == [
        "studio.db", "studio.db-shm", "studio.db-wal",
    ]  # fmt: skip
    assert list_open(settings.data) == []
    db.close()


def test_an_export_elsewhere_has_the_permissions_of_any_file(settings: Settings, tmp_path: Path) -> None:
    open_database(settings).close()
    os.umask(0o022)
    assert main(["export", "--format", "csv", str(tmp_path / "labels.csv"), "--data", str(settings.data)]) == 0
    assert stat.S_IMODE((tmp_path / "labels.csv").stat().st_mode) == 0o644


def test_export_and_restore_wait_for_the_names_they_made(
    ann: Annotator, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def record(number: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{number}"))
        fsync(number)

    monkeypatch.setattr(os, "fsync", record)
    (tmp_path / "out").mkdir()
    assert main(["export", "--format", "csv", str(tmp_path / "out" / "x.csv"), "--data", str(settings.data)]) == 0
    assert str(tmp_path / "out") in synced
    opened = open_database(settings)
    backup = make_backup(opened).folder
    opened.close()
    assert {str(settings.backups)} <= set(synced)
    restore_backup(backup, tmp_path / "far" / "new")
    assert {str(tmp_path / "far"), str(tmp_path)} <= set(synced)
    sync_folders(tmp_path / "far")
    assert str(tmp_path / "far" / "new") in synced
