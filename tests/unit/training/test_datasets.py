"""Acted recordings: seeds, dialects, order, and a helper that goes when its parent goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from imigue_core.models.features.table import N_FEATURES
from imigue_core.synthesis.gestures.base import ACTORS
from imigue_core.synthesis.interview import make_script
from imigue_core.training.datasets import ActedRecordings, act_recordings, make_spec
from imigue_core.training.evaluation_sets import SEEDS
from imigue_core.training.recipes import Recipe
from imigue_core.training.scanner import CALIBRATION_SEED
from tests.harness.waiting import wait_for

SHORT = replace(Recipe(), recording_s=(20.0, 30.0))


def test_a_recording_is_one_shot_s_features_with_its_gestures() -> None:
    (recording, *_) = act_recordings(SHORT, 3)
    seconds = len(recording.features) / 25
    assert recording.features.dtype == np.float16
    assert recording.features.shape[1] == N_FEATURES
    assert 8 <= seconds <= 30
    assert (recording.spans.ends > recording.spans.starts).all()
    assert (recording.spans.starts < seconds).all()
    assert (recording.spans.ends > 0).all()
    assert np.isnan(recording.features).mean() < 0.5


def test_the_last_dialect_and_the_seeds_of_evaluations_are_never_trained_on() -> None:
    for number in range(60):
        spec, _ = make_spec(Recipe(), number)
        assert spec.dialects == "trained"
        assert spec.seed < min(*SEEDS.values(), CALIBRATION_SEED)
        assert all(act.dialect != ACTORS[act.class_id].dialects[-1] for act in make_script(spec).acts)


def test_seeds_of_two_recipes_do_not_meet() -> None:
    one = {make_spec(replace(SHORT, seed=1), number)[0].seed for number in range(50)}
    other = {make_spec(replace(SHORT, seed=2), number)[0].seed for number in range(50)}
    assert not one & other


def test_recordings_come_in_the_order_of_their_numbers_from_any_number_on() -> None:
    with ActedRecordings(SHORT) as source:
        source.number = 4
        for number in (4, 5):
            taken = source.take()
            expected = act_recordings(SHORT, number)
            for one, other in zip(taken, expected, strict=True):
                assert np.array_equal(one.features, other.features, equal_nan=True)
        assert source.number == 6
        assert source.cpu_s > 0


RUN = """
import os, sys, time
from tests.unit.training.test_datasets import SHORT
from imigue_core.training.datasets import ActedRecordings
if __name__ == "__main__":
    with ActedRecordings(SHORT) as source:
        source.take()
        print(source._helper.pid, flush=True)
        time.sleep(600)
"""


def test_the_helper_leaves_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN)
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    helper = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_for(lambda: not Path(f"/proc/{helper}").exists(), "the helper is gone")
