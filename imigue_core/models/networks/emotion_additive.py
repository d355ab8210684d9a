"""The additive emotion score: a logistic regression on how often and how long each gesture class is seen. Numpy only.

Each class contributes through its measures; the logit is their weighted sum, so what every gesture adds is exact
(an additive model: Hastie and Tibshirani, Generalized Additive Models, 1986). Single events get exact shares of that
by the Aumann-Shapley value (Values of Non-Atomic Games, 1974).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from imigue_core.errors import InputError
from imigue_core.files import write_atomic
from imigue_core.models.cards import WEIGHTS_FILE, ModelCard, load_card, save_card
from imigue_core.models.features.events import (
    MEASURES,
    N_EVENT_FEATURES,
    Event,
    compute_event_features,
    count_events,
    get_place,
)
from imigue_core.models.tasks import EmotionScore
from imigue_core.taxonomy import CLASS_IDS

INTERVAL_LEVEL = 0.9
_SHAPE = (len(CLASS_IDS), len(MEASURES))


@dataclass(frozen=True, slots=True)
class AdditiveEmotionConfig:
    """Sizes.

    Attributes:
        measures: Columns of the event features that it weighs.
    """

    measures: Sequence[str] = MEASURES


@dataclass(frozen=True, slots=True, eq=False)
class AdditiveEmotion:
    """A fitted additive model, an ``EmotionNetwork``; C classes in the order of ``taxonomy.CLASS_IDS``, M measures.

    Attributes:
        means: (C, M) float64 of the training videos.
        scales: (C, M) float64, standard deviations, over 0.
        coefficients: (C, M) float64, of standardised measures.
        intercept: Logit of a video that is average in everything.
        bundle: (B, 1 + C * M) float64, intercept and coefficients of refits on resampled subjects.
        trained_on: ``synthetic`` or ``user``.
    """

    config_type: ClassVar = AdditiveEmotionConfig
    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    intercept: float
    bundle: NDArray[np.float64]
    trained_on: str

    def score(self, features: NDArray[np.float64]) -> EmotionScore:
        """From the (C, M) measures of ``compute_event_features``."""
        standard = (features - self.means) / self.scales
        parts = (self.coefficients * standard).sum(axis=1)
        logit = float(self.intercept + parts.sum())
        logits = self.bundle[:, 0] + self.bundle[:, 1:] @ standard.reshape(-1)
        tail = 50 * (1 - INTERVAL_LEVEL)
        low, high = (_squash(float(np.percentile(logits, q))) for q in (tail, 100 - tail))
        order = np.argsort(-np.abs(parts), kind="stable")
        return EmotionScore(
            logit=logit,
            probability=(_squash(logit) + 1) / 2,
            value=_squash(logit),
            interval=(low, high),
            intercept=float(self.intercept),
            contributions=tuple((CLASS_IDS[i], float(parts[i])) for i in order),
            trained_on=self.trained_on,
        )

    def attribute(self, events: Sequence[Event], duration_s: float) -> tuple[dict[int, float], list[dict[int, float]]]:
        """What each single event adds to the score, exactly.

        A class's contribution is what it would be were the class never seen here, plus one part
        of each event that names the class. The part of how long is the event's own seconds. That of
        how often is divided in proportion to the events' probabilities, since the logarithm has no parts of its
        own: with ``f(p_1 + ... + p_n)`` to divide, ``p_i / (p_1 + ... + p_n)`` of it is the
        Aumann-Shapley value, the average over all stages of adding every event evenly. Equal events get equal parts.
        It is not what the score loses without one event: that is less, where others of its class remain.

        Returns:
            The contribution of each class were it never seen; and for each event, in the order
            given, class id -> its part. A class's contribution is the sum of both, the logit is
            the intercept and the sum of all.

        Raises:
            InputError: What ``compute_event_features`` raises.
        """
        features = compute_event_features(events, duration_s)
        counts = count_events(events)
        weights = self.coefficients / self.scales
        unseen = (self.coefficients * ((0 - self.means) / self.scales)).sum(axis=1)
        parts = []
        for event in events:
            own = {}
            for class_id, probability in event.class_probs.items():
                place = get_place(class_id)
                often = features[place, 0] * (probability / counts[place]) if probability else 0.0
                long = probability * (event.end_s - event.start_s) / duration_s
                own[class_id] = float(weights[place, 0] * often + weights[place, 1] * long)
            parts.append(own)
        return {class_id: float(unseen[place]) for place, class_id in enumerate(CLASS_IDS)}, parts

    @classmethod
    def from_tensors(
        cls, config: AdditiveEmotionConfig, tensors: Mapping[str, NDArray], trained_on: str, where: str
    ) -> AdditiveEmotion:
        """The model that weights of a file make.

        Raises:
            InputError: ``MODEL_CARD`` for sizes or weights of another kind.
        """
        n_refits = next(iter(tensors["bundle"].shape), 0) if "bundle" in tensors else 0
        wanted: dict[str, tuple[int, ...]] = {"means": _SHAPE, "scales": _SHAPE, "coefficients": _SHAPE}
        wanted |= {"intercept": (1,), "bundle": (max(n_refits, 1), 1 + N_EVENT_FEATURES)}
        is_ours = isinstance(config.measures, list | tuple) and tuple(config.measures) == MEASURES
        if not is_ours or {k: v.shape for k, v in tensors.items()} != wanted:
            raise InputError("MODEL_CARD", "expected weights of this kind of model, got others.", where=where)
        exact = {name: values.astype(np.float64) for name, values in tensors.items()}
        if not (exact["scales"] > 0).all():
            raise InputError("MODEL_CARD", "expected scales over 0, got others.", where=where)
        intercept = float(exact.pop("intercept")[0])
        return cls(**exact, intercept=intercept, trained_on=trained_on)


def save_additive_emotion(folder: Path, model: AdditiveEmotion, card: ModelCard) -> ModelCard:
    """Write weights, coefficients in half precision, and the card with their hash; the card last.

    Returns:
        The card as it will be read back.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = save(
        {
            "means": model.means.astype(np.float32),
            "scales": model.scales.astype(np.float32),
            "coefficients": model.coefficients.astype(np.float16),
            "intercept": np.array([model.intercept], np.float16),
            "bundle": model.bundle.astype(np.float16),
        }
    )
    n_parameters = model.coefficients.size + 1
    card = replace(card, weights_sha256=hashlib.sha256(data).hexdigest(), n_parameters=n_parameters)
    write_atomic(folder / WEIGHTS_FILE, lambda file: file.write(data))
    save_card(folder, card)
    return load_card(folder)


def _squash(logit: float) -> float:
    """``2 * logistic(logit) - 1``."""
    return float(np.tanh(logit / 2))
