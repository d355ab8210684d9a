"""What an emotion model sees of a video: how often and how long each gesture class occurs. Numpy only."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.models.features.code_hash import compute_code_hash
from imigue_core.taxonomy import CLASS_IDS

MEASURES = ("log_rate", "share")
"""Natural logarithm of 1 + expected instances a minute; expected share of the video's duration."""
N_EVENT_FEATURES = len(CLASS_IDS) * len(MEASURES)
EVENT_REVISION = 1
"""Raised whenever the same gestures give other measures; models then have to be trained again."""
SAME_EVENT_FEATURES = ("bb822c1d854f494ac658a35ddcd20bad2be621d6fe524eea82b16c8622bfc5d5",)
"""Hashes of code that gave the very same measures."""


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
    seconds = np.zeros(len(CLASS_IDS))
    for event in events:
        if not (np.isfinite(event.start_s) and np.isfinite(event.end_s) and event.end_s >= event.start_s):
            raise InputError("EMOTION_EVENT", f"expected start <= end, got {event.start_s!r}..{event.end_s!r} s.")
        for class_id, probability in event.class_probs.items():
            if not 0 <= probability <= 1:
                raise InputError("EMOTION_EVENT", f"expected a probability 0..1, got {probability!r}.")
            seconds[get_place(class_id)] += probability * (event.end_s - event.start_s)
    return np.stack([np.log1p(count_events(events) / (duration_s / 60)), seconds / duration_s], axis=1)


def count_events(events: Sequence[Event]) -> NDArray[np.float64]:
    """(C,) expected instances of each class."""
    counts = np.zeros(len(CLASS_IDS))
    for event in events:
        for class_id, probability in event.class_probs.items():
            counts[get_place(class_id)] += probability
    return counts


def get_place(class_id: int) -> int:
    """Row of a class in the measures.

    Raises:
        InputError: ``VOCABULARY_UNKNOWN``.
    """
    try:
        return CLASS_IDS.index(class_id)
    except ValueError:
        raise InputError("VOCABULARY_UNKNOWN", f"expected a class id 1-31 or 99, got {class_id!r}.") from None


EVENT_HASH = compute_code_hash(EVENT_REVISION, [sys.modules[__name__]], CLASS_IDS, MEASURES)
"""Stands for the preprocessing hash in an emotion model's card."""
