"""Work in a child process: its result, its errors, its silence and its death reach the worker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from imigue_core.errors import InputError, StudioError, WorkerError
from imigue_core.jobs.child import Child, Progress, run_in_child
from tests.harness.places import ROOT
from tests.harness.waiting import wait_for

MEGABYTE = 1024**2


def add_up(*numbers: int, on_progress: Progress) -> int:
    for n_done, _ in enumerate(numbers, start=1):
        on_progress(n_done, len(numbers))
    return sum(numbers)


def refuse(on_progress: Progress) -> None:
    raise InputError("VIDEO_FORMAT", "expected a video.", hint="Try another.", where="clip.mp4")


def fail(on_progress: Progress) -> None:
    raise ZeroDivisionError("by chance")


def sleep(on_progress: Progress) -> None:
    on_progress(3, 10)
    time.sleep(60)


def die(on_progress: Progress) -> None:
    os.kill(os.getpid(), 9)


def take_memory(on_progress: Progress) -> int:
    return len(bytearray(2048 * MEGABYTE))


def tell_pid(on_progress: Progress) -> int:
    return os.getpid()


def ignore(done: int, total: int) -> None:
    """Nobody wants to know."""


def get_result(child: Child) -> object:
    """The result of the child's task."""
    return wait_for(lambda: answer if (answer := child.poll())[0] else None, "the task ends", every_s=0.01)[1]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_task_gives_its_result_and_tells_its_progress() -> None:
    told: list[tuple[int, int]] = []
    result = run_in_child(add_up, 1, 2, 3, stall_s=20, on_progress=lambda *progress: told.append(progress))
    assert result == 6
    assert told[-1] == (3, 3)


def test_a_refusal_keeps_its_class_code_and_words() -> None:
    with pytest.raises(InputError) as refusal:
        run_in_child(refuse, stall_s=20, on_progress=ignore)
    assert refusal.value.to_dict() == {
        "code": "VIDEO_FORMAT",
        "message": "expected a video.",
        "hint": "Try another.",
        "where": "clip.mp4",
    }


@pytest.mark.parametrize(
    ("task", "code"), [(fail, "WORKER_FAILED"), (die, "WORKER_DIED"), (take_memory, "WORKER_MEMORY")]
)
def test_what_goes_wrong_has_a_code(task: object, code: str) -> None:
    with pytest.raises(StudioError) as refusal:
        run_in_child(task, stall_s=20, on_progress=ignore, memory_bytes=1024 * MEGABYTE)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_task_without_progress_is_stopped() -> None:
    child = Child(stall_s=0.5)
    child.start(sleep)
    with pytest.raises(WorkerError, match=r"WORKER_TIMEOUT: no progress for 0\.5 s after 3 frames"):
        get_result(child)
    assert child.pid is not None
    assert not is_alive(child.pid)


def test_what_progress_raises_stops_the_child() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        run_in_child(sleep, stall_s=20, on_progress=stop)


def test_one_child_does_many_tasks() -> None:
    child = Child(stall_s=20)
    pids = set()
    try:
        for _ in range(3):
            child.start(tell_pid)
            pids.add(get_result(child))
    finally:
        child.kill()
    assert len(pids) == 1


def test_a_child_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import time\n"
        "from imigue_core.jobs.child import Child\n"
        "from tests.unit.jobs.test_child import sleep\n"
        "if __name__ == '__main__':\n"
        "    child = Child(stall_s=60)\n"
        "    child.start(sleep)\n"
        "    while not child.total:\n"
        "        child.poll()\n"
        "    print(child.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    root = ROOT
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert is_alive(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_for(lambda: not is_alive(pid), "the child is gone")
