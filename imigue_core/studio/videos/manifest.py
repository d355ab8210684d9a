"""``videos.csv``: which files to add and what is known of each. All rows are right, or none is taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from imigue_core.errors import BadRow, BadRowsError, InputError
from imigue_core.files import read_regular
from imigue_core.formats.cells import parse_id, unescape_cell
from imigue_core.formats.tables import MAX_LABEL_FILE_BYTES, decode_text, load_table
from imigue_core.limits import RECORD_CHARS
from imigue_core.studio.videos.video_info import VideoMeta, name_video, validate_info
from imigue_core.video.paths import validate_local_file

COLUMNS = ("file", "video_id", "subject_id", "subject_gender", "subject_nationality", "win_or_lose", "notes")
_FIELDS = {"win_or_lose": "outcome"}


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One file to add.

    Attributes:
        line: Line of the manifest.
        path: The file, absolute.
        meta: What the row says of it.
    """

    line: int
    path: Path
    meta: VideoMeta


def load_manifest(path: Path) -> list[ManifestRow]:
    """The rows of a manifest; columns besides ``file`` may be left out.

    Raises:
        InputError: ``NOT_A_FILE``, ``UPLOAD_TOO_LARGE``, ``CSV_ENCODING``, ``CSV_COLUMNS`` or ``CSV_EMPTY``.
        BadRowsError: Bad rows, each with its code.
    """
    where = path.name
    data = read_regular(path, MAX_LABEL_FILE_BYTES)
    columns = _find_columns(data, where)
    table = load_table(data, columns, where)
    rows: list[ManifestRow] = []
    bad = list(table.bad)
    for line, cells in table.rows:
        try:
            rows.append(_parse_row(line, dict(zip(columns, cells, strict=True)), path.resolve().parent))
        except InputError as error:
            bad.append(BadRow(line, error.code, error.message))
    bad += _find_repeats(rows)
    if bad:
        raise BadRowsError(where, sorted(bad, key=lambda row: row.line))
    if not rows:
        raise InputError("CSV_EMPTY", "expected at least one video, got a header alone.", where=where)
    return rows


def _find_columns(data: bytes, where: str) -> list[str]:
    """The header, when it holds ``file`` and known columns only."""
    header = decode_text(data, where)[0][: RECORD_CHARS.most].partition("\n")[0].rstrip("\r")
    names = header.split(";" if ";" in header and "," not in header else ",")
    unknown = [name for name in names if name not in COLUMNS]
    twice = sorted(name for name in COLUMNS if names.count(name) > 1)
    if "file" not in names:
        problem = "missing [file]"
    elif unknown:
        problem = f"unknown [{', '.join(repr(name[:40]) for name in unknown[:20])}]"
    elif twice:
        problem = f"twice [{', '.join(twice)}]"
    else:
        return names
    raise InputError("CSV_COLUMNS", f"{problem}; expected file and any of {', '.join(COLUMNS[1:])}.", where=where)


def _parse_row(line: int, cells: dict[str, str], root: Path) -> ManifestRow:
    path = _locate(cells["file"].strip(), root)
    number = cells.get("video_id", "").strip()
    texts = {
        _FIELDS.get(name, name): validate_info(_FIELDS.get(name, name), unescape_cell(text))
        for name, text in cells.items()
        if name not in ("file", "video_id")
    }
    return ManifestRow(line, path, VideoMeta(number=parse_id(number, "video_id") if number else None, **texts))


def _locate(text: str, root: Path) -> Path:
    """The file a cell names, which must lie in the manifest's folder, links followed."""
    if not text or "\0" in text:
        raise InputError("NAME_INVALID", "file: expected the name of a file.")
    if "://" in text:
        raise InputError("PATH_NOT_LOCAL", f"file: expected a file of this folder, got {text[:80]!r}.")
    path = Path(text)
    if path.is_absolute() or ".." in path.parts or "\\" in text or not (root / path).resolve().is_relative_to(root):
        raise InputError("PATH_OUTSIDE_ROOT", f"file: expected a path inside the manifest's folder, got {text[:80]!r}.")
    name_video(path.stem)
    try:
        n_bytes = validate_local_file(root / path).stat().st_size
    except InputError as error:
        raise InputError(error.code, f"file {text[:80]!r}: {error.message}") from error
    if n_bytes == 0:
        raise InputError("VIDEO_EMPTY", f"file: expected a video, got a file of 0 bytes: {text[:80]!r}.")
    return root / path


def _find_repeats(rows: list[ManifestRow]) -> list[BadRow]:
    """Files and numbers that more than one row names."""
    bad: list[BadRow] = []
    paths: dict[Path, int] = {}
    numbers: dict[int, int] = {}
    for row in rows:
        first = paths.setdefault(row.path, row.line)
        if first != row.line:
            bad.append(BadRow(row.line, "CSV_REPEATED", f"file: {row.path.name!r} stands on line {first} too."))
        if row.meta.number is not None:
            first = numbers.setdefault(row.meta.number, row.line)
            if first != row.line:
                bad.append(BadRow(row.line, "CSV_REPEATED", f"video_id: {row.meta.number} stands on line {first} too."))
    return bad
