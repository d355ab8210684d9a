"""Columns of features as they are declared: a name, its numbers, and what a mirror makes of it.

Which features there are stands in ``trunk.py`` and ``hands.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.models.features.geometry import LEFT, RIGHT, Array

SIDE_NAMES = {LEFT: "left", RIGHT: "right"}


@dataclass(frozen=True, slots=True, eq=False)
class Mirror:
    """What a mirrored person's features are: ``features[:, order] * sign``."""

    order: NDArray[np.intp]
    sign: NDArray[np.float32]


class Columns:
    """Columns by name, in the order they are put; each call says what becomes of its columns in a mirror.

    Attributes:
        values: Name -> (N,) numbers.
    """

    def __init__(self) -> None:
        self.values: dict[str, Array] = {}
        self._mirrors: dict[str, tuple[str, int]] = {}

    def even(self, **values: Array) -> None:
        """Columns that a mirror leaves as they are."""
        for name, column in values.items():
            self._put(name, column, name)

    def odd(self, **values: Array) -> None:
        """Columns whose sign a mirror changes."""
        for name, column in values.items():
            self._put(name, column, name, -1)

    def sided(self, side: int, **values: Array) -> None:
        """Columns of one side of the person, measured outward; a mirror swaps the sides."""
        own, other = SIDE_NAMES[side], SIDE_NAMES[-side]
        for name, column in values.items():
            self._put(f"{own}_{name}", column, f"{other}_{name}")

    def swapped(self, one: tuple[str, Array], other: tuple[str, Array]) -> None:
        """Two columns that a mirror makes of each other, by their own names."""
        self._put(*one, other[0])
        self._put(*other, one[0])

    def make_mirror(self) -> Mirror:
        """Where each column of a mirrored person comes from, and its sign."""
        places = {name: place for place, name in enumerate(self.values)}
        mirrors = [self._mirrors[name] for name in self.values]
        return Mirror(
            np.array([places[name] for name, _ in mirrors], np.intp),
            np.array([sign for _, sign in mirrors], np.float32),
        )

    def _put(self, name: str, column: Array, mirrored: str, sign: int = 1) -> None:
        assert name not in self.values, f"two features are called {name}"
        self.values[name] = column
        self._mirrors[name] = (mirrored, sign)
