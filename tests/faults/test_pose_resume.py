"""Pose extraction that is killed half way goes on where it was and ends with the same points."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imigue_core.skeleton.pose import load_npz
from imigue_core.video.poses import LEAD_IN_FRAMES, RANGE_FRAMES
from tests.harness.media import get_real_clip, loop_by_remux
from tests.harness.places import ROOT
from tests.harness.studio import Studio
from tests.harness.waiting import wait_for

N_WORKERS = 2


def add(studio: Studio, clip: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "imigue_core", "add", str(clip), "--data", str(studio.data)],
        cwd=ROOT, env=studio.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def get_poses_job(studio: Studio) -> dict[str, Any] | None:
    answer = studio.command("jobs", "--json", check=False)
    if answer.returncode != 0:
        return None  # the project is only just being made
    jobs = json.loads(answer.stdout)
    return next((job for job in jobs if job["kind"] == "poses"), None)


def is_half_done(studio: Studio) -> bool:
    job = get_poses_job(studio)
    return job is not None and job["progress_done"] >= job["progress_total"] / 2 > 0


@pytest.mark.timeout(240)
def test_half_done_extraction_resumes_by_ranges(tmp_path: Path) -> None:
    clip = loop_by_remux(get_real_clip(), tmp_path / "clip.mp4", 8)
    unbroken = Studio(tmp_path / "unbroken" / "data", IMIGUE_WORKERS=str(N_WORKERS))
    broken = Studio(tmp_path / "broken" / "data", IMIGUE_WORKERS=str(N_WORKERS))
    assert add(unbroken, clip).wait() == 0

    first = add(broken, clip)
    wait_for(lambda: first.poll() is None and is_half_done(broken), "half of the poses are there")
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert add(broken, clip).wait() == 0

    whole, resumed = (get_poses_job(studio) for studio in (unbroken, broken))
    assert whole
    assert resumed
    assert resumed["attempts"] == 2
    allowance = N_WORKERS * (RANGE_FRAMES + LEAD_IN_FRAMES)
    assert resumed["params"]["frames_processed"] <= whole["params"]["frames_processed"] + allowance
    one, other = (load_npz(studio.data / "videos" / "1" / "poses.npz") for studio in (unbroken, broken))
    np.testing.assert_array_equal(one.keypoints, other.keypoints)
