"""What the Models page reads: scans of the active model, open jobs, and stopping them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from db.engine import Database
from db.jobs import enqueue_job, find_job, lease_job, list_jobs, set_progress
from db.people import Annotator, list_audit
from db.suggestions import insert_scan
from db.videos import insert_video, update_video
from imigue_core.annotation import SuggestedSpan
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.models.scan_states import ScanState, list_scan_states, stop_scans
from imigue_core.studio.people.project_settings import ACTIVE_SCANNER
from imigue_core.studio.videos.steps import QUEUE_RULES

SHAPE: dict[str, Any] = {"kind": "poses", "n_frames": 500, "fps_num": 25, "fps_den": 1, "width": 640, "height": 360}
POSES = PoseTrack(source=PoseOrigin.IMPORTED, n_ready=500, complete=True, revision=3)
SPANS = [SuggestedSpan(29, 10, 40, 0.7, ((29, 0.7),), 2.0, 3.0), SuggestedSpan(8, 50, 90, 0.4, ((8, 0.4),), 2.0, 3.0)]


@pytest.fixture
def two(db: Database) -> tuple[int, int]:
    """Two videos with poses."""
    with db.write() as conn:
        first = insert_video(conn, name="Alpha", poses=POSES, **SHAPE)
        return first, insert_video(conn, name="Beta", poses=POSES, **SHAPE)


def add_scan(db: Database, video_id: int, model: str, revision: int = 3) -> None:
    with db.write() as conn:
        insert_scan(
            conn,
            video_id,
            SPANS,
            model=model,
            model_hash="f00",
            trained_on="synthetic",
            device="cpu",
            poses_revision=revision,
            cpu_s=1.5,
        )


def find_state(db: Database, video_id: int) -> ScanState:
    (state,) = (state for state in list_scan_states(db) if state.video.video_id == video_id)
    return state


def test_only_the_active_models_scan_counts(db: Database, two: tuple[int, int]) -> None:
    add_scan(db, two[0], "scanner-dense")
    add_scan(db, two[1], "other")
    assert [state.scan and state.scan.n_suggestions for state in list_scan_states(db)] == [2, None]
    with db.write() as conn:
        ACTIVE_SCANNER.write(conn, "other")
    assert [state.scan and state.scan.model for state in list_scan_states(db)] == [None, "other"]


def test_a_scan_of_replaced_poses_is_outdated(db: Database, two: tuple[int, int]) -> None:
    add_scan(db, two[0], "scanner-dense")
    assert not find_state(db, two[0]).is_outdated
    with db.write() as conn:
        update_video(conn, two[0], poses=replace(POSES, revision=4))
    assert find_state(db, two[0]).is_outdated
    assert not find_state(db, two[1]).is_outdated


def test_jobs_of_other_kinds_are_not_scans(db: Database, two: tuple[int, int]) -> None:
    with db.write() as conn:
        enqueue_job(conn, two[0], "proxy")
        enqueue_job(conn, two[1], "scan")
    assert [state.is_working for state in list_scan_states(db)] == [False, True]


def test_stopping_one_video_leaves_the_other_and_other_steps(
    db: Database, two: tuple[int, int], ann: Annotator
) -> None:
    with db.write() as conn:
        for video_id in two:
            enqueue_job(conn, video_id, "scan")
        enqueue_job(conn, two[0], "proxy")
        lease_job(conn, QUEUE_RULES, "worker")
    assert stop_scans(db, ann.annotator_id, two[0]) == 1
    with db.read() as conn:
        states = {(job.video_id, job.kind): job.state for job in list_jobs(conn)}
        log = [(entry.annotator_id, entry.target) for entry in list_audit(conn, "scan.stop")]
    assert states == {(two[0], "scan"): "cancelled", (two[1], "scan"): "queued", (two[0], "proxy"): "queued"}
    assert log == [(ann.annotator_id, f"video:{two[0]}")]


def test_stopping_all_tells_the_running_one_at_its_next_step(
    db: Database, two: tuple[int, int], ann: Annotator
) -> None:
    with db.write() as conn:
        for video_id in two:
            enqueue_job(conn, video_id, "scan")
        running = lease_job(conn, QUEUE_RULES, "worker")
        assert running is not None
        assert set_progress(conn, running.job_id, 100, 500)
    assert stop_scans(db, ann.annotator_id) == 2
    with db.write() as conn:
        assert not set_progress(conn, running.job_id, 200, 500)
        assert all(job is not None and job.state == "cancelled" for v in two for job in [find_job(conn, v, "scan")])


def test_nothing_to_stop_is_not_logged(db: Database, two: tuple[int, int], ann: Annotator) -> None:
    assert stop_scans(db, ann.annotator_id) == 0
    with db.read() as conn:
        assert list_audit(conn, "scan.stop") == []
