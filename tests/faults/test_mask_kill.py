"""A worker that is killed while it masks leaves no half copy; the next worker makes a whole one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from db.engine import Database, open_database
from db.jobs import find_job
from db.videos import get_video
from imigue_core.jobs.worker import run_jobs
from imigue_core.settings import load_settings
from imigue_core.studio.videos.adding import load_pose_source, register_file
from imigue_core.studio.videos.viewing import is_masked, set_view
from imigue_core.video.probe import probe_video
from tests.harness.materials import make_still_poses
from tests.harness.media import MarkerSpec, make_marker_video
from tests.harness.places import ROOT
from tests.harness.waiting import wait_for

pytestmark = pytest.mark.faults
SPEC = MarkerSpec(n_frames=400, width=640, height=480)


def start_worker(data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "imigue_core", "worker", "--once", "--data", str(data)]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)


def is_begun(db: Database, n_attempts: int) -> bool:
    """Whether the mask was begun for the n-th time."""
    with db.read() as conn:
        job = find_job(conn, 1, "mask")
    return job is not None and job.attempts == n_attempts


@pytest.mark.timeout(300)
def test_a_killed_mask_is_made_anew_and_never_half(tmp_path: Path) -> None:
    db = open_database(load_settings(tmp_path / "data"))
    source = make_marker_video(tmp_path / "a.mp4", SPEC)
    register_file(db, source, poses=load_pose_source(make_still_poses(tmp_path / "a.npz", SPEC.n_frames)))
    run_jobs(db)
    set_view(db, "masked", None)
    folder = db.settings.video_folder(1)
    rng = random.Random(4)
    n_kills = 0
    for k in range(3):
        worker = start_worker(db.settings.data)
        wait_for(partial(is_begun, db, k + 1), "the mask begins", every_s=0.01)
        time.sleep(rng.uniform(0, 1.5))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        with db.read() as conn:
            job, video = find_job(conn, 1, "mask"), get_video(conn, 1)
        assert job is not None
        if job.state == "done":
            break
        n_kills += 1
        assert not is_masked(db.settings, video) or probe_video(folder / "masked.mp4").n_frames == SPEC.n_frames
    assert n_kills > 0
    assert start_worker(db.settings.data).wait(120) == 0
    with db.read() as conn:
        job, video = find_job(conn, 1, "mask"), get_video(conn, 1)
    assert job is not None
    assert (job.state, is_masked(db.settings, video)) == ("done", True)
    assert probe_video(folder / "masked.mp4").n_frames == SPEC.n_frames
    assert [path.name for path in folder.glob("*masked*") if path.suffix not in (".mp4", ".json")] == []
    assert not (folder / "masked.new.mp4").exists()
    db.close()
