"""The emotion score of a video, from the gestures in it, by whatever emotion model there is. Numpy only.

What the weights were trained on stands in the model's card; how, in training/emotion.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from safetensors.numpy import load

from imigue_core.errors import InputError
from imigue_core.models.cards import WEIGHTS_FILE, ModelCard, load_card, validate_fit
from imigue_core.models.features.events import EVENT_HASH, SAME_EVENT_FEATURES, Event, compute_event_features
from imigue_core.models.registry import get_model_spec
from imigue_core.models.tasks import EmotionNetwork, EmotionScore, Task
from imigue_core.models.tensors import read_tensors

COUNTED_FROM = 0.1
"""Suggestions of a lower score are left out; the others count by their probabilities."""


def score_events(model: EmotionNetwork, events: Sequence[Event], duration_s: float) -> EmotionScore:
    """The score of one video, with what each gesture adds to it.

    Raises:
        InputError: What ``compute_event_features`` raises.
    """
    return model.score(compute_event_features(events, duration_s))


def load_emotion_model(folder: Path) -> tuple[EmotionNetwork, ModelCard]:
    """The model in a folder, and its card.

    Raises:
        InputError: ``MODEL_CARD``, ``MODEL_PREPROCESSING``, ``MODEL_CLASSES``,
            ``MODEL_NOT_SAFETENSORS`` or ``MODEL_TRUNCATED``.
    """
    card = load_card(folder)
    where = str(folder)
    if card.task is not Task.EMOTION:
        raise InputError("MODEL_CARD", f"expected a model that scores emotion, it is for {card.task}.", where=where)
    spec = get_model_spec(card.model)
    validate_fit(card, (EVENT_HASH, *SAME_EVENT_FEATURES), where)
    tensors = read_tensors(folder / WEIGHTS_FILE, card.weights_sha256, load)
    model = spec.load_class().from_tensors(spec.make_config(card.config), tensors, card.trained_on, where)
    return cast(EmotionNetwork, model), card
