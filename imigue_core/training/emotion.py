"""Training and judging the additive emotion model. Numpy only; seconds, not minutes, of one core.

The bundled weights come from acted interviews, whose outcome-dependent rates are
invented (synthesis states them); they demonstrate the panel and claim nothing
about people. ``train emotion --data project`` fits a project's own outcomes.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from db.engine import Database
from imigue_core.metrics.ranking import compute_auc, compute_auc_interval
from imigue_core.models.cards import LICENCES, ModelCard
from imigue_core.models.features.events import EVENT_HASH
from imigue_core.models.networks.emotion_additive import (
    AdditiveEmotion,
    AdditiveEmotionConfig,
    save_additive_emotion,
)
from imigue_core.models.registry import get_model_spec
from imigue_core.taxonomy import CLASS_IDS
from imigue_core.training.emotion_tables import EmotionTable, RecogniserNoise, load_project_table, make_acted_table
from imigue_core.training.logistic import (
    compute_log_loss,
    compute_standard,
    fit_logistic,
    make_group_folds,
    predict_out_of_fold,
)
from imigue_core.training.trainer import STATE_FOLDER, TaskState, Trainer

PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
N_SUBJECTS = 400
N_FOLDS = 5
N_REFITS = 200
NETWORK = "emotion_additive"

NOTES = {
    "synthetic": (
        "Demonstration weights, invented rates: no source says how outcomes change gestures.",
        "The score says nothing about real people until a model was trained on real outcomes.",
    ),
    "user": (
        "Fitted to the recorded outcomes of this project's videos, from their labels.",
        "An outcome is not a feeling: from gestures alone the paper reached 0.60 accuracy, guessing 0.50.",
    ),
}
"""What the card says, by what the model was trained on."""


@dataclass(frozen=True, slots=True)
class EmotionReport:
    """How a fit went, all of it out of fold; subjects never lie on both sides.

    Attributes:
        n_videos: Rows of the table.
        n_subjects: Groups of the folds.
        n_positive: Rows that are positive.
        l2: The penalty with the lowest log loss.
        auc: Area under the ROC curve.
        auc_interval: Its 95 % bootstrap interval over rows.
        shuffled_auc: The same with outcomes shuffled among rows before folding; about 0.5.
        log_loss: Mean, in nats.
        cpu_s: CPU seconds of the whole fit.
    """

    n_videos: int
    n_subjects: int
    n_positive: int
    l2: float
    auc: float
    auc_interval: tuple[float, float]
    shuffled_auc: float
    log_loss: float
    cpu_s: float


class EmotionTask:
    """An additive emotion model that learns from a table, a refit a step; a ``TrainingTask``.

    The penalty is chosen by folds over subjects and all rows are fitted before the first step; the refits, on
    resampled subjects, are what the score's interval comes from.

    Args:
        table: At least a few subjects of each outcome.
        trained_on: ``synthetic`` or ``user``, for the card and the panel.
        seed: Of folds, of the shuffled control and of the resampling.
        n_refits: How many.
    """

    helper_cpu_s = 0.0

    def __init__(self, table: EmotionTable, trained_on: str, *, seed: int = 0, n_refits: int = N_REFITS) -> None:
        self._table = table
        self._trained_on = trained_on
        self._seed = seed
        self._n_refits = n_refits
        self._n_done = 0
        x = table.features.reshape(len(table), -1)
        self._means, self._scales = compute_standard(x)
        self._x = (x - self._means) / self._scales
        self._bundle = np.zeros((n_refits, x.shape[1] + 1))
        self._began = time.process_time()

    @property
    def origin(self) -> Mapping[str, Any]:
        digest = hashlib.sha256(self._table.features.tobytes() + self._table.positive.tobytes())
        digest.update("\n".join(self._table.subjects.tolist()).encode())
        return {"seed": self._seed, "n_refits": self._n_refits, "table": digest.hexdigest()}

    def begin(self) -> None:
        """Chooses the penalty, judges it out of fold and fits all rows."""
        table, seed = self._table, self._seed
        x, positive = table.features.reshape(len(table), -1), table.positive
        folds = make_group_folds(table.subjects, N_FOLDS, seed)
        losses = [(compute_log_loss(predict_out_of_fold(x, positive, folds, l2), positive), l2) for l2 in PENALTIES]
        self._log_loss, self._l2 = min(losses)
        self._logits = predict_out_of_fold(x, positive, folds, self._l2)
        shuffled = np.random.default_rng(seed + 1).permutation(positive)
        self._shuffled_auc = compute_auc(predict_out_of_fold(x, shuffled, folds, self._l2), shuffled)
        self._beta = fit_logistic(self._x, positive, self._l2)
        rng = np.random.default_rng(seed + 2)
        names, self._places = np.unique(table.subjects, return_inverse=True)
        self._draws = [rng.integers(0, len(names), len(names)) for _ in range(self._n_refits)]

    def compute_share(self, n_steps: int, cpu_s: float) -> float:
        return n_steps / self._n_refits

    def step(self, number: int, share: float) -> None:
        """One refit, in which each subject counts as often as it was drawn."""
        draw = self._draws[number]
        counts = np.bincount(draw, minlength=len(draw))
        self._bundle[number] = fit_logistic(self._x, self._table.positive, self._l2, counts[self._places])
        self._n_done = number + 1

    def describe(self) -> str:
        return f"{self._n_done} of {self._n_refits} refits on resampled subjects"

    def get_state(self) -> TaskState:
        return TaskState({"bundle": self._bundle})

    def set_state(self, state: TaskState) -> None:
        self._bundle = state.arrays["bundle"].copy()

    def finish(self) -> tuple[AdditiveEmotion, EmotionReport]:
        """The model, and how well it does out of fold."""
        table = self._table
        shape = table.features.shape[1:]
        model = AdditiveEmotion(
            self._means.reshape(shape),
            self._scales.reshape(shape),
            self._beta[1:].reshape(shape),
            float(self._beta[0]),
            self._bundle,
            self._trained_on,
        )
        report = EmotionReport(
            n_videos=len(table),
            n_subjects=len(np.unique(table.subjects)),
            n_positive=int(table.positive.sum()),
            l2=self._l2,
            auc=compute_auc(self._logits, table.positive),
            auc_interval=compute_auc_interval(self._logits, table.positive, seed=self._seed),
            shuffled_auc=self._shuffled_auc,
            log_loss=self._log_loss,
            cpu_s=time.process_time() - self._began,
        )
        return model, report


def train_emotion(
    folder: Path, db: Database | None = None, *, seed: int = 0, n_subjects: int = N_SUBJECTS
) -> tuple[ModelCard, EmotionReport]:
    """Fits an emotion model and writes it to ``folder``, whose name becomes the model's.

    Args:
        folder: Where weights and card go; what was there is replaced.
        db: A project to learn from; None learns from acted interviews.
        seed: Gives the same model again.
        n_subjects: Acted subjects, four interviews each; of no account with a project.

    Raises:
        InputError: ``TRAINING_TOO_FEW`` when the project has too few labelled wins or losses; ``TRAINING_STATE``.
    """
    noise = RecogniserNoise()
    table = make_acted_table(n_subjects, seed=seed, noise=noise) if db is None else load_project_table(db)
    trained_on = "synthetic" if db is None else "user"
    task = EmotionTask(table, trained_on, seed=seed)
    trainer = Trainer(task, folder / STATE_FOLDER)
    trainer.train()
    model, report = task.finish()
    facts = {"n_subjects": n_subjects, "recogniser_noise": asdict(noise)} if db is None else {}
    card = save_additive_emotion(folder, model, _make_card(folder.name, trained_on, seed, report, facts))
    trainer.forget()
    return card, report


def fit_emotion(
    table: EmotionTable, trained_on: str, *, seed: int = 0, n_refits: int = N_REFITS
) -> tuple[AdditiveEmotion, EmotionReport]:
    """What ``EmotionTask`` makes of a table, with nothing written; arguments as there."""
    task = EmotionTask(table, trained_on, seed=seed, n_refits=n_refits)
    Trainer(task, None).train()
    return task.finish()


def _make_card(name: str, trained_on: str, seed: int, report: EmotionReport, facts: Mapping[str, Any]) -> ModelCard:
    spec = get_model_spec(NETWORK)
    return ModelCard(
        name=name,
        model=NETWORK,
        task=spec.task,
        config=asdict(AdditiveEmotionConfig()),
        joint_set=spec.joint_set,
        rate_hz=spec.rate_hz,
        preprocessing_hash=EVENT_HASH,
        classes=list(CLASS_IDS),
        trained_on=trained_on,
        weights_sha256="",
        n_parameters=0,
        threshold=0.5,
        recipe={
            "seed": seed,
            "l2": report.l2,
            "refits": N_REFITS,
            "folds": N_FOLDS,
            "cpu_s": round(report.cpu_s, 1),
            **facts,
        },
        metrics={"out_of_fold": _describe(report)},
        licence=LICENCES[trained_on],
        made_utc=datetime.now(UTC).isoformat(timespec="seconds"),
        notes=list(NOTES[trained_on]),
    )


def _describe(report: EmotionReport) -> dict[str, Any]:
    """The report as plain data for the card."""
    values = {**asdict(report), "auc_interval": list(report.auc_interval)}
    return {name: value for name, value in values.items() if name not in ("l2", "cpu_s")}
