"""Tables of poses as iMiGUE and the MiGA challenge give them: 411 columns, no header, a row a frame.

Columns 3k, 3k+1, 3k+2 are x, y and confidence of point k of OpenPose's 137; a row of
zeros is a frame without a person. Excel and CSV; labels are read elsewhere.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from imigue_core.errors import InputError
from imigue_core.files import open_regular
from imigue_core.formats.openpose import CONFIDENCE_LIMIT, OnProgress
from imigue_core.settings import MAX_FRAMES, MAX_TABLE_BYTES
from imigue_core.skeleton.arrays import MAX_POSE_BYTES
from imigue_core.skeleton.layout import N_KEYPOINTS
from imigue_core.skeleton.pose import PoseSequence, validate_keypoints

N_COLUMNS = 3 * N_KEYPOINTS
SEPARATORS = (",", ";", "\t")
_MAX_MEMBERS = 2000
_MAX_UNPACKED_BYTES = 2 * 1024**3
_MAX_RATIO = 200
_BATCH_ROWS = 250
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, EOFError, OSError,
    LookupError, ValueError, TypeError, AttributeError, NotImplementedError,
)  # fmt: skip
"""What openpyxl lets through when a workbook is broken."""


def load_csv_table(
    path: str | os.PathLike[str], *, n_frames: int | None = None, size: tuple[int, int] | None = None
) -> PoseSequence:
    """Poses from a 411-column CSV table; comma, semicolon and tab separate. An empty cell is a missing point.

    Args:
        path: The file.
        n_frames: Frames the video has, None when not known.
        size: Width and height of the upright picture, pixels.

    Raises:
        InputError: ``POSE_EMPTY``, ``POSE_SHAPE``, ``CSV_ENCODING``, ``CSV_ROW``,
            ``POSE_TOO_LARGE``, ``NOT_A_FILE`` or what ``validate_keypoints`` raises.
    """
    where = str(path)
    with open_regular(path, MAX_TABLE_BYTES, code="POSE_TOO_LARGE") as file:
        separator = _validate_rows(file, where)
        file.seek(0)
        try:
            table = pd.read_csv(file, header=None, sep=separator, dtype=np.float32, encoding="utf-8-sig")
        except ValueError as error:  # pandas' parser errors are ValueErrors
            file.seek(0)
            raise _find_bad_cell(file, separator, where) from error
    return PoseSequence(_clean(table.to_numpy(), n_frames, where), size)


def find_separator(first_line: bytes) -> str:
    """The separator that a CSV table's first line uses most."""
    return max(SEPARATORS, key=lambda mark: first_line.count(mark.encode()))


def load_xlsx_table(
    path: str | os.PathLike[str],
    *,
    n_frames: int | None = None,
    size: tuple[int, int] | None = None,
    on_progress: OnProgress | None = None,
) -> PoseSequence:
    """Poses from the first sheet of a 411-column Excel table. An empty cell is a missing point.

    Args:
        path: The file.
        n_frames: Frames the video has, None when not known.
        size: Width and height of the upright picture, pixels.
        on_progress: Told the number of rows read, of the rows the sheet says it has.

    Raises:
        InputError: ``POSE_EMPTY``, ``POSE_SHAPE``, ``POSE_FORMAT``, ``POSE_TOO_LARGE``,
            ``ARCHIVE_LIMIT``, ``ARCHIVE_ENCRYPTED``, ``XML_FORBIDDEN``, ``NOT_A_FILE`` or
            what ``validate_keypoints`` raises.
    """
    where = str(path)
    with open_regular(path, MAX_TABLE_BYTES, code="POSE_TOO_LARGE") as file:
        try:
            _validate_workbook(file, where)
            file.seek(0)
            values = _read_sheet(file, where, on_progress)
        except _DAMAGED as error:
            message = f"expected an Excel file (.xlsx), got a damaged one: {error}."
            raise InputError("POSE_FORMAT", message, where=where) from error
    return PoseSequence(_clean(values, n_frames, where), size)


def _clean(values: NDArray, n_frames: int | None, where: str) -> NDArray[np.float32]:
    return validate_keypoints(values, n_frames=n_frames, where=where, confidence_limit=CONFIDENCE_LIMIT)


def _validate_rows(file: BinaryIO, where: str) -> str:
    """The separator of a table whose every row has 411 fields."""
    first_line = file.readline()
    if first_line[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in first_line:
        message = "expected UTF-8 text, got UTF-16 or bytes."
        raise InputError("CSV_ENCODING", message, hint="Save it as UTF-8.", where=where)
    separator = find_separator(first_line)
    mark = separator.encode()
    file.seek(0)
    n_rows = 0
    for line_number, line in enumerate(file, start=1):
        is_blank = not line.strip(b"\r\n\xef\xbb\xbf")
        if is_blank and not file.read().strip():  # blank lines at the end only
            break
        n_fields = 0 if is_blank else line.count(mark) + 1
        if n_fields != N_COLUMNS:
            place = f"{where}, line {line_number}"
            raise InputError("POSE_SHAPE", f"expected {N_COLUMNS} columns, got {n_fields}.", where=place)
        n_rows += 1
    if n_rows == 0:
        raise InputError("POSE_EMPTY", "expected at least one frame of poses, got none.", where=where)
    if n_rows > MAX_FRAMES or n_rows * N_COLUMNS * 4 > MAX_POSE_BYTES:
        raise InputError("POSE_TOO_LARGE", f"expected fewer frames, got {n_rows:,}.", where=where)
    return separator


def _find_bad_cell(file: BinaryIO, separator: str, where: str) -> InputError:
    """The error that names the first cell that is no number."""
    for line_number, line in enumerate(file, start=1):
        for column, cell in enumerate(line.strip(b"\r\n\xef\xbb\xbf").split(separator.encode()), start=1):
            try:
                float(cell or b"nan")
            except ValueError:
                text = cell[:40].decode("utf-8", "replace")
                message = f"column {column}: expected a number, got {text!r}."
                return InputError("CSV_ROW", message, where=f"{where}, line {line_number}")
    return InputError("CSV_ROW", "expected rows of numbers.", where=where)


def _validate_workbook(file: BinaryIO, where: str) -> None:
    """Refuse an archive that would unpack without end or whose XML declares entities."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        total = sum(info.file_size for info in members)
        packed = sum(info.compress_size for info in members)
        if len(members) > _MAX_MEMBERS or total > _MAX_UNPACKED_BYTES or total > max(packed, 1024**2) * _MAX_RATIO:
            message = f"expected a smaller workbook, got {total:,} bytes unpacked."
            raise InputError("ARCHIVE_LIMIT", message, where=where)
        for info in members:
            if info.flag_bits & 1:
                raise InputError("ARCHIVE_ENCRYPTED", "expected a workbook without password.", where=where)
            with archive.open(info) as member:
                if b"<!DOCTYPE" in member.read(4096).upper():
                    raise InputError("XML_FORBIDDEN", f"{info.filename}: expected no document type.", where=where)


def _read_sheet(file: BinaryIO, where: str, on_progress: OnProgress | None) -> NDArray[np.float32]:
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        n_expected = sheet.max_row or 0
        batches: list[NDArray[np.float32]] = [np.empty((0, N_COLUMNS), np.float32)]
        rows: list[tuple] = []
        n_blank = 0
        for row_number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if not any(cell is not None for cell in row):
                n_blank += 1
                continue
            if n_blank or len(row) != N_COLUMNS:  # a blank row before data would shift the frames after it
                got = f"{n_blank} blank rows before it" if n_blank else f"{len(row)} columns"
                place = f"{where}, row {row_number}"
                raise InputError("POSE_SHAPE", f"expected {N_COLUMNS} columns, got {got}.", where=place)
            rows.append(row)
            if len(rows) == _BATCH_ROWS:
                batches.append(_convert_rows(rows, where, row_number))
                rows = []
                if on_progress is not None:
                    on_progress(row_number, max(n_expected, row_number))
        batches.append(_convert_rows(rows, where, n_expected) if rows else batches[0])
        return np.concatenate(batches)
    finally:
        book.close()


def _convert_rows(rows: list[tuple], where: str, last_row: int) -> NDArray[np.float32]:
    try:
        with np.errstate(over="ignore"):
            return np.array(rows, np.float32)
    except (ValueError, TypeError, OverflowError) as error:
        place = f"{where}, rows {last_row - len(rows) + 1}..{last_row}"
        raise InputError("POSE_FORMAT", f"expected numbers only: {error}.", where=place) from error
