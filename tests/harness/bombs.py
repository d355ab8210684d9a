"""Files that are small on the disk and would be large in memory, and a look at what refusing them takes.

``python -m tests.harness.bombs`` refuses each of them in a fresh process and prints the code, the peak of memory
over what the readers themselves need, and the seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.harness.places import ROOT

MEGA = 1024**2
BOOK = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = {
    "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{_RELATION}/officeDocument" Target="{BOOK}"/>'
    "</Relationships>",
    BOOK: f'<workbook {_MAIN} xmlns:r="{_RELATION}"><sheets><sheet name="one" sheetId="1" r:id="b"/></sheets>'
    "</workbook>",
    "xl/_rels/workbook.xml.rels": "<Relationships>"
    f'<Relationship Id="b" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="c" Type="{_RELATION}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    SHEET: f"<worksheet {_MAIN}><sheetData></sheetData></worksheet>",
}
Parts = dict[str, str | bytes | Iterator[bytes]]


def write_book(path: Path, changes: Parts | None = None, *, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A workbook by hand, a part each; what is an iterator is written bit by bit."""
    with zipfile.ZipFile(path, "w", method, compresslevel=1) as archive:
        for name, content in {**_PARTS, **(changes or {})}.items():
            with archive.open(name, "w", force_zip64=True) as part:
                if isinstance(content, str | bytes):
                    part.write(content.encode() if isinstance(content, str) else content)
                else:
                    for piece in content:
                        part.write(piece)
    return path


def make_sheet(rows: str) -> str:
    return f"<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>"


def _long(front: str, filling: bytes, back: str, n_bytes: int) -> Iterator[bytes]:
    piece = filling * (MEGA // len(filling))
    yield front.encode()
    for _ in range(n_bytes // len(piece)):
        yield piece
    yield back.encode()


def write_npz_header(path: Path, header: str, data: Iterable[bytes] = (), *, version: int = 1) -> Path:
    """An npz with one array, whose header is this text."""
    text = header.encode().ljust(117) + b"\n"
    start = b"\x93NUMPY" + bytes([version, 0]) + len(text).to_bytes(2 * version, "little") + text
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("keypoints.npy", "w", force_zip64=True) as part,
    ):
        part.write(start)
        for piece in data:
            part.write(piece)
    return path


def _zeros(n_bytes: int) -> Iterator[bytes]:
    for start in range(0, n_bytes, MEGA):
        yield bytes(min(MEGA, n_bytes - start))


def _write_npz(path: Path, frames: int) -> None:
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({frames}, 137, 3)}}"
    write_npz_header(path, header, _zeros(frames * 1644))


def _write_parts(path: Path, n_parts: int) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for k in range(n_parts):
            archive.writestr(f"{k}.npy", b"")


def _write_crowd(folder: Path) -> None:
    folder.mkdir()
    (folder / "a_0_keypoints.json").write_text('{"people": [' + ",".join(["{}"] * 100_000) + "]}")


def _fill(path: Path, name: str, n_bytes: int, front: str, filling: bytes, back: str) -> None:
    write_book(path, {name: _long(front, filling, back, n_bytes)})


def _write_text_sheet(path: Path, n_bytes: int, front: str, filling: bytes, back: str) -> None:
    sheet = make_sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    write_book(path, {SHEET: sheet, "xl/sharedStrings.xml": _long(front, filling, back, n_bytes)})


def _write_open_quote(path: Path, n_bytes: int) -> None:
    path.write_bytes(b'"' + b",".join([b"1"] * 411) + b"\n" + b"1\n" * (n_bytes // 2))


def _write_long_header(path: Path, n_bytes: int) -> None:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1," + " " * n_bytes
    write_npz_header(path, header, version=2)


BOMBS: dict[str, tuple[str, Callable[[Path, int], object]]] = {
    "comment.xlsx": (
        "ARCHIVE_LIMIT",
        lambda path, n: _fill(path, SHEET, n, "<worksheet><!--", b"x", "--><sheetData/></worksheet>"),
    ),
    "note.xlsx": ("ARCHIVE_LIMIT", lambda path, n: _fill(path, "xl/comments1.xml", n, "<!--", b"x", "--><comments/>")),
    "number.xlsx": (
        "POSE_FORMAT",
        lambda path, n: _fill(path, SHEET, n, '<worksheet><row r="1"><c r="A1"><v>', b"1", "</v></c></row>"),
    ),
    "attribute.xlsx": ("ARCHIVE_LIMIT", lambda path, n: _fill(path, SHEET, n, '<worksheet a="', b"x", '"/>')),
    "spaces.xlsx": ("ARCHIVE_LIMIT", lambda path, n: _fill(path, SHEET, n, "<worksheet>", b" ", "</worksheet>")),
    "rows.xlsx": (
        "ARCHIVE_LIMIT",
        lambda path, n: _fill(path, SHEET, max(n, 8 * MEGA), "<worksheet>", b"<row/>", "</worksheet>"),
    ),
    "strange.xlsx": ("ARCHIVE_LIMIT", lambda path, n: _fill(path, SHEET, n, "<a><row/>", b"<a/>", "</a>")),
    "index.xlsx": (
        "ARCHIVE_LIMIT",
        lambda path, n: _fill(path, BOOK, max(n, 17 * MEGA), "<workbook>", b"<sheet/>", "</workbook>"),
    ),
    "shared_text.xlsx": (
        "ARCHIVE_LIMIT",
        lambda path, n: _write_text_sheet(path, n, "<sst><si><t>", b"x", "</t></si></sst>"),
    ),
    "shared_texts.xlsx": (
        "ARCHIVE_LIMIT",
        lambda path, n: _write_text_sheet(path, max(n, 18 * MEGA), "<sst>", b"<si><t>1</t></si>", "</sst>"),
    ),
    "ratio.xlsx": ("ARCHIVE_LIMIT", lambda path, n: write_book(path, {SHEET: _zeros(400 * MEGA)})),
    "frames.npz": ("POSE_TOO_LARGE", lambda path, n: _write_npz(path, 600_000)),
    "gigabytes.npz": ("ARCHIVE_LIMIT", lambda path, n: _write_npz(path, 2_000_000)),
    "header.npz": ("POSE_FORMAT", _write_long_header),
    "parts.npz": ("ARCHIVE_LIMIT", lambda path, n: _write_parts(path, 33)),
    "directory.npz": ("ARCHIVE_LIMIT", lambda path, n: _write_parts(path, 30_000)),
    "line.csv": ("CSV_LINE_TOO_LONG", lambda path, n: path.write_bytes(b"1" * n)),
    "quote.csv": ("POSE_SHAPE", _write_open_quote),
    "crowd": ("POSE_TOO_LARGE", lambda path, n: _write_crowd(path)),
}
"""By name, with the ending that its reader knows it by: the code of its refusal, and what writes it, that many bytes
unpacked where the size matters."""

_LOOK = """
import json, resource, sys, time
from imigue_core.errors import InputError
from imigue_core.formats.poses import load_poses
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
for path in sys.argv[1:]:
    before, begun = peak(), time.process_time()
    try:
        load_poses(path)
        code, where = "", ""
    except InputError as error:
        code, where = error.code, error.where
    print(json.dumps([code, where, peak() - before, time.process_time() - begun]))
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a reader refused a file; ``megabytes`` are those over the peak that the process had before."""

    code: str
    where: str
    megabytes: int
    seconds: float


def refuse_apart(*paths: Path) -> list[Refusal]:
    """What the readers of poses say of files, one after the other, in a process of its own."""
    command = [sys.executable, "-c", _LOOK, *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [Refusal(*json.loads(line)) for line in done.stdout.splitlines()]


def main() -> None:
    for name, (_, write) in BOMBS.items():
        with tempfile.TemporaryDirectory(prefix="imigue-bombs-") as folder:
            path = Path(folder) / name
            write(path, 150 * MEGA)
            size = path.stat().st_size / MEGA
            (found,) = refuse_apart(path)
            place = found.where.removeprefix(str(path))
            print(
                f"{name:18} {size:6.1f} MB on the disk: {found.code} {place}, "
                f"{found.megabytes} MB and {found.seconds:.2f} s CPU more than before",
                flush=True,
            )


if __name__ == "__main__":
    main()
