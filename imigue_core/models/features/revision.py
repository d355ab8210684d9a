"""The hash that ties a model to the code its features came from; a card with another one is refused.

It covers every number that stands in that code, the names and the mirror of all features, and a revision for
whatever else changes what they are.
"""

from __future__ import annotations

from types import ModuleType

from imigue_core.models.features import columns, geometry, hands, table, trunk
from imigue_core.models.features.code_hash import compute_code_hash
from imigue_core.skeleton import layout, normalise

REVISION = 1
"""Raised whenever the same points give other features; models then have to be trained again."""
MODULES: tuple[ModuleType, ...] = (normalise, geometry, columns, trunk, hands, table)
"""All code between a pose and a feature."""
SAME_FEATURES = ("1869778bef5ee986695618e2dd5e277666ebb7ac37750e6854110b1144732486",)
"""Hashes of code that gave the very same features; models that were trained with it are as good as before."""
_POINTS = (
    layout.FACE_SLICE.start, layout.LEFT_HAND_SLICE.start, layout.RIGHT_HAND_SLICE.start,
    layout.LEFT_SHOULDER, layout.RIGHT_SHOULDER, layout.NECK, layout.NOSE,
)  # fmt: skip

PREPROCESSING_HASH = compute_code_hash(
    REVISION, MODULES, _POINTS, table.FEATURE_NAMES, table.MIRROR.order.tolist(), table.MIRROR.sign.tolist()
)
