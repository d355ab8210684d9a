"""A row of a label CSV: which cells must be right, and what becomes of a row that is refused.

Every table of labels is read through here, whatever its columns are. How bytes become rows is
tables.py's; what a single cell may hold is cells.py's, and field_rules.py's where JSON has it too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from imigue_core.errors import BadRow, InputError
from imigue_core.formats.cells import parse_frame, parse_id, validate_note
from imigue_core.formats.class_lists import IMIGUE_IDS
from imigue_core.formats.field_rules import (
    parse_rate,
    validate_class_name,
    validate_confidence,
    validate_mark,
    validate_order,
    validate_outcome,
    validate_sha256,
    validate_short_text,
    validate_uuid,
    validate_video_name,
)
from imigue_core.formats.label_file import FileVideo, Interval, LabelFile
from imigue_core.formats.seconds import validate_seconds
from imigue_core.formats.tables import load_table
from imigue_core.limits import BAD_ROWS

TakeRow = Callable[[LabelFile, int, list[str]], None]
"""Puts what a row says into the file, given its line and cells; raises ``InputError`` to refuse it."""
_is_decimal = re.compile(r"[0-9.]{1,30}(e-?[0-9]{1,3})?", re.ASCII).fullmatch


def load_rows(data: bytes, columns: Sequence[str], where: str, take_row: TakeRow) -> LabelFile:
    """What a table says, row by row; rows that cannot be accepted are listed in ``bad``.

    Raises:
        InputError: ``UPLOAD_TOO_LARGE``, ``CSV_ENCODING`` or ``CSV_COLUMNS``.
    """
    table = load_table(data, columns, where)
    file = LabelFile(bad=list(table.bad))
    if table.encoding == "Latin-1":
        file.warnings.append(BadRow(1, "CSV_ENCODING", "read as Latin-1; look at names with accents."))
    for line, row in table.rows:
        try:
            take_row(file, line, row)
        except InputError as error:
            file.bad.append(BadRow(line, error.code, error.message))
            if len(file.bad) >= BAD_ROWS.most:
                break
    return file


def parse_label_row(
    line: int,
    video: str,
    *,
    label_id: str,
    class_text: str,
    start_frame: str,
    end_frame: str,
    start_time: str,
    end_time: str,
    class_name: str | None = None,
    annotator: str = "",
    annotation_id: str = "",
    confidence: str = "",
    mark: str = "",
    note: str = "",
) -> Interval:
    """The label of a row, when every cell of it can be accepted.

    Args:
        line: Of the file, 1-based.
        video: Key in ``LabelFile.videos``.
        label_id: As the rest: the cell's text, already without what keeps formulas from spreadsheets.
        class_name: None for a table without that column.

    Raises:
        InputError: What is wrong with the row, one thing of it.
    """
    start, end = parse_frame(start_frame, "start_frame"), parse_frame(end_frame, "end_frame")
    validate_order(start, end)
    validate_seconds(start_time, "start_time")
    validate_seconds(end_time, "end_time")
    class_id = IMIGUE_IDS.find(class_text)
    if class_name is not None:
        validate_class_name(class_id, class_name)
    return Interval(
        video=video,
        class_text=class_text,
        start_frame=start,
        end_frame=end,
        start_time=start_time,
        end_time=end_time,
        annotator=annotator,
        label_id=parse_id(label_id, "label_id"),
        annotation_id=validate_uuid(annotation_id),
        confidence=_parse_confidence(confidence),
        mark=validate_mark(mark),
        note=validate_note(note),
        line=line,
    )


def parse_video_row(
    line: int,
    number: int,
    *,
    name: str,
    subject_id: str,
    subject_gender: str,
    subject_nationality: str,
    outcome: str,
    sha256: str = "",
    fps: str = "",
    n_frames: str = "",
) -> FileVideo:
    """What a row says of its video, when every cell of it can be accepted; see ``parse_label_row``."""
    return FileVideo(
        number,
        name=validate_video_name(name),
        sha256=validate_sha256(sha256),
        fps=parse_rate(fps),
        n_frames=parse_frame(n_frames, "n_frames") if n_frames else None,
        subject_id=validate_short_text(subject_id, "subject_id"),
        subject_gender=validate_short_text(subject_gender, "subject_gender"),
        subject_nationality=validate_short_text(subject_nationality, "subject_nationality"),
        outcome=validate_outcome(outcome),
        line=line,
    )


def _parse_confidence(text: str) -> float | None:
    if not text:
        return None
    try:
        return validate_confidence(float(text) if _is_decimal(text) else float("nan"))
    except (ValueError, InputError):
        raise InputError("CONFIDENCE_INVALID", f"expected a confidence from 0 to 1, got {text[:40]!r}.") from None
