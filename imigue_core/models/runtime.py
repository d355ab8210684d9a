"""Asking a network about a whole shot: the device, and chunks with enough context on both sides.

Memory stays flat however long the shot is, and the result is that of one pass over all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.models.tasks import EmbedNetwork, ScanNetwork

CHUNK_SAMPLES = 4096
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True, slots=True, eq=False)
class TokenScores:
    """What a scan network says of one shot, a row a token.

    Attributes:
        logits: (L, 33) float32, classes then background.
        boundaries: (L, 6, 4) float32 by group: log seconds to start and end, log Laplace scales.
        hidden: (L, width) float32, what both are read from.
        token_samples: Samples a token.
    """

    logits: NDArray[np.float32]
    boundaries: NDArray[np.float32]
    hidden: NDArray[np.float32]
    token_samples: int


@dataclass(frozen=True, slots=True, eq=False)
class TokenEmbeddings:
    """What an embedding network says of one shot: (L, 33) logits and (L, width) hidden layer, float32."""

    logits: NDArray[np.float32]
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
    network: ScanNetwork,
    features: NDArray[np.float32],
    *,
    chunk_samples: int | None = CHUNK_SAMPLES,
    on_progress: Callable[[int, int], None] | None = None,
) -> TokenScores:
    """Logits, boundaries and hidden layer of every token of a shot.

    Args:
        network: In evaluation mode, on the device to use.
        features: (N, F) float32 as ``compute_features`` gives them, any N of at least 1.
        chunk_samples: Samples a pass, whole tokens; None for one pass over all.
        on_progress: Told samples done and samples in all.
    """
    logits, boundaries, hidden = [], [], []
    with torch.inference_mode():
        for chunk in _iter_chunks(network, features, chunk_samples):
            output = network(chunk.features)
            logits.append(_take(output.logits, chunk))
            boundaries.append(output.boundaries[0, :, :, chunk.inner].permute(2, 0, 1).cpu().numpy())
            hidden.append(_take(output.hidden, chunk))
            if on_progress is not None:
                on_progress(min(chunk.stop, len(features)), len(features))
    return TokenScores(
        np.concatenate(logits), np.concatenate(boundaries), np.concatenate(hidden), network.token_samples
    )


def run_embedding(
    network: EmbedNetwork, features: NDArray[np.float32], *, chunk_samples: int | None = CHUNK_SAMPLES
) -> TokenEmbeddings:
    """Logits and hidden layer alone, of every token of a shot; arguments as in ``run_network``."""
    logits, hidden = [], []
    with torch.inference_mode():
        for chunk in _iter_chunks(network, features, chunk_samples):
            output = network(chunk.features)
            logits.append(_take(output.logits, chunk))
            hidden.append(_take(output.hidden, chunk))
    return TokenEmbeddings(np.concatenate(logits), np.concatenate(hidden))


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """Some samples of a shot, with what they depend on: (1, N, F), the tokens that count, and where they end."""

    features: torch.Tensor
    inner: slice
    stop: int


def _iter_chunks(network: EmbedNetwork, features: NDArray[np.float32], chunk_samples: int | None) -> Iterator[_Chunk]:
    device = next(network.parameters()).device
    stride, halo = network.token_samples, network.halo()
    padded = -(-len(features) // stride) * stride
    if padded > len(features):
        rest = np.full((padded - len(features), features.shape[1]), np.nan, np.float32)
        features = np.concatenate([features, rest])
    size = chunk_samples or padded
    for start in range(0, padded, size):
        stop = min(start + size, padded)
        low, high = max(start - halo, 0), min(stop + halo, padded)
        inner = slice((start - low) // stride, (stop - low) // stride)
        yield _Chunk(torch.from_numpy(features[low:high])[None].to(device), inner, stop)


def _take(values: torch.Tensor, chunk: _Chunk) -> NDArray[np.float32]:
    """(1, C, L) of a chunk as (L', C) of the tokens that count."""
    taken: NDArray[np.float32] = values[0, :, chunk.inner].T.cpu().numpy()
    return taken
