"""Frame rates and times out of time stamps."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imigue_core.errors import InputError
from imigue_core.video.timing import compute_rate, compute_times

MS = Fraction(1, 1000)


def rounded_stamps(fps: Fraction, n_frames: int, time_base: Fraction, start: int = 0) -> np.ndarray:
    return np.array([start + round(i / fps / time_base) for i in range(n_frames)], dtype=np.int64)


@pytest.mark.parametrize("fps", [Fraction(359, 12), Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001)])
@pytest.mark.parametrize("time_base", [MS, Fraction(1, 90000), Fraction(1, 11488)])
def test_a_named_rate_survives_rounded_time_stamps(fps: Fraction, time_base: Fraction) -> None:
    pts = rounded_stamps(fps, 5000, time_base, start=77)
    assert compute_rate(pts, time_base, [fps, None]) == (fps, False)


@pytest.mark.parametrize("fps", [Fraction(25), Fraction(30000, 1001), Fraction(15), Fraction(359, 12), Fraction(1, 4)])
def test_a_constant_rate_that_no_header_names_is_found(fps: Fraction) -> None:
    assert compute_rate(rounded_stamps(fps, 5000, MS), MS, [None]) == (fps, False)


def test_a_wrong_name_for_a_constant_rate_is_not_believed() -> None:
    pts = rounded_stamps(Fraction(25), 500, MS)
    assert compute_rate(pts, MS, [Fraction(24), Fraction(50)]) == (Fraction(25), False)


def test_a_variable_rate_gives_the_mean() -> None:
    pts = np.array([0, 40, 200, 240, 400], dtype=np.int64)
    assert compute_rate(pts, MS, [Fraction(25)]) == (Fraction(10), True)


def test_the_mean_of_a_variable_rate_has_a_small_denominator() -> None:
    pts = np.cumsum(np.random.default_rng(3).integers(10, 90, 7919))
    fps, is_variable = compute_rate(pts, MS, [])
    assert is_variable
    assert fps.denominator <= 1001
    assert float(fps) == pytest.approx(7918 / ((pts[-1] - pts[0]) / 1000), rel=1e-6)


def test_one_frame_has_the_rate_its_header_names() -> None:
    assert compute_rate(np.array([5]), MS, [None, Fraction(359, 12)]) == (Fraction(359, 12), False)


@pytest.mark.parametrize(
    ("pts", "named"),
    [([0], []), ([0, 1, 2, 3], [Fraction(10**9)]), ([0, 10**6, 2 * 10**6], []), ([0, 1, 3], [])],
)
def test_impossible_rates_are_refused(pts: list[int], named: list[Fraction]) -> None:
    time_base = Fraction(1, 10**9) if named else (MS if pts[-1] > 3 else Fraction(1, 10**6))
    with pytest.raises(InputError) as refusal:
        compute_rate(np.array(pts), time_base, named)
    assert refusal.value.code == "VIDEO_FPS_INVALID"


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 120), st.integers(1, 12), st.integers(2, 400), st.sampled_from([1000, 12800, 90000]))
def test_the_rate_always_places_every_frame_within_one_unit(number: int, over: int, n_frames: int, units: int) -> None:
    fps, time_base = Fraction(number, over), Fraction(1, units)
    pts = rounded_stamps(fps, n_frames, time_base)
    found, is_variable = compute_rate(pts, time_base, [])
    assert not is_variable
    missed = [abs(int(p) - i / found / time_base) for i, p in enumerate(pts)]
    assert max(missed) <= max(Fraction(1), Fraction(1, 50) / found / time_base)


def test_whole_time_stamps_are_kept() -> None:
    pts, n_made = compute_times([7, 9, 40], MS, Fraction(25))
    assert (pts.tolist(), n_made) == ([7, 9, 40], 0)
    assert pts.dtype == np.int64


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        ([0, None, 80, 120], [0, 40, 80, 120]),
        ([None, 40, 80], [0, 40, 80]),
        ([0, 40, None, None], [0, 40, 80, 120]),
        ([0, 40, 40, 120], [0, 40, 80, 120]),
        ([None, None, None], [0, 40, 80]),
        ([100, None], [100, 140]),
        ([0, 0, 0, 0], [0, 40, 80, 120]),
    ],
)
def test_missing_stamps_are_placed_evenly(stamps: list[int | None], expected: list[int]) -> None:
    pts, n_made = compute_times(stamps, MS, Fraction(25))
    assert pts.tolist() == expected
    assert n_made > 0


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-1000, 100_000)), min_size=1, max_size=60))
def test_times_always_increase(stamps: list[int | None]) -> None:
    pts, _ = compute_times(stamps, MS, Fraction(25))
    assert len(pts) == len(stamps)
    assert (np.diff(pts) > 0).all()
