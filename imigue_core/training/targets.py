"""What the scanner should say at every token of a crop, from labelled spans in seconds. Numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.models.tasks import GROUP_OF_CLASS, LOG_OFFSET_S, N_GROUPS, N_LOGITS
from imigue_core.skeleton.normalise import RATE_HZ

LONG_S = 2.0
"""Tokens of longer gestures count less, by the square root, so that holds do not drown the short ones."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledSpans:
    """Gestures of one recording.

    Attributes:
        columns: (K,) int, index of the class in ``CLASS_IDS``.
        starts: (K,) float64 seconds from the recording's first sample.
        ends: (K,) float64 seconds.
    """

    columns: NDArray[np.intp]
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """For L tokens.

    Attributes:
        classes: (33, L) share of the token that each class covers; the last row is background.
        weights: (33, L) how much each of them counts.
        edges: (6, 2, L) by group: log of seconds plus ``LOG_OFFSET_S`` to start and end.
        edge_weights: (6, 2, L): 0 where the group does nothing, or the edge lies outside the crop.
    """

    classes: NDArray[np.float32]
    weights: NDArray[np.float32]
    edges: NDArray[np.float32]
    edge_weights: NDArray[np.float32]


def make_targets(spans: LabelledSpans, first_sample: int, n_samples: int, token_samples: int) -> Targets:
    """Targets of the crop ``first_sample .. first_sample + n_samples - 1``, which is whole tokens.

    Args:
        spans: What is done in the recording.
        first_sample: Of the crop.
        n_samples: Of the crop, a multiple of ``token_samples``.
        token_samples: Samples for each of the network's outputs.
    """
    n_tokens = n_samples // token_samples
    token_s = token_samples / RATE_HZ
    first_s = first_sample / RATE_HZ
    middles = first_s + (np.arange(n_tokens) * token_samples + (token_samples - 1) / 2) / RATE_HZ
    last_s = first_s + n_samples / RATE_HZ
    classes = np.zeros((N_LOGITS, n_tokens), np.float32)
    weights = np.ones((N_LOGITS, n_tokens), np.float32)
    edges = np.zeros((N_GROUPS, 2, n_tokens), np.float32)
    edge_weights = np.zeros((N_GROUPS, 2, n_tokens), np.float32)
    lengths = spans.ends - spans.starts
    near = np.flatnonzero((spans.ends > first_s) & (spans.starts < last_s))
    for k in near[np.argsort(-lengths[near])]:  # shorter ones last, so that they have the say where two overlap
        start, end, column = spans.starts[k], spans.ends[k], spans.columns[k]
        cover = np.minimum(middles + token_s / 2, end) - np.maximum(middles - token_s / 2, start)
        cover = np.clip(cover / token_s, 0, 1).astype(np.float32)
        weight = np.float32(np.sqrt(LONG_S / max(lengths[k], LONG_S)))
        np.maximum(classes[column], cover, out=classes[column])
        np.maximum(classes[-1], cover, out=classes[-1])
        weights[column, cover > 0] = weight
        inside = np.flatnonzero(cover >= 0.5)
        group = GROUP_OF_CLASS[column]
        for side, seconds, is_seen in ((0, middles - start, start >= first_s), (1, end - middles, end <= last_s)):
            edges[group, side, inside] = np.log(np.maximum(seconds[inside], 0) + LOG_OFFSET_S)
            edge_weights[group, side, inside] = weight * is_seen
    classes[-1] = 1 - classes[-1]
    return Targets(classes, weights, edges, edge_weights)
