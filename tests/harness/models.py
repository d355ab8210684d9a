"""Small models for tests: a real network with random weights, and a real emotion model of one coefficient."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np

from imigue_core.models.cards import ModelCard
from imigue_core.models.features.events import EVENT_HASH, MEASURES
from imigue_core.models.networks.emotion_additive import AdditiveEmotion, save_additive_emotion
from imigue_core.models.registry import NETWORKS
from imigue_core.taxonomy import CLASS_IDS


def make_card(name: str, model: str = "dense_tcn", **fields: object) -> ModelCard:
    """A card that says little beside what its network is."""
    spec = NETWORKS[model]
    values: dict[str, object] = {
        "name": name, "model": model, "task": spec.task, "config": {}, "joint_set": spec.joint_set,
        "rate_hz": spec.rate_hz, "preprocessing_hash": "", "classes": list(CLASS_IDS),
        "trained_on": "synthetic", "weights_sha256": "", "n_parameters": 0, "threshold": 0.25,
    }  # fmt: skip
    return ModelCard(**{**values, **fields})  # type: ignore[arg-type]


def make_scanner(data: Path, name: str = "tiny", *, seed: int = 0, threshold: float = 0.25) -> ModelCard:
    """A scanner in the project's own folder of models: whatever random weights see in poses, it suggests."""
    import torch

    from imigue_core.models.checkpoint import save_model
    from imigue_core.models.features.revision import PREPROCESSING_HASH
    from imigue_core.models.features.table import N_FEATURES
    from imigue_core.models.networks.dense_tcn import DenseTcn, DenseTcnConfig

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        sizes = DenseTcnConfig(N_FEATURES, width=16, stem_width=16)
        network = DenseTcn(sizes)
        with torch.no_grad():
            network.classify.weight.mul_(8)
            assert network.classify.bias is not None
            network.classify.bias.fill_(-2)
    card = make_card(name, config=asdict(sizes), preprocessing_hash=PREPROCESSING_HASH, threshold=threshold)
    return save_model(data / "models" / name, network, card)


def make_emotion_model(data: Path, name: str = "mood", *, trained_on: str = "synthetic") -> AdditiveEmotion:
    """An emotion model in the project's own folder: each instance of class 5 a minute speaks for positive."""
    shape = (len(CLASS_IDS), len(MEASURES))
    coefficients = np.zeros(shape)
    coefficients[CLASS_IDS.index(5)] = (0.5, 0.0)
    coefficients[CLASS_IDS.index(6)] = (-0.25, -0.125)
    bundle = np.concatenate([[0.25], coefficients.reshape(-1)])[None].repeat(3, axis=0)
    bundle[:, 0] += (-0.5, 0, 0.5)
    model = AdditiveEmotion(np.zeros(shape), np.ones(shape), coefficients, 0.25, bundle, trained_on)
    card = make_card(name, "emotion_additive", preprocessing_hash=EVENT_HASH, trained_on=trained_on)
    save_additive_emotion(data / "models" / name, model, card)
    return model
