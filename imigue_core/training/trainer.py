"""The one trainer: it takes a task from its first step to its last, and a run that was killed goes on.

What a step is, and when there have been enough, a task knows: ``scan_task.py``, ``emotion.py``. No torch.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from imigue_core.errors import InputError
from imigue_core.files import write_atomic

STATE_FOLDER = "training"
"""Beside the model that is being made."""
STATE_FILE = "state.safetensors"
SAVE_EVERY_S = 45.0
_NOTE = "imigue-training"


@dataclass(frozen=True, slots=True)
class TaskState:
    """What a task goes on from: arrays by name, and facts that JSON can hold."""

    arrays: Mapping[str, NDArray]
    facts: Mapping[str, Any] = field(default_factory=dict)


class TrainingTask(Protocol):
    """One kind of model in the making.

    Attributes:
        origin: Recipe and material, as JSON can hold them; a state of another origin is not gone on with.
        helper_cpu_s: CPU seconds of processes that work for the task.
    """

    @property
    def origin(self) -> Mapping[str, Any]: ...
    @property
    def helper_cpu_s(self) -> float: ...

    def begin(self) -> None:
        """What comes before the first step of a run, be it new or gone on with."""

    def compute_share(self, n_steps: int, cpu_s: float) -> float:
        """How much of the run is done after so many steps and CPU seconds; from 1 on it is over."""

    def step(self, number: int, share: float) -> None:
        """Step ``number``, counted from 0."""

    def describe(self) -> str:
        """How it goes, in a few words for people."""

    def get_state(self) -> TaskState: ...
    def set_state(self, state: TaskState) -> None: ...


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """How far a run is.

    Attributes:
        step: Steps done.
        share: Of the run that is done, 0..1.
        cpu_s: CPU seconds of all processes, earlier parts of a resumed run included.
        words: The task's own figures.
    """

    step: int
    share: float
    cpu_s: float
    words: str


OnProgress = Callable[[TrainingProgress], None]


class Trainer:
    """Trains one task; goes on with what an earlier run of it left in ``folder``.

    Args:
        task: What to do.
        folder: For the state that a killed run goes on from; None where nothing is to be kept.

    Attributes:
        step: Steps done.

    Raises:
        InputError: ``TRAINING_STATE`` when another run was interrupted there.
    """

    def __init__(self, task: TrainingTask, folder: Path | None) -> None:
        self.step = 0
        self._task = task
        self._folder = folder
        self._cpu_before_s = 0.0
        self._began = time.process_time()
        self._load_state()

    @property
    def cpu_s(self) -> float:
        """CPU seconds of this process and its helpers, earlier parts of the run included."""
        return self._cpu_before_s + (time.process_time() - self._began) + self._task.helper_cpu_s

    def train(self, on_progress: OnProgress | None = None) -> None:
        """Runs to the end; what was learnt, the task has."""
        self._task.begin()
        saved_at = time.monotonic()
        while (share := self._task.compute_share(self.step, self.cpu_s)) < 1:
            self._task.step(self.step, share)
            self.step += 1
            if on_progress is not None:
                on_progress(TrainingProgress(self.step, share, self.cpu_s, self._task.describe()))
            if time.monotonic() - saved_at > SAVE_EVERY_S:
                self._save_state()
                saved_at = time.monotonic()

    def forget(self) -> None:
        """Removes the state; the run is over."""
        if self._folder is None:
            return
        for path in (self._folder / STATE_FILE, *self._folder.glob(f".{STATE_FILE}.*")):  # what a kill left too
            path.unlink(missing_ok=True)
        if self._folder.is_dir() and not any(self._folder.iterdir()):
            self._folder.rmdir()

    def _save_state(self) -> None:
        """One file, so that no kill can leave the arrays of one step with the number of another."""
        if self._folder is None:
            return
        state = self._task.get_state()
        facts = {"step": self.step, "cpu_s": self.cpu_s, "origin": self._task.origin, "task": state.facts}
        data = save(dict(state.arrays), {_NOTE: json.dumps(facts)})
        write_atomic(self._folder / STATE_FILE, lambda file: file.write(data))

    def _load_state(self) -> None:
        facts = None if self._folder is None else find_state(self._folder)
        if facts is None or self._folder is None:
            return
        if facts["origin"] != json.loads(json.dumps(self._task.origin)):
            raise InputError(
                "TRAINING_STATE",
                "expected the options, videos and labels of the run that was interrupted here.",
                hint="Give the same options, or another --out folder.",
                where=str(self._folder),
            )
        with safe_open(self._folder / STATE_FILE, framework="numpy") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dictionary
        self._task.set_state(TaskState(arrays, facts["task"]))
        self.step, self._cpu_before_s = facts["step"], facts["cpu_s"]


def find_state(folder: Path) -> dict[str, Any] | None:
    """What an interrupted run left: its step, CPU seconds, origin and the task's own facts; None without one.

    A state of the time when it was two files says nothing of its step, and is not gone on with.

    Raises:
        InputError: ``TRAINING_STATE`` when the file is damaged.
    """
    path = folder / STATE_FILE
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="numpy") as file:
            note = (file.metadata() or {}).get(_NOTE)
    except SafetensorError as error:
        raise InputError(
            "TRAINING_STATE", f"expected the state of a run, got {error}.", hint="Remove the file.", where=str(path)
        ) from error
    return None if note is None else dict(json.loads(note))
