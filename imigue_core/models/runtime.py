"""Asking a network about a whole shot: the device, and chunks with enough context on both sides.

Memory stays flat however long the shot is, and the result is that of one pass over all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.models.dense_tcn import STRIDE, DenseTcn

CHUNK_SAMPLES = 4096
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True, slots=True, eq=False)
class TokenScores:
    """What the network says of one shot, a row a token of four samples.

    Attributes:
        logits: (L, 33) float32, classes then background.
        boundaries: (L, 6, 4) float32 by group: log seconds to start and end, log Laplace scales.
        hidden: (L, width) float32, what both are read from.
    """

    logits: NDArray[np.float32]
    boundaries: NDArray[np.float32]
    hidden: NDArray[np.float32]


def choose_device(name: str) -> torch.device:
    """``auto`` is CUDA when there is one.

    Raises:
        InputError: ``DEVICE``.
    """
    if name not in DEVICES:
        raise InputError("DEVICE", f"expected one of {', '.join(DEVICES)}, got {name!r}.")
    has_cuda = torch.cuda.is_available()
    if name == "cuda" and not has_cuda:
        raise InputError("DEVICE", "expected a CUDA device, this machine has none.", hint="Use --device cpu.")
    return torch.device("cuda" if has_cuda and name != "cpu" else "cpu")


def run_network(
    network: DenseTcn,
    features: NDArray[np.float32],
    *,
    chunk_samples: int | None = CHUNK_SAMPLES,
    on_progress: Callable[[int, int], None] | None = None,
) -> TokenScores:
    """Logits, boundaries and hidden layer of every token of a shot.

    Args:
        network: In evaluation mode, on the device to use.
        features: (N, F) float32 as ``compute_features`` gives them, any N of at least 1.
        chunk_samples: Samples a pass, a multiple of four; None for one pass over all.
        on_progress: Told samples done and samples in all.
    """
    device = next(network.parameters()).device
    n_samples = len(features)
    padded = -(-n_samples // STRIDE) * STRIDE
    if padded > n_samples:
        rest = np.full((padded - n_samples, features.shape[1]), np.nan, np.float32)
        features = np.concatenate([features, rest])
    chunk = chunk_samples or padded
    halo = network.halo()
    logits, boundaries, hidden = [], [], []
    with torch.inference_mode():
        for start in range(0, padded, chunk):
            stop = min(start + chunk, padded)
            low, high = max(start - halo, 0), min(stop + halo, padded)
            output = network(torch.from_numpy(features[low:high])[None].to(device))
            inner = slice((start - low) // STRIDE, (stop - low) // STRIDE)
            logits.append(output.logits[0, :, inner].T.cpu().numpy())
            boundaries.append(output.boundaries[0, :, :, inner].permute(2, 0, 1).cpu().numpy())
            hidden.append(output.hidden[0, :, inner].T.cpu().numpy())
            if on_progress is not None:
                on_progress(min(stop, n_samples), n_samples)
    return TokenScores(np.concatenate(logits), np.concatenate(boundaries), np.concatenate(hidden))
