"""Orientation, square pixels and the proxy's size."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from imigue_core.video.geometry import Geometry, compute_geometry
from imigue_core.video.proxy import compute_proxy_size

ONE = 65536
PICTURE = np.arange(6).reshape(2, 3)


def matrix(a: int, b: int, c: int, d: int) -> list[int]:
    return [a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30]


@pytest.mark.parametrize(
    ("numbers", "rotation", "turns"),
    [((1, 0, 0, 1), 0, 0), ((0, 1, -1, 0), 90, 3), ((-1, 0, 0, -1), 180, 2), ((0, -1, 1, 0), 270, 1)],
)
def test_quarter_turns_are_clockwise(numbers: tuple[int, int, int, int], rotation: int, turns: int) -> None:
    geometry = compute_geometry(3, 2, matrix=matrix(*numbers))
    upright = geometry.to_upright(PICTURE)
    assert geometry.rotation == rotation
    assert not geometry.is_mirrored
    assert (geometry.height, geometry.width) == upright.shape
    assert upright.tolist() == np.rot90(PICTURE, turns).tolist()


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((-1, 0, 0, 1), PICTURE[:, ::-1]),
        ((1, 0, 0, -1), PICTURE[::-1]),
        ((0, 1, 1, 0), PICTURE.T),
        ((0, -1, -1, 0), PICTURE.T[::-1, ::-1]),
    ],
)
def test_mirrored_orientations_are_followed_and_told(numbers: tuple[int, int, int, int], expected: np.ndarray) -> None:
    geometry = compute_geometry(3, 2, matrix=matrix(*numbers))
    assert geometry.is_mirrored
    assert geometry.to_upright(PICTURE).tolist() == expected.tolist()


def test_colour_pictures_turn_like_grey_ones() -> None:
    colour = np.stack([PICTURE, PICTURE + 10, PICTURE + 20], axis=2)
    geometry = compute_geometry(3, 2, matrix=matrix(0, 1, -1, 0))
    assert geometry.to_upright(colour)[..., 1].tolist() == (geometry.to_upright(PICTURE) + 10).tolist()


def test_pixels_become_square_by_stretching_only() -> None:
    assert compute_geometry(720, 576, Fraction(16, 15)) == Geometry(768, 576)
    assert compute_geometry(720, 480, Fraction(8, 9)) == Geometry(720, 540)
    assert compute_geometry(720, 576, Fraction(0)) == Geometry(720, 576)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1280, 720), (1280, 720)),
        ((3840, 2160), (1920, 1080)),
        ((2160, 3840), (1080, 1920)),
        ((321, 241), (320, 240)),
        ((1, 1), (2, 2)),
        ((8192, 10), (1920, 2)),
        ((1921, 1080), (1920, 1080)),
    ],
)
def test_proxies_are_even_and_at_most_1920_px_long(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert compute_proxy_size(*size) == expected
