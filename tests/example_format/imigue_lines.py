"""Labels as lines of text: the video's name, seconds from and to, the gesture's name, tabs between them.

An example of a format that another package brings: one value of ``Format`` that
the package's pyproject.toml names as an entry point.
"""

from __future__ import annotations

from imigue_core.errors import BadRow
from imigue_core.formats.class_lists import ClassList
from imigue_core.formats.label_file import FIELDS, FileVideo, Interval, LabelFile
from imigue_core.formats.registry import Format
from imigue_core.formats.tables import decode_text
from imigue_core.ids import ClassId
from imigue_core.taxonomy import CLASSES, get_class

NAMES = ClassList("a gesture's name", {c.name: ClassId(c.class_id) for c in CLASSES})
HELD = {"video.name", "label.start_time", "label.end_time", "label.class_id"}


def load_lines(data: bytes, where: str) -> LabelFile:
    """The lines' labels; a line that is no four cells is a bad row."""
    file = LabelFile()
    text, _ = decode_text(data, where)
    for line, cells in enumerate((row.split("\t") for row in text.split("\n")), start=1):
        if cells == [""]:
            continue
        if len(cells) != 4:
            file.bad.append(BadRow(line, "LINES_CELLS", f"expected 4 cells, got {len(cells)}."))
            continue
        name, start, end, gesture = cells
        file.videos.setdefault(name, FileVideo(name=name, line=line))
        file.labels.append(
            Interval(video=name, class_text=gesture, class_list=NAMES, start_time=start, end_time=end, line=line)
        )
    return file


def save_lines(file: LabelFile) -> bytes:
    """One line a label."""
    rows = [
        (file.videos[label.video].name, label.start_time, label.end_time, get_class(label.class_id).name)
        for label in file.sort_labels()
    ]
    return "".join("\t".join(row) + "\n" for row in rows).encode()


LINES = Format(
    name="lines",
    words="Lines of text: video, seconds, gesture",
    file_name="lines.tsv",
    suffixes=(".tsv", ".txt"),
    media_type="text/tab-separated-values",
    load=load_lines,
    save=save_lines,
    cannot_hold=frozenset(FIELDS) - HELD,
)
