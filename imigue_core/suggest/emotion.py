"""The additive emotion score of a video, from the gestures in it. Numpy only, so that pages may ask for it.

Each gesture class contributes through two measures, how often and for how long it
is seen; the logit is their weighted sum, so what every gesture adds is exact. Spans get
exact shares of that (``attribute_events``). What the weights were trained on stands in
the model's card; how, in training/emotion.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from imigue_core.errors import InputError
from imigue_core.files import write_atomic
from imigue_core.models.cards import WEIGHTS_FILE, ModelCard, load_card, save_card
from imigue_core.models.tensors import read_tensors
from imigue_core.taxonomy import CLASS_IDS

MODEL = "emotion_additive"
"""How cards call this kind of model."""
DEFAULT_EMOTION_MODEL = "emotion-additive"
MEASURES = ("log_rate", "share")
"""Natural logarithm of 1 + expected instances a minute; expected share of the video's duration."""
N_FEATURES = len(CLASS_IDS) * len(MEASURES)
INTERVAL_LEVEL = 0.9
COUNTED_FROM = 0.1
"""Suggestions of a lower score are left out; the others count by their probabilities."""
_FORMULAS = [CLASS_IDS, MEASURES, "log1p(sum p / minutes)", "sum p * seconds / duration"]
EVENT_HASH = hashlib.sha256(json.dumps(_FORMULAS).encode()).hexdigest()
"""Stands for the preprocessing hash in an emotion model's card."""


@dataclass(frozen=True, slots=True)
class Event:
    """One gesture that was labelled or suggested.

    Attributes:
        class_probs: Class id (1-31 or 99) -> probability; a label is ``{class_id: 1.0}``. They
            may add up to less than 1, the rest being "nothing at all".
        start_s: Seconds from the video's first frame.
        end_s: Seconds, the end of its last frame.
    """

    class_probs: Mapping[int, float]
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, eq=False)
class EmotionModel:
    """A fitted additive model; C classes in the order of ``taxonomy.CLASS_IDS``, M measures.

    Attributes:
        means: (C, M) float64 of the training videos.
        scales: (C, M) float64, standard deviations, over 0.
        coefficients: (C, M) float64, of standardised measures.
        intercept: Logit of a video that is average in everything.
        bundle: (B, 1 + C * M) float64, intercept and coefficients of refits on resampled subjects.
        trained_on: ``synthetic`` or ``user``.
    """

    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    intercept: float
    bundle: NDArray[np.float64]
    trained_on: str


@dataclass(frozen=True, slots=True)
class EmotionScore:
    """What the model makes of one video.

    Attributes:
        logit: Log odds of a positive video; ``intercept`` plus all contributions.
        probability: Of a positive video, 0 to 1.
        value: ``2 * probability - 1``, -1 (negative) to 1 (positive).
        interval: 90 % interval of ``value`` over refits on resampled training subjects. It
            shows how unsure the weights are, not how unsure the gestures are.
        intercept: Logit of an average video.
        contributions: (class id, share of the logit) of all classes, largest effect first. A
            class that is rarer here than in the training videos contributes too.
        trained_on: ``synthetic`` or ``user``.
    """

    logit: float
    probability: float
    value: float
    interval: tuple[float, float]
    intercept: float
    contributions: tuple[tuple[int, float], ...]
    trained_on: str


def compute_event_features(events: Sequence[Event], duration_s: float) -> NDArray[np.float64]:
    """How often and how long each class is seen: (C, M) float64, classes as in ``taxonomy.CLASS_IDS``.

    Args:
        events: In any order.
        duration_s: Length of the video in seconds.

    Raises:
        InputError: ``EMOTION_DURATION``, ``EMOTION_EVENT`` or ``VOCABULARY_UNKNOWN``.
    """
    if not (np.isfinite(duration_s) and duration_s > 0):
        raise InputError("EMOTION_DURATION", f"expected a video longer than 0 s, got {duration_s!r}.")
    counts, seconds = np.zeros(len(CLASS_IDS)), np.zeros(len(CLASS_IDS))
    for event in events:
        if not (np.isfinite(event.start_s) and np.isfinite(event.end_s) and event.end_s >= event.start_s):
            raise InputError("EMOTION_EVENT", f"expected start <= end, got {event.start_s!r}..{event.end_s!r} s.")
        for class_id, probability in event.class_probs.items():
            place = _get_place(class_id)
            if not 0 <= probability <= 1:
                raise InputError("EMOTION_EVENT", f"expected a probability 0..1, got {probability!r}.")
            counts[place] += probability
            seconds[place] += probability * (event.end_s - event.start_s)
    return np.stack([np.log1p(counts / (duration_s / 60)), seconds / duration_s], axis=1)


def score_events(model: EmotionModel, events: Sequence[Event], duration_s: float) -> EmotionScore:
    """The score of one video, with what each gesture adds to it.

    Raises:
        InputError: What ``compute_event_features`` raises.
    """
    return score_features(model, compute_event_features(events, duration_s))


def score_features(model: EmotionModel, features: NDArray) -> EmotionScore:
    """The same from the (C, M) measures of ``compute_event_features``."""
    standard = (features - model.means) / model.scales
    parts = (model.coefficients * standard).sum(axis=1)
    logit = float(model.intercept + parts.sum())
    logits = model.bundle[:, 0] + model.bundle[:, 1:] @ standard.reshape(-1)
    tail = 50 * (1 - INTERVAL_LEVEL)
    low, high = (_squash(float(np.percentile(logits, q))) for q in (tail, 100 - tail))
    order = np.argsort(-np.abs(parts), kind="stable")
    return EmotionScore(
        logit=logit,
        probability=(_squash(logit) + 1) / 2,
        value=_squash(logit),
        interval=(low, high),
        intercept=float(model.intercept),
        contributions=tuple((CLASS_IDS[i], float(parts[i])) for i in order),
        trained_on=model.trained_on,
    )


def attribute_events(
    model: EmotionModel, events: Sequence[Event], duration_s: float
) -> tuple[dict[int, float], list[dict[int, float]]]:
    """What each single event adds to the score, exactly.

    A class's contribution is what it would be were the class never seen here, plus one part
    of each event that names the class. The part of how long is the event's own seconds. That of
    how often is divided in proportion to the events' probabilities, since the logarithm has no parts of its
    own: with ``f(p_1 + ... + p_n)`` to divide, ``p_i / (p_1 + ... + p_n)`` of it is the
    Aumann-Shapley value, the average over all stages of adding every event evenly
    (Aumann & Shapley, Values of Non-Atomic Games, 1974). Equal events get equal parts.
    It is not what the score loses without one event: that is less, where others of its class remain.

    Returns:
        The contribution of each class were it never seen; and for each event, in the order
        given, class id -> its part. A class's contribution is the sum of both, the logit is
        the intercept and the sum of all.

    Raises:
        InputError: What ``compute_event_features`` raises.
    """
    features = compute_event_features(events, duration_s)
    weights = model.coefficients / model.scales
    unseen = (model.coefficients * ((0 - model.means) / model.scales)).sum(axis=1)
    counts = np.zeros(len(CLASS_IDS))
    for event in events:
        for class_id, probability in event.class_probs.items():
            counts[_get_place(class_id)] += probability
    parts = []
    for event in events:
        own = {}
        for class_id, probability in event.class_probs.items():
            place = _get_place(class_id)
            often = features[place, 0] * (probability / counts[place]) if probability else 0.0
            long = probability * (event.end_s - event.start_s) / duration_s
            own[class_id] = float(weights[place, 0] * often + weights[place, 1] * long)
        parts.append(own)
    return {class_id: float(unseen[place]) for place, class_id in enumerate(CLASS_IDS)}, parts


def save_emotion_model(folder: Path, model: EmotionModel, card: ModelCard) -> ModelCard:
    """Write weights, coefficients in half precision, and the card with their hash; the card last.

    Returns:
        The card as written.
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
    return card


def load_emotion_model(folder: Path) -> tuple[EmotionModel, ModelCard]:
    """The model in a folder, and its card.

    Raises:
        InputError: ``MODEL_CARD``, ``MODEL_PREPROCESSING``, ``MODEL_CLASSES``,
            ``MODEL_NOT_SAFETENSORS`` or ``MODEL_TRUNCATED``.
    """
    card = load_card(folder)
    where = str(folder)
    if card.model != MODEL:
        raise InputError("MODEL_CARD", f"expected an emotion model ({MODEL}), got {card.model!r}.", where=where)
    if card.preprocessing_hash != EVENT_HASH:
        raise InputError("MODEL_PREPROCESSING", "expected this studio's measures, the model has others.", where=where)
    if tuple(card.classes) != CLASS_IDS:
        raise InputError("MODEL_CLASSES", "expected the studio's classes in their order, got others.", where=where)
    tensors = read_tensors(folder / WEIGHTS_FILE, card.weights_sha256, load)
    shape, n_refits = (len(CLASS_IDS), len(MEASURES)), len(tensors.get("bundle", ()))
    wanted = {"means": shape, "scales": shape, "coefficients": shape, "intercept": (1,)}
    wanted["bundle"] = (max(n_refits, 1), 1 + N_FEATURES)
    if {name: values.shape for name, values in tensors.items()} != wanted:
        raise InputError("MODEL_CARD", "expected weights of this kind of model, got others.", where=where)
    exact = {name: values.astype(np.float64) for name, values in tensors.items()}
    if not all(np.isfinite(values).all() for values in exact.values()) or not (exact["scales"] > 0).all():
        raise InputError("MODEL_CARD", "expected finite weights and scales over 0, got others.", where=where)
    intercept = float(exact.pop("intercept")[0])
    return EmotionModel(**exact, intercept=intercept, trained_on=card.trained_on), card


def _squash(logit: float) -> float:
    """``2 * logistic(logit) - 1``."""
    return float(np.tanh(logit / 2))


def _get_place(class_id: int) -> int:
    try:
        return CLASS_IDS.index(class_id)
    except ValueError:
        raise InputError("VOCABULARY_UNKNOWN", f"expected a class id 1-31 or 99, got {class_id!r}.") from None
