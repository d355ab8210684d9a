"""Seconds of frames: exact text, and floors that give the frame back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.errors import InputError
from imigue_core.formats.seconds import FrameClock, validate_seconds

RATES = [Fraction(25), Fraction(359, 12), Fraction(30000, 1001), Fraction(24), Fraction(1000)]


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_every_frame_comes_back_from_its_written_seconds(rate: Fraction) -> None:
    clock = FrameClock(rate)
    wrong = [f for f in range(39_001) if clock.find_frame(Decimal(clock.format_time(f))) != f]
    assert wrong == []


def test_at_25_frames_a_second_written_seconds_are_exact() -> None:
    clock = FrameClock()
    assert [clock.format_time(f) for f in (0, 1, 29, 25, 39_000)] == [
        "0.0000",
        "0.0400",
        "1.1600",
        "1.0000",
        "1560.0000",
    ]


def test_other_rates_round_up() -> None:
    assert FrameClock(Fraction(359, 12)).format_time(1) == "0.0335"
    assert FrameClock(Fraction(30000, 1001)).format_time(1) == "0.0334"


@given(
    st.lists(st.integers(min_value=2, max_value=5000), min_size=1, max_size=60),
    st.sampled_from([Fraction(1, 12_800), Fraction(1, 10_000), Fraction(1001, 30_000)]),
)
def test_presentation_times_give_every_frame_back(gaps: list[int], time_base: Fraction) -> None:
    pts = np.cumsum([0, *gaps])
    clock = FrameClock(Fraction(25), pts, time_base)
    assert [clock.find_frame(Decimal(clock.format_time(f))) for f in range(len(pts))] == list(range(len(pts)))


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=9))
def test_a_frame_is_the_exact_floor_of_25_times_its_seconds(units: int, digits: int) -> None:
    text = f"{units // 10**digits}.{units % 10**digits:0{digits}d}" if digits else str(units)
    assert FrameClock().find_frame(Decimal(validate_seconds(text))) == 25 * units // 10**digits


@pytest.mark.parametrize("text", ["", "-1", "+1", "1e3", "NaN", "inf", "٣", "1,5", " 1", "1.", ".5", "1.2.3", "9" * 21])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refusal:
        validate_seconds(text)
    assert refusal.value.code == "SECONDS_INVALID"


def test_lists_of_seconds_end_with_the_end_of_the_last_frame() -> None:
    frames = np.array([0, 1, 2, 3])
    clock = FrameClock(Fraction(10), np.array([0, 100, 300]), Fraction(1, 1000))
    assert clock.list_seconds(frames) == pytest.approx([0.0, 0.1, 0.3, 0.4])
    assert FrameClock().list_seconds(frames) == pytest.approx([0.0, 0.04, 0.08, 0.12])


@pytest.mark.parametrize(
    "clock",
    [FrameClock(Fraction(10)), FrameClock(Fraction(10), np.array([0, 100, 200]), Fraction(1, 1000))],
    ids=["rate", "presentation times"],
)
def test_a_time_past_the_end_is_a_frame_past_the_last_one(clock: FrameClock) -> None:
    assert [clock.extend_frame(Decimal(text)) for text in ("0", "0.25", "0.2999", "0.3", "0.35", "1")] == [
        0,
        2,
        2,
        3,
        3,
        10,
    ]


def test_the_last_frame_of_a_variable_rate_ends_one_frame_later() -> None:
    clock = FrameClock(Fraction(10), np.array([0, 100, 300]), Fraction(1, 1000))
    assert [clock.extend_frame(Decimal(text)) for text in ("0.25", "0.3", "0.39", "0.4", "0.5")] == [1, 2, 2, 3, 4]
