"""Small files that would be large in memory are refused before they are, each with its code and its part."""

from __future__ import annotations

import tracemalloc

import pytest

from imigue_core.errors import InputError
from imigue_core.formats.label_file import LabelFile
from imigue_core.formats.registry import OWN_FORMATS, Format
from imigue_core.formats.strict_json import parse_strict_json
from imigue_core.formats.tables import load_table
from imigue_core.limits import BAD_ROWS, LABEL_ROWS
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


TABLE_BOMBS = {
    "one line": (b"video_id" + b"," * (8 * MEGA), "CSV_LINE_TOO_LONG"),
    "a row of quoted line ends": (b'a,b\n"\n' + b'",' * MEGA + b'"\n' * (4 * MEGA), "CSV_COLUMNS"),
    "a quote never closed": (b'"' + b"a,b\n" * (2 * MEGA), "CSV_FIELD_TOO_LONG"),
    "bytes of zero": (bytes(8 * MEGA), "CSV_LINE_TOO_LONG"),
}


@pytest.mark.parametrize("name", TABLE_BOMBS)
@pytest.mark.parametrize("fmt", [fmt for fmt in OWN_FORMATS if ".csv" in fmt.suffixes], ids=lambda fmt: fmt.name)
def test_a_table_of_labels_that_is_one_endless_row_is_refused_in_little_memory(fmt: Format, name: str) -> None:
    data, code = TABLE_BOMBS[name]
    found, peak = load_and_measure(fmt, data)
    assert found == code
    assert peak < 4 * len(data) + 16 * MEGA


def test_rows_that_are_all_refused_are_listed_up_to_a_limit() -> None:
    for fmt in OWN_FORMATS:
        assert fmt.save is not None
        assert fmt.load is not None
        empty = fmt.save(LabelFile())
        many = b"\nx" * 100_000 if fmt.name != "json" else b""
        data = empty + many if many else empty.replace(b"[]", b"[" + b",".join([b"{}"] * 100_000) + b"]")
        assert len(fmt.load(data, "file").bad) == BAD_ROWS.most, fmt.name


def test_more_rows_than_a_project_could_hold_are_refused() -> None:
    with pytest.raises(InputError, match="UPLOAD_TOO_LARGE"):
        load_table(b"a,b" + b"\n," * (LABEL_ROWS.most + 2), ("a", "b"), "file")


@pytest.mark.parametrize("filling", [b"[],", b"{},", b"1,", b'"ab",'])
def test_json_that_would_be_large_in_memory_is_refused_unparsed(filling: bytes) -> None:
    (fmt,) = (fmt for fmt in OWN_FORMATS if fmt.name == "json")
    data = b"[" + filling * (4 * MEGA) + b"1]"
    found, peak = load_and_measure(fmt, data)
    assert found == "JSON_TOO_LARGE"
    assert peak < MEGA


def test_a_key_that_stands_twice_among_many_is_found_at_once() -> None:
    data = b"{" + b",".join(b'"%d": 1' % k for k in range(200_000)) + b', "199999": 1}'
    with pytest.raises(InputError, match="JSON_DUPLICATE_KEY"):
        parse_strict_json(data, "file")


def load_and_measure(fmt: Format, data: bytes) -> tuple[str, int]:
    """The code that a reader refuses bytes with, and the most bytes that it held at once."""
    assert fmt.load is not None
    tracemalloc.start()
    try:
        bad = fmt.load(data, "file").bad
        code = bad[0].code if bad else ""
    except InputError as error:
        code = error.code
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return code, peak
