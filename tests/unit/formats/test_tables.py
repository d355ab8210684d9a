"""CSV hygiene: encodings, delimiters, shapes of rows, formulas, cells."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.errors import InputError
from imigue_core.formats.cells import (
    escape_cell,
    parse_frame,
    parse_id,
    unescape_cell,
    validate_cell,
    validate_note,
)
from imigue_core.formats.class_lists import IMIGUE_IDS
from imigue_core.formats.tables import MAX_LABEL_FILE_BYTES, load_table, save_table

COLUMNS = ("name", "note")
TEXT = "name,note\nZoë,naïve\n"


def refuse(function: Any, *args: Any) -> str:
    with pytest.raises(InputError) as refusal:
        function(*args)
    return refusal.value.code


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("latin-1"), "Latin-1"),
        (TEXT.replace("\n", "\r\n").encode(), "UTF-8"),
        (TEXT.replace("\n", "\r").encode(), "UTF-8"),
        (TEXT.replace(",", ";").encode(), "UTF-8"),
        (TEXT.rstrip().encode(), "UTF-8"),
        (TEXT.replace("\n", "\n\n").encode(), "UTF-8"),
    ],
)
def test_tables_of_any_usual_encoding_delimiter_and_line_end_are_read(data: bytes, encoding: str) -> None:
    table = load_table(data, COLUMNS, "a.csv")
    assert [row for _, row in table.rows] == [["Zoë", "naïve"]]
    assert (table.bad, table.encoding) == ([], encoding)


@pytest.mark.parametrize("data", [b"name,note\n\x80\x81,\xff\n", b"\xff\xfe\x00", bytes(range(256))])
def test_what_is_no_text_is_refused_naming_what_was_tried(data: bytes) -> None:
    with pytest.raises(InputError) as refusal:
        load_table(data, COLUMNS, "a.csv")
    assert refusal.value.code == "CSV_ENCODING"
    assert "UTF-8, UTF-16, Latin-1" in refusal.value.message
    assert refusal.value.where == "a.csv"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "missing [name, note]"),
        (b"name\n", "missing [note]"),
        (b"name,note,more\n", "unknown ['more']"),
        (b"note,name\n", "another order"),
        (b"name,note,note\n", "twice [note]"),
        (b"name,note\nname,note\n", "again on line 2"),
        (b"Name,note\n", "missing [name]"),
    ],
)
def test_other_columns_are_refused_with_what_differs(data: bytes, words: str) -> None:
    with pytest.raises(InputError) as refusal:
        load_table(data, COLUMNS, "a.csv")
    assert refusal.value.code == "CSV_COLUMNS"
    assert words in refusal.value.message


def test_rows_of_another_length_are_named_by_the_line_they_begin_on() -> None:
    table = load_table(b'name,note\na,"two\nlines"\nb\nc,d\ne,f,g\n', COLUMNS, "a.csv")
    assert [line for line, _ in table.rows] == [2, 5]
    assert [(row.line, row.code, row.message) for row in table.bad] == [
        (4, "CSV_ROW", "expected 2 fields, got 1."),
        (6, "CSV_ROW", "expected 2 fields, got 3."),
    ]


def test_endless_fields_and_open_quotes_are_bad_rows() -> None:
    long = load_table(b"name,note\na,b\nc," + b"x" * 200_000 + b"\n", COLUMNS, "a.csv")
    assert [(row.line, row.code) for row in long.bad] == [(3, "CSV_FIELD_TOO_LONG")]
    quoted = load_table(b'name,note\na,"b\nc,d\n', COLUMNS, "a.csv")
    assert [(row.line, row.code) for row in quoted.bad] == [(2, "CSV_ROW")]


def test_files_past_the_limit_are_refused_before_reading() -> None:
    assert refuse(load_table, bytes(MAX_LABEL_FILE_BYTES + 1), COLUMNS, "a.csv") == "UPLOAD_TOO_LARGE"


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(cells, cells), max_size=8))
def test_saved_tables_load_as_they_were(rows: list[tuple[str, str]]) -> None:
    data = save_table(COLUMNS, rows)
    table = load_table(data, COLUMNS, "a.csv")
    assert [tuple(row) for _, row in table.rows] == rows
    assert not data.endswith(b"\n") or rows[-1][-1].endswith("\n")


@given(st.text("'=+-@\t\r\n;\0a 1", max_size=6))
def test_escaped_cells_are_no_formulas_and_come_back(text: str) -> None:
    cell = escape_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))
    assert not any(part.startswith(("=", "+", "-", "@", "\t")) for part in re.split("[;\n]", cell))
    assert unescape_cell(cell) == text


def test_no_formula_begins_where_semicolons_part_cells() -> None:
    assert escape_cell("x;=1+1") == "x;'=1+1"
    assert escape_cell("a;b; =c") == "a;b; =c"


def test_ordinary_apostrophes_stay() -> None:
    assert escape_cell("'tis") == unescape_cell("'tis") == "'tis"
    assert escape_cell('=HYPERLINK("http://x")') == '\'=HYPERLINK("http://x")'


@pytest.mark.parametrize("text", ["12.5", "1e3", "٣", "", "NaN", "+1", " 1", "1 ", "--1", "²", "0x1"])
def test_frames_are_plain_digits(text: str) -> None:
    assert refuse(parse_frame, text, "start_frame") == "FRAME_NOT_INTEGER"


def test_numbers_have_a_limit() -> None:
    assert refuse(parse_frame, str(10**30), "start_frame") == "NUMBER_TOO_LARGE"
    assert refuse(parse_frame, "2000001", "start_frame") == "NUMBER_TOO_LARGE"
    assert refuse(parse_id, str(10**30), "label_id") == "NUMBER_TOO_LARGE"
    assert parse_frame("2000000", "start_frame") == 2_000_000


@pytest.mark.parametrize("text", ["0", "-1", "1.0", "", "٣", "a"])
def test_ids_count_from_one(text: str) -> None:
    assert refuse(parse_id, text, "label_id") == "ID_INVALID"


@pytest.mark.parametrize("text", ["0", "32", "100", "29 ", "029", "", "Pressing lips", "Рressing lips"])
def test_classes_are_1_to_31_or_99_to_the_letter(text: str) -> None:
    assert refuse(IMIGUE_IDS.find, text) == "VOCABULARY_UNKNOWN"


@pytest.mark.parametrize("text", ["29 ", "pressing lips", "Рressing lips", "Presing lips"])
def test_unknown_classes_come_with_the_nearest_ones(text: str) -> None:
    with pytest.raises(InputError, match=r"nearest: .*29 Pressing lips"):
        IMIGUE_IDS.find(text)


@pytest.mark.parametrize("text", ["a\0b", "a\u202eb", "a\u200bb", "\ud800"])
def test_invisible_characters_are_refused(text: str) -> None:
    assert refuse(validate_cell, text, "subject_id", 200) == "LABEL_CHARS"


def test_emoji_families_and_any_script_are_fine() -> None:
    for text in ("👩‍👩‍👧‍👦", "Ελλάδα", "日本", "Czech ", "<img src=x onerror=alert(1)>"):
        assert validate_cell(text, "subject_nationality", 200) == text


def test_long_texts_are_refused() -> None:
    assert refuse(validate_cell, "x" * 201, "subject_id", 200) == "LABEL_TOO_LONG"
    assert refuse(validate_note, "x" * 10_000) == "LABEL_TOO_LONG"
    assert refuse(validate_note, "a\0") == "LABEL_CHARS"
