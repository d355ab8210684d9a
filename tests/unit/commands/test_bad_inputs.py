"""Bad inputs through the real command line: the exact code, the file and the place, and nothing left behind.

One table for all of it. What a single reader refuses in detail stands in the tests of that reader.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from imigue_core.cli import main
from imigue_core.formats.imigue import COLUMNS
from imigue_core.formats.registry import OWN_FORMATS
from imigue_core.formats.studio_csv import COLUMNS as STUDIO_COLUMNS
from tests.harness.media import MarkerSpec, damage_middle, make_audio_only, make_marker_video, truncate_file
from tests.harness.poses import make_keypoints, make_person, write_openpose

ROW = dict(zip(COLUMNS, ["1", "1", "0.4", "10", "0.8", "20", "29", "6", "F", "Chile", "Win"], strict=True))
STUDIO_ROW = dict.fromkeys(STUDIO_COLUMNS, "") | {
    "video_id": "1", "video_name": "iMiGUE 0001", "annotator": "Ann", "label_id": "1", "class_id": "29",
    "class_name": "Pressing lips", "start_frame": "10", "end_frame": "20", "start_time": "0.4",
    "end_time": "0.8",
}  # fmt: skip
ONLY = ("--fps", "25", "--size", "640x480")
Run = Callable[..., tuple[int, str, str]]
Make = Callable[[Path], Path]


@dataclass(frozen=True, slots=True)
class Case:
    """One bad file: how it is made, the command that meets it, and what is said.

    Attributes:
        make: Writes the file into a folder and returns its path.
        words: What the message must name, beside the code and the file.
    """

    name: str
    make: Make
    code: str
    words: tuple[str, ...] = ()


def write(name: str, content: str | bytes) -> Make:
    """A file of this content."""

    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder / name

    return make


def spoil(name: str, change: Callable[[Path, Path], Path]) -> Make:
    """A good video, spoilt."""
    return lambda folder: change(make_marker_video(folder / "good.mp4", MarkerSpec()), folder / name)


def make_link(folder: Path) -> Path:
    (folder / "secret.txt").write_text("root:x:0:0")
    (folder / "link.mp4").symlink_to(folder / "secret.txt")
    return folder / "link.mp4"


def make_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.mp4")
    return folder / "pipe.mp4"


def make_socket(folder: Path) -> Path:
    old = os.getcwd()
    os.chdir(folder)  # socket names are short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.mp4")
    finally:
        os.chdir(old)
    return folder / "socket.mp4"


def claim_huge_picture(source: Path, target: Path) -> Path:
    data = bytearray(source.read_bytes())
    struct.pack_into(">HH", data, data.index(b"avc1", data.index(b"stsd")) + 28, 0xFFFF, 0xFFFF)
    target.write_bytes(data)
    return target


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
VIDEOS = [
    Case("no bytes", write("a.mp4", ""), "VIDEO_EMPTY"),
    Case("text", write("a.mp4", "hello\n" * 50), "VIDEO_FORMAT", ("no video stream",)),
    Case("half of it", spoil("a.mp4", lambda s, t: truncate_file(s, t, 0.5)), "VIDEO_UNREADABLE", ("incomplete",)),
    Case("95 % of it", spoil("a.mp4", lambda s, t: truncate_file(s, t, 0.95)), "VIDEO_UNREADABLE", ("incomplete",)),
    Case("damaged middle", spoil("a.mp4", damage_middle), "VIDEO_FRAMES_MISMATCH", ("header 60, decoded",)),
    Case("playlist", write("a.mp4", PLAYLIST), "VIDEO_FORMAT"),
    Case("list of files", write("a.mp4", "ffconcat version 1.0\nfile 'b.mp4'\n"), "VIDEO_FORMAT"),
    Case("link to text", make_link, "VIDEO_FORMAT"),
    Case("pipe", make_pipe, "NOT_A_FILE"),
    Case("socket", make_socket, "NOT_A_FILE"),
    Case("sound alone", lambda folder: make_audio_only(folder / "a.mp4"), "VIDEO_NO_STREAM", ("audio",)),
    Case("huge picture", spoil("a.mp4", claim_huge_picture), "VIDEO_TOO_LARGE", ("65535 x 65535",)),
    Case("absent", lambda folder: folder / "absent.mp4", "NOT_A_FILE"),
    Case("name of 201 letters", write("y" * 201 + ".mp4", "x"), "NAME_INVALID", ("200",)),
    Case("name of 300 letters", lambda folder: folder / ("y" * 300), "NAME_INVALID"),
    Case("name that turns text round", write("a\u202eb.mp4", "x"), "NAME_INVALID", ("U+202E", "a\\u202eb")),
    Case("name with a line break", write("a\nb.mp4", "x"), "NAME_INVALID", ("one line", "a\\nb")),
]
ADDRESSES = [
    "http://127.0.0.1:9/x.mp4", "rtsp://127.0.0.1/x", "file:///etc/passwd", "concat:a|b", "pipe:0", "/dev/video0",
    "/dev/zero", "frame_%03d.png", "*.mp4",
]  # fmt: skip


def table(*rows: dict[str, str], header: str = ",".join(COLUMNS)) -> str:
    return "\n".join([header, *(",".join(row.values()) for row in rows)])


def labels(**cells: str) -> Make:
    """iMiGUE's table: a good row, then one with other cells, on line 3."""
    row = ROW | {"label_id": "2"} | {name.replace("class_", "class"): text for name, text in cells.items()}
    return write("labels.csv", table(ROW, row))


def studio(**cells: str) -> Make:
    """The studio's table with one row, on line 2."""
    return write("studio.csv", table(STUDIO_ROW | cells, header=",".join(STUDIO_COLUMNS)))


SEVEN = "\n".join([",".join(COLUMNS), *[",".join((ROW | {"label_id": str(n)}).values()) for n in range(1, 6)]])
LINE_3, LINE_2 = ("labels.csv", "line 3"), ("studio.csv", "line 2")
TABLES = [
    Case("no text", write("a.csv", b"\xff\x00\x01\x02\x80"), "CSV_ENCODING", ("UTF-8, UTF-16, Latin-1",)),
    Case("missing column", write("a.csv", table(header=",".join(COLUMNS[:-1]))), "CSV_COLUMNS", ("win_or_lose",)),
    Case("header twice", write("a.csv", table(dict(zip(COLUMNS, COLUMNS, strict=True)), ROW)), "CSV_COLUMNS"),
    Case("other order", write("a.csv", table(header=",".join(reversed(COLUMNS)))), "CSV_COLUMNS", ("order",)),
    Case("nothing", write("a.csv", ""), "CSV_COLUMNS"),
    Case("too many fields", write("a.csv", SEVEN + "\n" + "1," * 12 + "1"), "CSV_ROW",
         ("line 7", "expected 11 fields, got 13")),
    Case("200,000 letters", labels(subject_id="x" * 200_000), "CSV_FIELD_TOO_LONG", LINE_3),
    Case("reversed", labels(start_frame="21"), "SPAN_REVERSED", LINE_3),
    Case("before the start", labels(start_frame="-1"), "SPAN_OUT_OF_RANGE", LINE_3),
    *[Case(f"frame {text!r}", labels(end_frame=text), "FRAME_NOT_INTEGER", LINE_3)
      for text in ("12.5", "1e3", "\u0663", "", "NaN", "0x10", "1_0")],
    Case("frame 10**30", labels(end_frame=str(10**30)), "NUMBER_TOO_LARGE", LINE_3),
    Case("class 32", labels(class_="32"), "VOCABULARY_UNKNOWN", LINE_3),
    Case("class 0", labels(class_="0"), "VOCABULARY_UNKNOWN", LINE_3),
    Case("outcome in other case", labels(video_id="2", win_or_lose="win"), "VOCABULARY_UNKNOWN", LINE_3),
    Case("number taken", labels(label_id="1", end_frame="21"), "LABEL_ID_TAKEN", LINE_3),
]  # fmt: skip
TURNED = "\u202eabc"
STUDIO_TABLES = [
    Case("class of another name", studio(class_name="Pressing lip"), "VOCABULARY_UNKNOWN", (*LINE_2, "Pressing lips")),
    Case("class in other case", studio(class_name="pressing lips"), "VOCABULARY_UNKNOWN", (*LINE_2, "Pressing lips")),
    Case("class and a blank", studio(class_name="Pressing lips "), "VOCABULARY_UNKNOWN", (*LINE_2, "Pressing lips")),
    Case("class with a Cyrillic letter", studio(class_name="Pr\u0435ssing lips"), "VOCABULARY_UNKNOWN", LINE_2),
    Case("name with NUL", studio(video_name="a\0b"), "LABEL_CHARS", LINE_2),
    Case("name that turns text round", studio(video_name=TURNED), "LABEL_CHARS", (*LINE_2, "U+202E")),
    Case("name with a zero-width space", studio(video_name="a\u200bb"), "LABEL_CHARS", (*LINE_2, "U+200B")),
    Case("name of 10,000 letters", studio(video_name="x" * 10_000), "LABEL_TOO_LONG", (*LINE_2, "got 10000")),
    Case("note of 10,000 letters", studio(note="x" * 10_000), "LABEL_TOO_LONG", LINE_2),
    Case("confidence 1.7", studio(confidence="1.7"), "CONFIDENCE_INVALID", LINE_2),
    Case("annotator of a line break", studio(annotator='"A\nB"'), "NAME_INVALID", LINE_2),
    Case("annotator of 5,000 letters", studio(annotator="x" * 5000), "NAME_INVALID", LINE_2),
    Case("past the end", studio(n_frames="20"), "SPAN_OUT_OF_RANGE", (*LINE_2, "0..19")),
]
HEAD = '{"format": "imigue-studio-labels", "version": 1, "videos": ['
JSONS = [
    Case("NaN", write("a.json", HEAD + "NaN]}"), "JSON_NOT_FINITE"),
    Case("Infinity", write("a.json", HEAD + "-Infinity]}"), "JSON_NOT_FINITE"),
    Case("1e999", write("a.json", HEAD + "1e999]}"), "JSON_NOT_FINITE"),
    Case("depth 100,000", write("a.json", "[" * 100_000), "JSON_TOO_DEEP"),
    Case("key twice", write("a.json", '{"a": 1, "a": 2}'), "JSON_DUPLICATE_KEY", ("'a'",)),
    Case("cut off", write("a.json", HEAD), "JSON_SYNTAX", (f"offset {len(HEAD)}",)),
    Case("another JSON", write("a.json", '{"a": 1}'), "JSON_SHAPE"),
    Case("a list", write("a.json", "[]"), "JSON_SHAPE"),
    Case("nothing", write("a.json", ""), "JSON_SYNTAX"),
    Case("10,000 digits", write("a.json", HEAD + "1" * 10_000 + "]}"), "NUMBER_TOO_LARGE"),
]


def make_large(name: str, n_bytes: int) -> Make:
    """A sparse file."""

    def make(folder: Path) -> Path:
        with (folder / name).open("wb") as file:
            file.truncate(n_bytes)
        return folder / name

    return make


def npz(**arrays: object) -> Make:
    def make(folder: Path) -> Path:
        np.savez(folder / "poses.npz", **{"keypoints": make_keypoints(5, size=(640, 480)), **arrays})  # type: ignore
        return folder / "poses.npz"

    return make


def spoil_point(axis: int, value: float) -> np.ndarray:
    keypoints = make_keypoints(5, size=(640, 480))
    keypoints[3, 7] = (5, 5, 0.5)
    keypoints[3, 7, axis] = value
    return keypoints


def claim_trillion(folder: Path) -> Path:
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }"
    header = header.ljust(117) + b"\n"
    (folder / "a.npy").write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
    return folder / "a.npy"


def make_gap(folder: Path) -> Path:
    person = make_person(100, 100, 20)
    return write_openpose(folder / "clip", {frame: [person] for frame in (0, 1, 4, 5, 9)})


POSES = [
    Case("objects", npz(keypoints=np.array([{"a": 1}], dtype=object)), "POSE_PICKLE_FORBIDDEN"),
    Case("24 points of 2 numbers", npz(keypoints=np.zeros((5, 24, 2), np.float32)), "POSE_SHAPE", ("24",)),
    Case("no key points", npz(keypoints=np.zeros((0, 137, 3), np.float32)), "POSE_EMPTY"),
    Case("infinite", npz(keypoints=spoil_point(0, np.inf).astype(np.float64)), "POSE_NOT_FINITE", ("frame 3",)),
    Case("confidence 1.7", npz(keypoints=spoil_point(2, 1.7)), "POSE_CONFIDENCE", ("frame 3",)),
    Case("a trillion numbers", claim_trillion, "POSE_TOO_LARGE"),
    Case("gap in the frames", make_gap, "POSE_GAP", ("2, 3",)),
    Case("text", write("a.npz", "text"), "POSE_FORMAT"),
    Case("parquet", write("a.parquet", b"PAR1"), "FORMAT_NOT_SUPPORTED"),
    Case("pickle", write("a.pkl", b"\x80\x04."), "FORMAT_NOT_SUPPORTED"),
    Case("empty folder", lambda folder: folder, "POSE_EMPTY"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one label of Ann's."""
    folder = tmp_path_factory.mktemp("bad_inputs")
    (folder / "good.csv").write_text(table(ROW | {"video_id": "7"}))
    good = ["import", "--format", "imigue", str(folder / "good.csv"), "--annotator", "Ann"]
    assert main([*good, "--data", str(folder / "data")]) == 0
    return folder / "data"


@pytest.fixture
def run(data: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: exit code, output, errors."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([*map(str, arguments), "--data", str(data)])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def untouched(run: Run, data: Path) -> Iterator[None]:
    """Proves afterwards that nothing in the project changed and no file was left in it."""

    def look() -> tuple[str, str, list[Path]]:
        run("export", "--format", "json", data / "all.json")
        names = ("videos", "uploads", "inbox")
        files = sorted(path for name in names for path in (data / name).rglob("*") if path.is_file())
        return (data / "all.json").read_text(), run("list", "--json")[1] + run("annotators")[1], files

    before = look()
    yield
    assert look() == before
    assert run("check")[0] == 0


def assert_refused(case: Case, folder: Path, command: Callable[[Path], tuple[int, str, str]]) -> None:
    path = case.make(folder)
    code, out, err = command(path)
    assert (code, out) == (1, ""), err
    assert err.startswith(f"{case.code}: "), err
    is_plain = path.name.isprintable() and len(path.name) < 80
    for words in (path.name if is_plain else path.name[:1], *case.words):
        assert words in err
    assert "Traceback" not in err


def ids(cases: list[Case]) -> list[str]:
    return [case.name for case in cases]


@pytest.mark.parametrize("case", VIDEOS, ids=ids(VIDEOS))
def test_bad_videos(run: Run, untouched: None, tmp_path: Path, case: Case) -> None:
    assert_refused(case, tmp_path, lambda path: run("add", path))


@pytest.mark.parametrize("name", ADDRESSES)
def test_what_is_no_local_file(run: Run, untouched: None, name: str) -> None:
    code, out, err = run("add", name)
    assert (code, out, err.split(": ")[:2]) == (1, "", ["PATH_NOT_LOCAL", name])


@pytest.mark.parametrize("case", TABLES, ids=ids(TABLES))
def test_bad_imigue_tables(run: Run, untouched: None, tmp_path: Path, case: Case) -> None:
    assert_refused(case, tmp_path, lambda path: run("import", "--format", "imigue", path, "--annotator", "New One"))


@pytest.mark.parametrize("case", STUDIO_TABLES, ids=ids(STUDIO_TABLES))
def test_bad_studio_tables(run: Run, untouched: None, tmp_path: Path, case: Case) -> None:
    assert_refused(case, tmp_path, lambda path: run("import", "--format", "csv", path, "--annotator", "New One"))


@pytest.mark.parametrize("case", JSONS, ids=ids(JSONS))
def test_bad_json(run: Run, untouched: None, tmp_path: Path, case: Case) -> None:
    assert_refused(case, tmp_path, lambda path: run("import", "--format", "json", path, "--annotator", "New One"))


@pytest.mark.parametrize("case", POSES, ids=ids(POSES))
def test_bad_poses(run: Run, untouched: None, tmp_path: Path, case: Case) -> None:
    assert_refused(case, tmp_path, lambda path: run("add", "--poses-only", path, *ONLY))


@pytest.mark.parametrize("kind", [fmt.name for fmt in OWN_FORMATS if fmt.load])
def test_files_beyond_the_limit_are_not_read(run: Run, untouched: None, tmp_path: Path, kind: str) -> None:
    case = Case("500 MB", make_large("large.file", 500_000_000), "UPLOAD_TOO_LARGE")
    assert_refused(case, tmp_path, lambda path: run("import", "--format", kind, path, "--annotator", "Ann"))


@pytest.mark.parametrize("make", [make_pipe, lambda folder: folder, lambda folder: folder / "absent"])
def test_labels_come_from_regular_files(run: Run, untouched: None, tmp_path: Path, make: Make) -> None:
    case = Case("", make, "NOT_A_FILE")
    assert_refused(case, tmp_path, lambda path: run("import", "--format", "json", path, "--annotator", "Ann"))


@pytest.mark.parametrize("name", ["A", "", "x" * 5000, "A\nB", "A\0B", TURNED], ids=ascii)
def test_names_nobody_can_have(run: Run, untouched: None, tmp_path: Path, name: str) -> None:
    path = labels()(tmp_path)
    code, out, err = run("import", "--format", "imigue", path, "--annotator", name)
    assert (code, out, err.split(":")[0]) == (1, "", "NAME_INVALID")


@pytest.mark.parametrize("name", ["", "x" * 300, "a\nb.csv", "absent/a.csv", "."], ids=ascii)
def test_exports_need_a_proper_name(run: Run, untouched: None, tmp_path: Path, name: str) -> None:
    code, out, err = run("export", "--format", "csv", f"{tmp_path}/{name}")
    assert (code, out, err.split(":")[0]) == (1, "", "NAME_INVALID")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("video_id", ["0", "-1", "99", str(2**63), str(10**30)])
def test_videos_that_are_not_there(run: Run, untouched: None, video_id: str) -> None:
    assert run("remove", video_id)[::2] == (1, "NOT_AVAILABLE: this video is not available\n")
    assert run("remove", "1", video_id)[0] == 1
