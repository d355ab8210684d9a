"""What a scan network is shown in a step, and how far its answer is from what it should say."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from imigue_core.models.features.table import N_FEATURES
from imigue_core.models.tasks import ScanOutput
from imigue_core.training.augment import blur_features
from imigue_core.training.datasets import Recording
from imigue_core.training.recipes import Recipe
from imigue_core.training.targets import Targets, make_targets


def make_batch(
    rng: np.random.Generator, pool: list[Recording], recipe: Recipe, scale: NDArray[np.float32], token_samples: int
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
        wanted = make_targets(recording.spans, first, recipe.crop_samples, token_samples)
        wanted.weights[:, -(-len(part) // token_samples) :] = 0
        targets.append(wanted)
    return crops, targets


def compute_losses(output: ScanOutput, targets: list[Targets], focus: float) -> tuple[Tensor, Tensor]:
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
