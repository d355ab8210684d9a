"""videos.csv: strict about its header, its cells and what its paths may reach; all rows or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from imigue_core.errors import BadRowsError, InputError
from imigue_core.studio.videos.manifest import COLUMNS, load_manifest

HEADER = ",".join(COLUMNS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two videos, one of them in a folder, and one outside."""
    root = tmp_path / "root"
    (root / "deep").mkdir(parents=True)
    (root / "a.mp4").write_bytes(b"1")
    (root / "deep" / "b.mp4").write_bytes(b"2")
    (tmp_path / "outside.mp4").write_bytes(b"3")
    return root


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "videos.csv"
    path.write_bytes(text.encode(encoding))
    return path


def list_bad(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(BadRowsError) as refusal:
        load_manifest(path)
    return [(row.line, row.code) for row in refusal.value.rows]


def test_a_full_row_is_read(folder: Path) -> None:
    (row,) = load_manifest(write(folder, f'{HEADER}\na.mp4,298,7,F,Perú,Win,"calm, then not"\n'))
    assert row.path == folder / "a.mp4"
    assert (row.meta.number, row.meta.subject_id, row.meta.subject_gender) == (298, "7", "F")
    assert (row.meta.subject_nationality, row.meta.outcome, row.meta.notes) == ("Perú", "Win", "calm, then not")


@pytest.mark.parametrize("text", ["file\na.mp4\n", "\ufefffile;notes\r\na.mp4;x\r\n", "notes,file\nx,a.mp4"])
def test_only_the_file_is_needed(folder: Path, text: str) -> None:
    assert [row.path.name for row in load_manifest(write(folder, text))] == ["a.mp4"]


def test_utf_16_is_read(folder: Path) -> None:
    assert len(load_manifest(write(folder, "file\na.mp4\n", "utf-16"))) == 1


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("video_id,notes", r"missing \[file\]"),
        ("file,colour", r"unknown \['colour'\]"),
        ("file,file", r"twice \[file\]"),
    ],
)
def test_a_wrong_header_is_named(folder: Path, header: str, problem: str) -> None:
    with pytest.raises(InputError, match=f"CSV_COLUMNS: videos.csv: {problem}"):
        load_manifest(write(folder, f"{header}\na.mp4,1\n"))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("../outside.mp4", "PATH_OUTSIDE_ROOT"),
        ("deep/../../outside.mp4", "PATH_OUTSIDE_ROOT"),
        ("/etc/passwd", "PATH_OUTSIDE_ROOT"),
        ("..\\outside.mp4", "PATH_OUTSIDE_ROOT"),
        ("link.mp4", "PATH_OUTSIDE_ROOT"),
        ("http://127.0.0.1/x.mp4", "PATH_NOT_LOCAL"),
        ("frame_%03d.png", "PATH_NOT_LOCAL"),
        ("%2e%2e/outside.mp4", "NOT_A_FILE"),
        ("deep", "NOT_A_FILE"),
        ("gone.mp4", "NOT_A_FILE"),
        ("", "NAME_INVALID"),
        ("empty.mp4", "VIDEO_EMPTY"),
    ],
)
def test_paths_stay_inside_the_folder(folder: Path, cell: str, code: str) -> None:
    (folder / "link.mp4").symlink_to(folder.parent / "outside.mp4")
    (folder / "empty.mp4").touch()
    assert list_bad(write(folder, f"file,notes\na.mp4,\n{cell},x\n")) == [(3, code)]


def test_every_bad_row_is_named_and_none_is_taken(folder: Path) -> None:
    rows = [
        "a.mp4,1,,,,Win,",
        "deep/b.mp4,x,,,,,",
        "deep/b.mp4,2,,M,,won,",
        "deep/b.mp4,2,,W,,,",
        "deep/b.mp4,2,,,,,,",
        "gone.mp4,3,,,,,",
        "a.mp4,4,,,,,",
        "deep/b.mp4,1,,,,,",
    ]
    assert list_bad(write(folder, "\n".join([HEADER, *rows]))) == [
        (3, "ID_INVALID"),
        (4, "VOCABULARY_UNKNOWN"),
        (5, "VOCABULARY_UNKNOWN"),
        (6, "CSV_ROW"),
        (7, "NOT_A_FILE"),
        (8, "CSV_REPEATED"),
        (9, "CSV_REPEATED"),
    ]


def test_a_header_alone_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="CSV_EMPTY"):
        load_manifest(write(folder, HEADER))
