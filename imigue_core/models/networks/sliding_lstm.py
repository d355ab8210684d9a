"""The usual way to recognise gestures in a long video: an LSTM on overlapping windows, here a yardstick for speed.

Bidirectional LSTM with two layers of 128 units (Graves and Schmidhuber, Framewise Phoneme Classification with
Bidirectional LSTM, IJCNN 2005), windows of 64 frames, one every 8, as iMiGUE's recurrent baselines (Liu et al.,
CVPR 2021) are applied to untrimmed video. What it costs does not depend on its weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from imigue_core.models.tasks import N_LOGITS, ClassifyNetwork

BATCH = 64


@dataclass(frozen=True, slots=True)
class SlidingLstmConfig:
    """Sizes.

    Attributes:
        n_features: Columns of the feature table.
        n_hidden: Units a layer and direction.
        n_layers: Layers.
    """

    n_features: int
    n_hidden: int = 128
    n_layers: int = 2


class SlidingLstm(nn.Module):
    """(B, window, F) features -> (B, 33) class scores, background last; a ``ClassifyNetwork``."""

    config_type: ClassVar = SlidingLstmConfig
    window = 64
    hop = 8

    def __init__(self, config: SlidingLstmConfig) -> None:
        super().__init__()
        self.config = config
        self.lstm = nn.LSTM(
            config.n_features, config.n_hidden, num_layers=config.n_layers, bidirectional=True, batch_first=True
        )
        self.head = nn.Linear(2 * config.n_hidden, N_LOGITS)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.lstm(x)  # (B, window, 2 * hidden)
        scores: Tensor = self.head(states.mean(dim=1))
        return scores


def make_peer(n_features: int) -> SlidingLstm:
    """The network with seeded weights, ready to be asked; from here on torch uses one thread in this process."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    return SlidingLstm(SlidingLstmConfig(n_features)).eval()


def scan_windows(network: ClassifyNetwork, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """(W, 33) scores of every window of one shot's (N, F) features; missing ones are 0, a short shot is padded."""
    known = np.nan_to_num(features, nan=0.0)
    known = np.pad(known, ((0, max(0, network.window - len(known))), (0, 0)))
    with torch.inference_mode():
        windows = torch.from_numpy(known).unfold(0, network.window, network.hop)  # (W, F, window), a view
        parts = [network(batch.transpose(1, 2).contiguous()) for batch in windows.split(BATCH)]
        return np.asarray(torch.cat(parts).numpy(), np.float32)
