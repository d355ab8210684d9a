"""The numbers of a workbook's first sheet (.xlsx), read as a stream and never further than the limits allow.

Lives here: finding the sheet among the parts, and its rows. What the columns mean is for miga.py. Styles, formulas,
comments, pictures and all other parts are never read.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Sequence
from typing import BinaryIO

from imigue_core.archives import ArchiveKind, open_archive
from imigue_core.errors import InputError
from imigue_core.formats.xml_parts import BeginningReader, ElementLister, PartReader, read_part
from imigue_core.limits import (
    CELL_CHARS,
    SHARED_STRINGS,
    WORKBOOK_BYTES,
    WORKBOOK_INDEX,
    WORKBOOK_PARTS,
    WORKBOOK_RATIO,
    XML_STRANGE,
)

TakeRow = Callable[[int, Sequence[float], int], None]
"""Called with a row's number, its numbers (NaN for an empty cell) and the rows that the sheet says it has."""
_KIND = ArchiveKind("an Excel file (.xlsx)", WORKBOOK_PARTS, WORKBOOK_BYTES, WORKBOOK_RATIO)
_XML_SUFFIXES = (".xml", ".rels", ".vml")
_DIGITS = "0123456789"
_NAN = float("nan")
_NUMBERS = ("n", "b", "str", "inlineStr")
"""Types of cells whose own text is the value; others are shared texts, errors and dates."""
_MOST_COLUMNS = 16_384
_MOST_ROWS = 1_048_576


def read_first_sheet(file: BinaryIO, n_columns: int, take_row: TakeRow, where: str) -> None:
    """Hands over the rows of the first sheet that hold numbers, in their order.

    Args:
        file: The workbook, open for reading.
        n_columns: Numbers that each row has to have.
        take_row: Gets each row; what it raises ends reading.
        where: What messages call the file.

    Raises:
        InputError: ``POSE_FORMAT``, ``POSE_SHAPE``, ``ARCHIVE_LIMIT``, ``ARCHIVE_ENCRYPTED``, ``ARCHIVE_NAME`` or
            ``XML_FORBIDDEN``, naming the part.
    """
    with open_archive(file, _KIND, where) as archive:
        for info in archive.infolist():
            if info.filename.lower().endswith(_XML_SUFFIXES):
                read_part(archive, info, BeginningReader(), where)
        book = _Book(archive, where)
        sheet = book.find_first_sheet()
        reader = _SheetReader(book.load_strings, n_columns, take_row, f"{where}[{sheet.filename[:200]}]")
        read_part(archive, sheet, reader, where)


class _Book:
    """The parts of a workbook and how they name each other."""

    def __init__(self, archive: zipfile.ZipFile, where: str) -> None:
        self._archive = archive
        self._where = where
        self._parts = {info.filename: info for info in archive.infolist()}
        roots = self._list_related("_rels/.rels", "", "/officeDocument")
        self._book = next(iter(roots.values()), "xl/workbook.xml")

    def find_first_sheet(self) -> zipfile.ZipInfo:
        """The part that holds the first sheet of cells."""
        sheets = self._list_elements(self._book, "sheet")
        known = self._list_own("/worksheet")
        for sheet in sheets:
            number = next((value for name, value in sheet.items() if name.endswith(":id")), "")
            if known.get(number) in self._parts:
                return self._parts[known[number]]
        raise InputError("POSE_FORMAT", "expected an Excel file (.xlsx) with a sheet, got none.", where=self._where)

    def load_strings(self) -> list[str]:
        """The shared texts; those that are too long for a number are empty."""
        reader = _StringReader(f"{self._where}[shared texts]")
        for name in self._list_own("/sharedStrings").values():
            if name in self._parts:
                read_part(self._archive, self._parts[name], reader, self._where)
                break
        return reader.strings

    def _list_own(self, kind: str) -> dict[str, str]:
        folder, _, name = self._book.rpartition("/")
        return self._list_related(posixpath.join(folder, "_rels", f"{name}.rels"), folder, kind)

    def _list_related(self, path: str, folder: str, kind: str) -> dict[str, str]:
        """Names of parts by the numbers that others call them by, for one kind of relation."""
        found = {}
        for one in self._list_elements(path, "Relationship"):
            if one.get("Type", "").endswith(kind) and one.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))
                found[one.get("Id", "")] = target.lstrip("/")
        return found

    def _list_elements(self, path: str, name: str) -> list[dict[str, str]]:
        info = self._parts.get(path)
        if info is None:
            return []
        if info.file_size > WORKBOOK_INDEX.most:
            message = f"expected at most {WORKBOOK_INDEX.most:,} bytes, got {info.file_size:,}."
            raise InputError("ARCHIVE_LIMIT", message, where=f"{self._where}[{path[:200]}]")
        lister = ElementLister(name)
        read_part(self._archive, info, lister, self._where)
        return lister.found


class _StringReader(PartReader):
    """Keeps the texts of ``si`` elements that could be numbers."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.strings: list[str] = []
        self._place = place
        self._text = ""
        self._is_text = False

    def start_element(self, name: str, attrs: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        self._is_text = kind == "t"
        if kind == "si":
            self._text = ""

    def character_data(self, data: str) -> None:
        if self._is_text and len(self._text) <= CELL_CHARS.most:
            self._text += data[: CELL_CHARS.most + 1]

    def end_element(self, name: str) -> None:
        self._is_text = False
        if name.rpartition(":")[2] != "si":
            return
        self.n_marks += 1
        self.strings.append(self._text if len(self._text) <= CELL_CHARS.most else "")
        if len(self.strings) > SHARED_STRINGS.most:
            message = f"expected at most {SHARED_STRINGS.most:,} shared texts, got more."
            raise InputError("ARCHIVE_LIMIT", message, where=self._place)


class _SheetReader(PartReader):
    """Makes rows of numbers from a sheet's elements."""

    def __init__(self, load_strings: Callable[[], list[str]], n_columns: int, take_row: TakeRow, place: str) -> None:
        super().__init__()
        self._load_strings = load_strings
        self._strings: list[str] | None = None
        self._n_columns = n_columns
        self._take_row = take_row
        self._place = place
        self._columns: dict[str, int] = {}
        self._n_strange = 0
        self._n_rows_said = self._n_columns_said = 0
        self._n_blank = 0
        self._row_number = 0
        self._is_row = False
        self._row: list[float] = []
        self._column = self._width = self._n_values = 0
        self._type = ""
        self._text = ""
        self._is_text = False

    def start_element(self, name: str, attrs: dict[str, str]) -> None:
        kind = name if ":" not in name else name.rpartition(":")[2]
        if kind == "c" and self._is_row:
            reference = attrs.get("r")
            self._column = self._find_column(reference) if reference else self._column + 1
            self._type = attrs.get("t", "n")
            self._text = ""
        elif kind == "v" or kind == "t":
            self._is_text = self._is_row and (kind == "t") == (self._type == "inlineStr")
        elif kind == "row":
            self._start_row(attrs.get("r"))
        elif kind == "dimension":
            self._take_dimension(attrs.get("ref", ""))
        else:
            self._count_strange()

    def character_data(self, data: str) -> None:
        if self._is_text:
            self._text += data
            if len(self._text) > CELL_CHARS.most:
                raise self._refuse_cell(f"{len(self._text)} or more characters")

    def end_element(self, name: str) -> None:
        kind = name if ":" not in name else name.rpartition(":")[2]
        if kind == "v" or kind == "t":
            self._is_text = False
        elif kind == "c" and self._is_row:
            self._width = max(self._width, self._column)
            if self._text:
                self._take_value()
        elif kind == "row" and self._is_row:
            self._end_row()
        elif kind == "sheetData":
            self.is_done = True

    def _start_row(self, number: str | None) -> None:
        last = self._row_number
        self._row_number = last + 1 if number is None else _parse_count(number, _MOST_ROWS)
        if self._row_number <= last:
            raise InputError(
                "POSE_FORMAT", f"expected rows in their order, got one after row {last}.", where=self._place
            )
        if self._row_number > _MOST_ROWS:
            message = f"expected at most {_MOST_ROWS:,} rows, as a workbook can have, got more."
            raise InputError("ARCHIVE_LIMIT", message, where=self._place)
        self._n_blank += self._row_number - last - 1
        self._is_row = True
        self._row = []
        self._column = self._width = self._n_values = 0

    def _end_row(self) -> None:
        self.n_marks += 1
        self._is_row = False
        if self._n_values == 0:
            self._n_blank += 1
            return
        width = max(self._width, self._n_columns_said)
        if self._n_blank or width != self._n_columns:  # a blank row before data would shift the frames after it
            got = f"{self._n_blank} blank rows before it" if self._n_blank else f"{width} columns"
            place = f"{self._place}, row {self._row_number}"
            raise InputError("POSE_SHAPE", f"expected {self._n_columns} columns, got {got}.", where=place)
        self._take_row(self._row_number, self._row, self._n_rows_said)

    def _take_value(self) -> None:
        """The cell's number; cells past the last column only count for the width."""
        text = self._text
        if self._type == "s":
            text = self._find_string(text)
        elif self._type not in _NUMBERS:
            raise self._refuse_cell(repr(text))
        try:
            value = float(text)
        except ValueError:
            raise self._refuse_cell(repr(text)) from None
        self._n_values += 1
        if not self._row:
            self._row = [_NAN] * self._n_columns
        if self._column <= self._n_columns:
            self._row[self._column - 1] = value

    def _find_string(self, number: str) -> str:
        if self._strings is None:
            self._strings = self._load_strings()
        place = _parse_count(number, len(self._strings), first=0)
        return self._strings[place] if 0 <= place < len(self._strings) else ""

    def _find_column(self, reference: str) -> int:
        letters = reference.rstrip(_DIGITS)
        column = self._columns.get(letters)
        if column is None:
            column = _parse_column(letters)
            if not column:
                raise InputError(
                    "POSE_FORMAT", f"expected cells such as A1, got {reference[:20]!r}.", where=self._place
                )
            self._columns[letters] = column
        return column

    def _take_dimension(self, reference: str) -> None:
        last = reference.rpartition(":")[2]
        letters = last.rstrip(_DIGITS)
        self._n_columns_said = _parse_column(letters)
        self._n_rows_said = max(_parse_count(last[len(letters) :], _MOST_ROWS), 0)

    def _count_strange(self) -> None:
        self._n_strange += self._row_number > 0
        if self._n_strange > XML_STRANGE.most:
            message = f"expected rows of cells, got more than {XML_STRANGE.most:,} other elements."
            raise InputError("ARCHIVE_LIMIT", message, where=self._place)

    def _refuse_cell(self, got: str) -> InputError:
        place = f"{self._place}, row {self._row_number}, column {self._column}"
        return InputError("POSE_FORMAT", f"expected numbers only, got {got[:80]}.", where=place)


def _parse_column(letters: str) -> int:
    """1 for A, 27 for AA; 0 for what is no column of a workbook."""
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        return 0
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column if column <= _MOST_COLUMNS else 0


def _parse_count(text: str, most: int, *, first: int = 1) -> int:
    """A whole number from ``first`` to ``most``, -1 for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 8):
        return -1
    return int(text) if first <= int(text) <= most else -1
