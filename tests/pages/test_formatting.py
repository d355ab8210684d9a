"""Numbers and names as the screen writes them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pages.ui.formatting import escape_html, format_bytes, format_count, format_rate, format_seconds
from tests.pages.conftest import NASTY_NAMES


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00.0"), (4.24, "0:04.2"), (59.97, "1:00"), (60, "1:00"), (892, "14:52"), (3723.4, "1:02:03")],
)
def test_seconds(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text


def test_counts_rates_and_sizes() -> None:
    assert format_count(1, "label") == "1 label"
    assert format_count(2146, "label") == "2,146 labels"
    assert format_rate(Fraction(25)) == "25 fps"
    assert format_rate(Fraction(359, 12)) == "29.92 fps"
    assert format_bytes(4 * 1024**3) == "4 GB"
    assert format_bytes(13_107_200) == "12.5 MB"


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_html_never_comes_alive(name: str) -> None:
    assert "<" not in escape_html(name)
    assert '"' not in escape_html('a"b')
