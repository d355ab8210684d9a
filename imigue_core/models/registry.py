"""The named networks. A checkpoint's card says which one to build and with which sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from imigue_core.errors import InputError

Builder = Callable[..., nn.Module]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One architecture.

    Attributes:
        name: How cards call it.
        family: ``tcn`` and the like.
        modality: ``pose``.
        task: ``scan``: dense suggestions over a whole video.
        rate_hz: Samples a second that it takes.
        stride: Samples for each of its outputs.
        paper: Where the idea stands.
        build: Makes it with fresh weights from the sizes in a card's ``config``.
    """

    name: str
    family: str
    modality: str
    task: str
    rate_hz: float
    stride: int
    paper: str
    build: Builder


_MODELS: dict[str, ModelSpec] = {}


def register(
    name: str, *, family: str, modality: str, task: str, rate_hz: float, stride: int, paper: str
) -> Callable[[Builder], Builder]:
    """Class decorator: the network can be built by ``name``."""

    def keep(builder: Builder) -> Builder:
        _MODELS[name] = ModelSpec(name, family, modality, task, rate_hz, stride, paper, builder)
        return builder

    return keep


def get_model_spec(name: str) -> ModelSpec:
    """The architecture of this name.

    Raises:
        InputError: ``MODEL_CARD``.
    """
    from imigue_core.models import dense_tcn  # noqa: F401 - registers itself

    if name not in _MODELS:
        known = ", ".join(sorted(_MODELS))
        raise InputError("MODEL_CARD", f"expected one of the networks {known}, got {name!r}.")
    return _MODELS[name]
