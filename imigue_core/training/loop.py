"""The training loop of the scanner: crops, losses, the schedule, and a state on disk that survives a kill.

What it learns from comes from ``datasets.py``; scores and threshold are fitted afterwards in
``calibrate.py``.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save
from torch import Tensor
from torch.nn import functional as F

from imigue_core.errors import InputError
from imigue_core.files import write_atomic
from imigue_core.models.dense_tcn import STRIDE, DenseOutput, DenseTcn
from imigue_core.models.features import N_FEATURES
from imigue_core.training.augment import blur_features
from imigue_core.training.datasets import Recording
from imigue_core.training.recipes import Recipe
from imigue_core.training.targets import Targets, make_targets

STATE_FILE, STATE_CARD = "state.safetensors", "state.json"
SAVE_EVERY_S = 45.0
LEAST_SCALE = 0.02
"""Of a feature's standard deviation."""


class Source(Protocol):
    """Where recordings come from: the next ones, their number so far, and what it has cost."""

    number: int
    cpu_s: float

    def take(self) -> list[Recording]: ...


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """How far a run is.

    Attributes:
        step: Steps done.
        share: Of the run that is done, 0..1.
        cpu_s: CPU seconds of all processes, earlier parts of a resumed run included.
        loss: Running mean.
        class_loss: The classes' part of it.
        interviews: Interviews learnt from.
    """

    step: int
    share: float
    cpu_s: float
    loss: float
    class_loss: float
    interviews: int


OnProgress = Callable[[TrainingProgress], None]


@dataclass(slots=True)
class _Run:
    """Everything that changes while training."""

    network: DenseTcn
    optimiser: torch.optim.AdamW
    mean: dict[str, Tensor]
    step: int = 0
    cpu_before_s: float = 0.0
    number: int = 0


class Trainer:
    """Trains one scanner network.

    Args:
        recipe: What to do.
        state: Folder for the state that a killed run goes on from.
        device: Where the network is trained.
        start: Weights to begin with instead of fresh ones.
        origin: What is learnt from and begun with; a state of another origin is not gone on with.
    """

    def __init__(
        self,
        recipe: Recipe,
        state: Path,
        device: torch.device,
        start: DenseTcn | None = None,
        *,
        origin: str = "acted",
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self._state = state
        self._origin = origin
        self._device = device
        network = DenseTcn(N_FEATURES, dropout=recipe.dropout)
        if start is not None:
            network.load_state_dict(start.state_dict())
        network.to(device)
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=1e-6, weight_decay=recipe.weight_decay, betas=(0.9, 0.98)
        )
        self._run = _Run(network, optimiser, _copy(network))
        self._is_new = start is None
        self._began = time.process_time()
        self._pool: deque[Recording] = deque(maxlen=recipe.pool)
        self._losses: deque[tuple[float, float]] = deque(maxlen=50)
        self._load_state()

    @property
    def first_number(self) -> int:
        """The interview a resumed run goes on with."""
        return self._run.number

    def train(self, source: Source, on_progress: OnProgress | None = None) -> DenseTcn:
        """Runs to the end and returns the network with its averaged weights, in evaluation mode, on the CPU."""
        recipe, run = self.recipe, self._run
        while len(self._pool) < recipe.first_pool:
            self._pool.extend(source.take())
        if self._is_new and run.step == 0:
            self._standardise()
        first_step = run.step
        saved_at = time.monotonic()
        while (share := self._compute_share(source)) < 1:
            wanted = int((run.step - first_step) * recipe.recordings_per_step) + recipe.first_pool
            while source.number - run.number < wanted:
                self._pool.extend(source.take())
            loss = self._step(share)
            self._losses.append(loss)
            if on_progress is not None:
                on_progress(self._describe(source, share))
            if time.monotonic() - saved_at > SAVE_EVERY_S:
                self._save_state(source)
                saved_at = time.monotonic()
        network = DenseTcn(N_FEATURES, dropout=recipe.dropout)
        network.load_state_dict({name: value.cpu() for name, value in run.mean.items()})
        return network.eval()

    def cpu_seconds(self, source: Source) -> float:
        """Of this process and its helper, earlier parts included."""
        return self._run.cpu_before_s + (time.process_time() - self._began) + source.cpu_s

    def forget(self) -> None:
        """Removes the state; the run is over."""
        for name in (STATE_FILE, STATE_CARD):
            (self._state / name).unlink(missing_ok=True)
        if self._state.is_dir() and not any(self._state.iterdir()):
            self._state.rmdir()

    def _compute_share(self, source: Source) -> float:
        return max(self._run.step / self.recipe.steps, self.cpu_seconds(source) / (60 * self.recipe.minutes))

    def _describe(self, source: Source, share: float) -> TrainingProgress:
        loss, class_loss = np.mean(self._losses, axis=0)
        seconds = self.cpu_seconds(source)
        return TrainingProgress(self._run.step, share, seconds, float(loss), float(class_loss), source.number)

    def _standardise(self) -> None:
        """Sets the mean and scale of every feature from the first pool."""
        sample = np.concatenate([r.features[::10] for r in self._pool]).astype(np.float32)
        missing = np.isnan(sample).all(axis=0)
        sample[:, missing] = 0
        mean, sd = np.nanmean(sample, axis=0), np.nanstd(sample, axis=0)
        for state in (self._run.network.state_dict(), self._run.mean):
            state["feature_mean"].copy_(torch.from_numpy(mean))
            state["feature_scale"].copy_(torch.from_numpy(1 / np.maximum(sd, LEAST_SCALE)))

    def _step(self, share: float) -> tuple[float, float]:
        recipe, run = self.recipe, self._run
        rng = np.random.default_rng([recipe.seed, 7, run.step])
        scale = (1 / run.network.feature_scale.cpu()).numpy()
        crops, targets = make_batch(rng, list(self._pool), recipe, scale)
        run.network.train()
        for group in run.optimiser.param_groups:
            group["lr"] = recipe.peak_rate * compute_rate(share, recipe.warm_share)
        output = run.network(torch.from_numpy(crops).to(self._device))
        class_loss, edge_loss = compute_losses(output, targets, recipe.focus)
        loss = class_loss + recipe.boundary_share * edge_loss
        run.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(run.network.parameters(), 2.0)
        run.optimiser.step()
        run.step += 1
        decay = min(recipe.ema, (1 + run.step) / (10 + run.step))
        with torch.no_grad():
            for name, value in run.network.state_dict().items():
                run.mean[name].lerp_(value, 1 - decay)
        return float(loss.detach()), float(class_loss.detach())

    def _save_state(self, source: Source) -> None:
        run = self._run
        self._state.mkdir(parents=True, exist_ok=True)
        tensors = {f"network.{k}": v.contiguous() for k, v in run.network.state_dict().items()}
        tensors |= {f"mean.{k}": v.contiguous() for k, v in run.mean.items()}
        for k, moments in run.optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{k}.{name}": value for name, value in moments.items()}
        data = save(tensors)
        facts = {
            "step": run.step, "cpu_s": self.cpu_seconds(source), "number": source.number,
            "n_bytes": len(data), "recipe": self.recipe.to_dict(), "origin": self._origin,
        }  # fmt: skip
        card = json.dumps(facts).encode()
        write_atomic(self._state / STATE_FILE, lambda file: file.write(data))
        write_atomic(self._state / STATE_CARD, lambda file: file.write(card))

    def _load_state(self) -> None:
        facts = find_state(self._state)
        if facts is None:
            return
        if (facts["recipe"], facts["origin"]) != (json.loads(json.dumps(self.recipe.to_dict())), self._origin):
            raise InputError(
                "TRAINING_STATE",
                "expected the options, videos and labels of the run that was interrupted here.",
                hint="Give the same options, or another --out folder.",
                where=str(self._state),
            )
        tensors = load_file(self._state / STATE_FILE)
        run = self._run
        run.network.load_state_dict(_select(tensors, "network."))
        run.mean = {name: value.to(self._device) for name, value in _select(tensors, "mean.").items()}
        moments: dict[int, dict[str, Tensor]] = {}
        for key, value in _select(tensors, "optimiser.").items():
            place, name = key.split(".", 1)
            moments.setdefault(int(place), {})[name] = value
        state = run.optimiser.state_dict()
        run.optimiser.load_state_dict({"state": moments, "param_groups": state["param_groups"]})
        run.step, run.cpu_before_s, run.number = facts["step"], facts["cpu_s"], facts["number"]


def find_state(folder: Path) -> dict[str, Any] | None:
    """What an interrupted run left: its step, CPU seconds, interviews and recipe; None when there is nothing."""
    try:
        facts = json.loads((folder / STATE_CARD).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return dict(facts)


def make_batch(
    rng: np.random.Generator, pool: list[Recording], recipe: Recipe, scale: NDArray[np.float32]
) -> tuple[NDArray[np.float32], list[Targets]]:
    """(B, N, F) float32 crops out of the pool, changed as ``augment.py`` does, and their targets."""
    lengths = np.array([len(r.features) for r in pool], np.float64)
    crops = np.full((recipe.batch, recipe.crop_samples, N_FEATURES), np.nan, np.float32)
    targets = []
    for row, k in enumerate(rng.choice(len(pool), recipe.batch, p=lengths / lengths.sum())):
        recording = pool[int(k)]
        latest = max(len(recording.features) - recipe.crop_samples, 0)
        first = int(rng.integers(latest + 1))
        part = recording.features[first : first + recipe.crop_samples].astype(np.float32)
        blur_features(rng, part, scale)
        crops[row, : len(part)] = part
        wanted = make_targets(recording.spans, first, recipe.crop_samples)
        wanted.weights[:, -(-len(part) // STRIDE) :] = 0
        targets.append(wanted)
    return crops, targets


def compute_rate(share: float, warm_share: float) -> float:
    """Share of the peak learning rate: a short rise, then half a cosine."""
    if share < warm_share:
        return max(share / warm_share, 0.02)
    return float(0.5 * (1 + np.cos(np.pi * min((share - warm_share) / (1 - warm_share), 1)))) + 1e-3


def compute_losses(output: DenseOutput, targets: list[Targets], focus: float) -> tuple[Tensor, Tensor]:
    """Class loss a gesture token, and the boundaries' negative log likelihood.

    Classes: binary cross-entropy of each sigmoid, turned down where it is right (Lin et al.,
    Focal Loss, ICCV 2017, with soft targets). Boundaries: a Laplace distribution of the log distance.
    """
    device = output.logits.device
    classes, weights, edges, edge_weights = (
        torch.from_numpy(np.stack([getattr(t, name) for t in targets])).to(device)
        for name in ("classes", "weights", "edges", "edge_weights")
    )
    wrong = (torch.sigmoid(output.logits.detach()) - classes).abs()
    loss = F.binary_cross_entropy_with_logits(output.logits, classes, reduction="none")
    positive = (classes[:, :-1] * weights[:, :-1]).sum().clamp_min(1)
    class_loss = (loss * weights * wrong.pow(focus)).sum() / positive
    middle, log_scale = output.boundaries[:, :, :2], output.boundaries[:, :, 2:].clamp(-4, 2)
    spread = (middle - edges).abs() * torch.exp(-log_scale) + log_scale
    edge_loss = (spread * edge_weights).sum() / edge_weights.sum().clamp_min(1)
    return class_loss, edge_loss


def _copy(network: DenseTcn) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def _select(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
