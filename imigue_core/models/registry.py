"""The named networks, a row each. A model's card says which one to build, and of which sizes.

To add a network: one file in ``networks/`` and one row here. No torch: a network is imported when it is built.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from imigue_core.errors import InputError
from imigue_core.limits import MODEL_SIZE
from imigue_core.models.tasks import Task
from imigue_core.skeleton.normalise import JOINT_SET, RATE_HZ


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One network.

    Attributes:
        name: How cards call it.
        task: What it is for; it keeps to that task's protocol in ``tasks.py``.
        family: What kind it is, in words for people.
        joint_set: The points it sees; None when it sees a video's gestures instead.
        rate_hz: Samples a second that it sees; None when it sees a whole video at once.
        source: Module in ``networks/`` and class, joined by a colon. The class names the dataclass of its sizes in
            ``config_type`` and is made from one.
    """

    name: str
    task: Task
    family: str
    joint_set: str | None
    rate_hz: float | None
    source: str

    def load_class(self) -> Any:
        """The network's class."""
        module, _, name = self.source.partition(":")
        return getattr(importlib.import_module(f"imigue_core.models.networks.{module}"), name)

    def make_config(self, sizes: Mapping[str, Any]) -> Any:
        """The network's sizes from those on a card.

        Raises:
            InputError: ``MODEL_CARD`` for sizes that it does not have, ``MODEL_TOO_LARGE`` for one that no network has.
        """
        try:
            config = self.load_class().config_type(**sizes)
        except TypeError as error:
            raise InputError("MODEL_CARD", f"expected sizes of {self.name}: {error!s:.200}.") from error
        for name, kind in get_type_hints(type(config)).items():
            _validate_size(name, kind, getattr(config, name, None))
        return config


def _validate_size(name: str, kind: Any, value: Any) -> None:
    """Refuses a number that no network can be built with, before one is."""
    if kind not in (int, float):
        return
    is_number = isinstance(value, int | kind) and not isinstance(value, bool)
    if not is_number or (isinstance(value, float) and not math.isfinite(value)) or value < (1 if kind is int else 0):
        raise InputError("MODEL_CARD", f"{name}: expected a size of a network, got {value!r:.40}.")
    if value > MODEL_SIZE.most:
        raise InputError("MODEL_TOO_LARGE", f"{name}: expected at most {MODEL_SIZE.most:,}, got {value!r:.40}.")


NETWORKS: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        ModelSpec("dense_tcn", Task.SCAN, "dilated convolutions", JOINT_SET, RATE_HZ, "dense_tcn:DenseTcn"),
        ModelSpec("sliding_lstm", Task.CLASSIFY, "recurrent", JOINT_SET, RATE_HZ, "sliding_lstm:SlidingLstm"),
        ModelSpec("emotion_additive", Task.EMOTION, "additive", None, None, "emotion_additive:AdditiveEmotion"),
    )
}


def get_model_spec(name: str) -> ModelSpec:
    """The network of this name.

    Raises:
        InputError: ``MODEL_CARD``.
    """
    if name not in NETWORKS:
        known = ", ".join(sorted(NETWORKS))
        raise InputError("MODEL_CARD", f"expected one of the networks {known}, got {name[:80]!r}.")
    return NETWORKS[name]
