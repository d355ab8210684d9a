"""Weights on disk: half-precision safetensors beside a card, and every reason to refuse them.

Pickled checkpoints are never opened. What a card holds is in ``cards.py``.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from imigue_core.errors import InputError
from imigue_core.files import write_atomic
from imigue_core.models.cards import WEIGHTS_FILE, ModelCard, load_card, save_card
from imigue_core.models.features import PREPROCESSING_HASH
from imigue_core.models.registry import get_model_spec
from imigue_core.models.tensors import read_tensors
from imigue_core.taxonomy import CLASS_IDS


def save_model(folder: Path, network: nn.Module, card: ModelCard) -> ModelCard:
    """Write weights as float16 and the card with their hash; the card last, so it never stands alone.

    Returns:
        The card as it will be read back.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.detach().to("cpu", torch.float16).contiguous() for name, value in _state(network).items()}
    data = save(tensors, {"format": "pt"})
    card = replace(
        card,
        weights_sha256=hashlib.sha256(data).hexdigest(),
        n_parameters=sum(p.numel() for p in network.parameters()),
    )
    write_atomic(folder / WEIGHTS_FILE, lambda file: file.write(data))
    save_card(folder, card)
    return load_card(folder)


def load_model(folder: Path) -> tuple[nn.Module, ModelCard]:
    """A network in float32 on the CPU, ready to be asked, and its card.

    Raises:
        InputError: ``MODEL_CARD``, ``MODEL_PREPROCESSING``, ``MODEL_CLASSES``,
            ``MODEL_NOT_SAFETENSORS`` or ``MODEL_TRUNCATED``.
    """
    card = load_card(folder)
    validate_fit(card, str(folder))
    tensors = read_tensors(folder / WEIGHTS_FILE, card.weights_sha256, load)
    try:
        network = get_model_spec(card.model).build(**card.config)
    except TypeError as error:
        raise InputError("MODEL_CARD", f"expected sizes of {card.model}: {error}.", where=str(folder)) from error
    state = _state(network)
    if {k: v.shape for k, v in state.items()} != {k: v.shape for k, v in tensors.items()}:
        raise InputError("MODEL_CARD", "expected weights of the sizes the card names, got others.", where=str(folder))
    network.load_state_dict({name: value.float() for name, value in tensors.items()})
    return network.eval(), card


def validate_fit(card: ModelCard, where: str) -> None:
    """Refuse a model that was trained on other features or other classes than this studio has.

    Raises:
        InputError: ``MODEL_PREPROCESSING`` or ``MODEL_CLASSES``.
    """
    if card.preprocessing_hash != PREPROCESSING_HASH:
        raise InputError(
            "MODEL_PREPROCESSING",
            f"expected preprocessing {PREPROCESSING_HASH[:12]}, the model was trained with "
            f"{card.preprocessing_hash[:12]}.",
            hint="Train it again with this version of the studio.",
            where=where,
        )
    if tuple(card.classes) != CLASS_IDS:
        raise InputError(
            "MODEL_CLASSES",
            f"expected the studio's {len(CLASS_IDS)} classes in their order, the model has {len(card.classes)}.",
            hint="Train it again with this version of the studio.",
            where=where,
        )


def _state(network: nn.Module) -> dict[str, Tensor]:
    return dict(network.state_dict())
