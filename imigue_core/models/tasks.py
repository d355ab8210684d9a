"""What models are for, and what a network of each task must do. No torch at run time, so pages may know tasks.

``scan`` looks through a whole shot, ``classify`` names one window, ``embed`` makes vectors in which what is alike
lies close, ``emotion`` scores the gestures of a video. Which networks there are stands in ``registry.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from imigue_core.models.features.events import Event
from imigue_core.taxonomy import CLASSES, Group

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from torch import Tensor, device
    from torch.nn import Parameter

GROUPS: tuple[Group, ...] = tuple(Group)
N_GROUPS = len(GROUPS)
GROUP_OF_CLASS: tuple[int, ...] = tuple(GROUPS.index(c.group) for c in CLASSES)
"""Index into ``GROUPS`` of each class, in the order of ``CLASS_IDS``."""
N_LOGITS = len(CLASSES) + 1
"""The classes, then background."""
N_BOUNDARY = 4
"""For each group: log of the seconds back to the start, on to the end, and both log Laplace scales."""
LOG_OFFSET_S = 0.25
"""Added before the logarithm is taken, so that an edge close by is known as well as one half a second off."""


class Task(StrEnum):
    """What a model is for."""

    SCAN = "scan"
    CLASSIFY = "classify"
    EMBED = "embed"
    EMOTION = "emotion"


class TorchNetwork(Protocol):
    """What every network of torch can do, as far as it is asked for here.

    Attributes:
        config: The sizes it was made from.
    """

    @property
    def config(self) -> DataclassInstance: ...
    def to(self, device: device) -> Self: ...
    def eval(self) -> Self: ...
    def train(self) -> Self: ...
    def half(self) -> Self: ...
    def float(self) -> Self: ...
    def parameters(self) -> Iterator[Parameter]: ...
    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state_dict: Mapping[str, Any], *, assign: bool = False) -> Any: ...


class EmbedOutput(Protocol):
    """What an embedding network says at every token.

    Attributes:
        logits: (B, 33, L) of the sigmoids of 32 classes and background.
        hidden: (B, W, L), close where what is seen is alike.
    """

    @property
    def logits(self) -> Tensor: ...
    @property
    def hidden(self) -> Tensor: ...


class ScanOutput(EmbedOutput, Protocol):
    """What a scanner says at every token.

    Attributes:
        boundaries: (B, 6, 4, L) by group: log of seconds plus ``LOG_OFFSET_S`` to start and end, then the log
            Laplace scales of both.
    """

    @property
    def boundaries(self) -> Tensor: ...


class EmbedNetwork(TorchNetwork, Protocol):
    """Maps (B, N, F) features, NaN where missing, to L = N / ``token_samples`` tokens.

    Attributes:
        token_samples: Samples a token; N is a multiple of it.
    """

    token_samples: int

    def halo(self) -> int:
        """Samples on each side that an output depends on, in whole tokens."""

    def __call__(self, features: Tensor) -> EmbedOutput: ...


class ScanNetwork(EmbedNetwork, Protocol):
    """An embedding network that also says where gestures begin and end.

    Attributes:
        feature_mean: (F,) what missing features become; set before training.
        feature_scale: (F,) one over the standard deviations.
    """

    feature_mean: Tensor
    feature_scale: Tensor

    def __call__(self, features: Tensor) -> ScanOutput: ...


class ClassifyNetwork(TorchNetwork, Protocol):
    """Maps windows of (B, window, F) features to (B, 33) class scores, background last.

    Attributes:
        window: Samples it looks at.
        hop: Samples from one window of a long video to the next.
    """

    window: int
    hop: int

    def __call__(self, features: Tensor) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class EmotionScore:
    """What an emotion model makes of one video.

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


class EmotionNetwork(Protocol):
    """Maps the gestures of a video to a score with what each of them adds. numpy only, since pages ask it."""

    def score(self, features: NDArray[np.float64]) -> EmotionScore:
        """From the (C, M) measures of ``compute_event_features``."""

    def attribute(self, events: Sequence[Event], duration_s: float) -> tuple[dict[int, float], list[dict[int, float]]]:
        """The contribution of each class were it never seen, and for each event class id -> its exact part."""
