"""iMiGUE's label table, exactly as published: one annotator, eleven columns.

Frames are 0-based with the end inclusive; ``video_id`` is the dataset's number of
a video and ``label_id`` counts from 1 inside it; ``win_or_lose`` is metadata of
the video and never a rating. There is no newline after the last line. Cells are
written as they are: nothing is escaped for spreadsheets.
"""

from __future__ import annotations

from imigue_core.errors import BadRow, InputError
from imigue_core.formats.cells import parse_id
from imigue_core.formats.csv_rows import load_rows, parse_label_row, parse_video_row
from imigue_core.formats.label_file import LabelFile
from imigue_core.formats.tables import save_table

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
    info: dict[str, list[str]] = {}

    def take_row(file: LabelFile, line: int, row: list[str]) -> None:
        number, label_id, start_time, start_frame, end_time, end_frame, class_text = row[:7]
        video = str(parse_id(number, "video_id"))
        label = parse_label_row(
            line,
            video,
            label_id=label_id,
            class_text=class_text,
            start_frame=start_frame,
            end_frame=end_frame,
            start_time=start_time,
            end_time=end_time,
        )
        if info.get(video) != row[7:]:
            _take_video_info(file, info, video, line, row[7:])
        file.labels.append(label)

    return load_rows(data, COLUMNS, where, take_row)


def _take_video_info(file: LabelFile, info: dict[str, list[str]], video: str, line: int, cells: list[str]) -> None:
    """Keeps the first row's subject and outcome of a video; later rows must agree."""
    known = info.get(video)
    if known is None:
        number = int(video)
        subject_id, gender, nationality, outcome = cells
        file.videos[video] = parse_video_row(
            line,
            number,
            name=f"iMiGUE {number:04d}",
            subject_id=subject_id,
            subject_gender=gender,
            subject_nationality=nationality,
            outcome=outcome,
        )
        info[video] = cells
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
