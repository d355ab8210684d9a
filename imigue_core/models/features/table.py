"""What the scanner sees of a frame: about two hundred numbers at 25 samples a second.

Lives here: putting the parts together, their names and the mirror. numpy only, and the same code
in training and scanning. The hash that a model's card must carry is in ``revision.py``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imigue_core.models.features.columns import Columns
from imigue_core.models.features.geometry import LEFT, RIGHT, Points, compute_head
from imigue_core.models.features.hands import put_pair_features, put_side_features
from imigue_core.models.features.trunk import put_face_features, put_head_features, put_torso_features
from imigue_core.skeleton.normalise import SELECTED, NormalisedShot

LARGEST_FEATURE = 8.0


def compute_features(shot: NormalisedShot) -> NDArray[np.float32]:
    """One shot's features.

    Returns:
        (N, F) float32, a row a sample, columns as in ``FEATURE_NAMES``; NaN where the points
        a feature needs are missing, else within -8..8.
    """
    columns = _compute_columns(shot).values
    table = np.empty((len(columns), len(shot.times_s)), np.float32)
    for row, values in zip(table, columns.values(), strict=True):
        np.clip(values, -LARGEST_FEATURE, LARGEST_FEATURE, out=row)
    return np.ascontiguousarray(table.T)


def _compute_columns(shot: NormalisedShot) -> Columns:
    points = Points(shot)
    columns = Columns()
    with np.errstate(invalid="ignore", divide="ignore"):
        head = compute_head(points)
        put_head_features(columns, points, head)
        put_torso_features(columns, points, head)
        put_face_features(columns, points, head)
        put_pair_features(columns, points)
        for side in (LEFT, RIGHT):
            put_side_features(columns, points, head, side)
    return columns


def _declare() -> Columns:
    """The columns of a shot in which nobody was seen, for their names."""
    empty = np.full((2, len(SELECTED), 1), np.nan, np.float32)
    confidence = np.zeros((len(SELECTED), 1), np.float32)
    return _compute_columns(NormalisedShot(0, 1, np.zeros(1), empty, confidence, 1.0))


_DECLARED = _declare()
FEATURE_NAMES: tuple[str, ...] = tuple(_DECLARED.values)
N_FEATURES = len(FEATURE_NAMES)
MIRROR = _DECLARED.make_mirror()
"""What a mirrored person's features are, as each of them was declared."""
