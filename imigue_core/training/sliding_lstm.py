"""The usual way to recognise gestures in a long video, as a yardstick for speed: an LSTM on overlapping windows.

Untrained; what it costs does not depend on its weights. Bidirectional LSTM with two
layers of 128 units, windows of 64 frames, one every 8, as iMiGUE's recurrent
baselines are applied to untrimmed video.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from imigue_core.taxonomy import CLASS_IDS

WINDOW, STRIDE, BATCH = 64, 8, 64


class SlidingLstm(nn.Module):
    """(B, WINDOW, F) features -> (B, 33) class scores, background last."""

    def __init__(self, n_features: int, n_hidden: int = 128) -> None:
        super().__init__()
        self.lstm = nn.LSTM(n_features, n_hidden, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(2 * n_hidden, len(CLASS_IDS) + 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        states, _ = self.lstm(x)  # (B, WINDOW, 2 * hidden)
        scores: torch.Tensor = self.head(states.mean(dim=1))
        return scores


def make_peer(n_features: int) -> SlidingLstm:
    """The network with seeded weights, ready to be asked; from here on torch uses one thread in this process."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    return SlidingLstm(n_features).eval()


def scan_windows(model: SlidingLstm, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """(W, 33) scores of every window of one shot's (N, F) features; missing ones are 0, a short shot is padded."""
    known = np.nan_to_num(features, nan=0.0)
    known = np.pad(known, ((0, max(0, WINDOW - len(known))), (0, 0)))
    with torch.inference_mode():
        windows = torch.from_numpy(known).unfold(0, WINDOW, STRIDE)  # (W, F, WINDOW), a view
        parts = [model(batch.transpose(1, 2).contiguous()) for batch in windows.split(BATCH)]
        return np.asarray(torch.cat(parts).numpy(), np.float32)
