"""The table of steps is the only one, and says of each what the page, the worker and the command line need."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from db.engine import Database
from db.jobs import Job, cancel_jobs, enqueue_job, fail_job, find_job, get_job, lease_job
from db.videos import insert_video
from imigue_core.jobs.worker import RUNNERS
from imigue_core.studio.videos.steps import QUEUE_RULES, STEPS, Need, Step, format_job, get_rule, list_first_steps
from tests.harness.places import ROOT

QUEUED = Job(1, 1, Step.POSES, "queued", {}, 0, 0, None, None, 0, None, None, "", None, None)


def test_every_step_has_its_rule_and_somebody_who_does_it() -> None:
    assert list(STEPS) == list(Step)
    assert set(RUNNERS) == set(Step)


def test_what_follows_a_step_needs_what_the_step_makes() -> None:
    for rule in STEPS.values():
        assert rule.makes_poses == bool(rule.then)
        assert all(STEPS[step].needs is Need.POSES for step in rule.then)


@pytest.mark.parametrize(
    ("has_file", "has_poses", "expected"),
    [
        (True, False, [Step.PROBE, Step.PROXY, Step.POSES]),
        (True, True, [Step.PROBE, Step.PROXY, Step.IMPORT_POSES]),
        (False, True, [Step.IMPORT_POSES]),
        (False, False, []),
    ],
)
def test_what_a_video_came_with_decides_what_it_starts_with(
    has_file: bool, has_poses: bool, expected: list[Step]
) -> None:
    assert list_first_steps(has_file=has_file, has_poses=has_poses) == expected


def test_the_order_of_the_steps_is_said_in_the_table_alone() -> None:
    folders = [ROOT / name for name in ("imigue_core", "pages", "db")]
    named = {path.name for folder in folders for path in folder.rglob("*.py") if "Step.PROXY" in path.read_text()}
    assert named == {"steps.py", "queueing.py", "worker.py"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Finding the skeleton: waiting"),
        ({"state": "running"}, "Finding the skeleton"),
        (
            {"state": "running", "progress_done": 1250, "progress_total": 22300},
            "Finding the skeleton: 1,250 of 22,300",
        ),
        ({"state": "failed", "error_text": "the disk is full."}, "Finding the skeleton failed: the disk is full."),
        ({"state": "failed", "error_code": "WORKER_DIED"}, "Finding the skeleton failed: WORKER_DIED"),
        ({"kind": "mask", "state": "running"}, "Masking the face"),
    ],
)
def test_a_job_is_put_into_words(changes: dict[str, Any], words: str) -> None:
    assert format_job(replace(QUEUED, **changes)) == words
    assert get_rule(QUEUED).words == "finding the skeleton"


def test_no_other_python_file_calls_a_step_by_its_name() -> None:
    asked = re.compile(r'(?:enqueue_job|find_job|cancel_jobs)\(conn, [^,"\n]+, "|job\.kind (?:==|!=|in|not in) \(?"')
    folders = [ROOT / name for name in ("imigue_core", "pages", "db")]
    sources = {path: path.read_text() for folder in folders for path in folder.rglob("*.py")}
    found = [path.name for path, text in sources.items() if '"import_poses"' in text or asked.search(text)]
    assert found == ["steps.py"]


def test_a_job_may_belong_to_no_video(db: Database) -> None:
    with db.write() as conn:
        video_id = insert_video(conn, name="a", kind="video")
        whole = enqueue_job(conn, None, Step.POSES)
        assert enqueue_job(conn, None, Step.POSES) == whole
        short = enqueue_job(conn, video_id, Step.PROBE)
        assert lease_job(conn, QUEUE_RULES, "me", [video_id]) == get_job(conn, short)
        job = lease_job(conn, QUEUE_RULES, "me")
        assert job is not None
        assert (job.job_id, job.video_id) == (whole, None)
        assert find_job(conn, None, Step.POSES) == job
        assert find_job(conn, video_id, Step.POSES) is None


def test_one_that_fails_leaves_the_others_of_no_video_alone(db: Database) -> None:
    with db.write() as conn:
        first = enqueue_job(conn, None, Step.POSES)
        later = enqueue_job(conn, None, Step.SCAN)
        job = lease_job(conn, QUEUE_RULES, "me")
        assert job is not None
        assert job.job_id == later, "what is short goes first and waits for nobody"
        assert cancel_jobs(conn, None, Step.SCAN) == 1
        waiting = enqueue_job(conn, None, Step.PROBE)
        conn.exec_driver_sql("UPDATE job SET state = 'running' WHERE job_id = ?", (first,))
        assert fail_job(conn, QUEUE_RULES, first, "WORKER_FAILED", "it failed.")
        assert get_job(conn, waiting).state == "queued"
