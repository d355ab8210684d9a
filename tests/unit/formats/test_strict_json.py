"""Strict JSON: what Python would let through is refused with a code."""

from __future__ import annotations

import pytest

from imigue_core.errors import InputError
from imigue_core.formats.strict_json import parse_strict_json


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": NaN}', "JSON_NOT_FINITE"),
        ('{"a": [-Infinity]}', "JSON_NOT_FINITE"),
        ("[1e999]", "JSON_NOT_FINITE"),
        ("[" * 100_000, "JSON_TOO_DEEP"),
        ('{"a":' * 100_000, "JSON_TOO_DEEP"),
        ('{"a": 1, "a": 2}', "JSON_DUPLICATE_KEY"),
        ('[{"b": {"a": 1, "a": 1}}]', "JSON_DUPLICATE_KEY"),
        ('{"a": [1, 2', "JSON_SYNTAX"),
        ("", "JSON_SYNTAX"),
        ("[1] [2]", "JSON_SYNTAX"),
        ("[" + "9" * 5000 + "]", "NUMBER_TOO_LARGE"),
    ],
)
def test_bad_json_is_refused(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_strict_json(text.encode(), "file.json")
    assert caught.value.code == code
    assert caught.value.where == "file.json"


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(InputError, match="JSON_SYNTAX"):
        parse_strict_json(b'"\xff"', "file.json")


def test_the_offset_of_a_mistake_is_named() -> None:
    with pytest.raises(InputError, match="offset 6"):
        parse_strict_json(b'{"a": }', "file.json")


def test_good_json_passes_with_or_without_a_byte_order_mark() -> None:
    assert parse_strict_json(b'\xef\xbb\xbf{"a": [1, 2.5, null, true]}', "x") == {"a": [1, 2.5, None, True]}
