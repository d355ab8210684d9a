"""The step that masks: when it is asked for, what it leaves, and that new poses bring a new copy."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from db.engine import Database
from db.jobs import Job, cancel_jobs, find_job, list_jobs
from db.videos import Video, get_video, update_video
from imigue_core.jobs.worker import run_jobs
from imigue_core.skeleton.pose import PoseSequence, save_npz
from imigue_core.studio.videos.adding import load_pose_source, register_file
from imigue_core.studio.videos.removing import remove_video
from imigue_core.studio.videos.tracks import request_poses
from imigue_core.studio.videos.viewing import (
    is_masked,
    list_modes,
    request_missing_masks,
    set_view,
)
from imigue_core.video.probe import probe_video
from tests.harness.materials import draw_person
from tests.harness.media import MarkerSpec, make_marker_video

SPEC = MarkerSpec(n_frames=40, width=640, height=480)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A video and poses for it."""
    poses = tmp_path / "poses.npz"
    save_npz(poses, PoseSequence(draw_person(SPEC.n_frames)))
    return make_marker_video(tmp_path / "a.mp4", SPEC), poses


def add(db: Database, files: tuple[Path, Path]) -> None:
    register_file(db, files[0], poses=load_pose_source(files[1]))
    run_jobs(db)


def load(db: Database) -> Video:
    with db.read() as conn:
        return get_video(conn, 1)


def find_mask(db: Database) -> Job | None:
    with db.read() as conn:
        return find_job(conn, 1, "mask")


def test_skeleton_projects_mask_nothing(db: Database, files: tuple[Path, Path]) -> None:
    add(db, files)
    assert find_mask(db) is None
    assert list_modes(db.settings, load(db), "source") == ["skeleton", "source"]


@pytest.mark.parametrize("view", ["masked", "source"])
def test_whole_poses_bring_a_masked_copy(db: Database, files: tuple[Path, Path], view: str) -> None:
    set_view(db, view, None)
    add(db, files)
    job = find_mask(db)
    assert job is not None
    assert (job.state, job.progress_done, job.progress_total) == ("done", SPEC.n_frames, SPEC.n_frames)
    folder = db.settings.video_folder(1)
    assert json.loads((folder / "masked.json").read_text()) == {"poses_revision": 1, "recipe": 1}
    assert probe_video(folder / "masked.mp4").n_frames == SPEC.n_frames
    assert not list(folder.glob("masked.new*"))
    assert "masked" in list_modes(db.settings, load(db), view)
    assert "masked" not in list_modes(db.settings, load(db), "skeleton")


def test_allowing_it_later_masks_what_is_there_once(db: Database, files: tuple[Path, Path]) -> None:
    add(db, files)
    for view in ("masked", "skeleton", "source"):
        set_view(db, view, None)
        run_jobs(db)
    request_missing_masks(db)
    with db.read() as conn:
        assert [job.kind for job in list_jobs(conn)].count("mask") == 1


def test_new_poses_take_the_copy_away_and_bring_another(db: Database, files: tuple[Path, Path]) -> None:
    set_view(db, "masked", None)
    add(db, files)
    with db.write() as conn:
        request_poses(conn, get_video(conn, 1))
        cancel_jobs(conn, 1, "poses")
    assert not is_masked(db.settings, load(db))
    with db.write() as conn:
        poses = get_video(conn, 1).poses
        assert poses is not None
        update_video(conn, 1, poses=replace(poses, complete=True, n_ready=SPEC.n_frames))
    assert not is_masked(db.settings, load(db))
    request_missing_masks(db)
    run_jobs(db)
    assert is_masked(db.settings, load(db))
    assert json.loads((db.settings.video_folder(1) / "masked.json").read_text())["poses_revision"] == 2


def test_a_masked_copy_that_is_gone_is_made_again(db: Database, files: tuple[Path, Path]) -> None:
    set_view(db, "masked", None)
    add(db, files)
    (db.settings.video_folder(1) / "masked.mp4").unlink()
    request_missing_masks(db)
    run_jobs(db)
    assert is_masked(db.settings, load(db))


def test_a_mask_that_fails_says_why_and_is_not_tried_for_ever(db: Database, files: tuple[Path, Path]) -> None:
    add(db, files)
    (db.settings.video_folder(1) / "proxy.mp4").write_bytes(b"no video")
    set_view(db, "masked", None)
    run_jobs(db)
    job = find_mask(db)
    assert job is not None
    assert (job.state, job.error_code) == ("failed", "VIDEO_FORMAT")
    request_missing_masks(db)
    last = find_mask(db)
    assert last is not None
    assert last.job_id == job.job_id
    assert not (db.settings.video_folder(1) / "masked.mp4").exists()


def test_erasing_takes_the_masked_copy_too(db: Database, files: tuple[Path, Path]) -> None:
    set_view(db, "masked", None)
    add(db, files)
    remove_video(db, 1, erase=True)
    assert not db.settings.video_folder(1).exists()
