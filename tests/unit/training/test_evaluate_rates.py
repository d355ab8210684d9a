"""The comparison of frame rates: it counts what it says, on a scanner whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from imigue_core.annotation import SuggestedSpan
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.synthesis.interview import InterviewSpec
from imigue_core.training.evaluate_rates import measure_rates


@dataclass
class Answer:
    suggestions: Sequence[SuggestedSpan]


@dataclass
class TimedScanner:
    """Suggests the same seconds at any rate, but for those that ``late_s`` moves at other rates than 25."""

    late_s: float = 0.0
    only_at_25: bool = False
    spans_s: list[tuple[float, float]] = field(default_factory=lambda: [(1.0, 2.0), (4.0, 6.0)])

    def scan(self, poses: PoseSequence, times_s: NDArray, shot_cuts: Sequence[int]) -> Answer:
        is_base = bool(np.allclose(np.diff(times_s), 0.04))
        found = []
        for start, end in self.spans_s if is_base or not self.only_at_25 else [(8.0, 9.0)]:
            late = 0.0 if is_base else self.late_s
            first, last = np.searchsorted(times_s, [start + late, end + late], side="right") - 1
            found.append(SuggestedSpan(8, int(first), int(last), 0.9, ((8, 0.9),), 1.0, 1.0))
        return Answer(found)


def measure(scanner: TimedScanner) -> dict[str, float]:
    specs = [InterviewSpec(seed=3, duration_s=12.0, mix="idle")]
    return {m.name: m.value for m in measure_rates(scanner, specs, threshold=0.4)}


def test_the_same_seconds_at_every_rate_match_within_a_frame() -> None:
    values = measure(TimedScanner())
    assert len(values) == 8
    assert set(values.values()) == {1.0}


def test_edges_that_move_by_a_quarter_of_a_second_are_counted() -> None:
    values = measure(TimedScanner(late_s=0.25))
    assert all(value == 1.0 for name, value in values.items() if "match" in name)
    assert all(value == 0.0 for name, value in values.items() if "edges" in name)


def test_what_is_found_at_one_rate_only_does_not_match() -> None:
    values = measure(TimedScanner(only_at_25=True))
    assert all(value == 0.0 for name, value in values.items() if "match" in name)


@pytest.mark.parametrize("name", ["filmed at 359/12 fps", "converted to variable rate"])
def test_every_version_is_named(name: str) -> None:
    assert any(name in measured for measured in measure(TimedScanner()))
