"""The studio's own CSV: every annotator's labels with all that a table can carry.

Frames are 0-based with the end inclusive, at the rate in ``fps``. Text cells that
a spreadsheet would take for a formula get a leading apostrophe, which reading
takes away again. Ratings and videos without labels are in the JSON only.
"""

from __future__ import annotations

from imigue_core.errors import InputError
from imigue_core.formats.cells import escape_cell, parse_id, unescape_cell
from imigue_core.formats.csv_rows import load_rows, parse_label_row, parse_video_row
from imigue_core.formats.field_rules import format_rate
from imigue_core.formats.label_file import FileVideo, Interval, LabelFile
from imigue_core.formats.tables import save_table
from imigue_core.taxonomy import get_class

VIDEO_COLUMNS = (
    "video_id",
    "video_name",
    "video_sha256",
    "fps",
    "n_frames",
    "subject_id",
    "subject_gender",
    "subject_nationality",
    "win_or_lose",
)
LABEL_COLUMNS = (
    "annotator",
    "label_id",
    "annotation_id",
    "class_id",
    "class_name",
    "start_frame",
    "end_frame",
    "start_time",
    "end_time",
    "confidence",
    "mark",
    "note",
)
COLUMNS = VIDEO_COLUMNS + LABEL_COLUMNS
_N_VIDEO = len(VIDEO_COLUMNS)


def load_studio_csv(data: bytes, where: str = "file") -> LabelFile:
    """What the table says; rows that cannot be accepted are listed in ``bad``.

    Raises:
        InputError: ``UPLOAD_TOO_LARGE``, ``CSV_ENCODING`` or ``CSV_COLUMNS``.
    """
    cells_of: dict[str, list[str]] = {}

    def take_row(file: LabelFile, line: int, row: list[str]) -> None:
        number = parse_id(row[0], "video_id")
        video = str(number)
        if video not in cells_of:
            file.videos[video] = _parse_video(line, number, row)
            cells_of[video] = row[:_N_VIDEO]
        elif row[:_N_VIDEO] != cells_of[video]:
            _refuse_other_video(file.videos[video], cells_of[video], row)
        file.labels.append(_parse_label(line, video, row[_N_VIDEO:]))

    return load_rows(data, COLUMNS, where, take_row)


def _parse_video(line: int, number: int, row: list[str]) -> FileVideo:
    return parse_video_row(
        line,
        number,
        name=unescape_cell(row[1]),
        sha256=row[2],
        fps=row[3],
        n_frames=row[4],
        subject_id=unescape_cell(row[5]),
        subject_gender=unescape_cell(row[6]),
        subject_nationality=unescape_cell(row[7]),
        outcome=row[8],
    )


def _refuse_other_video(video: FileVideo, known: list[str], row: list[str]) -> None:
    for name, first, text in zip(VIDEO_COLUMNS, known, row[:_N_VIDEO], strict=True):
        if first != text:
            raise InputError(
                "VIDEO_INFO_DISAGREES",
                f"{name} of video {video.number}: expected {first[:80]!r} as on line {video.line}, got {text[:80]!r}.",
            )


def _parse_label(line: int, video: str, cells: list[str]) -> Interval:
    annotator, label_id, annotation_id, class_text, class_name = cells[:5]
    start_frame, end_frame, start_time, end_time, confidence, mark, note = cells[5:]
    return parse_label_row(
        line,
        video,
        label_id=label_id,
        class_text=class_text,
        class_name=class_name,
        start_frame=start_frame,
        end_frame=end_frame,
        start_time=start_time,
        end_time=end_time,
        annotator=unescape_cell(annotator),
        annotation_id=annotation_id,
        confidence=confidence,
        mark=mark,
        note=unescape_cell(note),
    )


def save_studio_csv(file: LabelFile) -> bytes:
    """The table of a file's labels by video number, annotator and label number.

    Every video has a number, every label its frames, its seconds and its number.
    """
    front = {key: _video_cells(video) for key, video in file.videos.items()}
    return save_table(COLUMNS, ((*front[label.video], *_label_cells(label)) for label in file.sort_labels()))


def _video_cells(video: FileVideo) -> tuple[object, ...]:
    return (
        video.number,
        escape_cell(video.name),
        video.sha256,
        format_rate(video.fps),
        "" if video.n_frames is None else video.n_frames,
        escape_cell(video.subject_id),
        escape_cell(video.subject_gender),
        escape_cell(video.subject_nationality),
        video.outcome,
    )


def _label_cells(label: Interval) -> tuple[object, ...]:
    class_id = label.class_id
    return (
        escape_cell(label.annotator),
        label.label_id,
        label.annotation_id,
        class_id,
        get_class(class_id).name,
        label.start_frame,
        label.end_frame,
        label.start_time,
        label.end_time,
        "" if label.confidence is None else repr(label.confidence),
        label.mark,
        escape_cell(label.note),
    )
