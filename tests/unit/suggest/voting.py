"""Votes as a perfect network would cast them, for tests of what is made out of votes."""

from __future__ import annotations

import numpy as np

from imigue_core.models.networks.dense_tcn import STRIDE
from imigue_core.models.tasks import GROUP_OF_CLASS, LOG_OFFSET_S, N_GROUPS, N_LOGITS
from imigue_core.suggest.proposals import Votes, make_votes
from imigue_core.taxonomy import CLASS_IDS

COLUMN = {class_id: column for column, class_id in enumerate(CLASS_IDS)}


def cast_votes(
    acts: list[tuple[int, float, float]],
    seconds: float = 60.0,
    *,
    logit: float = 3.0,
    log_scale: float = -3.0,
    longest_s: float = 60.0,
    noise: float = 0.0,
) -> Votes:
    """Votes for acts of (class id, start, end) in seconds; edges further off than ``longest_s`` are voted there."""
    rng = np.random.default_rng(0)
    n_tokens = int(seconds * 25 / STRIDE)
    times = (np.arange(n_tokens) * STRIDE + (STRIDE - 1) / 2) / 25
    logits = np.full((n_tokens, N_LOGITS), -6.0, np.float32)
    boundaries = np.zeros((n_tokens, N_GROUPS, 4), np.float32)
    boundaries[:, :, 2:] = log_scale
    for class_id, start, end in acts:
        inside = (times >= start) & (times <= end)
        logits[inside, COLUMN[class_id]] = logit
        group = GROUP_OF_CLASS[COLUMN[class_id]]
        reach = np.stack([times - start, end - times], axis=1)[inside]
        reach = reach + rng.normal(0, noise, reach.shape) if noise else reach
        boundaries[inside, group, :2] = np.log(np.clip(reach, 0, longest_s) + LOG_OFFSET_S)
    return make_votes(logits, boundaries, GROUP_OF_CLASS, rate_hz=25.0, stride=STRIDE, log_offset_s=LOG_OFFSET_S)
