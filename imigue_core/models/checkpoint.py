"""Weights on disk: half-precision safetensors beside a card, and every reason to refuse them.

Pickled checkpoints are never opened. What a card holds is in ``cards.py``; the emotion score has weights of its
own kind (``networks/emotion_additive.py``).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load, save

from imigue_core.errors import InputError
from imigue_core.files import write_atomic
from imigue_core.models.cards import WEIGHTS_FILE, ModelCard, load_card, save_card, validate_fit
from imigue_core.models.features.revision import PREPROCESSING_HASH, SAME_FEATURES
from imigue_core.models.features.table import N_FEATURES
from imigue_core.models.registry import ModelSpec, get_model_spec
from imigue_core.models.tasks import ScanNetwork, Task, TorchNetwork
from imigue_core.models.tensors import read_tensors


def save_model(folder: Path, network: TorchNetwork, card: ModelCard) -> ModelCard:
    """Write weights as float16 and the card with their hash; the card last, so it never stands alone.

    Returns:
        The card as it will be read back.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = network.state_dict()
    tensors = {name: value.detach().to("cpu", torch.float16).contiguous() for name, value in state.items()}
    data = save(tensors, {"format": "pt"})
    card = replace(
        card,
        weights_sha256=hashlib.sha256(data).hexdigest(),
        n_parameters=sum(p.numel() for p in network.parameters()),
    )
    write_atomic(folder / WEIGHTS_FILE, lambda file: file.write(data))
    save_card(folder, card)
    return load_card(folder)


def load_model(folder: Path) -> tuple[TorchNetwork, ModelCard]:
    """A network in float32 on the CPU, ready to be asked, and its card.

    Raises:
        InputError: ``MODEL_CARD``, ``MODEL_PREPROCESSING``, ``MODEL_CLASSES``,
            ``MODEL_TOO_LARGE`` or what ``read_tensors`` raises.
    """
    card = load_card(folder)
    spec = get_model_spec(card.model)
    if spec.joint_set is None:
        raise InputError("MODEL_CARD", f"expected a model that sees keypoints, got {card.model}.", where=str(folder))
    validate_fit(card, (PREPROCESSING_HASH, *SAME_FEATURES), str(folder))
    network = _build_empty(spec, card, str(folder))
    tensors = read_tensors(folder / WEIGHTS_FILE, card.weights_sha256, load)
    shapes = {name: value.shape for name, value in network.state_dict().items()}
    if shapes != {name: value.shape for name, value in tensors.items()}:
        raise InputError("MODEL_CARD", "expected weights of the sizes the card names, got others.", where=str(folder))
    network.load_state_dict({name: value.float() for name, value in tensors.items()}, assign=True)
    return network.eval(), card


def _build_empty(spec: ModelSpec, card: ModelCard, where: str) -> TorchNetwork:
    """The network that the card names, its weights without memory until they are read.

    Raises:
        InputError: ``MODEL_CARD`` or ``MODEL_TOO_LARGE``.
    """
    config = spec.make_config(card.config)
    if config.n_features != N_FEATURES:
        message = f"expected a network of {N_FEATURES} features, got {config.n_features}."
        raise InputError("MODEL_CARD", message, where=where)
    try:
        with torch.device("meta"):
            network: TorchNetwork = spec.load_class()(config)
    except (TypeError, ValueError, RuntimeError) as error:
        message = f"expected sizes that {spec.name} can have: {error!s:.200}."
        raise InputError("MODEL_CARD", message, where=where) from error
    return network


def load_scan_network(folder: Path) -> tuple[ScanNetwork, ModelCard]:
    """A network that suggests gestures, and its card.

    Raises:
        InputError: What ``load_model`` raises; ``MODEL_CARD`` for a model of another task too.
    """
    card = load_card(folder)
    if card.task is not Task.SCAN:
        message = f"expected a model that suggests gestures, got {card.name!r}, which is for {card.task}."
        raise InputError("MODEL_CARD", message, where=str(folder))
    network, card = load_model(folder)
    return cast(ScanNetwork, network), card
