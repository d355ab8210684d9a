"""Weights and cards: what goes out comes back, and what is wrong is refused with its code."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from imigue_core.errors import InputError
from imigue_core.models.cards import CARD_FILE, WEIGHTS_FILE, ModelCard, get_model_folder, list_models, load_card
from imigue_core.models.checkpoint import load_model, save_model
from imigue_core.models.dense_tcn import DenseTcn
from imigue_core.models.features import N_FEATURES, PREPROCESSING_HASH
from imigue_core.taxonomy import CLASS_IDS

SIZES = {"n_features": N_FEATURES, "width": 16, "stem_width": 8}


def make_card(**changes: Any) -> ModelCard:
    card = ModelCard(
        name="small",
        model="dense_tcn",
        config=SIZES,
        preprocessing_hash=PREPROCESSING_HASH,
        classes=list(CLASS_IDS),
        trained_on="synthetic",
        weights_sha256="",
        n_parameters=0,
        threshold=0.3,
    )
    return replace(card, **changes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A saved small model."""
    torch.manual_seed(1)
    save_model(tmp_path / "small", DenseTcn(**SIZES), make_card())
    return tmp_path / "small"


def test_weights_come_back_as_half_precision_of_what_was_saved(tmp_path: Path) -> None:
    network = DenseTcn(**SIZES)
    saved = save_model(tmp_path, network, make_card())
    back, card = load_model(tmp_path)
    assert card == saved == load_card(tmp_path)
    assert card.n_parameters == sum(p.numel() for p in network.parameters())
    assert card.weights_sha256 == hashlib.sha256((tmp_path / WEIGHTS_FILE).read_bytes()).hexdigest()
    for name, value in back.state_dict().items():
        assert value.dtype == torch.float32
        assert torch.equal(value, network.state_dict()[name].half().float())
    assert not back.training


def change_card(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    values = json.loads((folder / CARD_FILE).read_text())
    change(values)
    (folder / CARD_FILE).write_text(json.dumps(values))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda c: c.update(preprocessing_hash="0" * 64), "MODEL_PREPROCESSING"),
        (lambda c: c.update(classes=c["classes"][:-1]), "MODEL_CLASSES"),
        (lambda c: c.update(classes=c["classes"][::-1]), "MODEL_CLASSES"),
        (lambda c: c.pop("threshold"), "MODEL_CARD"),
        (lambda c: c.update(threshold=2), "MODEL_CARD"),
        (lambda c: c.update(threshold=True), "MODEL_CARD"),
        (lambda c: c.update(trained_on="the internet"), "MODEL_CARD"),
        (lambda c: c.update(format="other/1"), "MODEL_CARD"),
        (lambda c: c.update(model="resnet"), "MODEL_CARD"),
        (lambda c: c.update(config={"wings": 2}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "width": 32}), "MODEL_CARD"),
        (lambda c: c.update(weights_sha256="0" * 64), "MODEL_TRUNCATED"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(folder: Path, change: Callable[[dict], None], code: str) -> None:
    change_card(folder, change)
    with pytest.raises(InputError) as refusal:
        load_model(folder)
    assert refusal.value.code == code


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000])
def test_a_card_that_is_no_card_is_refused(folder: Path, text: str) -> None:
    (folder / CARD_FILE).write_text(text)
    with pytest.raises(InputError, match="MODEL_CARD"):
        load_card(folder)


@pytest.mark.parametrize("kept", [0, 7, 8, 100, -1])
def test_a_truncated_weights_file_is_refused(folder: Path, kept: int) -> None:
    data = (folder / WEIGHTS_FILE).read_bytes()
    (folder / WEIGHTS_FILE).write_bytes(data[:kept])
    with pytest.raises(InputError, match="MODEL_TRUNCATED"):
        load_model(folder)


def test_missing_weights_are_refused(folder: Path) -> None:
    (folder / WEIGHTS_FILE).unlink()
    with pytest.raises(InputError, match="MODEL_TRUNCATED"):
        load_model(folder)


class Bomb:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("kind", ["pickle", "torch"])
def test_a_pickle_is_refused_and_never_opened(folder: Path, tmp_path: Path, kind: str) -> None:
    mark = tmp_path / "opened"
    if kind == "pickle":
        (folder / WEIGHTS_FILE).write_bytes(pickle.dumps(Bomb(mark)))
    else:
        torch.save(Bomb(mark), folder / WEIGHTS_FILE)
    digest = hashlib.sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()
    change_card(folder, lambda card: card.update(weights_sha256=digest))
    with pytest.raises(InputError, match="MODEL_NOT_SAFETENSORS"):
        load_model(folder)
    assert not mark.exists()


def test_a_project_has_its_own_models_beside_the_bundled_ones(tmp_path: Path) -> None:
    save_model(tmp_path / "models" / "ours", DenseTcn(**SIZES), make_card(name="ours"))
    assert "ours" in list_models(tmp_path)
    assert "ours" not in list_models()
    assert get_model_folder("ours", tmp_path) == tmp_path / "models" / "ours"
    for name in ("theirs", "../models/ours", ""):
        with pytest.raises(InputError, match="MODEL_UNKNOWN"):
            get_model_folder(name, tmp_path)
