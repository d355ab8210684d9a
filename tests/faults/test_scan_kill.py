"""A worker that is killed while it scans leaves no half scan; the next worker makes a whole one."""

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

from db.check import check_database
from db.engine import Database, open_database
from db.jobs import find_job
from db.suggestions import find_current_scan, list_suggestions
from db.videos import insert_video
from imigue_core.settings import load_settings
from imigue_core.skeleton.pose import PoseSequence, save_npz
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.models.scanning import request_scan
from imigue_core.studio.people.project_settings import ACTIVE_SCANNER
from tests.harness.hands import Hand, make_person
from tests.harness.models import make_scanner
from tests.harness.places import ROOT
from tests.harness.poses import make_keypoints
from tests.harness.waiting import wait_for

pytestmark = pytest.mark.faults
N_FRAMES = 3000


def make_project(db: Database) -> None:
    """One video with whole poses and a small scanner."""
    make_scanner(db.settings.data)
    poses = PoseTrack(source=PoseOrigin.IMPORTED, n_ready=N_FRAMES, complete=True, revision=1)
    with db.write() as conn:
        ACTIVE_SCANNER.write(conn, "tiny")
        insert_video(conn, name="a", kind="poses", n_frames=N_FRAMES, fps_num=25, fps_den=1, poses=poses)
    save_npz(db.settings.video_folder(1) / "poses.npz", PoseSequence(make_keypoints(N_FRAMES), (1280, 720)))


def start_worker(data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "imigue_core", "worker", "--once", "--data", str(data)]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)


def count(db: Database, table: str) -> int:
    with db.read() as conn:
        return int(conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def is_begun(db: Database, n_attempts: int) -> bool:
    """Whether the scan was begun for the n-th time."""
    with db.read() as conn:
        job = find_job(conn, 1, "scan")
    return job is not None and job.state == "running" and job.attempts == n_attempts


@pytest.mark.timeout(300)
def test_a_killed_scan_is_made_anew_and_never_half(tmp_path: Path) -> None:
    db = open_database(load_settings(tmp_path / "data"))
    make_project(db)
    with db.write() as conn:
        request_scan(conn, 1)
    rng = random.Random(5)
    for k in range(4):
        worker = start_worker(db.settings.data)
        wait_for(partial(is_begun, db, k + 1), "the scan begins", every_s=0.01)
        time.sleep(rng.uniform(0, 0.4 * (k + 1)))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        n_scans, n_suggestions = count(db, "scan"), count(db, "suggestion")
        assert (n_scans == 0) == (n_suggestions == 0)
        assert check_database(db).findings == []
        with db.read() as conn:
            job = find_job(conn, 1, "scan")
        if job is not None and job.state == "done":
            break
    assert start_worker(db.settings.data).wait(120) == 0
    with db.read() as conn:
        job, scan = find_job(conn, 1, "scan"), find_current_scan(conn, 1, "tiny")
        assert job is not None
        assert scan is not None
        stored = list_suggestions(conn, scan.scan_id)
    assert (job.state, job.attempts > 1) == ("done", True)
    assert (len(stored), count(db, "scan")) == (scan.n_suggestions, 1)
    assert len(stored) > 100
    hand = Hand(db, make_person(db, "Ann"))
    assert hand.review(stored[0].suggestion_id, "rejected").refused == []
    assert check_database(db).findings == []
    db.close()
