"""Care that every CSV needs: encoding, delimiter, columns, fields.

Formats say which columns they want; how bytes become rows and back stands here.
What a row must hold stands in csv_rows.py, what a single cell may in cells.py.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from imigue_core.errors import BadRow, InputError
from imigue_core.limits import BAD_ROWS, FIELD_CHARS, LABEL_FILE, LABEL_ROWS, RECORD_CHARS

MAX_LABEL_FILE_BYTES = LABEL_FILE.most


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a CSV under a known header.

    Attributes:
        rows: Line (1-based, where the row begins) and cells, one a column.
        bad: Rows that have no such shape.
        encoding: What the bytes were read as.
    """

    rows: list[tuple[int, list[str]]]
    bad: list[BadRow]
    encoding: str


def load_table(data: bytes, columns: Sequence[str], where: str) -> Table:
    """Rows of a CSV whose header is exactly ``columns``, in that order.

    Commas or semicolons, any line ends; blank lines are skipped.

    Raises:
        InputError: ``UPLOAD_TOO_LARGE``, ``CSV_ENCODING`` or ``CSV_COLUMNS``.
            Rows of a wrong shape (``CSV_ROW``, ``CSV_FIELD_TOO_LONG``, ``CSV_LINE_TOO_LONG``) are returned as bad;
            reading stops at ``limits.BAD_ROWS`` of them.
    """
    text, encoding = decode_text(data, where)
    header = text[: RECORD_CHARS.most].partition("\n")[0]
    delimiter = ";" if ";" in header and "," not in header else ","
    csv.field_size_limit(FIELD_CHARS.most)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    bad: list[BadRow] = []
    n = len(columns)
    line = 1
    try:
        _check_header(next(reader, []), columns, where)
        line = reader.line_num + 1
        for row in reader:
            if len(row) == n:
                rows.append((line, row))
            elif row:
                bad.append(BadRow(line, "CSV_ROW", f"expected {n} fields, got {len(row)}."))
            line = reader.line_num + 1
            lines.n_chars = 0
            if len(bad) >= BAD_ROWS.most:
                break
            if len(rows) > LABEL_ROWS.most:
                raise InputError(
                    "UPLOAD_TOO_LARGE", f"expected at most {LABEL_ROWS.most:,} rows, got more.", where=where
                )
    except csv.Error as error:
        # The reader cannot be trusted past such a row, so it is the last one named.
        bad.append(_explain_csv_error(error, line))
    if rows and rows[0][1] == list(columns):
        raise InputError("CSV_COLUMNS", "expected one header, got it again on line 2.", where=where)
    return Table(rows, bad, encoding)


class _RowTooLongError(csv.Error):
    """A row that never ends, such as one whose quote is not closed."""


class _Lines:
    """The lines of a text, as long as they make rows of a bearable length.

    Attributes:
        n_chars: Characters since the last row was whole; set to 0 by whoever reads the rows.
    """

    def __init__(self, text: str) -> None:
        self._file = io.StringIO(text, newline="")
        self.n_chars = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(RECORD_CHARS.most + 1)
        self.n_chars += len(line)
        if self.n_chars > RECORD_CHARS.most:
            raise _RowTooLongError
        if not line:
            raise StopIteration
        return line


def validate_size(data: bytes, where: str) -> bytes:
    """``data`` when a file of labels may be that long; else ``UPLOAD_TOO_LARGE``."""
    if len(data) > MAX_LABEL_FILE_BYTES:
        message = f"expected at most {MAX_LABEL_FILE_BYTES} bytes, got {len(data)}."
        raise InputError("UPLOAD_TOO_LARGE", message, where=where)
    return data


def decode_text(data: bytes, where: str) -> tuple[str, str]:
    """The text of a table and the encoding it was read as.

    UTF-8 (with or without a mark) and UTF-16 are told apart surely; what is neither
    is read as Latin-1 when it holds no control characters.

    Raises:
        InputError: ``UPLOAD_TOO_LARGE`` or ``CSV_ENCODING``.
    """
    validate_size(data, where)
    tried = ["UTF-8", "UTF-16", "Latin-1"]
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), "UTF-16"
        if b"\0" not in data[:2]:
            return data.decode("utf-8-sig"), "UTF-8"
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le"), "UTF-16"
    except UnicodeDecodeError:
        text = data.decode("latin-1")
        if not any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in set(text)):
            return text, "Latin-1"
    raise InputError(
        "CSV_ENCODING",
        f"expected a text table, tried {', '.join(tried)} and none fits.",
        hint="Save the file as UTF-8.",
        where=where,
    )


def _check_header(header: list[str], columns: Sequence[str], where: str) -> None:
    if header == list(columns):
        return
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in columns]
    twice = sorted(name for name in columns if header.count(name) > 1)
    if missing:
        problem = f"missing [{', '.join(missing)}]"
    elif unknown:
        problem = f"unknown [{', '.join(repr(name[:40]) for name in unknown[:20])}]"
    elif twice:
        problem = f"twice [{', '.join(twice)}]"
    else:
        problem = "the columns stand in another order"
    raise InputError("CSV_COLUMNS", f"{problem}; expected {','.join(columns)}.", where=where)


def _explain_csv_error(error: csv.Error, line: int) -> BadRow:
    if isinstance(error, _RowTooLongError):
        return BadRow(line, "CSV_LINE_TOO_LONG", f"expected rows of at most {RECORD_CHARS.most:,} characters.")
    if "field larger" in str(error):
        return BadRow(line, "CSV_FIELD_TOO_LONG", f"expected fields of at most {FIELD_CHARS.most} characters.")
    return BadRow(line, "CSV_ROW", f"expected a row of a CSV, got one that cannot be split ({error}).")


def save_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with commas and bare newlines; no newline after the last line."""
    lines: list[str] = []
    # The writer quotes a cell with a line break in it only if that break is in its own terminator.
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return "\n".join([line[:-2] for line in lines]).encode("utf-8")
