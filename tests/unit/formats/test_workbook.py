"""Workbooks: which cells are numbers, where a document type may hide, and parts that lie about each other."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from imigue_core.errors import InputError
from imigue_core.formats.workbook import read_first_sheet
from tests.harness.bombs import BOOK, SHEET, make_sheet, write_book

DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'
ROW = '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}"><v>0.5</v></c></row>'


def read(path: Path, n_columns: int = 2) -> list[list[float]]:
    rows: list[list[float]] = []
    with path.open("rb") as file:
        read_first_sheet(file, n_columns, lambda number, row, n_said: rows.append(list(row)), path.name)
    return rows


def refuse(path: Path) -> InputError:
    with pytest.raises(InputError) as refusal:
        read(path)
    return refusal.value


def write_rows(path: Path, rows: str) -> Path:
    return write_book(path / "a.xlsx", {SHEET: make_sheet(rows)})


def test_rows_of_numbers_come_in_their_order(tmp_path: Path) -> None:
    assert read(write_rows(tmp_path, ROW.format(1) + ROW.format(2))) == [[1, 0.5], [2, 0.5]]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ('<c r="B1"><v>3</v></c>', [np.nan, 3]),
        ("<c><v>1</v></c><c><v>2</v></c>", [1, 2]),
        ('<c t="str"><f>1+1</f><v>2</v></c><c t="b"><v>1</v></c>', [2, 1]),
        ('<c t="inlineStr"><is><t>1.5</t></is></c><c t="s"><v>1</v></c>', [1.5, 7.25]),
        ('<c s="4"><v>1E-3</v></c><c r="B1"/>', [0.001, np.nan]),
        ('<c r="A1"><v>1<!-- no -->2</v></c><c><v> 3 </v></c>', [12, 3]),
    ],
)
def test_numbers_are_read_from_every_kind_of_cell(tmp_path: Path, cells: str, values: list[float]) -> None:
    strings = "<sst><si><t>x</t></si><si><r><t>7.</t></r><r><t>25</t></r></si></sst>"
    changes = {SHEET: make_sheet(f'<row r="1">{cells}</row>'), "xl/sharedStrings.xml": strings}
    (row,) = read(write_book(tmp_path / "a.xlsx", changes))
    np.testing.assert_array_equal(row, values)


def test_prefixes_and_utf_16_change_nothing(tmp_path: Path) -> None:
    sheet = '<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="urn:x"><x:sheetData><x:row><x:c><x:v>1</x:v>'
    sheet += "</x:c><x:c><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    assert read(write_book(tmp_path / "a.xlsx", {SHEET: sheet.encode("utf-16")})) == [[1, 2]]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row><c t="e"><v>#N/A</v></c></row>', "POSE_FORMAT"),
        ('<row><c t="d"><v>2020-01-01</v></c></row>', "POSE_FORMAT"),
        ('<row><c t="s"><v>0</v></c></row>', "POSE_FORMAT"),
        ('<row><c t="s"><v>-1</v></c></row>', "POSE_FORMAT"),
        ("<row><c><v>1</v></c></row>", "POSE_SHAPE"),
        ('<row><c r="A1"><v>1</v></c><c r="C1"><v>1</v></c></row>', "POSE_SHAPE"),
        ('<row><c r="A1"><v>1</v></c><c r="ZZZZ1"><v>1</v></c></row>', "POSE_FORMAT"),
        ('<row><c r="1"><v>1</v></c></row>', "POSE_FORMAT"),
        (ROW.format(1) + ROW.format(3), "POSE_SHAPE"),
        (ROW.format(2), "POSE_SHAPE"),
        (ROW.format(1) * 2, "POSE_FORMAT"),
        (ROW.format(10**9), "POSE_FORMAT"),
        ("<row><c><v>1</v></row>", "POSE_FORMAT"),
        ("<row>&bomb;</row>", "POSE_FORMAT"),
    ],
)
def test_what_is_no_row_of_numbers_is_refused_and_named(tmp_path: Path, rows: str, code: str) -> None:
    error = refuse(write_rows(tmp_path, rows))
    assert error.code == code
    assert SHEET in error.where


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("part", [SHEET, BOOK, "xl/styles.xml", "xl/sharedStrings.xml", "docProps/core.xml", "a.VML"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_document_type_is_refused_in_every_part_and_encoding(tmp_path: Path, part: str, encoding: str) -> None:
    declared = encoding.removesuffix("-le").removesuffix("-be").removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?>{DOCTYPE}<a>&b;</a>'
    if encoding.endswith("e"):
        text = text.removeprefix(f'<?xml version="1.0" encoding="{declared}"?>')
    error = refuse(write_book(tmp_path / "a.xlsx", {part: text.encode(encoding)}))
    assert error.code == "XML_FORBIDDEN"
    assert part in error.where


def test_a_document_type_far_into_a_part_is_refused_too(tmp_path: Path) -> None:
    for front in ("<!--" + "x" * 900_000 + "-->", " " * 200_000, "<?a " + "b" * 500_000 + "?>"):
        assert refuse(write_book(tmp_path / "a.xlsx", {SHEET: f"{front}{DOCTYPE}<a/>"})).code == "XML_FORBIDDEN"


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = write_rows(tmp_path, ROW.format(1))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, make_sheet(ROW.format(2)))
    assert refuse(path).code == "ARCHIVE_NAME"


def test_methods_that_may_ask_for_gigabytes_are_refused(tmp_path: Path) -> None:
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        assert refuse(write_book(tmp_path / "a.xlsx", method=method)).code == "POSE_FORMAT"


def test_a_part_that_unpacks_to_more_or_less_than_it_says_is_refused(tmp_path: Path) -> None:
    path = write_rows(tmp_path, ROW.format(1))
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    data = path.read_bytes()
    for said in (size - 20, size + 20, 2**40):
        changed = data.replace(size.to_bytes(4, "little"), min(said, 2**32 - 2).to_bytes(4, "little"))
        changed = changed.replace(size.to_bytes(8, "little"), said.to_bytes(8, "little"))
        (tmp_path / "lies.xlsx").write_bytes(changed)
        assert refuse(tmp_path / "lies.xlsx").code in ("POSE_FORMAT", "ARCHIVE_LIMIT")


def test_a_workbook_without_sheets_is_refused(tmp_path: Path) -> None:
    assert refuse(write_book(tmp_path / "a.xlsx", {BOOK: "<workbook/>"})).code == "POSE_FORMAT"
    assert refuse(write_book(tmp_path / "a.xlsx", {BOOK: b""})).code == "POSE_FORMAT"
