"""Weights and cards: what goes out comes back, and what is wrong is refused with its code."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import resource
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from imigue_core.errors import InputError
from imigue_core.models.cards import (
    BUNDLED,
    CARD_FILE,
    OLD_FORMAT,
    WEIGHTS_FILE,
    ModelCard,
    get_model_folder,
    list_models,
    load_card,
)
from imigue_core.models.checkpoint import load_model, load_scan_network, save_model
from imigue_core.models.features.revision import PREPROCESSING_HASH, SAME_FEATURES
from imigue_core.models.features.table import N_FEATURES
from imigue_core.models.networks.dense_tcn import DenseTcn, DenseTcnConfig
from imigue_core.models.networks.sliding_lstm import SlidingLstm, SlidingLstmConfig, scan_windows
from imigue_core.models.registry import NETWORKS
from imigue_core.models.tasks import Task
from tests.harness import models

SMALL = DenseTcnConfig(N_FEATURES, width=16, stem_width=8)
SIZES = asdict(SMALL)


def make_card(**changes: Any) -> ModelCard:
    card = models.make_card("small", config=SIZES, preprocessing_hash=PREPROCESSING_HASH, threshold=0.3)
    return replace(card, **changes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A saved small model."""
    torch.manual_seed(1)
    save_model(tmp_path / "small", DenseTcn(SMALL), make_card())
    return tmp_path / "small"


def test_weights_come_back_as_half_precision_of_what_was_saved(tmp_path: Path) -> None:
    network = DenseTcn(SMALL)
    saved = save_model(tmp_path, network, make_card())
    back, card = load_model(tmp_path)
    assert card == saved == load_card(tmp_path)
    assert card.n_parameters == sum(p.numel() for p in network.parameters())
    assert card.weights_sha256 == hashlib.sha256((tmp_path / WEIGHTS_FILE).read_bytes()).hexdigest()
    for name, value in back.state_dict().items():
        assert value.dtype == torch.float32
        assert torch.equal(value, network.state_dict()[name].half().float())
    assert isinstance(back, DenseTcn)
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
        (lambda c: c.pop("task"), "MODEL_CARD"),
        (lambda c: c.update(task="predict"), "MODEL_CARD"),
        (lambda c: c.update(task="classify"), "MODEL_CARD"),
        (lambda c: c.update(joint_set="hands"), "MODEL_PREPROCESSING"),
        (lambda c: c.update(rate_hz=30.0), "MODEL_PREPROCESSING"),
        (lambda c: c.update(rate_hz="25"), "MODEL_CARD"),
        (lambda c: c.pop("licence"), "MODEL_CARD"),
        (lambda c: c.update(format="other/1"), "MODEL_CARD"),
        (lambda c: c.update(model="resnet"), "MODEL_CARD"),
        (lambda c: c.update(config={"wings": 2}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "width": 32}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "width": 8192}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "width": 8193}), "MODEL_TOO_LARGE"),
        (lambda c: c.update(config={**SIZES, "n_features": 3_000_000}), "MODEL_TOO_LARGE"),
        (lambda c: c.update(config={**SIZES, "n_features": 10**400}), "MODEL_TOO_LARGE"),
        (lambda c: c.update(config={**SIZES, "n_features": 7}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "width": 0}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "width": -16}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "width": 16.0}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "width": True}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "width": "16"}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "width": [16]}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "dropout": 1.5}), "MODEL_CARD"),
        (lambda c: c.update(config={**SIZES, "dropout": float("nan")}), "MODEL_CARD"),
        (lambda c: c.update(metrics={"map": float("inf")}), "MODEL_CARD"),
        (lambda c: c.update(weights_sha256="0" * 64), "MODEL_TRUNCATED"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(folder: Path, change: Callable[[dict], None], code: str) -> None:
    change_card(folder, change)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError) as refusal:
        load_model(folder)
    assert refusal.value.code == code
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # kilobytes


def test_a_refusal_of_other_features_says_how_to_train_again(folder: Path) -> None:
    change_card(folder, lambda card: card.update(preprocessing_hash="0" * 64))
    with pytest.raises(InputError) as refusal:
        load_model(folder)
    assert "python -m imigue_core train scanner --data project" in (refusal.value.hint or "")


def make_old(card: dict[str, Any]) -> None:
    """The card as it was written before cards said what a model is for."""
    for name in ("task", "joint_set", "rate_hz", "licence"):
        del card[name]
    card.update(format=OLD_FORMAT, preprocessing_hash=SAME_FEATURES[0])


def test_a_model_that_a_project_trained_before_cards_named_its_task_still_loads(folder: Path) -> None:
    new, _ = load_scan_network(folder)
    change_card(folder, make_old)
    change_card(folder, lambda card: card.update(config={"n_features": N_FEATURES, "width": 16, "stem_width": 8}))
    old, card = load_scan_network(folder)
    assert (card.task, card.joint_set, card.rate_hz) == (Task.SCAN, "upper-body-face-hands", 25.0)
    assert card.licence == load_card(BUNDLED / "scanner-dense").licence
    for name, value in old.state_dict().items():
        assert torch.equal(value, new.state_dict()[name])


def test_an_old_card_of_an_unknown_network_is_refused(folder: Path) -> None:
    change_card(folder, make_old)
    change_card(folder, lambda card: card.update(model="resnet"))
    with pytest.raises(InputError, match="MODEL_CARD"):
        load_card(folder)


@pytest.mark.parametrize("name", sorted(list_models()))
def test_a_bundled_card_says_what_its_model_is_and_is_of_today(name: str) -> None:
    card = load_card(BUNDLED / name)
    spec = NETWORKS[card.model]
    assert (card.task, card.joint_set, card.rate_hz) == (spec.task, spec.joint_set, spec.rate_hz)
    assert card.licence == "Apache-2.0"
    assert json.loads((BUNDLED / name / CARD_FILE).read_text())["format"] != OLD_FORMAT


def test_a_network_of_another_task_comes_back_too_and_is_no_scanner(tmp_path: Path) -> None:
    sizes = SlidingLstmConfig(N_FEATURES, n_hidden=8)
    network = SlidingLstm(sizes).eval()
    card = models.make_card("lstm", "sliding_lstm", config=asdict(sizes), preprocessing_hash=PREPROCESSING_HASH)
    assert card.task is Task.CLASSIFY
    save_model(tmp_path, network.half().float(), card)
    back, _ = load_model(tmp_path)
    assert isinstance(back, SlidingLstm)
    table = np.random.default_rng(0).normal(size=(100, N_FEATURES)).astype(np.float32)
    assert np.array_equal(scan_windows(back, table), scan_windows(network, table))
    with pytest.raises(InputError, match="MODEL_CARD"):
        load_scan_network(tmp_path)


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


def change_weights(folder: Path, data: bytes) -> str:
    """Other weights, with their hash on the card; the code of the refusal."""
    (folder / WEIGHTS_FILE).write_bytes(data)
    change_card(folder, lambda card: card.update(weights_sha256=hashlib.sha256(data).hexdigest()))
    with pytest.raises(InputError) as refusal:
        load_model(folder)
    return refusal.value.code


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_weights_that_are_no_numbers_are_refused(folder: Path, value: float) -> None:
    tensors = load((folder / WEIGHTS_FILE).read_bytes())
    tensors["classify.weight"][3, 4] = value
    assert change_weights(folder, save(tensors)) == "MODEL_NOT_FINITE"


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.int32, torch.bool, torch.float8_e4m3fn])
def test_weights_of_another_precision_are_refused(folder: Path, dtype: torch.dtype) -> None:
    tensors = load((folder / WEIGHTS_FILE).read_bytes())
    changed = {**tensors, "feature_mean": tensors["feature_mean"].to(dtype)}
    assert change_weights(folder, save(changed)) == "MODEL_CARD"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (b"{" + b" " * 2_000_000 + b"}", "MODEL_NOT_SAFETENSORS"),
        (b"{}", "MODEL_TRUNCATED"),
        (b"{" + b"[" * 100_000, "MODEL_TRUNCATED"),
        (b'{"a": 3}', "MODEL_TRUNCATED"),
        (b'{"a": {"dtype": "F16", "shape": [2], "data_offsets": [0, 400]}}', "MODEL_TRUNCATED"),
        (b'{"a": {"dtype": "F16", "shape": [4611686018427387904, 4], "data_offsets": [0, 4]}}', "MODEL_TRUNCATED"),
        (b"{" + b",".join(b'"%d": {"dtype": "F16"}' % k for k in range(3000)) + b"}", "MODEL_TOO_LARGE"),
    ],
)
def test_headers_of_weights_that_lie_are_refused(folder: Path, header: bytes, code: str) -> None:
    assert change_weights(folder, len(header).to_bytes(8, "little") + header + bytes(4)) == code


def test_a_header_that_claims_the_whole_memory_is_refused(folder: Path) -> None:
    assert change_weights(folder, (2**60).to_bytes(8, "little") + b"{}") == "MODEL_NOT_SAFETENSORS"


@pytest.mark.parametrize(("name", "code"), [(WEIGHTS_FILE, "MODEL_TRUNCATED"), (CARD_FILE, "MODEL_CARD")])
def test_pipes_in_the_place_of_files_are_refused_without_waiting(folder: Path, name: str, code: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(InputError, match=code):
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
    save_model(tmp_path / "models" / "ours", DenseTcn(SMALL), make_card(name="ours"))
    assert "ours" in list_models(tmp_path)
    assert "ours" not in list_models()
    assert get_model_folder("ours", tmp_path) == tmp_path / "models" / "ours"
    for name in ("theirs", "../models/ours", ""):
        with pytest.raises(InputError, match="MODEL_UNKNOWN"):
            get_model_folder(name, tmp_path)
