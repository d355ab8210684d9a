"""Making a scanner model from start to end: recordings, training, calibration, card, files.

``train_acted_scanner`` is how the bundled model was made; ``train_project_scanner`` goes on
from a bundled or own model with a project's labels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from imigue_core.errors import InputError
from imigue_core.models.cards import LICENCES, ModelCard
from imigue_core.models.checkpoint import load_scan_network, save_model
from imigue_core.models.features.revision import PREPROCESSING_HASH
from imigue_core.models.registry import get_model_spec
from imigue_core.models.runtime import choose_device, run_network
from imigue_core.models.tasks import ScanNetwork
from imigue_core.skeleton.normalise import RATE_HZ, list_shots
from imigue_core.suggest.scanner import count_votes
from imigue_core.synthesis.interview import InterviewSpec, make_interview
from imigue_core.taxonomy import CLASS_IDS
from imigue_core.training.calibrate import CalibrationReport, Watched, fit_calibration
from imigue_core.training.datasets import (
    SHORTEST_SHOT_S,
    ActedRecordings,
    KeptRecordings,
    Recording,
    list_spans,
    make_recording,
)
from imigue_core.training.recipes import Recipe
from imigue_core.training.scan_task import ScanTask, make_scan_network
from imigue_core.training.trainer import STATE_FOLDER, Trainer, TrainingProgress

CALIBRATION_SEED = 970_000_000
CALIBRATION_S = 240.0
HELD_OUT_EVERY = 5
"""Every fifth recording of a project is kept for fitting scores, where there are enough."""
NETWORK = "dense_tcn"
"""What is trained where nothing else is begun with."""
NOTES = {
    "synthetic": (
        "Trained on acted people only. How well it does on real footage is not known here.",
        "Suggestions are to be looked at, never to be taken as labels unseen.",
    ),
    "user": ("Trained on the labels of one project. It is only as good as they are.",),
}

OnProgress = Callable[[str, float, TrainingProgress | None], None]
"""What is being done, the share of it that is done, and the loop's own figures."""


def train_acted_scanner(
    folder: Path, recipe: Recipe, *, device: str = "auto", on_progress: OnProgress | None = None
) -> ModelCard:
    """Trains on acted interviews and writes the model into ``folder``; goes on with a run that was killed there.

    Raises:
        InputError: ``DEVICE`` or ``TRAINING_STATE``.
        WorkerError: ``ACTORS_STOPPED``.
    """
    fresh = make_scan_network(NETWORK, recipe)
    with ActedRecordings(recipe) as source:
        task = ScanTask(fresh, recipe, source, choose_device(device))
        trainer = Trainer(task, folder / STATE_FOLDER)
        trainer.train(_tell(on_progress))
    network = _round(task.finish())
    watched = list(_watch_acted(network, recipe, on_progress))
    facts = {"train_cpu_s": round(trainer.cpu_s, 1), "interviews": source.number}
    card = _save(folder, NETWORK, network, watched, "synthetic", recipe, facts)
    trainer.forget()
    return card


def train_project_scanner(
    folder: Path,
    recordings: Sequence[Recording],
    recipe: Recipe,
    *,
    start: Path | None,
    device: str = "auto",
    on_progress: OnProgress | None = None,
) -> ModelCard:
    """Trains on a project's own recordings, from the weights in ``start`` or from nothing.

    Raises:
        InputError: ``TRAINING_TOO_FEW`` without a recording, and what ``load_model`` raises.
    """
    if not recordings:
        raise InputError(
            "TRAINING_TOO_FEW",
            "expected at least one video with poses and labels, got none.",
            hint="Label some videos first; a video counts as a whole, so label all of it.",
        )
    held = [r for k, r in enumerate(recordings) if k % HELD_OUT_EVERY == HELD_OUT_EVERY - 1]
    kept = [r for k, r in enumerate(recordings) if k % HELD_OUT_EVERY != HELD_OUT_EVERY - 1]
    before, begun_with = (None, None) if start is None else load_scan_network(start)
    name = begun_with.model if begun_with else NETWORK
    fresh = make_scan_network(name, recipe, begun_with.config if begun_with else None)
    if before is not None:
        fresh.load_state_dict(before.state_dict())
    task = ScanTask(
        fresh, recipe, KeptRecordings(kept, recipe.seed), choose_device(device),
        is_fresh=before is None,
        material=_hash_recordings(recordings) + (begun_with.weights_sha256 if begun_with else ""),
    )  # fmt: skip
    trainer = Trainer(task, folder / STATE_FOLDER)
    trainer.train(_tell(on_progress))
    network = _round(task.finish())
    watched = [_watch(network, recording) for recording in held or kept]
    facts: dict[str, Any] = {
        "train_cpu_s": round(trainer.cpu_s, 1), "recordings": len(kept), "held_out": len(held),
        "began_with": f"{begun_with.name} {begun_with.weights_sha256[:12]}" if begun_with else "nothing",
    }  # fmt: skip
    notes = [] if held else ["Nothing was held out: its figures are of the very videos it was trained on."]
    if begun_with is not None and begun_with.trained_on == "synthetic":
        notes.append("It began with weights that were trained on acted people.")
    card = _save(folder, name, network, watched, "user", recipe, facts, notes)
    trainer.forget()
    return card


def _hash_recordings(recordings: Sequence[Recording]) -> str:
    """Changes with any video or label that is learnt from."""
    digest = hashlib.sha256()
    for recording in recordings:
        digest.update(recording.features.tobytes())
        for values in (recording.spans.columns, recording.spans.starts, recording.spans.ends):
            digest.update(values.tobytes())
    return digest.hexdigest()


def _tell(on_progress: OnProgress | None) -> Callable[[TrainingProgress], None] | None:
    return None if on_progress is None else lambda progress: on_progress("training", progress.share, progress)


def _round(network: ScanNetwork) -> ScanNetwork:
    """The network as it will be read back from half-precision weights."""
    return network.half().float()


def _watch_acted(network: ScanNetwork, recipe: Recipe, on_progress: OnProgress | None) -> Iterator[Watched]:
    for k in range(recipe.validation):
        spec = InterviewSpec(CALIBRATION_SEED + k, CALIBRATION_S, profile=recipe.profile)
        interview = make_interview(spec)
        spans = list_spans(interview.acts)
        for start, stop in list_shots(len(interview.times), interview.shot_cuts):
            if interview.times[stop - 1] - interview.times[start] >= SHORTEST_SHOT_S:
                keypoints = interview.poses.keypoints[start:stop]
                yield _watch(network, make_recording(keypoints, interview.times[start:stop], spans))
        if on_progress is not None:
            on_progress("fitting scores", (k + 1) / recipe.validation, None)


def _watch(network: ScanNetwork, recording: Recording) -> Watched:
    answer = run_network(network, recording.features.astype("float32"))
    return Watched(count_votes(answer), recording.spans, len(recording.features) / RATE_HZ)


def _save(
    folder: Path,
    name: str,
    network: ScanNetwork,
    watched: Sequence[Watched],
    trained_on: str,
    recipe: Recipe,
    facts: dict[str, Any],
    more_notes: Sequence[str] = (),
) -> ModelCard:
    calibration, report = fit_calibration(watched)
    spec = get_model_spec(name)
    card = ModelCard(
        name=folder.name,
        model=name,
        task=spec.task,
        config=asdict(network.config),
        joint_set=spec.joint_set,
        rate_hz=spec.rate_hz,
        preprocessing_hash=PREPROCESSING_HASH,
        classes=list(CLASS_IDS),
        trained_on=trained_on,
        weights_sha256="",
        n_parameters=0,
        threshold=report.threshold,
        calibration=calibration.to_dict(),
        recipe={**recipe.to_dict(), **facts, "torch": torch.__version__},
        metrics={"calibration": describe_report(report)},
        licence=LICENCES[trained_on],
        made_utc=datetime.now(UTC).isoformat(timespec="seconds"),
        notes=[*NOTES[trained_on], *more_notes],
    )
    return save_model(folder, network, card)


def describe_report(report: CalibrationReport) -> dict[str, float]:
    """The report as plain data for the card."""
    return asdict(report)
