"""Training and judging the additive emotion model. Numpy only; seconds, not minutes, of one core.

The bundled weights come from acted interviews, whose outcome-dependent rates are
invented (synthesis states them); they demonstrate the panel and claim nothing
about people. ``train emotion --data project`` fits a project's own outcomes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db.engine import Database
from imigue_core.metrics.ranking import compute_auc, compute_auc_interval
from imigue_core.models.cards import ModelCard
from imigue_core.suggest.emotion import EVENT_HASH, MEASURES, MODEL, EmotionModel, save_emotion_model
from imigue_core.taxonomy import CLASS_IDS
from imigue_core.training.emotion_tables import EmotionTable, RecogniserNoise, load_project_table, make_acted_table
from imigue_core.training.logistic import (
    compute_log_loss,
    compute_standard,
    fit_logistic,
    make_group_folds,
    predict_out_of_fold,
)

PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
N_SUBJECTS = 400
N_FOLDS = 5
N_REFITS = 200

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

OnProgress = Callable[[str, int, int], None]
"""What is being done, steps done, steps in all."""


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


def train_emotion(
    folder: Path,
    db: Database | None = None,
    *,
    seed: int = 0,
    n_subjects: int = N_SUBJECTS,
    on_progress: OnProgress | None = None,
) -> tuple[ModelCard, EmotionReport]:
    """Fits an emotion model and writes it to ``folder``, whose name becomes the model's.

    Args:
        folder: Where weights and card go; what was there is replaced.
        db: A project to learn from; None learns from acted interviews.
        seed: Gives the same model again.
        n_subjects: Acted subjects, four interviews each; of no account with a project.
        on_progress: Called as the work goes by.

    Raises:
        InputError: ``TRAINING_TOO_FEW`` when the project has too few labelled wins or losses.
    """
    noise = RecogniserNoise()
    table = make_acted_table(n_subjects, seed=seed, noise=noise) if db is None else load_project_table(db)
    trained_on = "synthetic" if db is None else "user"
    model, report = fit_emotion(table, trained_on, seed=seed, on_progress=on_progress)
    data = {"n_subjects": n_subjects, "recogniser_noise": asdict(noise)} if db is None else {}
    card = ModelCard(
        name=folder.name,
        model=MODEL,
        config={"measures": list(MEASURES)},
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
            **data,
        },
        metrics={"out_of_fold": _describe(report)},
        made_utc=datetime.now(UTC).isoformat(timespec="seconds"),
        notes=list(NOTES[trained_on]),
    )
    return save_emotion_model(folder, model, card), report


def _describe(report: EmotionReport) -> dict[str, Any]:
    """The report as plain data for the card."""
    values = {**asdict(report), "auc_interval": list(report.auc_interval)}
    return {name: value for name, value in values.items() if name not in ("l2", "cpu_s")}


def fit_emotion(
    table: EmotionTable,
    trained_on: str,
    *,
    seed: int = 0,
    n_refits: int = N_REFITS,
    on_progress: OnProgress | None = None,
) -> tuple[EmotionModel, EmotionReport]:
    """Chooses the penalty by folds over subjects, fits all rows, and refits on resampled subjects.

    Args:
        table: At least a few subjects of each outcome.
        trained_on: ``synthetic`` or ``user``, for the card and the panel.
        seed: Of folds, of the shuffled control and of the resampling.
        n_refits: Size of the bundle that the score's interval comes from.
        on_progress: Called as the refits go by.
    """
    started = time.process_time()
    x = table.features.reshape(len(table), -1)
    folds = make_group_folds(table.subjects, N_FOLDS, seed)
    losses = [
        (compute_log_loss(predict_out_of_fold(x, table.positive, folds, l2), table.positive), l2) for l2 in PENALTIES
    ]
    log_loss, l2 = min(losses)
    logits = predict_out_of_fold(x, table.positive, folds, l2)
    shuffled = np.random.default_rng(seed + 1).permutation(table.positive)
    means, scales = compute_standard(x)
    beta = fit_logistic((x - means) / scales, table.positive, l2)
    bundle = _refit((x - means) / scales, table, l2, n_refits, seed + 2, on_progress)
    shape = table.features.shape[1:]
    model = EmotionModel(
        means.reshape(shape), scales.reshape(shape), beta[1:].reshape(shape), float(beta[0]), bundle, trained_on
    )
    report = EmotionReport(
        n_videos=len(table),
        n_subjects=len(np.unique(table.subjects)),
        n_positive=int(table.positive.sum()),
        l2=l2,
        auc=compute_auc(logits, table.positive),
        auc_interval=compute_auc_interval(logits, table.positive, seed=seed),
        shuffled_auc=compute_auc(predict_out_of_fold(x, shuffled, folds, l2), shuffled),
        log_loss=log_loss,
        cpu_s=time.process_time() - started,
    )
    return model, report


def _refit(
    x: NDArray, table: EmotionTable, l2: float, n_refits: int, seed: int, on_progress: OnProgress | None
) -> NDArray[np.float64]:
    """(n_refits, 1 + F): fits in which each subject counts as often as it was drawn."""
    rng = np.random.default_rng(seed)
    names, places = np.unique(table.subjects, return_inverse=True)
    bundle = np.zeros((n_refits, x.shape[1] + 1))
    for row in range(n_refits):
        drawn = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        bundle[row] = fit_logistic(x, table.positive, l2, drawn[places])
        if on_progress is not None:
            on_progress("refits on resampled subjects", row + 1, n_refits)
    return bundle
