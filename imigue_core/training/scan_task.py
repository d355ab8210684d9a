"""Training of a scan network: crops, optimiser steps, the schedule of the learning rate, averaged weights.

What it learns from comes from ``datasets.py``; scores and threshold are fitted afterwards in ``calibrate.py``.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from imigue_core.models.features.table import N_FEATURES
from imigue_core.models.registry import get_model_spec
from imigue_core.models.tasks import ScanNetwork
from imigue_core.training.datasets import Recording
from imigue_core.training.recipes import Recipe
from imigue_core.training.scan_losses import compute_losses, make_batch
from imigue_core.training.trainer import TaskState

LEAST_SCALE = 0.02
"""Of a feature's standard deviation."""


class Source(Protocol):
    """Where recordings come from: the next ones, their number so far, and what it has cost."""

    number: int

    @property
    def cpu_s(self) -> float: ...
    def take(self) -> list[Recording]: ...


def make_scan_network(name: str, recipe: Recipe, sizes: Mapping[str, Any] | None = None) -> ScanNetwork:
    """A scan network with fresh weights, which the recipe's seed decides.

    Args:
        name: Of the network, a row of the registry; its sizes include ``n_features`` and ``dropout``.
        recipe: What it is made for.
        sizes: Those on a card; None for the network's own.
    """
    spec = get_model_spec(name)
    config = spec.make_config({**(sizes or {"n_features": N_FEATURES}), "dropout": recipe.dropout})
    torch.manual_seed(recipe.seed)
    network: ScanNetwork = spec.load_class()(config)
    return network


class ScanTask:
    """A scan network that learns from recordings; a ``TrainingTask``.

    Args:
        network: Fresh, or with the weights to begin with.
        recipe: What to do.
        source: What to learn from; its number is set when a run is gone on with.
        device: Where the network is trained.
        is_fresh: Whether the network has yet to be told how large features are.
        material: Changes with whatever is learnt from and begun with.
    """

    def __init__(
        self,
        network: ScanNetwork,
        recipe: Recipe,
        source: Source,
        device: torch.device,
        *,
        is_fresh: bool = True,
        material: str = "acted",
    ) -> None:
        self._recipe = recipe
        self._source = source
        self._material = material
        self._device = device
        self._needs_scale = is_fresh
        self._network = network.to(device)
        self._optimiser = torch.optim.AdamW(
            network.parameters(), lr=1e-6, weight_decay=recipe.weight_decay, betas=(0.9, 0.98)
        )
        self._mean = {name: value.detach().clone() for name, value in network.state_dict().items()}
        self._first_number = 0
        self._steps_here = 0
        self._pool: deque[Recording] = deque(maxlen=recipe.pool)
        self._losses: deque[tuple[float, float]] = deque(maxlen=50)

    @property
    def origin(self) -> Mapping[str, Any]:
        return {"recipe": self._recipe.to_dict(), "material": self._material}

    @property
    def helper_cpu_s(self) -> float:
        return self._source.cpu_s

    def begin(self) -> None:
        """Fills the pool, and measures the features of a new network."""
        self._first_number = self._source.number
        while len(self._pool) < self._recipe.first_pool:
            self._pool.extend(self._source.take())
        if self._needs_scale:
            self._standardise()

    def compute_share(self, n_steps: int, cpu_s: float) -> float:
        return max(n_steps / self._recipe.steps, cpu_s / (60 * self._recipe.minutes))

    def describe(self) -> str:
        loss, class_loss = np.mean(self._losses, axis=0)
        return f"loss {loss:.3f} (classes {class_loss:.3f}), {self._source.number:,} interviews"

    def step(self, number: int, share: float) -> None:
        recipe = self._recipe
        wanted = int(self._steps_here * recipe.recordings_per_step) + recipe.first_pool
        while self._source.number - self._first_number < wanted:
            self._pool.extend(self._source.take())
        rng = np.random.default_rng([recipe.seed, 7, number])
        scale = (1 / self._network.feature_scale.cpu()).numpy()
        crops, targets = make_batch(rng, list(self._pool), recipe, scale, self._network.token_samples)
        self._network.train()
        for group in self._optimiser.param_groups:
            group["lr"] = recipe.peak_rate * compute_rate(share, recipe.warm_share)
        output = self._network(torch.from_numpy(crops).to(self._device))
        class_loss, edge_loss = compute_losses(output, targets, recipe.focus)
        loss = class_loss + recipe.boundary_share * edge_loss
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 2.0)
        self._optimiser.step()
        self._average(number + 1)
        self._losses.append((float(loss.detach()), float(class_loss.detach())))
        self._steps_here += 1

    def finish(self) -> ScanNetwork:
        """The network with its averaged weights, in evaluation mode, on the CPU."""
        network = copy.deepcopy(self._network).to(torch.device("cpu"))
        network.load_state_dict({name: value.cpu() for name, value in self._mean.items()})
        return network.eval()

    def get_state(self) -> TaskState:
        tensors: dict[str, Tensor] = {f"network.{k}": v for k, v in self._network.state_dict().items()}
        tensors |= {f"mean.{k}": v for k, v in self._mean.items()}
        for k, moments in self._optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{k}.{name}": value for name, value in moments.items()}
        arrays: dict[str, NDArray] = {
            name: value.detach().cpu().contiguous().numpy() for name, value in tensors.items()
        }
        return TaskState(arrays, {"number": self._source.number})

    def set_state(self, state: TaskState) -> None:
        tensors = {name: torch.from_numpy(values) for name, values in state.arrays.items()}
        self._network.load_state_dict(_select(tensors, "network."))
        self._mean = {name: value.to(self._device) for name, value in _select(tensors, "mean.").items()}
        moments: dict[int, dict[str, Tensor]] = {}
        for key, value in _select(tensors, "optimiser.").items():
            place, name = key.split(".", 1)
            moments.setdefault(int(place), {})[name] = value
        groups = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": moments, "param_groups": groups})
        self._source.number = state.facts["number"]
        self._needs_scale = False

    def _standardise(self) -> None:
        """Sets the mean and scale of every feature from the first pool."""
        sample = np.concatenate([r.features[::10] for r in self._pool]).astype(np.float32)
        missing = np.isnan(sample).all(axis=0)
        sample[:, missing] = 0
        mean, sd = np.nanmean(sample, axis=0), np.nanstd(sample, axis=0)
        for state in (self._network.state_dict(), self._mean):
            state["feature_mean"].copy_(torch.from_numpy(mean))
            state["feature_scale"].copy_(torch.from_numpy(1 / np.maximum(sd, LEAST_SCALE)))

    def _average(self, n_steps: int) -> None:
        decay = min(self._recipe.ema, (1 + n_steps) / (10 + n_steps))
        with torch.no_grad():
            for name, value in self._network.state_dict().items():
                self._mean[name].lerp_(value, 1 - decay)


def compute_rate(share: float, warm_share: float) -> float:
    """Share of the peak learning rate: a short rise, then half a cosine."""
    if share < warm_share:
        return max(share / warm_share, 0.02)
    return float(0.5 * (1 + np.cos(np.pi * min((share - warm_share) / (1 - warm_share), 1)))) + 1e-3


def _select(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
