"""The dense scanner: one pass of 1-D convolutions over a whole shot.

Residual dilated convolutions as in Farha and Gall, MS-TCN (CVPR 2019), one stage; two boundary
distances for every position as in Zhang et al., ActionFormer (ECCV 2022), each with a Laplace
scale. All normalisation is over channels at one position, so that a chunk with enough context
gives what the whole shot gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from imigue_core.models.tasks import N_BOUNDARY, N_GROUPS, N_LOGITS

STRIDE = 4
RARE_LOGIT = -4.0
"""Where class logits begin in training: nothing happens most of the time."""
DILATIONS = (1, 2, 4, 8, 16, 1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class DenseOutput:
    """What the network says at every token, one token for four samples; see ``tasks.ScanOutput``."""

    logits: Tensor
    boundaries: Tensor
    hidden: Tensor


class ChannelNorm(nn.Module):
    """Zero mean and unit variance over the channels of one position, then a learnt gain and shift."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels, 1))
        self.shift = nn.Parameter(torch.zeros(channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        x = x - x.mean(dim=1, keepdim=True)
        result: Tensor = x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + 1e-5) * self.gain + self.shift
        return result


class Block(nn.Module):
    """Norm, dilated convolution, activation, 1x1, added to what came in."""

    def __init__(self, channels: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.norm = ChannelNorm(channels)
        self.wide = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation)
        self.mix = nn.Conv1d(channels, channels, 1)
        self.drop = nn.Dropout1d(dropout)

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = self.drop(self.mix(F.silu(self.wide(self.norm(x)))))
        return x + added


@dataclass(frozen=True, slots=True)
class DenseTcnConfig:
    """Sizes.

    Attributes:
        n_features: Columns of the feature table.
        width: Channels after the stem.
        stem_width: Channels at 25 Hz.
        dropout: Share of each block's channels left out in training.
    """

    n_features: int
    width: int = 160
    stem_width: int = 128
    dropout: float = 0.1


class DenseTcn(nn.Module):
    """Features at 25 Hz in, classes and boundaries at 6.25 Hz out; a ``ScanNetwork``."""

    config_type: ClassVar = DenseTcnConfig
    token_samples = STRIDE
    feature_mean: Tensor
    feature_scale: Tensor

    def __init__(self, config: DenseTcnConfig) -> None:
        super().__init__()
        self.config = config
        n_features, width, stem_width = config.n_features, config.width, config.stem_width
        self.register_buffer("feature_mean", torch.zeros(n_features))
        self.register_buffer("feature_scale", torch.ones(n_features))
        self.enter = nn.Conv1d(n_features, stem_width, 3, padding=1)
        self.enter_norm = ChannelNorm(stem_width)
        self.stride = nn.Conv1d(stem_width, width, 2 * STRIDE, stride=STRIDE, padding=STRIDE // 2)
        self.blocks = nn.ModuleList(Block(width, d, config.dropout) for d in DILATIONS)
        self.leave_norm = ChannelNorm(width)
        self.leave = nn.Conv1d(width, width, 1)
        self.classify = nn.Conv1d(width, N_LOGITS, 1)
        self.bound = nn.Conv1d(width, N_GROUPS * N_BOUNDARY, 1)
        self.classify.bias = nn.Parameter(torch.full((N_LOGITS,), RARE_LOGIT))

    @staticmethod
    def halo() -> int:
        """Samples on each side that an output depends on, rounded up to whole tokens."""
        return (sum(DILATIONS) + 2) * STRIDE

    def standardise(self, features: Tensor) -> Tensor:
        """(B, N, F) to (B, F, N): missing features become their mean."""
        x = (features - self.feature_mean) * self.feature_scale
        return torch.nan_to_num(x).clamp(-6, 6).transpose(1, 2)

    def forward(self, features: Tensor) -> DenseOutput:
        """``features`` is (B, N, F), N a multiple of four, NaN where missing."""
        x = self.standardise(features)  # (B, F, N)
        x = F.silu(self.enter_norm(self.enter(x)))  # (B, stem, N)
        x = self.stride(x)  # (B, width, N / 4)
        for block in self.blocks:
            x = block(x)
        x = F.silu(self.leave(self.leave_norm(x)))
        boundaries = self.bound(x)
        return DenseOutput(self.classify(x), boundaries.view(len(x), N_GROUPS, N_BOUNDARY, -1), x)
