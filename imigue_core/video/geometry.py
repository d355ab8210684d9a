"""How stored pictures become upright pictures with square pixels.

Lives here: the orientation a file asks for, the size that follows from it, and
turning arrays. Not here: decoding and scaling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Geometry:
    """The way from a stored picture to the upright one: stretch, transpose, then mirror.

    Attributes:
        square_width: Width in px of the stored picture once its pixels are square.
        square_height: Height of the same.
        is_transposed: Rows and columns change places.
        flip_x: The columns are then reversed.
        flip_y: The rows are then reversed.
    """

    square_width: int
    square_height: int
    is_transposed: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def width(self) -> int:
        """Width of the upright picture in px."""
        return self.square_height if self.is_transposed else self.square_width

    @property
    def height(self) -> int:
        """Height of the upright picture in px."""
        return self.square_width if self.is_transposed else self.square_height

    @property
    def is_plain(self) -> bool:
        """Whether stored pictures are upright already (their pixels may still need stretching)."""
        return not (self.is_transposed or self.flip_x or self.flip_y)

    @property
    def rotation(self) -> int:
        """Degrees clockwise, 0, 90, 180 or 270, that turn a stored picture upright."""
        if self.is_transposed:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    @property
    def is_mirrored(self) -> bool:
        """Whether the file also asks for a mirror image."""
        return (self.flip_x != self.flip_y) != self.is_transposed

    def to_upright(self, picture: NDArray[Any]) -> NDArray[Any]:
        """Turn a stored picture, (H, W) or (H, W, C) of any size, upright; contiguous."""
        if self.is_plain:
            return np.ascontiguousarray(picture)
        turned = picture.swapaxes(0, 1) if self.is_transposed else picture
        turned = turned[:, ::-1] if self.flip_x else turned
        return np.ascontiguousarray(turned[::-1] if self.flip_y else turned)


def compute_geometry(
    width: int, height: int, pixel_aspect: Fraction | None = None, matrix: Sequence[int] | None = None
) -> Geometry:
    """The geometry of a stream.

    Args:
        width: Stored width in px.
        height: Stored height in px.
        pixel_aspect: Width of one pixel over its height; None or 0 means square. Pictures are
            stretched along one side and never shrunk, as browsers do.
        matrix: The nine numbers of the file's display matrix (ISO 14496-12, 8.3.2), None for upright.
            Turns other than quarter turns count as the nearest one.
    """
    if pixel_aspect and pixel_aspect > 1:
        width = round(width * pixel_aspect)
    elif pixel_aspect and pixel_aspect > 0:
        height = round(height / pixel_aspect)
    if matrix is None:
        return Geometry(width, height)
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    if abs(b) > abs(a):
        return Geometry(width, height, is_transposed=True, flip_x=c < 0, flip_y=b < 0)
    return Geometry(width, height, flip_x=a < 0, flip_y=d < 0)
