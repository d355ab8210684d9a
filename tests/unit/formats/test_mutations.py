"""Files of poses that were damaged anywhere are read or refused; no reader falls over."""

from __future__ import annotations

import pytest

from tests.harness.mutate import KINDS, try_rounds


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore")
def test_a_mutated_file_is_read_or_refused(kind: str) -> None:
    refused, found = try_rounds(kind, 200, seed=1)
    assert found == []
    assert refused > 50
