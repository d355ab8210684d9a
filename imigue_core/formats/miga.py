"""Tables of poses as iMiGUE and the MiGA challenge give them: 411 columns, no header, a row a frame.

Columns 3k, 3k+1, 3k+2 are x, y and confidence of point k of OpenPose's 137; a row of
zeros is a frame without a person. Excel and CSV; labels are read elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.files import open_regular
from imigue_core.formats.openpose import CONFIDENCE_LIMIT, OnProgress
from imigue_core.formats.workbook import read_first_sheet
from imigue_core.limits import POSE_FRAMES, TABLE_FILE, TABLE_LINE
from imigue_core.skeleton.layout import N_KEYPOINTS
from imigue_core.skeleton.pose import PoseSequence, refuse_frames, validate_keypoints

N_COLUMNS = 3 * N_KEYPOINTS
SEPARATORS = (",", ";", "\t")
_BATCH_ROWS = 250
_MARKS = b"\r\n\xef\xbb\xbf"
"""What may stand on a line without being a cell: its end, and the mark of UTF-8."""


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
    import pandas as pd  # heavy, and what starts every morning does without it

    where = str(path)
    with open_regular(path, TABLE_FILE.most, code="POSE_TOO_LARGE") as file:
        separator = _validate_rows(file, n_frames, where)
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
            ``ARCHIVE_LIMIT``, ``ARCHIVE_ENCRYPTED``, ``ARCHIVE_NAME``, ``XML_FORBIDDEN``, ``NOT_A_FILE`` or
            what ``validate_keypoints`` raises.
    """
    where = str(path)
    with open_regular(path, TABLE_FILE.most, code="POSE_TOO_LARGE") as file:
        rows = _Rows(n_frames, on_progress, where)
        with np.errstate(over="ignore"):
            read_first_sheet(file, N_COLUMNS, rows.take, where)
            values = rows.finish()
    return PoseSequence(_clean(values, n_frames, where), size)


def _clean(values: NDArray, n_frames: int | None, where: str) -> NDArray[np.float32]:
    return validate_keypoints(
        values, n_frames=n_frames, where=where, confidence_limit=CONFIDENCE_LIMIT, may_change=True
    )


def _iter_lines(file: BinaryIO, where: str) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers from 1; none is in memory that is longer than a line may be."""
    number = 0
    while line := file.readline(TABLE_LINE.most + 1):
        number += 1
        if len(line) > TABLE_LINE.most:
            message = f"expected lines of at most {TABLE_LINE.most:,} bytes, got a longer one."
            raise InputError("CSV_LINE_TOO_LONG", message, where=f"{where}, line {number}")
        yield number, line


def _validate_rows(file: BinaryIO, n_frames: int | None, where: str) -> str:
    """The separator of a table whose every row has 411 fields."""
    separator, n_rows, first_blank = "", 0, 0
    for number, line in _iter_lines(file, where):
        if line[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in line:
            message = "expected UTF-8 text, got UTF-16 or bytes."
            raise InputError("CSV_ENCODING", message, hint="Save it as UTF-8.", where=where)
        separator = separator or find_separator(line)
        if not line.strip(_MARKS):
            first_blank = first_blank or number
            continue
        n_fields = 0 if first_blank else line.count(separator.encode()) + 1  # blank lines at the end only
        if n_fields != N_COLUMNS:
            place = f"{where}, line {first_blank or number}"
            raise InputError("POSE_SHAPE", f"expected {N_COLUMNS} columns, got {n_fields}.", where=place)
        n_rows += 1
        refuse_frames(n_rows, n_frames, POSE_FRAMES.most, where)
    if n_rows == 0:
        raise InputError("POSE_EMPTY", "expected at least one frame of poses, got none.", where=where)
    return separator


def _find_bad_cell(file: BinaryIO, separator: str, where: str) -> InputError:
    """The error that names the first cell that is no number."""
    for line_number, line in _iter_lines(file, where):
        for column, cell in enumerate(line.strip(_MARKS).split(separator.encode()), start=1):
            try:
                float(cell or b"nan")
            except ValueError:
                text = cell[:40].decode("utf-8", "replace")
                message = f"column {column}: expected a number, got {text!r}."
                return InputError("CSV_ROW", message, where=f"{where}, line {line_number}")
    return InputError("CSV_ROW", "expected rows of numbers.", where=where)


class _Rows:
    """Gathers the rows of a sheet, tells progress, and ends reading once there are too many."""

    def __init__(self, n_frames: int | None, on_progress: OnProgress | None, where: str) -> None:
        self._n_frames = n_frames
        self._on_progress = on_progress
        self._where = where
        self._full: list[NDArray[np.float32]] = []
        self._batch = np.empty((_BATCH_ROWS, N_COLUMNS), np.float32)
        self._n_in_batch = 0

    def take(self, row_number: int, row: Sequence[float], n_expected: int) -> None:
        self._batch[self._n_in_batch] = row
        self._n_in_batch += 1
        refuse_frames(len(self._full) * _BATCH_ROWS + self._n_in_batch, self._n_frames, POSE_FRAMES.most, self._where)
        if self._n_in_batch == _BATCH_ROWS:
            self._full.append(self._batch.copy())
            self._n_in_batch = 0
            if self._on_progress is not None:
                self._on_progress(row_number, max(n_expected, row_number))

    def finish(self) -> NDArray[np.float32]:
        """(T, 411) of all rows."""
        return np.concatenate([*self._full, self._batch[: self._n_in_batch]])
