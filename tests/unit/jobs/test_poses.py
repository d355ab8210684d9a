"""Pose extraction as a job: resumed by ranges, interrupted for shorter work, asked for again.

The video shows nobody, which MediaPipe finds out quickly; what it makes of people is
tested in test_poses_extraction and, for a killed extraction, in tests/faults.
"""

from __future__ import annotations

import importlib.util
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from db.engine import Database, open_database
from db.jobs import Job, find_job, list_jobs
from db.videos import Video, get_video
from imigue_core.errors import ConflictError, InputError
from imigue_core.jobs.pose_files import RangeStore
from imigue_core.jobs.poses import COUNTER
from imigue_core.jobs.worker import run_jobs
from imigue_core.settings import Settings, load_settings
from imigue_core.skeleton.chunks import decode_chunk
from imigue_core.skeleton.pose import load_npz
from imigue_core.skeleton.pose_track import Box
from imigue_core.studio.videos.adding import register_file
from imigue_core.studio.videos.tracks import set_person_box
from imigue_core.video.poses import LEAD_IN_FRAMES
from tests.harness.media import MarkerSpec, make_marker_video
from tests.harness.poses import make_keypoints
from tests.harness.waiting import wait_for

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="MediaPipe is not installed"),
    pytest.mark.timeout(240),
]
N_FRAMES = 260
SIZE = (96, 64)
BOX = (10.0, 0.0, 60.0, 64.0)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A project with one video of 260 frames (two ranges) and its poses, made by one process."""
    folder = tmp_path_factory.mktemp("extracted")
    settings = replace(load_settings(folder / "data"), n_workers=1)
    db = open_database(settings)
    spec = MarkerSpec(n_frames=N_FRAMES, width=SIZE[0], height=SIZE[1])
    register_file(db, make_marker_video(folder / "clip.mp4", spec))
    run_jobs(db)
    db.close()
    return settings


@pytest.fixture
def project(extracted: Settings, tmp_path: Path) -> Iterator[Database]:
    """A copy of that project, to do with as a test likes."""
    settings = replace(extracted, data=tmp_path / "copy")
    shutil.copytree(extracted.data, settings.data)
    db = open_database(settings)
    yield db
    db.close()


def load(db: Database) -> Video:
    with db.read() as conn:
        return get_video(conn, 1)


def get_job(db: Database) -> Job:
    with db.read() as conn:
        job = find_job(conn, 1, "poses")
    assert job is not None
    return job


def ask_again(db: Database, box: Box | None = None) -> None:
    set_person_box(db, 1, box)


def list_names(db: Database) -> list[str]:
    return sorted(path.name for path in db.settings.video_folder(1).iterdir())


def test_a_finished_extraction_leaves_track_chunks_and_thumbnail(project: Database) -> None:
    track, job = load(project).poses, get_job(project)
    assert track is not None
    assert (track.n_ready, track.complete, track.source, track.revision) == (
        N_FRAMES, True, "mediapipe", 1,
    )  # fmt: skip
    assert (job.state, job.progress_done, job.progress_total) == ("done", N_FRAMES, N_FRAMES)
    assert job.params[COUNTER] == N_FRAMES + LEAD_IN_FRAMES
    folder = project.settings.video_folder(1)
    poses = load_npz(folder / "poses.npz", n_frames=N_FRAMES)
    assert poses.size == SIZE
    assert "poses" not in list_names(project), "ranges are gone once the track is whole"
    assert "thumb_skeleton.svg" in list_names(project)
    chunk = decode_chunk((folder / "chunks" / "00001.bin.gz").read_bytes())
    assert (chunk.start_frame, len(chunk.keypoints)) == (250, 10)


def test_ranges_that_are_there_are_not_made_again(project: Database) -> None:
    before = make_keypoints(250, size=SIZE)
    ask_again(project)
    store = RangeStore(project.settings.files_of(1), SIZE)
    store.open({"revision": 2, "box": None, "n_frames": N_FRAMES, "scale": (1.0, 1.0)})
    store.save(0, before)
    run_jobs(project)
    whole = load_npz(project.settings.video_folder(1) / "poses.npz").keypoints
    np.testing.assert_array_equal(whole[:250], before)
    assert len(whole) == N_FRAMES
    assert get_job(project).params[COUNTER] == 10 + LEAD_IN_FRAMES


def test_ranges_made_for_another_box_are_not_kept(project: Database) -> None:
    folder = project.settings.video_folder(1)
    store = RangeStore(project.settings.files_of(1), SIZE)
    store.open({"revision": 1, "box": None})
    store.save(0, make_keypoints(250))
    store.open({"revision": 2, "box": [0, 0, 90, 144]})
    assert store.find(0, 250) is None
    assert not (folder / "chunks").exists()


def test_half_a_range_file_counts_as_none(project: Database) -> None:
    folder = project.settings.video_folder(1)
    store = RangeStore(project.settings.files_of(1), SIZE)
    store.open({"revision": 2})
    store.save(0, make_keypoints(250))
    path = folder / "poses" / "000000.npz"
    path.write_bytes(path.read_bytes()[:1000])
    assert store.find(0, 250) is None


@pytest.mark.parametrize("box", [(0.0, 0.0, 0.0, 9.0), (500.0, 0.0, 90.0, 90.0), (0.0, 0.0, float("nan"), 9.0)])
def test_boxes_without_a_person_in_them_are_refused(project: Database, box: Box) -> None:
    with pytest.raises(InputError, match="PERSON_BOX"):
        ask_again(project, box)
    assert load(project).poses_complete


def test_a_video_that_was_not_read_takes_no_box(db: Database, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("a")
    register_file(db, tmp_path / "a.mp4")
    with pytest.raises(ConflictError, match="VIDEO_NOT_READY"):
        set_person_box(db, 1, None)


def test_a_new_video_does_not_wait_for_poses(project: Database, tmp_path: Path) -> None:
    ask_again(project)
    worker = threading.Thread(target=run_jobs, args=(project,))
    worker.start()
    wait_for(lambda: get_job(project).progress_done > 0, "the extraction is under way")
    (tmp_path / "notes.mp4").write_text("no video at all")
    register_file(project, tmp_path / "notes.mp4")
    worker.join()
    with project.read() as conn:
        probe = find_job(conn, 2, "probe")
    assert probe is not None
    assert get_job(project).finished_utc is not None
    assert probe.finished_utc is not None
    assert probe.finished_utc < get_job(project).finished_utc  # type: ignore[operator]
    assert load(project).poses_complete


def test_a_box_given_meanwhile_starts_the_extraction_anew(project: Database) -> None:
    ask_again(project)
    worker = threading.Thread(target=run_jobs, args=(project,))
    worker.start()
    wait_for(lambda: get_job(project).progress_done > 0, "the extraction is under way")
    ask_again(project, BOX)
    track = load(project).poses
    assert track is not None
    assert (track.n_ready, track.complete, track.revision) == (0, False, 3)
    assert (track.person, track.followed) == (BOX, "the person inside the box")
    worker.join()
    track = load(project).poses
    assert track is not None
    assert (track.n_ready, track.complete, track.revision) == (N_FRAMES, True, 3)
    with project.read() as conn:
        states = [job.state for job in list_jobs(conn, 1) if job.kind == "poses"]
    assert states == ["done", "cancelled", "done"]
