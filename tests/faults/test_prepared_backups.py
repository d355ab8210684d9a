"""Backups that somebody prepared: refused with a sentence; nothing is written elsewhere, waited for or left behind."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from db.check import check_database
from db.engine import Database, load_sqlite, open_database
from db.jobs import OPEN_STATES, enqueue_job, list_jobs
from db.people import Annotator
from db.videos import insert_video
from imigue_core.errors import StudioError
from imigue_core.jobs.worker import run_jobs
from imigue_core.settings import Settings
from imigue_core.skeleton.pose import PoseSequence, save_npz
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.safety.backing_up import make_backup
from imigue_core.studio.safety.backup_manifest import FORMAT, VERSION, load_manifest
from imigue_core.studio.safety.restoring import restore_backup
from tests.harness.hands import Hand, make_video
from tests.harness.places import OLD_PROJECTS

TRACK = PoseTrack(source=PoseOrigin.MEDIAPIPE, n_ready=4, complete=True, revision=1, followed="x")
SOURCE = b"no film at all" * 100
LONGEST_S = 60


@pytest.fixture(autouse=True)
def impatience() -> Iterator[None]:
    """Nothing here may wait for a pipe or read without an end."""
    signal.alarm(LONGEST_S)
    yield
    signal.alarm(0)


@pytest.fixture
def backup(db: Database, ann: Annotator) -> Path:
    """A sound backup of a video with its media, poses and a label."""
    sha256 = hashlib.sha256(SOURCE).hexdigest()
    video_id = make_video(db, sha256=sha256, n_bytes=len(SOURCE), source_file="source.mp4", proxy_width=64, poses=TRACK)
    files = db.settings.files_of(video_id)
    files.chunks.mkdir(parents=True)
    (files.path / "source.mp4").write_bytes(SOURCE)
    files.proxy.write_bytes(b"proxy")
    (files.chunks / "00000.bin.gz").write_bytes(b"chunk")
    save_npz(files.poses, PoseSequence(np.zeros((4, 137, 3), np.float32)))
    Hand(db, ann.annotator_id, video_id).create()
    with db.write() as conn:
        enqueue_job(conn, video_id, "probe")
    return make_backup(db, media=True).folder


def sign(backup: Path, **change: Any) -> None:
    """Makes the manifest say what lies there now, as whoever prepares a backup would."""
    manifest = asdict(load_manifest(backup))
    for file in manifest["files"]:
        content = (backup / file["path"]).read_bytes()
        file |= {"n_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    write_manifest(backup, manifest | change)


def write_manifest(backup: Path, content: dict[str, Any]) -> None:
    (backup / "manifest.json").write_text(json.dumps({"format": FORMAT, "version": VERSION, **content}))


def prepare(backup: Path, *statements: str) -> None:
    """Changes the database in a backup."""
    connection = load_sqlite().connect(str(backup / "studio.db"), isolation_level=None)
    connection.execute("PRAGMA writable_schema=1")
    for statement in statements:
        connection.execute(statement)
    connection.close()
    sign(backup)


def list_everything(folder: Path) -> dict[str, bytes | str]:
    """What lies in a folder: files with their content, links with where they point."""
    return {
        str(path.relative_to(folder)): os.readlink(path)
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else ""
        for path in folder.rglob("*")
        if "data" not in path.relative_to(folder).parts[:1]
    }


def refuse(backup: Path, tmp_path: Path) -> StudioError:
    """Tries to restore it and returns the refusal; nothing may have changed on the disk."""
    before = list_everything(tmp_path)
    with pytest.raises(StudioError) as refusal:
        restore_backup(backup, tmp_path / "new")
    assert list_everything(tmp_path) == before
    assert refusal.value.message.endswith(".")
    return refusal.value


DEEP = "[" * 5000 + "]" * 5000
SCHEMAS = {
    "a trigger": "CREATE TRIGGER help AFTER INSERT ON annotation BEGIN DELETE FROM note; END",
    "a view": "CREATE VIEW help AS SELECT * FROM note",
    "a view in the place of a table": "ALTER TABLE reveal RENAME TO reveal2",
    "a table": "CREATE TABLE help (x)",
    "a virtual table": "CREATE VIRTUAL TABLE help USING fts5(text)",
    "a generated column": "ALTER TABLE video ADD COLUMN help TEXT AS (hex(zeroblob(1000000000)))",
    "an index over an expression": "CREATE INDEX help ON video (hex(name))",
    "a guard that is gone": "DROP TRIGGER ledger_no_update",
    "a guard that guards nothing": "UPDATE sqlite_master SET sql = replace(sql, 'RAISE', 'COALESCE')",
    "a column of another kind": "UPDATE sqlite_master SET sql = replace(sql, 'file VARCHAR', 'file BLOB')",
    "statistics": "ANALYZE",
}
VALUES = {
    "a source elsewhere": "UPDATE video SET source_file = '../../../escaped.mp4'",
    "a source with an absolute path": "UPDATE video SET source_file = '/etc/passwd'",
    "a source that is a pattern": "UPDATE video SET source_file = 'source.*'",
    "a source with a NUL": "UPDATE video SET source_file = 'source.mp4' || char(0)",
    "a made file elsewhere": f"INSERT INTO derived_file VALUES (1, 'chunks/../../../x', 1, '{64 * '0'}')",
    "a video without kind": "UPDATE video SET kind = 'device'",
    "endless frames": "UPDATE video SET n_frames = 4000000000",
    "a number that is a text": "UPDATE video SET n_frames = 'many'",
    "a name that is a blob": "UPDATE video SET name = x'00ff'",
    "a huge blob": "UPDATE video SET times = zeroblob(70000000)",
    "times that unpack to gigabytes": f"UPDATE video SET times = x'{zlib.compress(bytes(20_000_000), 9).hex()}'",
    "times that are none": "UPDATE video SET times = x'00ff00'",
    "poses that are none": """UPDATE video SET poses = '{"source": "moon"}'""",
    "a revision that is a path": 'UPDATE video SET poses = replace(poses, \'"revision": 1\', \'"revision": "../1"\')',
    "endless JSON": f"UPDATE video SET probe = '{DEEP}'",
    "JSON that is not finite": "UPDATE video SET shot_cuts = '[NaN]'",
    "a person's name in hidden letters": "UPDATE annotator SET name = 'A' || char(8238) || 'nn'",
}
ROWS = {
    "a label of a video that is missing": "UPDATE annotation SET video_id = 77",
    "a label that the ledger does not know": "UPDATE annotation SET end_frame = 21",
    "another program's mark": "PRAGMA application_id = 7",
}


@pytest.mark.parametrize("trick", SCHEMAS)
def test_a_schema_that_is_not_ours_to_the_letter_is_refused(backup: Path, tmp_path: Path, trick: str) -> None:
    prepare(backup, SCHEMAS[trick])
    assert refuse(backup, tmp_path).code == "BACKUP_UNSAFE"


@pytest.mark.parametrize("trick", VALUES)
def test_a_value_that_we_never_write_is_refused(backup: Path, tmp_path: Path, trick: str) -> None:
    prepare(backup, VALUES[trick])
    assert refuse(backup, tmp_path).code == "BACKUP_UNSAFE"


@pytest.mark.parametrize("trick", ROWS)
def test_rows_that_contradict_each_other_are_damage(backup: Path, tmp_path: Path, trick: str) -> None:
    prepare(backup, ROWS[trick])
    assert refuse(backup, tmp_path).code == "BACKUP_DAMAGED"


@pytest.mark.parametrize("place", [16, 18, 100, 3 * 4096, 5 * 4096 + 3])
def test_a_database_whose_pages_are_wrong_is_refused(backup: Path, tmp_path: Path, place: int) -> None:
    content = bytearray((backup / "studio.db").read_bytes())
    content[place : place + 4] = b"\xff\x01\xff\x01"
    (backup / "studio.db").write_bytes(content)
    sign(backup)
    assert refuse(backup, tmp_path).code == "BACKUP_DAMAGED"


def test_pages_that_point_at_each_other_end(backup: Path, tmp_path: Path) -> None:
    prepare(backup, "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'note')")
    assert refuse(backup, tmp_path).code in ("BACKUP_DAMAGED", "BACKUP_UNSAFE")


def test_jobs_of_a_backup_are_made_anew_and_lead_nowhere(backup: Path, tmp_path: Path) -> None:
    params = json.dumps({"inbox_name": "../../../escaped", "path": "/etc/passwd"})
    prepare(backup, f"UPDATE job SET params = '{params}'")
    report = restore_backup(backup, tmp_path / "new")
    restored = open_database(Settings(data=report.data), create=False)
    with restored.read() as conn:
        assert list_jobs(conn) == []
    restored.close()


def test_a_file_goes_back_to_the_inbox_only(db: Database, tmp_path: Path) -> None:
    """Whatever a job says: what is not one plain name is not used as one."""
    with db.write() as conn:
        sha256 = hashlib.sha256(SOURCE).hexdigest()
        video_id = insert_video(
            conn, name="x", kind="video", sha256=sha256, n_bytes=len(SOURCE), source_file="source.mp4"
        )
        enqueue_job(conn, video_id, "probe", {"inbox_name": "../../../escaped"})
    folder = db.settings.video_folder(video_id)
    folder.mkdir(parents=True)
    (folder / "source.mp4").write_bytes(SOURCE)
    run_jobs(db)
    assert [path.name for path in (db.settings.inbox / "refused").iterdir()] == ["1-source.mp4"]
    assert not list(tmp_path.glob("**/escaped"))


@pytest.mark.parametrize("name", ["../../secret.mp4", "/etc/hostname", "source.mp4/../../x"])
def test_a_source_is_never_looked_for_elsewhere(db: Database, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.mp4").write_bytes(SOURCE)
    with db.write() as conn:
        video_id = insert_video(conn, name="x", kind="video", sha256="0" * 64, n_bytes=1, source_file=name)
        enqueue_job(conn, video_id, "probe")
        enqueue_job(conn, video_id, "proxy")
    report = make_backup(db, media=True)
    assert (report.n_media, report.n_media_left) == (0, 1)
    run_jobs(db)
    with db.read() as conn:
        assert {job.error_code for job in list_jobs(conn)} <= {"NAME_INVALID", "PREVIOUS_FAILED"}


def make_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def make_link(path: Path) -> None:
    content = path.read_bytes()
    outside = path.parents[3] / "outside"
    path.unlink()
    outside.write_bytes(content)
    path.symlink_to(outside)


def make_second_name(path: Path) -> None:
    os.link(path, path.parents[3] / "second name")


def make_device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def make_linked_folder(path: Path) -> None:
    elsewhere = path.parents[3] / "elsewhere"
    path.parent.rename(elsewhere)
    path.parent.symlink_to(elsewhere, target_is_directory=True)


@pytest.mark.parametrize("place", ["videos/1/poses.npz", "studio.db", "videos/1/chunks/00000.bin.gz"])
@pytest.mark.parametrize("trick", [make_pipe, make_link, make_second_name, make_device])
def test_what_is_no_file_of_the_backups_own_is_refused(
    backup: Path, tmp_path: Path, trick: Callable[[Path], None], place: str
) -> None:
    trick(backup / place)
    assert refuse(backup, tmp_path).code == "BACKUP_UNSAFE"


def test_a_folder_that_is_a_link_is_refused(backup: Path, tmp_path: Path) -> None:
    make_linked_folder(backup / "videos" / "1" / "poses.npz")
    assert refuse(backup, tmp_path).code == "BACKUP_UNSAFE"


@pytest.mark.parametrize("trick", [make_pipe, make_device])
def test_a_manifest_that_is_no_file_is_refused(backup: Path, tmp_path: Path, trick: Callable[[Path], None]) -> None:
    trick(backup / "manifest.json")
    assert refuse(backup, tmp_path).code == "BACKUP_INVALID"


def test_a_file_larger_than_it_says_is_not_read(backup: Path, tmp_path: Path) -> None:
    with (backup / "videos" / "1" / "poses.npz").open("r+b") as file:
        file.truncate(2**40)
    report = restore_backup(backup, tmp_path / "new")
    assert report.warnings == ["BACKUP_DAMAGED: videos/1/poses.npz is missing or changed and was left out"]


def test_a_backup_larger_than_the_disk_is_refused_before_it_is_copied(backup: Path, tmp_path: Path) -> None:
    manifest = asdict(load_manifest(backup))
    manifest["files"][-1]["n_bytes"] = 2**49
    write_manifest(backup, manifest)
    assert refuse(backup, tmp_path).code == "STORAGE_FULL"


@pytest.mark.parametrize(
    "name",
    [
        "studio.db", "videos/1/POSES.NPZ", "videos/01/poses.npz", "videos/1/poses.npz\0", "videos/1/con", "videos/1/.x",
        "videos/1/x.py", "studio.db-wal", "videos/1/chunks/../poses.npz", "videos/1//poses.npz", "secret",
        "models/a/b/card.json",
    ],
)  # fmt: skip
def test_a_manifest_names_our_files_once_each(backup: Path, tmp_path: Path, name: str) -> None:
    manifest = asdict(load_manifest(backup))
    manifest["files"].append({"path": name, "n_bytes": 1, "sha256": "0" * 64})
    write_manifest(backup, manifest)
    assert refuse(backup, tmp_path).code == "BACKUP_INVALID"


@pytest.mark.parametrize("n_bytes", [-1, True, 1.5, "1", 2**60])
def test_a_size_in_a_manifest_is_a_size(backup: Path, tmp_path: Path, n_bytes: object) -> None:
    manifest = asdict(load_manifest(backup))
    manifest["files"][-1]["n_bytes"] = n_bytes
    write_manifest(backup, manifest)
    assert refuse(backup, tmp_path).code == "BACKUP_INVALID"


def test_a_log_that_lies_beside_the_database_is_not_read(backup: Path, tmp_path: Path) -> None:
    (backup / "studio.db-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(5000))
    (backup / "studio.db-journal").symlink_to("/etc/passwd")
    report = restore_backup(backup, tmp_path / "new")
    assert report.ledger_seq == 1
    assert {path.name for path in report.data.iterdir()} <= {"studio.db", "studio.head", "videos"}


@pytest.mark.parametrize("revision", ["0001", "0003"])
def test_a_backup_of_an_older_studio_comes_back(tmp_path: Path, revision: str) -> None:
    """Ours to the letter means to the letter of its own revision."""
    old = tmp_path / "20260101T000000_000Z"
    old.mkdir()
    connection = load_sqlite().connect(str(old / "studio.db"))
    connection.executescript((OLD_PROJECTS / f"schema_{revision}.sql").read_text())
    columns = "kind, state, params, progress_done, progress_total, attempts, created_utc, video_id"
    connection.execute(f"INSERT INTO job ({columns}) VALUES ('probe', 'queued', '{{}}', 0, 0, 0, '2026', 1)")
    connection.commit()
    project_id = connection.execute("SELECT project_id FROM project").fetchone()[0]
    seq, last = connection.execute("SELECT ledger_seq, hash FROM ledger ORDER BY 1 DESC LIMIT 1").fetchone()
    connection.close()
    content = (old / "studio.db").read_bytes()
    file = {"path": "studio.db", "n_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    write_manifest(old, {
        "project_id": project_id, "created_utc": "", "studio": "", "schema": revision, "ledger_seq": seq,
        "ledger_hash": last, "rows": {}, "has_media": False, "files": [file], "media": [],
    })  # fmt: skip
    restored = open_database(Settings(data=restore_backup(old, tmp_path / "new").data), create=False)
    assert check_database(restored).findings == []
    with restored.read() as conn:
        assert list_jobs(conn, states=OPEN_STATES) == []
    restored.close()
