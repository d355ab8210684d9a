"""Files come into the project once, whole, under names of our own, and only from local files."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from db.engine import Database
from db.jobs import list_jobs
from db.people import list_audit
from db.videos import Video, get_video, list_videos
from imigue_core.errors import ConflictError, InputError, StorageError
from imigue_core.studio.videos.adding import load_pose_source, register_file
from imigue_core.studio.videos.incoming import Incoming
from imigue_core.studio.videos.library import find_item, list_library, retry_steps
from imigue_core.studio.videos.probing import dismiss_refused, refuse_media
from imigue_core.studio.videos.removing import remove_video
from imigue_core.studio.videos.video_info import VideoMeta, update_video_info


def write(path: Path, content: bytes = b"a video") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def load(db: Database, video_id: int) -> Video:
    with db.read() as conn:
        return get_video(conn, video_id, include_hidden=True)


def list_kinds(db: Database, video_id: int, state: str = "queued") -> list[str]:
    with db.read() as conn:
        return [job.kind for job in list_jobs(conn, video_id) if job.state == state]


def list_files(db: Database) -> list[str]:
    root = db.settings.videos
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def refuse(db: Database, video_id: int) -> None:
    with db.write() as conn:
        refuse_media(conn, db.settings, video_id, "VIDEO_FORMAT")


def fail_audit(db: Database) -> None:
    """From now on nothing that is written down in the audit log can be stored."""
    with db.write() as conn:
        conn.exec_driver_sql(
            "CREATE TRIGGER fail BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'audit is closed'); END"
        )


def mend_audit(db: Database) -> None:
    with db.write() as conn:
        conn.exec_driver_sql("DROP TRIGGER fail")


def test_a_file_is_copied_hashed_and_queued(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "Interview 7.MP4")
    result = register_file(db, path)
    video = load(db, result.video_id)
    assert (result.created, video.name, video.kind, video.source_file) == (True, "Interview 7", "video", "source.mp4")
    assert (video.sha256, video.n_bytes) == (hashlib.sha256(b"a video").hexdigest(), 7)
    assert path.read_bytes() == b"a video"
    assert list_files(db) == ["1/source.mp4"]
    assert list_kinds(db, 1) == ["probe", "proxy", "poses"]


def test_a_moved_file_is_gone_from_where_it_lay(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "upload.tmp")
    register_file(db, path, name="clip.mov", move=True)
    assert not path.exists()
    assert list_files(db) == ["1/source.mov"]


@pytest.mark.parametrize("move", [True, False])
def test_a_file_stays_where_it_lay_until_all_about_it_is_stored(db: Database, tmp_path: Path, move: bool) -> None:
    path = write(tmp_path / "only.mp4", b"somebody's only copy")
    fail_audit(db)
    with pytest.raises(Exception, match="audit is closed"):
        register_file(db, path, move=move)
    assert path.read_bytes() == b"somebody's only copy"
    assert (list_files(db), list_library(db)) == ([], [])
    mend_audit(db)
    register_file(db, path, move=move)
    assert path.exists() is not move
    assert (db.settings.video_folder(1) / "source.mp4").read_bytes() == b"somebody's only copy"


def test_a_removed_video_comes_back_whole_or_not_at_all(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4")
    register_file(db, path)
    remove_video(db, 1)
    (db.settings.video_folder(1) / "source.mp4").unlink()
    fail_audit(db)
    with pytest.raises(Exception, match="audit is closed"):
        register_file(db, path, move=True)
    assert (path.read_bytes(), list_files(db)) == (b"a video", [])
    mend_audit(db)
    assert register_file(db, path, move=True).changed == ("media", "shown again", "failed steps")
    assert (path.exists(), list_files(db)) == (False, ["1/source.mp4"])


def test_files_that_belong_to_no_video_are_never_replaced(db: Database, tmp_path: Path) -> None:
    write(db.settings.video_folder(1) / "source.mp4", b"left by a process that was killed")
    register_file(db, write(tmp_path / "a.mp4"))
    assert (db.settings.video_folder(1) / "source.mp4").read_bytes() == b"a video"
    (aside,) = db.settings.videos.glob("left-behind-1-*/source.mp4")
    assert aside.read_bytes() == b"left by a process that was killed"


def test_an_add_that_was_killed_before_commit_is_taken_up_without_a_trace(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4")
    db.settings.video_folder(1).mkdir(parents=True)
    os.link(path, db.settings.video_folder(1) / "source.mp4")
    register_file(db, path, move=True)
    assert (path.exists(), list_files(db)) == (False, ["1/source.mp4"])


def test_a_disk_without_links_gets_a_copy(db: Database, tmp_path: Path) -> None:
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs /dev/shm as a second disk, where a link cannot reach")
    with tempfile.NamedTemporaryFile(dir=elsewhere) as file:
        file.write(b"a video")
        file.flush()
        incoming = Incoming(Path(file.name), "", 7)
        incoming.settle(tmp_path / "1", "source.mp4")
        assert (tmp_path / "1" / "source.mp4").read_bytes() == b"a video"
        with pytest.raises(StorageError):
            Incoming(Path(file.name), "", 7).settle(tmp_path / "1", "source.mp4")
        incoming.withdraw()
        assert not (tmp_path / "1").exists()


@pytest.mark.parametrize(("name", "stored"), [("a.exe", "source.bin"), ("b", "source.bin"), ("c.WebM", "source.webm")])
def test_only_endings_of_videos_are_kept(db: Database, tmp_path: Path, name: str, stored: str) -> None:
    assert load(db, register_file(db, write(tmp_path / name)).video_id).source_file == stored


def test_known_content_changes_nothing_under_any_name(db: Database, tmp_path: Path) -> None:
    first = register_file(db, write(tmp_path / "a.mp4"))
    before = load(db, first.video_id)
    again = register_file(db, write(tmp_path / "b.mkv"), meta=VideoMeta(subject_id="9"))
    assert (again.video_id, again.created, again.changed) == (first.video_id, False, ())
    assert again.kept == ("subject_id: the project keeps nothing, not 9; change it on the Library page.",)
    assert load(db, first.video_id) == before
    assert list_kinds(db, 1) == ["probe", "proxy", "poses"]
    assert list_files(db) == ["1/source.mp4"]


def test_a_known_file_that_was_to_be_moved_is_taken_away(db: Database, tmp_path: Path) -> None:
    register_file(db, write(tmp_path / "a.mp4"))
    twin = write(tmp_path / "b.mp4")
    register_file(db, twin, move=True)
    assert not twin.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://127.0.0.1/x.mp4", "PATH_NOT_LOCAL"),
        ("rtsp://127.0.0.1/x", "PATH_NOT_LOCAL"),
        ("concat:a.mp4|b.mp4", "PATH_NOT_LOCAL"),
        ("/dev/video0", "PATH_NOT_LOCAL"),
        ("/dev/zero", "PATH_NOT_LOCAL"),
        ("frame_%03d.png", "PATH_NOT_LOCAL"),
        ("nowhere.mp4", "NOT_A_FILE"),
        ("a\0b.mp4", "NAME_INVALID"),
    ],
)
def test_what_is_no_local_file_is_refused(db: Database, text: str, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        register_file(db, text)
    assert refusal.value.code == code
    assert list_library(db) == []


def test_an_empty_file_leaves_nothing(db: Database, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="VIDEO_EMPTY"):
        register_file(db, write(tmp_path / "empty.mp4", b""))
    assert (list_library(db), list_files(db)) == ([], [])


def test_a_pipe_is_refused_without_waiting(db: Database, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(InputError, match="NOT_A_FILE"):
        register_file(db, tmp_path / "pipe.mp4")


@pytest.mark.parametrize("stem", ["x" * 201, "a\u202eb", "a\nb"])
def test_names_that_cannot_be_shown_are_refused(db: Database, tmp_path: Path, stem: str) -> None:
    with pytest.raises(InputError, match="NAME_INVALID"):
        register_file(db, write(tmp_path / "clip.mp4"), name=f"{stem}.mp4")


def test_a_file_named_by_a_number_gets_that_number_while_it_is_free(db: Database, tmp_path: Path) -> None:
    first = register_file(db, write(tmp_path / "0298.mp4", b"1"))
    second = register_file(db, write(tmp_path / "more" / "298.mp4", b"2"))
    named = register_file(db, write(tmp_path / "0000.mp4", b"3"))
    assert [load(db, r.video_id).number for r in (first, second, named)] == [298, None, None]


def test_a_number_that_is_asked_for_must_be_free(db: Database, tmp_path: Path) -> None:
    register_file(db, write(tmp_path / "7.mp4", b"1"))
    with pytest.raises(ConflictError, match="VIDEO_NUMBER_TAKEN"):
        register_file(db, write(tmp_path / "other.mp4", b"2"), meta=VideoMeta(number=7))
    assert len(list_library(db)) == 1
    assert list_files(db) == ["1/source.mp4"]


def test_the_number_of_a_removed_video_is_refused_with_the_way_back(db: Database, tmp_path: Path) -> None:
    register_file(db, write(tmp_path / "7.mp4", b"1"))
    remove_video(db, 1)
    with pytest.raises(ConflictError, match="was removed from the Library and keeps its number") as refusal:
        register_file(db, write(tmp_path / "other.mp4", b"2"), meta=VideoMeta(number=7))
    assert refusal.value.code == "VIDEO_NUMBER_TAKEN"
    assert "add its own file again" in refusal.value.hint


def test_a_removed_video_comes_back_with_its_content(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4")
    register_file(db, path)
    remove_video(db, 1)
    assert list_library(db) == []
    assert not register_file(db, path).created
    assert find_item(db, 1) is not None
    assert list_kinds(db, 1) == ["probe", "proxy", "poses"]


def test_a_missing_source_is_put_back(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4")
    register_file(db, path)
    (db.settings.video_folder(1) / "source.mp4").unlink()
    register_file(db, path)
    assert list_files(db) == ["1/source.mp4"]


def test_poses_brought_along_take_the_place_of_extraction(db: Database, tmp_path: Path) -> None:
    path, poses = write(tmp_path / "a.mp4"), write(tmp_path / "poses.npz", b"poses")
    register_file(db, path, poses=load_pose_source(poses))
    assert list_kinds(db, 1) == ["probe", "proxy", "import_poses"]


def test_other_poses_for_a_known_video_are_read(db: Database, tmp_path: Path) -> None:
    path, poses = write(tmp_path / "a.mp4"), write(tmp_path / "poses.npz", b"poses")
    register_file(db, path)
    register_file(db, path, poses=load_pose_source(poses))
    assert list_kinds(db, 1) == ["probe", "proxy", "import_poses"]
    assert list_kinds(db, 1, "cancelled") == ["poses"]


def test_a_refused_file_leaves_its_reason_until_it_is_dismissed(db: Database, tmp_path: Path) -> None:
    register_file(db, write(tmp_path / "5.mp4"))
    refuse(db, 1)
    assert list_files(db) == []
    assert find_item(db, 1) is not None
    with pytest.raises(InputError, match="MEDIA_GONE"):
        retry_steps(db, 1)
    dismiss_refused(db, 1)
    assert find_item(db, 1) is None
    assert load(db, register_file(db, write(tmp_path / "5.mp4")).video_id).number == 5


def test_a_refused_file_of_the_same_name_makes_room(db: Database, tmp_path: Path) -> None:
    register_file(db, write(tmp_path / "a.mp4", b"broken"))
    refuse(db, 1)
    register_file(db, write(tmp_path / "a.mp4", b"whole"))
    assert [item.video.video_id for item in list_library(db)] == [2]


def test_what_is_written_about_a_video_can_be_edited(db: Database, tmp_path: Path) -> None:
    register_file(db, write(tmp_path / "a.mp4"), meta=VideoMeta(subject_id="1", outcome="Win"))
    update_video_info(db, 1, name="First round", number=12, subject_gender="F", outcome="Lose", notes="calm\nthen not")
    video = load(db, 1)
    assert (video.name, video.number, video.subject_id, video.subject_gender) == ("First round", 12, "1", "F")
    assert (video.outcome, video.notes) == ("Lose", "calm\nthen not")
    with db.read() as conn:
        (entry,) = list_audit(conn, "video.edit")
    assert entry.detail == {"fields": ["name", "notes", "number", "outcome", "subject_gender"]}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("outcome", "win", "VOCABULARY_UNKNOWN"),
        ("subject_gender", "woman", "VOCABULARY_UNKNOWN"),
        ("name", " ", "NAME_INVALID"),
        ("subject_id", "x" * 201, "LABEL_TOO_LONG"),
        ("subject_nationality", "a\u202eb", "LABEL_CHARS"),
        ("number", 0, "ID_INVALID"),
        ("number", True, "ID_INVALID"),
        ("sha256", "0" * 64, "FIELD_UNKNOWN"),
    ],
)
def test_edits_that_make_no_sense_are_refused(db: Database, tmp_path: Path, field: str, value: Any, code: str) -> None:
    register_file(db, write(tmp_path / "a.mp4"))
    with pytest.raises(InputError) as refusal:
        update_video_info(db, 1, **{field: value})
    assert refusal.value.code == code


def test_two_videos_cannot_have_one_number(db: Database, tmp_path: Path) -> None:
    register_file(db, write(tmp_path / "7.mp4", b"1"))
    register_file(db, write(tmp_path / "b.mp4", b"2"))
    with pytest.raises(ConflictError, match="VIDEO_NUMBER_TAKEN"):
        update_video_info(db, 2, number=7)


def test_hidden_videos_are_not_listed(db: Database, tmp_path: Path) -> None:
    register_file(db, write(tmp_path / "a.mp4"))
    remove_video(db, 1)
    with db.read() as conn:
        assert (list_videos(conn), len(list_videos(conn, include_hidden=True))) == ([], 1)
