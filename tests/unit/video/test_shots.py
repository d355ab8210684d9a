"""Shot cuts: real ones are found, what merely moves or flashes is not."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from imigue_core.video.shots import ShotFinder

RNG = np.random.default_rng(11)
DARK = np.clip(RNG.normal(60, 25, (90, 160)), 0, 255).astype(np.uint8)
BRIGHT = np.clip(RNG.normal(190, 25, (90, 160)), 0, 255).astype(np.uint8)


def find(pictures: Iterable[np.ndarray]) -> list[int]:
    finder = ShotFinder()
    for picture in pictures:
        finder.add(picture)
    return finder.cuts


def test_cuts_are_the_first_frames_of_new_shots() -> None:
    assert find([DARK] * 20 + [BRIGHT] * 20 + [DARK] * 20) == [20, 40]


def test_a_flash_is_no_cut() -> None:
    assert find([DARK] * 20 + [BRIGHT] + [DARK] * 20) == []


def test_a_slow_fade_is_no_cut() -> None:
    fade = [(DARK * (1 - t) + BRIGHT * t).astype(np.uint8) for t in np.linspace(0, 1, 40)]
    assert find([DARK] * 10 + fade + [BRIGHT] * 10) == []


def test_a_still_picture_and_no_picture_have_no_cuts() -> None:
    assert find([DARK] * 50) == []
    assert find([]) == []


def test_a_bright_hand_that_enters_is_no_cut() -> None:
    pictures = []
    for step in range(60):
        picture = DARK.copy()
        picture[20:60, max(0, 160 - step * 12) :][:, :40] = 230
        pictures.append(picture)
    assert find(pictures) == []


def test_pictures_smaller_than_the_grid_work() -> None:
    assert find([DARK[:2, :2]] * 5) == []
