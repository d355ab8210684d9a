"""Small files that would be large in memory are refused before they are, each with its code and its part."""

from __future__ import annotations

import pytest

from tests.harness.bombs import BOMBS, MEGA, Refusal, refuse_apart

MOST_MEGABYTES = 64


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Refusal]:
    """All bombs, refused one after the other by one process."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, (_, write) in BOMBS.items():
        write(folder / name, 4 * MEGA)
    return dict(zip(BOMBS, refuse_apart(*(folder / name for name in BOMBS)), strict=True))


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_by_code_and_place_in_little_memory(refusals: dict[str, Refusal], name: str) -> None:
    refusal = refusals[name]
    assert refusal.code == BOMBS[name][0]
    assert name in refusal.where
    assert refusal.megabytes < MOST_MEGABYTES
