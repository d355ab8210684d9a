"""Backup and restore: proven copies, taken while people work, brought back into new folders only."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from db.backup import count_rows
from db.check import check_database
from db.engine import Database, open_database
from db.jobs import OPEN_STATES, enqueue_job, list_jobs
from db.people import Annotator, list_audit
from db.videos import get_video, update_video
from imigue_core.cli import main
from imigue_core.errors import InputError, StorageError
from imigue_core.settings import Settings
from imigue_core.skeleton.pose import PoseSequence, load_npz, save_npz
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.exchange.exchanging import export_labels
from imigue_core.studio.safety.backing_up import list_backups, make_backup
from imigue_core.studio.safety.restoring import restore_backup
from imigue_core.studio.videos.adding import register_file
from imigue_core.studio.videos.library import retry_steps
from imigue_core.studio.videos.removing import remove_video
from tests.harness.hands import Hand, make_video

SOURCE = b"the bytes of a video" * 1000
TRACK = PoseTrack(source=PoseOrigin.MEDIAPIPE, n_ready=4, complete=True, revision=1, followed="x")


@pytest.fixture
def project(db: Database, ann: Annotator) -> Database:
    """A project with a video that has media, proxy and poses, a label-only one, and labels on both."""
    video_id = make_video(
        db, "Ann Example, 2024.mp4", sha256=hashlib.sha256(SOURCE).hexdigest(), n_bytes=len(SOURCE),
        source_file="source.mp4", proxy_width=64, proxy_height=48, poses=TRACK,
    )  # fmt: skip
    folder = db.settings.video_folder(video_id)
    (folder / "chunks").mkdir(parents=True)
    (folder / "source.mp4").write_bytes(SOURCE)
    (folder / "proxy.mp4").write_bytes(b"proxy")
    (folder / "thumb.jpg").write_bytes(b"picture")
    (folder / "thumb_skeleton.svg").write_bytes(b"<svg/>")
    (folder / "chunks" / "00000.bin.gz").write_bytes(b"chunk")
    (folder / "chunks" / ".00001.bin.gz.x.part").write_bytes(b"half a chunk")
    save_npz(folder / "poses.npz", PoseSequence(np.zeros((4, 137, 3), np.float32)))
    hand = Hand(db, ann.annotator_id, video_id)
    label = hand.create()
    hand.do("annotate", label, 1, note="a note")
    hand.do("rate", emotion="unsure")
    labels_only = make_video(db, "298", kind="labels", number=298)
    Hand(db, ann.annotator_id, labels_only).create()
    return db


def reopen(folder: Path) -> Database:
    return open_database(Settings(data=folder), create=False)


def dump(db: Database, *tables: str) -> dict[str, list[Any]]:
    with db.read() as conn:
        return {t: [tuple(r) for r in conn.exec_driver_sql(f"SELECT * FROM {t} ORDER BY 1, 2")] for t in tables}


LABELS = ("project", "annotator", "annotation", "emotion_rating", "note", "ledger")


def test_a_backup_holds_database_and_poses_but_no_media_and_no_secret(project: Database) -> None:
    (project.settings.data / "secret").write_bytes(b"s")
    report = make_backup(project)
    names = sorted(p.relative_to(report.folder).as_posix() for p in report.folder.rglob("*") if p.is_file())
    assert names == [
        "manifest.json",
        "studio.db",
        "videos/1/chunks/00000.bin.gz",
        "videos/1/poses.npz",
        "videos/1/thumb_skeleton.svg",
    ]
    assert (report.n_videos, report.n_tracks, report.n_media, report.n_media_left) == (2, 1, 0, 1)
    assert list_backups(project.settings) == [report.folder]
    with project.read() as conn:
        assert [entry.target for entry in list_audit(conn, "backup.create")] == [report.folder.name]


def test_the_manifest_knows_hashes_and_no_names(project: Database) -> None:
    folder = make_backup(project).folder
    text = (folder / "manifest.json").read_text()
    manifest = json.loads(text)
    assert "Example" not in text
    assert manifest["media"] == [{"video_id": 1, "n_bytes": len(SOURCE), "sha256": hashlib.sha256(SOURCE).hexdigest()}]
    for file in manifest["files"]:
        content = (folder / file["path"]).read_bytes()
        assert (file["n_bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_what_was_backed_up_comes_back_equal(project: Database, tmp_path: Path) -> None:
    exports = [export_labels(project, fmt, 1).data for fmt in ("imigue", "csv", "json")]
    before = dump(project, *LABELS)
    report = restore_backup(make_backup(project, media=True).folder, tmp_path / "new" / "place")
    assert (report.data, report.n_with_media, report.n_without_media) == (tmp_path / "new" / "place", 1, 0)
    restored = reopen(report.data)
    assert check_database(restored).ok
    assert dump(restored, *LABELS) == before
    assert [export_labels(restored, fmt, 1).data for fmt in ("imigue", "csv", "json")] == exports
    folder = restored.settings.video_folder(1)
    assert (folder / "source.mp4").read_bytes() == SOURCE
    assert (folder / "proxy.mp4").read_bytes() == b"proxy"
    assert load_npz(folder / "poses.npz").n_frames == 4
    with restored.read() as conn:
        assert get_video(conn, 1).has_proxy
        assert list_jobs(conn) == []
        assert [entry.action for entry in list_audit(conn)][-1] == "project.restore"
    Hand(restored, 1, 1).create()
    assert check_database(restored).ok
    restored.close()


def test_a_restore_drill_while_four_people_write(project: Database, tmp_path: Path) -> None:
    """Each backup is a moment of the ledger, though edits never stop."""
    stop = threading.Event()

    def write() -> None:
        hand = Hand(project, 1)
        while not stop.is_set():
            hand.do("move", hand.create(), 1, start_frame=0, end_frame=1)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    try:
        backups = [make_backup(project) for _ in range(3)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    seqs = [backup.ledger_seq for backup in backups]
    assert seqs == sorted(set(seqs))
    for k, backup in enumerate(backups):
        restored = reopen(restore_backup(backup.folder, tmp_path / f"drill{k}").data)
        assert check_database(restored).ok
        assert dump(restored, "ledger")["ledger"] == dump(project, "ledger")["ledger"][: backup.ledger_seq]
        restored.close()


def test_without_media_a_video_opens_with_its_poses(project: Database, tmp_path: Path) -> None:
    with project.write() as conn:
        enqueue_job(conn, 1, "proxy")
    report = restore_backup(make_backup(project).folder, tmp_path / "new")
    assert (report.n_with_media, report.n_without_media) == (0, 1)
    restored = reopen(report.data)
    with restored.read() as conn:
        video = get_video(conn, 1)
        assert (video.kind, video.has_media, video.has_proxy, video.poses_complete) == ("video", False, False, True)
        assert video.sha256 == hashlib.sha256(SOURCE).hexdigest()
        assert list_jobs(conn, states=OPEN_STATES) == []
    assert (restored.settings.video_folder(1) / "chunks" / "00000.bin.gz").read_bytes() == b"chunk"
    restored.close()


def test_media_are_found_by_hash_under_any_name(project: Database, tmp_path: Path) -> None:
    with project.write() as conn:
        update_video(conn, 1, poses=replace(TRACK, complete=False))
        enqueue_job(conn, 1, "poses", {"revision": 1})
    shelf = tmp_path / "shelf" / "deep"
    shelf.mkdir(parents=True)
    (shelf / "holiday.avi").write_bytes(SOURCE)
    (shelf / "same size.mp4").write_bytes(SOURCE[:-1] + b"!")
    (shelf / "broken link").symlink_to("nowhere")
    report = restore_backup(make_backup(project).folder, tmp_path / "new", media_from=tmp_path / "shelf")
    assert (report.n_with_media, report.n_without_media) == (1, 0)
    restored = reopen(report.data)
    assert (restored.settings.video_folder(1) / "source.mp4").read_bytes() == SOURCE
    with restored.read() as conn:
        video = get_video(conn, 1)
        assert (video.has_media, video.has_proxy) == (True, False)
        assert [(j.kind, j.params) for j in list_jobs(conn, states=OPEN_STATES)] == [
            ("proxy", {}),
            ("poses", {"revision": 1}),
        ]
    restored.close()


def test_an_erased_video_is_in_no_later_backup(project: Database, tmp_path: Path) -> None:
    remove_video(project, 1, erase=True)
    report = make_backup(project, media=True)
    assert (report.n_tracks, report.n_media, report.n_media_left) == (0, 0, 0)
    assert b"a note" not in (report.folder / "studio.db").read_bytes()
    assert b"Example" not in (report.folder / "studio.db").read_bytes()
    restored = reopen(restore_backup(report.folder, tmp_path / "new").data)
    assert check_database(restored).ok
    restored.close()


def test_nothing_is_restored_over_anything(project: Database, tmp_path: Path) -> None:
    backup = make_backup(project).folder
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.txt").write_text("all of it")
    for target in (project.settings.data, full, full / "thesis.txt"):
        with pytest.raises(InputError, match="RESTORE_TARGET_EXISTS"):
            restore_backup(backup, target)
    assert [path.name for path in full.iterdir()] == ["thesis.txt"]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert restore_backup(backup, empty).data == empty


@pytest.mark.parametrize("offset", [30_000, -40_000, 5_000])
def test_a_damaged_database_in_a_backup_is_refused(project: Database, tmp_path: Path, offset: int) -> None:
    backup = make_backup(project).folder
    content = bytearray((backup / "studio.db").read_bytes())
    content[offset] ^= 4
    (backup / "studio.db").write_bytes(content)
    with pytest.raises(InputError, match="BACKUP_DAMAGED"):
        restore_backup(backup, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new*"))


@pytest.mark.parametrize("name", ["poses.npz", "chunks/00000.bin.gz"])
def test_damaged_poses_are_left_out_and_the_labels_come_back(project: Database, tmp_path: Path, name: str) -> None:
    backup = make_backup(project).folder
    (backup / "videos" / "1" / name).write_bytes(b"damaged")
    report = restore_backup(backup, tmp_path / "new")
    assert report.warnings == [f"BACKUP_DAMAGED: videos/1/{name} is missing or changed and was left out"]
    restored = reopen(report.data)
    assert check_database(restored).ok
    assert not (restored.settings.video_folder(1) / "poses.npz").exists()
    with restored.read() as conn:
        assert get_video(conn, 1).poses is None
    restored.close()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": "zip"}, "BACKUP_INVALID"),
        ({"version": 2}, "BACKUP_NEWER"),
        ({"files": []}, "BACKUP_INVALID"),
        ({"files": [{"path": "../studio.db", "n_bytes": 1, "sha256": "0" * 64}]}, "BACKUP_INVALID"),
        ({"files": [{"path": "studio.db/..", "n_bytes": 1, "sha256": "0" * 64}]}, "BACKUP_INVALID"),
        ({"files": [{"path": "videos/1/../../x", "n_bytes": 1, "sha256": "0" * 64}]}, "BACKUP_INVALID"),
        ({"files": [{"path": "/etc/passwd", "n_bytes": 1, "sha256": "0" * 64}]}, "BACKUP_INVALID"),
        ({"files": [{"path": "studio.db"}]}, "BACKUP_INVALID"),
        ({"files": 5}, "BACKUP_INVALID"),
        ({"colour": "red"}, "BACKUP_INVALID"),
        ({"ledger_seq": 3}, "BACKUP_DAMAGED"),
        ({"project_id": str(uuid.uuid4())}, "BACKUP_DAMAGED"),
        ({"rows": {}}, "BACKUP_DAMAGED"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    project: Database, tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    backup = make_backup(project).folder
    manifest = json.loads((backup / "manifest.json").read_text())
    (backup / "manifest.json").write_text(json.dumps({**manifest, **change}))
    with pytest.raises(InputError, match=code):
        restore_backup(backup, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="BACKUP_INVALID"):
        restore_backup(tmp_path, tmp_path / "new")


def test_a_faulty_database_is_not_backed_up(project: Database) -> None:
    with project.write() as conn:
        conn.exec_driver_sql("UPDATE annotation SET start_frame = 11")
    with pytest.raises(StorageError, match="STORAGE_DAMAGED"):
        make_backup(project)
    assert list(project.settings.backups.iterdir()) == []


def test_a_source_that_changed_is_named(project: Database) -> None:
    (project.settings.video_folder(1) / "source.mp4").write_bytes(b"another film")
    report = make_backup(project, media=True)
    assert report.warnings == ["VIDEO_HASH_CHANGED: the source of video 1 is not what was added"]


def test_the_command_line_backs_up_restores_and_checks(
    project: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(project.settings.data)
    assert main(["backup", "--data", data, "--json"]) == 0
    backup = json.loads(capsys.readouterr().out)["folder"]
    assert main(["restore", backup, str(tmp_path / "new"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n_videos"] == 2
    assert main(["check", "--data", str(tmp_path / "new")]) == 0
    assert "4 edits and 2 labels checked: no faults" in capsys.readouterr().out
    assert main(["restore", backup, data]) == 1
    assert capsys.readouterr().err.startswith("RESTORE_TARGET_EXISTS: ")


def test_check_tells_by_its_exit_code_and_names_what_is_missing(
    project: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with project.read() as conn:
        known = conn.exec_driver_sql("SELECT edit_id FROM ledger").scalars().all()
    lost = str(uuid.uuid4())
    acked = tmp_path / "acked"
    acked.write_text("\n".join(known) + "\n")
    command = ["check", "--data", str(project.settings.data), "--acked", str(acked)]
    assert main(command) == 0
    acked.write_text("\n".join([*known, lost]))
    capsys.readouterr()
    assert main([*command, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["ok"], report["n_acked"]) == (False, 5)
    assert report["findings"] == [{"invariant": "I1", "message": f"acknowledged edit {lost} is not in the ledger"}]


def test_a_database_that_cannot_be_opened_names_the_newest_backup(
    project: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_backup(project).folder
    project.close()
    for path in project.settings.data.glob("studio.db*"):
        path.unlink()
    assert main(["check", "--data", str(project.settings.data)]) == 1
    assert str(folder) in capsys.readouterr().err
    project.settings.database.write_bytes(b"no database" * 100)
    assert main(["check", "--data", str(project.settings.data)]) == 1
    assert str(folder) in capsys.readouterr().err
    shutil.rmtree(folder)


def test_rows_are_counted_by_table(project: Database) -> None:
    with project.read() as conn:
        rows = count_rows(conn)
    assert (rows["video"], rows["annotation"], rows["ledger"], rows["note"]) == (2, 2, 4, 1)


def test_a_video_restored_without_media_takes_its_file_when_it_is_added_again(
    project: Database, tmp_path: Path
) -> None:
    restored = reopen(restore_backup(make_backup(project).folder, tmp_path / "new").data)
    (tmp_path / "found again.mp4").write_bytes(SOURCE)
    result = register_file(restored, tmp_path / "found again.mp4")
    assert (result.video_id, result.created) == (1, False)
    with restored.read() as conn:
        video = get_video(conn, 1)
        assert (video.has_media, video.poses_complete) == (True, True)
        assert "proxy" in [job.kind for job in list_jobs(conn, 1, OPEN_STATES)]
    restored.close()


def test_a_video_restored_without_media_says_what_is_missing(project: Database, tmp_path: Path) -> None:
    with project.write() as conn:
        enqueue_job(conn, 1, "proxy")
    restored = reopen(restore_backup(make_backup(project).folder, tmp_path / "new").data)
    with pytest.raises(InputError, match="MEDIA_GONE"):
        retry_steps(restored, 1)
    with restored.read() as conn:
        assert list_jobs(conn, states=OPEN_STATES) == []
    restored.close()


def test_poses_that_were_damaged_are_made_again_once_the_file_is_back(project: Database, tmp_path: Path) -> None:
    backup = make_backup(project).folder
    (backup / "videos" / "1" / "poses.npz").unlink()
    restored = reopen(restore_backup(backup, tmp_path / "new").data)
    (tmp_path / "found again.mp4").write_bytes(SOURCE)
    result = register_file(restored, tmp_path / "found again.mp4")
    assert result.changed == ("media", "poses")
    with restored.read() as conn:
        assert [job.kind for job in list_jobs(conn, 1, OPEN_STATES)] == ["proxy", "poses"]
    restored.close()
