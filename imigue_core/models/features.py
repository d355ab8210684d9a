"""What the scanner sees of a frame: about two hundred numbers at 25 samples a second.

Lives here: putting the parts together, their names, the mirror, and the hash that a model's
card must carry. numpy only, and the same code in training and scanning.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.models import feature_geometry, hand_features
from imigue_core.models.feature_geometry import LEFT, RIGHT, Array, Points, compute_head
from imigue_core.models.hand_features import compute_pair_features, compute_side_features
from imigue_core.models.trunk_features import compute_face_features, compute_head_features, compute_torso_features
from imigue_core.skeleton import normalise

REVISION = 1
"""Raised whenever the same points give other features."""
LARGEST_FEATURE = 8.0


def compute_features(shot: normalise.NormalisedShot) -> NDArray[np.float32]:
    """One shot's features.

    Returns:
        (N, F) float32, a row a sample, columns as in ``FEATURE_NAMES``; NaN where the points
        a feature needs are missing, else within -8..8.
    """
    columns = _compute_columns(shot)
    table = np.empty((len(columns), len(shot.times_s)), np.float32)
    for row, values in zip(table, columns.values(), strict=True):
        np.clip(values, -LARGEST_FEATURE, LARGEST_FEATURE, out=row)
    return np.ascontiguousarray(table.T)


def _compute_columns(shot: normalise.NormalisedShot) -> dict[str, Array]:
    points = Points(shot)
    with np.errstate(invalid="ignore", divide="ignore"):
        head = compute_head(points)
        columns = compute_head_features(points, head)
        columns |= compute_torso_features(points, head)
        columns |= compute_face_features(points, head)
        columns |= compute_pair_features(points)
        for name, side in (("left", LEFT), ("right", RIGHT)):
            columns |= {f"{name}_{k}": v for k, v in compute_side_features(points, head, side).items()}
    return columns


def _list_names() -> tuple[str, ...]:
    n_points = len(normalise.SELECTED)
    empty = np.full((2, n_points, 1), np.nan, np.float32)
    shot = normalise.NormalisedShot(0, 1, np.zeros(1), empty, np.zeros((n_points, 1), np.float32), 1.0)
    return tuple(_compute_columns(shot))


FEATURE_NAMES: tuple[str, ...] = _list_names()
"""Column names. ``left_`` and ``right_`` swap in a mirror, ``_odd`` changes sign."""
N_FEATURES = len(FEATURE_NAMES)


@dataclass(frozen=True, slots=True, eq=False)
class Mirror:
    """What a mirrored person's features are: ``features[:, order] * sign``."""

    order: NDArray[np.intp]
    sign: NDArray[np.float32]


def _mirror_name(name: str) -> str:
    for one, other in (("left_", "right_"), ("right_", "left_")):
        if name.startswith(one):
            swapped = other + name.removeprefix(one)
            return swapped.replace(f"_on_{other[:-1]}", f"_on_{one[:-1]}")
    return name


MIRROR = Mirror(
    np.array([FEATURE_NAMES.index(_mirror_name(name)) for name in FEATURE_NAMES]),
    np.array([-1 if name.endswith("_odd") else 1 for name in FEATURE_NAMES], np.float32),
)


def _compute_hash() -> str:
    modules = (normalise, feature_geometry, hand_features)
    constants = {
        f"{module.__name__.rsplit('.', 1)[-1]}.{name}": value
        for module in modules
        for name, value in sorted(vars(module).items())
        if name.isupper() and isinstance(value, int | float | tuple)
    }
    text = json.dumps([REVISION, LARGEST_FEATURE, constants, FEATURE_NAMES], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


PREPROCESSING_HASH = _compute_hash()
"""Hash over every constant and name between a pose and a feature; a card with another one is refused."""
