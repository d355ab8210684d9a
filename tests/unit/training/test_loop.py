"""The training loop: it learns, it stays within its time, and a killed run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from imigue_core.errors import InputError
from imigue_core.models.cards import load_card
from imigue_core.training.datasets import KeptRecordings
from imigue_core.training.loop import STATE_CARD, Trainer, TrainingProgress, compute_rate, find_state
from imigue_core.training.recipes import Recipe, make_recipe
from imigue_core.training.scanner import STATE_FOLDER, train_project_scanner
from tests.harness.waiting import wait_for
from tests.unit.training.recordings import make_recordings

torch.set_num_threads(1)
CPU = torch.device("cpu")
SMALL = replace(
    Recipe(), steps=60, minutes=2.0, batch=4, crop_samples=256, pool=12, first_pool=8, peak_rate=3e-3, validation=1
)


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
    one, other = (
        Trainer(recipe, tmp_path / name, CPU).train(KeptRecordings(make_recordings(8), 1)) for name in ("a", "b")
    )
    for name, value in one.state_dict().items():
        assert torch.equal(value, other.state_dict()[name]), name


def test_the_time_ends_a_run_that_has_steps_left(tmp_path: Path) -> None:
    recipe = replace(SMALL, steps=100_000, minutes=3 / 60)
    trainer = Trainer(recipe, tmp_path, CPU)
    source = KeptRecordings(make_recordings(8), 1)
    trainer.train(source)
    assert trainer.cpu_seconds(source) < 8


def test_the_rate_rises_then_falls_to_nearly_nothing() -> None:
    rates = [compute_rate(share, 0.1) for share in np.linspace(0, 1, 101)]
    assert max(rates) == pytest.approx(1, abs=0.01)
    assert int(np.argmax(rates)) == 10
    assert rates[-1] < 0.01


RUN = """
import sys, torch
from pathlib import Path
torch.set_num_threads(1)
from imigue_core.training import loop
loop.SAVE_EVERY_S = 0.2
from imigue_core.training.datasets import KeptRecordings
from imigue_core.training.loop import Trainer
from tests.unit.training.recordings import make_recordings
from tests.unit.training.test_loop import SMALL
from dataclasses import replace
trainer = Trainer(replace(SMALL, steps=4000), Path(sys.argv[1]), torch.device("cpu"))
trainer.train(KeptRecordings(make_recordings(8), 1))
"""


def test_a_killed_run_goes_on_where_its_state_was_saved(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path)])
    wait_for(lambda: (find_state(tmp_path) or {"step": 0})["step"] >= 5, "five steps are saved")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    facts = find_state(tmp_path)
    assert facts is not None
    assert facts["step"] >= 5
    recipe = replace(SMALL, steps=4000)
    with pytest.raises(InputError, match="TRAINING_STATE"):
        Trainer(replace(recipe, seed=99), tmp_path, CPU)
    resumed = Trainer(recipe, tmp_path, CPU)
    assert resumed.first_number == facts["number"]
    steps: list[int] = []

    class EnoughError(Exception):
        pass

    def stop(progress: TrainingProgress) -> None:
        steps.append(progress.step)
        if len(steps) == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        resumed.train(KeptRecordings(make_recordings(8), 1), stop)
    assert steps == [facts["step"] + k for k in (1, 2, 3)]
    assert resumed.cpu_seconds(KeptRecordings([], 0)) > facts["cpu_s"]
    resumed.forget()
    assert not (tmp_path / STATE_CARD).exists()


def test_a_shorter_recipe_is_the_same_but_for_its_length() -> None:
    long, short = make_recipe(50, seed=3), make_recipe(5, seed=3)
    assert short.steps * 10 == long.steps
    assert short.peak_rate == long.peak_rate
    assert short.first_pool <= short.pool


def test_a_project_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="TRAINING_TOO_FEW"):
        train_project_scanner(tmp_path, [], SMALL, start=None)
