"""iMiGUE's label table, exactly as published: one annotator, eleven columns.

Frames are 0-based with the end inclusive; ``video_id`` is the dataset's number of
a video and ``label_id`` counts from 1 inside it; ``win_or_lose`` is metadata of
the video and never a rating. There is no newline after the last line. Cells are
written as they are: nothing is escaped for spreadsheets.
"""

from __future__ import annotations

from imigue_core.errors import BadRow, InputError
from imigue_core.formats.cells import parse_frame, parse_id
from imigue_core.formats.class_lists import IMIGUE_IDS
from imigue_core.formats.label_file import FileVideo, Interval, LabelFile
from imigue_core.formats.label_rules import validate_order, validate_outcome, validate_short_text
from imigue_core.formats.seconds import validate_seconds
from imigue_core.formats.tables import load_table, save_table

COLUMNS = (
    "video_id",
    "label_id",
    "start_time",
    "start_frame",
    "end_time",
    "end_frame",
    "class",
    "subject_id",
    "subject_gender",
    "subject_nationality",
    "win_or_lose",
)
_INFO = COLUMNS[7:]


def load_imigue(data: bytes, where: str = "file") -> LabelFile:
    """What the table says; rows that cannot be accepted are listed in ``bad``.

    Raises:
        InputError: ``UPLOAD_TOO_LARGE``, ``CSV_ENCODING`` or ``CSV_COLUMNS``.
    """
    table = load_table(data, COLUMNS, where)
    file = LabelFile(bad=list(table.bad))
    if table.encoding == "Latin-1":
        file.warnings.append(BadRow(1, "CSV_ENCODING", "read as Latin-1; look at names with accents."))
    info: dict[str, list[str]] = {}
    for line, row in table.rows:
        try:
            label = _parse_label(line, row)
            if info.get(label.video) != row[7:]:
                _take_video_info(file, info, label.video, line, row[7:])
            file.labels.append(label)
        except InputError as error:
            file.bad.append(BadRow(line, error.code, error.message))
    return file


def _parse_label(line: int, row: list[str]) -> Interval:
    number, label_id, start_time, start_frame, end_time, end_frame, class_text = row[:7]
    start, end = parse_frame(start_frame, "start_frame"), parse_frame(end_frame, "end_frame")
    validate_order(start, end)
    validate_seconds(start_time, "start_time")
    validate_seconds(end_time, "end_time")
    video, count = str(parse_id(number, "video_id")), parse_id(label_id, "label_id")
    IMIGUE_IDS.find(class_text)
    return Interval(
        video=video,
        class_text=class_text,
        start_frame=start,
        end_frame=end,
        start_time=start_time,
        end_time=end_time,
        label_id=count,
        line=line,
    )


def _take_video_info(file: LabelFile, info: dict[str, list[str]], video: str, line: int, cells: list[str]) -> None:
    """Keeps the first row's subject and outcome of a video; later rows must agree."""
    known = info.get(video)
    if known is None:
        for name, text in zip(_INFO, cells, strict=True):
            validate_short_text(text, name)
        validate_outcome(cells[3])
        info[video] = cells
        number = int(video)
        file.videos[video] = FileVideo(
            number,
            name=f"iMiGUE {number:04d}",
            subject_id=cells[0],
            subject_gender=cells[1],
            subject_nationality=cells[2],
            outcome=cells[3],
            line=line,
        )
        return
    first_line = file.videos[video].line
    for name, first, text in zip(_INFO, known, cells, strict=True):
        what = f"{name} of video {video}"
        if first.strip() != text.strip():
            message = f"{what}: expected {first!r} as on line {first_line}, got {text[:40]!r}."
            raise InputError("VIDEO_INFO_DISAGREES", message)
        if first != text:
            message = f"{what} differs by blanks from line {first_line}; the first is kept."
            file.warnings.append(BadRow(line, "VIDEO_INFO_DISAGREES", message))


def save_imigue(file: LabelFile) -> bytes:
    """The table of a file's labels by video number and label number.

    Args:
        file: One annotator's labels, with their seconds already as they are to be
            written. Every video has a number, every label its frames and its number.
    """
    front = {
        key: (video.number, (video.subject_id, video.subject_gender, video.subject_nationality, video.outcome))
        for key, video in file.videos.items()
    }
    return save_table(
        COLUMNS,
        (
            (
                number,
                label.label_id,
                label.start_time,
                label.start_frame,
                label.end_time,
                label.end_frame,
                label.class_id,
                *info,
            )
            for label in file.sort_labels()
            for number, info in (front[label.video],)
        ),
    )
