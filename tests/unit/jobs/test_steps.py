"""Probe, proxy and brought-along poses, run as the worker runs them on real small files."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from db.engine import Database, open_database
from db.jobs import (
    KEPT_AT,
    MAX_ATTEMPTS,
    Job,
    cancel_jobs,
    enqueue_job,
    fail_job,
    find_job,
    is_short_job_waiting,
    lease_job,
    list_jobs,
    requeue_job,
    set_params,
)
from db.videos import Video, get_video, load_times, update_video
from imigue_core.errors import InputError
from imigue_core.formats.poses import find_pose_inputs
from imigue_core.jobs.import_poses import run_import_poses
from imigue_core.jobs.step_run import StepCancelledError, StepRun
from imigue_core.jobs.worker import run_jobs
from imigue_core.settings import Settings
from imigue_core.skeleton.chunks import decode_chunk
from imigue_core.skeleton.pose import PoseSequence, load_npz, save_npz
from imigue_core.studio.videos.adding import load_pose_source, register_file, register_poses_only
from imigue_core.studio.videos.library import find_item, retry_steps
from imigue_core.studio.videos.removing import remove_video
from imigue_core.studio.videos.steps import QUEUE_RULES
from tests.harness.media import loop_by_remux
from tests.harness.poses import make_keypoints, make_person, write_openpose

Marker = Callable[[str], Path]


def load(db: Database, video_id: int = 1) -> Video:
    with db.read() as conn:
        return get_video(conn, video_id, include_hidden=True)


def get_job(db: Database, kind: str, video_id: int = 1) -> Job:
    with db.read() as conn:
        job = find_job(conn, video_id, kind)
    assert job is not None
    return job


def add(db: Database, path: Path) -> int:
    """Registers a file and leaves its poses out."""
    video_id = register_file(db, path).video_id
    with db.write() as conn:
        cancel_jobs(conn, video_id, "poses")
    return video_id


def test_probe_and_proxy_fill_the_video(db: Database, marker_video: Marker) -> None:
    add(db, marker_video("fps_359_12"))
    run_jobs(db)
    video = load(db)
    assert (video.n_frames, video.fps, video.width, video.height) == (60, Fraction(359, 12), 320, 240)
    assert (video.proxy_width, video.proxy_height, video.shot_cuts, video.has_proxy) == (320, 240, [], True)
    assert [get_job(db, kind).state for kind in ("probe", "proxy", "poses")] == ["done", "done", "cancelled"]
    assert (get_job(db, "proxy").progress_done, get_job(db, "proxy").progress_total) == (60, 60)
    folder = db.settings.video_folder(1)
    assert sorted(path.name for path in folder.iterdir()) == ["proxy.mp4", "source.mp4", "thumb.jpg"]
    with db.read() as conn:
        times = load_times(conn, 1)
    assert times is not None
    assert len(times[0]) == 60


def test_a_file_that_is_no_video_is_refused_and_leaves_nothing(db: Database, tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("just words")
    register_file(db, tmp_path / "notes.mp4")
    run_jobs(db)
    job, video = get_job(db, "probe"), load(db)
    assert (job.state, job.error_code) == ("failed", "VIDEO_FORMAT")
    assert {get_job(db, kind).error_code for kind in ("proxy", "poses")} == {"PREVIOUS_FAILED"}
    assert (video.has_media, video.sha256) == (False, None)
    assert not db.settings.video_folder(1).exists()


@pytest.mark.parametrize("kind", ["probe", "proxy"])
def test_a_source_that_changed_is_noticed(db: Database, marker_video: Marker, kind: str) -> None:
    add(db, marker_video("plain_25"))
    if kind == "proxy":
        with db.write() as conn:
            cancel_jobs(conn, 1, "proxy")
        run_jobs(db)
        retry_steps(db, 1)
        with db.write() as conn:
            cancel_jobs(conn, 1, "poses")
    with (db.settings.video_folder(1) / "source.mp4").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"!")
    run_jobs(db)
    assert get_job(db, kind).error_code == "VIDEO_HASH_CHANGED"


def test_a_worker_that_died_leaves_its_job_to_the_next(db: Database, marker_video: Marker) -> None:
    add(db, marker_video("plain_25"))
    with db.write() as conn:
        lost = lease_job(conn, QUEUE_RULES, "somebody who was killed")
    assert lost is not None
    (db.settings.video_folder(1) / "proxy.mp4.part").write_bytes(b"half a proxy")
    run_jobs(db)
    assert (get_job(db, "probe").state, get_job(db, "probe").attempts) == ("done", 2)
    assert not (db.settings.video_folder(1) / "proxy.mp4.part").exists()


def test_a_step_that_always_takes_its_worker_with_it_is_given_up(db: Database, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("a")
    add(db, tmp_path / "a.mp4")
    with db.write() as conn:
        for k in range(MAX_ATTEMPTS):
            assert lease_job(conn, QUEUE_RULES, f"worker {k}") is not None
        assert lease_job(conn, QUEUE_RULES, "the next") is None
    probe = get_job(db, "probe")
    assert (probe.state, probe.error_code, probe.attempts) == ("failed", "WORKER_CRASHED", MAX_ATTEMPTS)
    assert get_job(db, "proxy").error_code == "PREVIOUS_FAILED"
    retry_steps(db, 1)
    with db.write() as conn:
        again = lease_job(conn, QUEUE_RULES, "the next")
    assert again is not None
    assert (again.kind, again.attempts) == ("probe", 1)


def test_attempts_count_from_the_last_one_that_kept_something(db: Database, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("a")
    add(db, tmp_path / "a.mp4")
    with db.write() as conn:
        for k in range(3 * MAX_ATTEMPTS):
            job = lease_job(conn, QUEUE_RULES, f"worker {k}")
            assert job is not None
            if k % 2 == 0:
                set_params(conn, job.job_id, {**job.params, KEPT_AT: job.attempts})
            else:
                requeue_job(conn, job.job_id)
    assert get_job(db, "probe").state == "running"


def test_extraction_for_a_track_that_is_gone_ends(db: Database, marker_video: Marker) -> None:
    register_file(db, marker_video("plain_25"))
    with db.write() as conn:
        update_video(conn, 1, poses=None)
    run_jobs(db)
    assert [get_job(db, kind).state for kind in ("probe", "proxy", "poses")] == ["done", "done", "cancelled"]


def test_a_step_stores_nothing_once_it_was_cancelled(db: Database, marker_video: Marker) -> None:
    add(db, marker_video("plain_25"))
    with db.write() as conn:
        job = lease_job(conn, QUEUE_RULES, "me")
    assert job is not None
    step = StepRun(db, job)
    remove_video(db, 1, erase=True)
    before = load(db)
    with pytest.raises(StepCancelledError), step.recording() as conn:
        update_video(conn, 1, n_frames=60)
    assert load(db) == before


def test_poses_read_after_the_video_was_removed_leave_it_as_it_was(
    db: Database, marker_video: Marker, tmp_path: Path
) -> None:
    poses = tmp_path / "poses.npz"
    save_npz(poses, PoseSequence(make_keypoints(300, size=(320, 240))))
    add(db, marker_video("b_frames_gop_250"))
    run_jobs(db)
    register_file(db, marker_video("b_frames_gop_250"), poses=load_pose_source(poses))
    with db.write() as conn:
        job = lease_job(conn, QUEUE_RULES, "me")
    assert job is not None
    remove_video(db, 1)
    before = load(db)
    with pytest.raises(StepCancelledError):
        run_import_poses(StepRun(db, job))
    assert load(db) == before
    names = sorted(path.name for path in db.settings.video_folder(1).iterdir())
    assert names == ["proxy.mp4", "source.mp4", "thumb.jpg"]


def test_what_a_step_wrote_just_after_the_erase_is_swept_away(db: Database, marker_video: Marker) -> None:
    add(db, marker_video("plain_25"))
    with db.write() as conn:
        conn.exec_driver_sql(
            "CREATE TRIGGER erase AFTER UPDATE OF proxy_width ON video WHEN NEW.proxy_width IS NOT NULL BEGIN "
            "UPDATE video SET erased_utc = 'now', hidden_utc = 'now' WHERE video_id = NEW.video_id; "
            "UPDATE job SET state = 'cancelled' WHERE video_id = NEW.video_id; END"
        )
    run_jobs(db)
    assert get_job(db, "proxy").state == "cancelled"
    assert not db.settings.video_folder(1).exists()


def test_an_error_after_a_cancel_stops_no_later_step(db: Database, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("a")
    add(db, tmp_path / "a.mp4")
    with db.write() as conn:
        job = lease_job(conn, QUEUE_RULES, "me")
        assert job is not None
        cancel_jobs(conn, 1, "probe")
        assert not fail_job(conn, QUEUE_RULES, job.job_id, "WORKER_DIED", "too late")
    assert [get_job(db, kind).state for kind in ("probe", "proxy")] == ["cancelled", "queued"]


def test_a_video_removed_meanwhile_is_not_touched(db: Database, marker_video: Marker) -> None:
    add(db, marker_video("plain_25"))
    remove_video(db, 1, erase=True)
    run_jobs(db)
    assert not db.settings.video_folder(1).exists()
    assert get_job(db, "probe").state == "cancelled"


def test_shorter_steps_go_before_poses(db: Database, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.mp4").write_text(name)
        register_file(db, tmp_path / f"{name}.mp4")
    order = []
    with db.write() as conn:
        while (job := lease_job(conn, QUEUE_RULES, "me")) is not None:
            order.append((job.video_id, job.kind))
            cancel = [other for other in list_jobs(conn, job.video_id) if other.job_id == job.job_id]
            assert cancel
            cancel_jobs(conn, job.video_id, job.kind)
    assert order == [(1, "probe"), (1, "proxy"), (2, "probe"), (2, "proxy"), (1, "poses"), (2, "poses")]


def test_poses_of_a_video_are_read_checked_and_cut(db: Database, marker_video: Marker, tmp_path: Path) -> None:
    poses = tmp_path / "poses.npz"
    keypoints = make_keypoints(300, size=(320, 240))
    save_npz(poses, PoseSequence(keypoints))
    register_file(db, marker_video("b_frames_gop_250"), poses=load_pose_source(poses))
    run_jobs(db)
    track = load(db).poses
    assert track is not None
    assert (track.source, track.n_ready, track.complete, track.revision) == ("imported", 300, True, 1)
    folder = db.settings.video_folder(1)
    stored = load_npz(folder / "poses.npz", n_frames=300)
    np.testing.assert_array_equal(stored.keypoints, keypoints)
    assert stored.size == (320, 240)
    chunk = decode_chunk((folder / "chunks" / "00001.bin.gz").read_bytes())
    assert (chunk.start_frame, len(chunk.keypoints)) == (250, 50)
    assert (folder / "thumb_skeleton.svg").is_file()
    assert not (folder / "arriving").exists()


def test_poses_of_another_length_are_refused_and_the_video_stays(
    db: Database, marker_video: Marker, tmp_path: Path
) -> None:
    poses = tmp_path / "poses.npz"
    save_npz(poses, PoseSequence(make_keypoints(59)))
    register_file(db, marker_video("plain_25"), poses=load_pose_source(poses))
    run_jobs(db)
    assert get_job(db, "import_poses").error_code == "POSE_LENGTH"
    assert (load(db).has_proxy, load(db).poses) == (True, None)


def test_poses_that_changed_since_they_were_added_are_refused(
    db: Database, marker_video: Marker, tmp_path: Path
) -> None:
    poses = tmp_path / "poses.npz"
    save_npz(poses, PoseSequence(make_keypoints(60)))
    register_file(db, marker_video("plain_25"), poses=load_pose_source(poses))
    save_npz(poses, PoseSequence(make_keypoints(60, size=(100, 100))))
    run_jobs(db)
    assert get_job(db, "import_poses").error_code == "POSES_CHANGED"
    assert (load(db).has_proxy, load(db).poses) == (True, None)
    register_file(db, marker_video("plain_25"), poses=load_pose_source(poses))
    run_jobs(db)
    assert load(db).poses_complete


def test_poses_alone_stay_when_another_person_cannot_be_read(db: Database, tmp_path: Path) -> None:
    people = [make_person(300, 200)]
    folder = write_openpose(tmp_path / "0042", dict.fromkeys(range(30), people))
    (found,) = find_pose_inputs(folder)
    register_poses_only(db, found, fps=Fraction(25), size=(640, 480))
    run_jobs(db)
    before = load(db)
    again = register_poses_only(db, found, fps=Fraction(30), size=(640, 480), box=(200.0, 0.0, 300.0, 480.0))
    assert again.changed == ("poses",)
    write_openpose(folder, {30: people})
    run_jobs(db)
    assert get_job(db, "import_poses").error_code == "POSES_CHANGED"
    assert load(db) == before


def test_poses_alone_make_a_video(db: Database, tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "0042", {frame: [make_person(300, 200)] for frame in range(30)})
    (found,) = find_pose_inputs(folder)
    result = register_poses_only(db, found, fps=Fraction(359, 12), size=(640, 480))
    run_jobs(db)
    video = load(db)
    assert (video.kind, video.number, video.name, video.n_frames) == ("poses", 42, "0042", 30)
    assert (video.fps, video.width, video.height, video.poses_complete) == (Fraction(359, 12), 640, 480, True)
    again = register_poses_only(db, found, fps=Fraction(25), size=(640, 480))
    assert (again.video_id, again.created) == (result.video_id, False)
    assert load(db).fps == Fraction(359, 12)


def test_poses_alone_that_cannot_be_read_leave_nothing(db: Database, tmp_path: Path) -> None:
    people = [make_person(300, 200)]
    folder = write_openpose(tmp_path / "gap", {0: people, 5: people})
    (found,) = find_pose_inputs(folder)
    register_poses_only(db, found, fps=Fraction(25), size=(640, 480))
    run_jobs(db)
    assert get_job(db, "import_poses").error_code == "POSE_GAP"
    assert not db.settings.video_folder(1).exists()
    assert load(db).sha256 is None


def test_a_decoder_that_never_returns_is_stopped(settings: Settings, marker_video: Marker, tmp_path: Path) -> None:
    db = open_database(replace(settings, stall_s=1.0))
    add(db, loop_by_remux(marker_video("b_frames_gop_250"), tmp_path / "long.mp4", 8))
    worker = threading.Thread(target=run_jobs, args=(db,))
    worker.start()
    while (proxy := get_job(db, "proxy")).progress_done == 0:
        assert proxy.is_open
    (child,) = multiprocessing.active_children()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGSTOP)
    worker.join()
    assert get_job(db, "proxy").error_code == "WORKER_TIMEOUT"
    assert not child.is_alive()
    assert load(db).has_media, "the file may be good: it stays and the step can be tried again"
    assert not load(db).has_proxy
    db.close()


def test_a_step_that_waits_behind_poses_of_its_own_video_is_not_in_the_way(db: Database, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("a")
    register_file(db, tmp_path / "a.mp4")
    with db.write() as conn:
        cancel_jobs(conn, 1, "probe")
        cancel_jobs(conn, 1, "proxy")
        assert not is_short_job_waiting(conn, QUEUE_RULES)
        enqueue_job(conn, 1, "proxy")
        assert not is_short_job_waiting(conn, QUEUE_RULES)


def test_a_missing_video_has_no_item(db: Database) -> None:
    assert find_item(db, 1) is None
    with pytest.raises(InputError, match="NOT_A_FILE"):
        load_pose_source(db.settings.data / "nowhere.npz")
