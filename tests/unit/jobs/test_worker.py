"""The worker process: one a project, gone with its parent, fed by the inbox."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.engine import Database
from db.jobs import find_job, list_jobs
from db.people import list_audit
from imigue_core.errors import WorkerError
from imigue_core.jobs.inbox import SETTLED_S, Inbox
from imigue_core.jobs.worker import hold_worker_lock, run_jobs
from imigue_core.settings import Settings
from imigue_core.studio.videos.library import Refusal, list_inbox_refusals, list_library
from tests.harness.places import ROOT
from tests.harness.waiting import wait_for


def start_worker(settings: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "imigue_core", "worker", "--data", str(settings.data), *arguments],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def put_in_inbox(db: Database, name: str, content: bytes = b"no video") -> Path:
    db.settings.inbox.mkdir(exist_ok=True)
    path = db.settings.inbox / name
    path.write_bytes(content)
    return path


def list_names(db: Database) -> list[str]:
    return [item.video.name for item in list_library(db)]


def has_open(process: subprocess.Popen[bytes], path: Path) -> bool:
    """Whether a process has a file open (Linux)."""
    return any(entry.readlink() == path for entry in Path(f"/proc/{process.pid}/fd").iterdir() if entry.is_symlink())


def test_only_one_worker_serves_a_project(settings: Settings) -> None:
    with (
        hold_worker_lock(settings),
        pytest.raises(WorkerError, match="WORKER_ALREADY_RUNNING"),
        hold_worker_lock(settings, wait_s=0.2),
    ):
        pass
    with hold_worker_lock(settings):
        pass


def test_a_worker_leaves_with_its_parent(db: Database, settings: Settings) -> None:
    worker = start_worker(settings, "--parent-pipe")
    wait_for(lambda: worker.poll() is not None or settings.inbox.is_dir(), "the worker works")
    assert worker.poll() is None, worker.communicate()[1].decode()
    with pytest.raises(WorkerError), hold_worker_lock(settings):
        pass
    assert worker.stdin is not None
    assert worker.stderr is not None
    worker.stdin.close()
    assert worker.wait(timeout=60) == 0
    worker.stderr.close()


def test_a_worker_waits_for_the_last_one_to_go(db: Database, settings: Settings) -> None:
    with hold_worker_lock(settings):
        worker = start_worker(settings, "--once")
        wait_for(lambda: has_open(worker, settings.data / "worker.lock"), "the worker asks for the lock")
        assert worker.poll() is None
    _, errors = worker.communicate(timeout=60)
    assert (worker.returncode, errors) == (0, b"")


def test_the_inbox_takes_files_that_have_been_still(db: Database) -> None:
    path = put_in_inbox(db, "a.mp4", b"1")
    inbox = Inbox(db)
    assert inbox.look(now=100.0) == []
    path.write_bytes(b"12")
    assert inbox.look(now=104.0) == []
    assert inbox.look(now=104.0 + SETTLED_S - 0.1) == []
    assert path.exists()
    assert inbox.look(now=104.0 + SETTLED_S) == [1]
    assert not path.exists()
    assert list_names(db) == ["a"]


def test_the_inbox_leaves_what_is_no_finished_file(db: Database, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.mp4").write_bytes(b"x")
    for name in (".hidden.mp4", "b.mp4.part", "c.mkv.crdownload"):
        put_in_inbox(db, name)
    (db.settings.inbox / "folder.mp4").mkdir()
    (db.settings.inbox / "link.mp4").symlink_to(tmp_path / "elsewhere.mp4")
    os.mkfifo(db.settings.inbox / "pipe.mp4")
    inbox = Inbox(db)
    inbox.look(now=0.0)
    assert inbox.look(now=10.0) == []
    assert len(list(db.settings.inbox.iterdir())) == 6
    assert {(r.name, r.code) for r in list_inbox_refusals(db)} == {
        (name, "NOT_A_FILE") for name in ("folder.mp4", "link.mp4", "pipe.mp4")
    }


def test_the_inbox_keeps_an_empty_file_and_says_so_once(db: Database) -> None:
    path = put_in_inbox(db, "empty.mp4", b"")
    inbox = Inbox(db)
    for now in (0.0, 10.0, 20.0):
        inbox.look(now=now)
    assert path.exists()
    assert not inbox.is_waiting
    with db.read() as conn:
        assert [entry.detail for entry in list_audit(conn, "inbox.refuse")] == [{"code": "VIDEO_EMPTY"}]
    message = "expected a video, got a file of 0 bytes."
    assert list_inbox_refusals(db) == [Refusal("empty.mp4", "VIDEO_EMPTY", message)]
    path.write_bytes(b"now it is whole")
    inbox.look(now=30.0)
    assert inbox.look(now=36.0) == [1]
    assert list_inbox_refusals(db) == []


def test_names_in_the_inbox_are_told_as_they_can_be_seen(db: Database) -> None:
    path = put_in_inbox(db, "a\u202eb\udcff.mp4", b"x")
    inbox = Inbox(db)
    inbox.look(now=0.0)
    inbox.look(now=10.0)
    assert [(r.name, r.code) for r in list_inbox_refusals(db)] == [("a\\u202eb\\udcff.mp4", "NAME_INVALID")]
    path.unlink()
    inbox.look(now=20.0)
    assert list_inbox_refusals(db) == []


def test_a_file_from_the_inbox_that_is_no_video_goes_back_there(db: Database) -> None:
    put_in_inbox(db, "notes.txt", b"my only copy")
    inbox = Inbox(db)
    inbox.look(now=0.0)
    inbox.look(now=10.0)
    run_jobs(db)
    assert (db.settings.inbox / "refused" / "notes.txt").read_bytes() == b"my only copy"
    with db.read() as conn:
        probe = find_job(conn, 1, "probe")
    assert probe is not None
    assert probe.error_code == "VIDEO_FORMAT"
    assert str(probe.error_text).endswith("The file lies in inbox/refused/notes.txt now.")


def test_one_pass_of_the_worker_empties_inbox_and_queue(db: Database, settings: Settings) -> None:
    put_in_inbox(db, "a.mp4")
    worker = start_worker(settings, "--once")
    _, errors = worker.communicate(timeout=60)
    assert worker.returncode == 0, errors.decode()
    with db.read() as conn:
        assert {job.state for job in list_jobs(conn)} == {"failed", "cancelled"}
