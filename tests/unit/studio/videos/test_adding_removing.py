"""Removing hides; erasing destroys media, poses, notes and names, and the ledger stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.check import check_database
from db.engine import Database
from db.jobs import list_jobs
from db.ledger import iter_entries
from db.people import Annotator, list_audit
from db.videos import Video, get_video, update_video
from imigue_core.errors import NotAvailableError
from imigue_core.studio.videos.adding import register_file
from imigue_core.studio.videos.library import list_library
from imigue_core.studio.videos.removing import remove_video, sweep_erased
from imigue_core.studio.videos.video_info import VideoMeta
from tests.harness.hands import Hand

SECRET = "a sentence nobody may find again"


def load(db: Database) -> Video:
    with db.read() as conn:
        return get_video(conn, 1, include_hidden=True)


@pytest.fixture
def path(db: Database, ann: Annotator, tmp_path: Path) -> Path:
    """Video 1, somebody's interview, with a label that carries a note."""
    path = tmp_path / "Jane Doe.mp4"
    path.write_bytes(b"pixels of a person")
    register_file(db, path, meta=VideoMeta(number=7, subject_id="Jane", notes="spoke about her mother"))
    with db.write() as conn:
        update_video(conn, 1, n_frames=100)
    hand = Hand(db, ann.annotator_id, 1)
    hand.do("annotate", hand.create(), 1, note=SECRET)
    return path


def test_removing_hides_and_keeps_everything(db: Database, path: Path) -> None:
    remove_video(db, 1)
    assert list_library(db) == []
    assert (db.settings.video_folder(1) / "source.mp4").is_file()
    with db.read() as conn:
        assert {job.state for job in list_jobs(conn)} == {"cancelled"}
        assert [entry.target for entry in list_audit(conn, "video.remove")] == ["video:1"]
    with pytest.raises(NotAvailableError):
        remove_video(db, 1)


def test_erasing_destroys_what_shows_a_person_and_keeps_the_ledger(db: Database, path: Path) -> None:
    with db.read() as conn:
        ledger = [str(row) for row in iter_entries(conn)]
    remove_video(db, 1, erase=True)
    video = load(db)
    assert not db.settings.video_folder(1).exists()
    assert (video.name, video.number, video.subject_id, video.notes, video.sha256) == (
        "erased video", None, "", "", None,
    )  # fmt: skip
    with db.read() as conn:
        assert [str(row) for row in iter_entries(conn)] == ledger
        assert all(job.params == {} for job in list_jobs(conn))
    assert check_database(db).findings == []
    assert path.is_file(), "what lies outside the project stays"


def test_a_removed_video_can_be_erased_and_erased_again(db: Database, path: Path) -> None:
    remove_video(db, 1)
    remove_video(db, 1, erase=True)
    (db.settings.video_folder(1)).mkdir()
    remove_video(db, 1, erase=True)
    assert not db.settings.video_folder(1).exists()


def test_what_a_late_step_wrote_is_swept_away(db: Database, path: Path) -> None:
    remove_video(db, 1, erase=True)
    (db.settings.video_folder(1) / "chunks").mkdir(parents=True)
    sweep_erased(db)
    assert not db.settings.video_folder(1).exists()


def test_erased_content_may_come_back_as_a_new_video(db: Database, path: Path) -> None:
    remove_video(db, 1, erase=True)
    result = register_file(db, path, meta=VideoMeta(number=7))
    assert (result.video_id, result.created) == (2, True)


def test_erased_text_is_gone_from_the_file(db: Database, path: Path) -> None:
    remove_video(db, 1, erase=True)
    db.close()
    files = db.settings.data.glob("studio.db*")
    assert not any(SECRET.encode() in file.read_bytes() for file in files)
