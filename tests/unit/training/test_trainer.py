"""The trainer and the scanner's task: it learns, it stays within its time, and a killed run goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from imigue_core.errors import InputError
from imigue_core.models.cards import load_card
from imigue_core.training import trainer
from imigue_core.training.datasets import KeptRecordings
from imigue_core.training.recipes import Recipe, make_recipe
from imigue_core.training.scan_task import ScanTask, compute_rate, make_scan_network
from imigue_core.training.scanner import NETWORK, train_project_scanner
from imigue_core.training.trainer import (
    STATE_FILE,
    STATE_FOLDER,
    TaskState,
    Trainer,
    TrainingProgress,
    find_state,
)
from tests.unit.training.recordings import make_recordings

torch.set_num_threads(1)
CPU = torch.device("cpu")
SMALL = replace(
    Recipe(), steps=60, minutes=2.0, batch=4, crop_samples=256, pool=12, first_pool=8, peak_rate=3e-3, validation=1
)


def make_task(recipe: Recipe, n: int = 8) -> ScanTask:
    return ScanTask(make_scan_network(NETWORK, recipe), recipe, KeptRecordings(make_recordings(n), 1), CPU)


def test_it_learns_what_gives_gestures_away_and_writes_a_model(tmp_path: Path) -> None:
    card = train_project_scanner(tmp_path / "ours", make_recordings(15), SMALL, start=None, device="cpu")
    assert card == load_card(tmp_path / "ours")
    assert card.trained_on == "user"
    assert card.name == "ours"
    assert card.recipe["steps"] == 60
    assert card.recipe["train_cpu_s"] > 0
    assert card.metrics["calibration"]["micro_f1"] > 0.6
    assert not (tmp_path / "ours" / STATE_FOLDER).exists()


def test_the_same_recipe_gives_the_same_weights(tmp_path: Path) -> None:
    recipe = replace(SMALL, steps=3, minutes=100.0)
    networks = []
    for folder in ("a", "b"):
        task = make_task(recipe)
        Trainer(task, tmp_path / folder).train()
        networks.append(task.finish())
    one, other = networks
    for name, value in one.state_dict().items():
        assert torch.equal(value, other.state_dict()[name]), name


def test_the_time_ends_a_run_that_has_steps_left(tmp_path: Path) -> None:
    recipe = replace(SMALL, steps=100_000, minutes=3 / 60)
    told: list[TrainingProgress] = []
    run = Trainer(make_task(recipe), tmp_path)
    run.train(told.append)
    assert run.step < recipe.steps
    assert run.cpu_s >= 3
    assert all(progress.cpu_s < 3 for progress in told[:-1])


def test_the_rate_rises_then_falls_to_nearly_nothing() -> None:
    rates = [compute_rate(share, 0.1) for share in np.linspace(0, 1, 101)]
    assert max(rates) == pytest.approx(1, abs=0.01)
    assert int(np.argmax(rates)) == 10
    assert rates[-1] < 0.01


LONG = replace(SMALL, steps=4000)
RUN = """
import os, signal, sys, torch
from pathlib import Path
from typing import Any
torch.set_num_threads(1)
from imigue_core import files
from imigue_core.training import trainer
from tests.unit.training.test_trainer import LONG, make_task
trainer.SAVE_EVERY_S = 0.2
last, moment = int(sys.argv[2]), sys.argv[3]
replace, n_written = os.replace, 0

def replace_and_die(source, target):
    global n_written
    n_written += 1
    if n_written == last and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    replace(source, target)
    if n_written == last:
        os.kill(os.getpid(), signal.SIGKILL)

files.os.replace = replace_and_die
trainer.Trainer(make_task(LONG), Path(sys.argv[1])).train()
"""


def train_until_killed(folder: Path, n_files: int, moment: str = "after") -> dict[str, Any]:
    """A run that is killed right before or after it puts a file in its place; what it left."""
    done = subprocess.run([sys.executable, "-c", RUN, str(folder), str(n_files), moment], timeout=120)
    assert done.returncode == -signal.SIGKILL
    facts = find_state(folder)
    assert facts is not None
    return facts


def test_a_killed_run_goes_on_where_its_state_was_saved(tmp_path: Path) -> None:
    facts = train_until_killed(tmp_path, 3)
    with pytest.raises(InputError, match="TRAINING_STATE"):
        Trainer(make_task(replace(LONG, seed=99)), tmp_path)
    task = make_task(LONG)
    resumed = Trainer(task, tmp_path)
    assert task.get_state().facts == facts["task"]
    steps: list[int] = []

    class EnoughError(Exception):
        pass

    def stop(progress: TrainingProgress) -> None:
        steps.append(progress.step)
        if len(steps) == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        resumed.train(stop)
    assert steps == [facts["step"] + k for k in (1, 2, 3)]
    assert resumed.cpu_s > facts["cpu_s"]
    resumed.forget()
    assert not tmp_path.exists()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_while_saving_never_pairs_weights_with_the_step_of_others(tmp_path: Path, moment: str) -> None:
    facts = train_until_killed(tmp_path, 3, moment)
    assert facts["step"] > 0
    arrays = load_file(tmp_path / STATE_FILE)
    counted = {
        int(values) for name, values in arrays.items() if name.startswith("optimiser.") and name.endswith(".step")
    }
    assert counted == {facts["step"]}
    assert Trainer(make_task(LONG), tmp_path).step == facts["step"]


def test_a_state_of_two_files_is_begun_anew(tmp_path: Path) -> None:
    save_file({"network.x": np.zeros(3)}, tmp_path / STATE_FILE)
    (tmp_path / "state.json").write_text('{"step": 7}')
    assert find_state(tmp_path) is None
    assert Trainer(make_task(SMALL), tmp_path).step == 0


def test_a_damaged_state_is_refused(tmp_path: Path) -> None:
    (tmp_path / STATE_FILE).write_bytes(b"no state at all")
    with pytest.raises(InputError, match="TRAINING_STATE"):
        Trainer(make_task(SMALL), tmp_path)


class Counting:
    """A task that counts to ten, and fails on its way when it is told to."""

    helper_cpu_s = 0.0

    def __init__(self, fails_at: int = 99, what: str = "sheep") -> None:
        self.origin = {"what": what}
        self.counted: list[int] = []
        self._fails_at = fails_at

    def begin(self) -> None:
        pass

    def compute_share(self, n_steps: int, cpu_s: float) -> float:
        return n_steps / 10

    def step(self, number: int, share: float) -> None:
        if number == self._fails_at:
            raise RuntimeError
        self.counted.append(number)

    def describe(self) -> str:
        return f"{len(self.counted)} counted"

    def get_state(self) -> TaskState:
        return TaskState({"counted": np.array(self.counted)}, {"n": len(self.counted)})

    def set_state(self, state: TaskState) -> None:
        self.counted = state.arrays["counted"].tolist()


def test_any_task_is_trained_and_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer, "SAVE_EVERY_S", 0)
    with pytest.raises(RuntimeError):
        Trainer(Counting(fails_at=6), tmp_path).train()
    with pytest.raises(InputError, match="TRAINING_STATE"):
        Trainer(Counting(what="goats"), tmp_path)
    told: list[str] = []
    task = Counting()
    Trainer(task, tmp_path).train(lambda progress: told.append(progress.words))
    assert task.counted == list(range(10))
    assert told == ["7 counted", "8 counted", "9 counted", "10 counted"]


def test_a_shorter_recipe_is_the_same_but_for_its_length() -> None:
    long, short = make_recipe(50, seed=3), make_recipe(5, seed=3)
    assert short.steps * 10 == long.steps
    assert short.peak_rate == long.peak_rate
    assert short.first_pool <= short.pool


def test_a_project_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="TRAINING_TOO_FEW"):
        train_project_scanner(tmp_path, [], SMALL, start=None)
