"""Brought-along poses: tables, numpy files, and finding them in folders."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from openpyxl import Workbook

from imigue_core.errors import InputError
from imigue_core.formats.poses import find_pose_inputs, load_poses
from imigue_core.skeleton.pose import PoseSequence, save_npz
from tests.harness.poses import make_keypoints, make_person, write_openpose


def to_table(keypoints: NDArray[np.float32]) -> NDArray[np.float64]:
    """(T, 411) with zeros for missing points, as iMiGUE's files have them."""
    return np.nan_to_num(keypoints.astype(np.float64)).reshape(len(keypoints), 411)


def write_csv(path: Path, keypoints: NDArray[np.float32]) -> None:
    pd.DataFrame(to_table(keypoints)).to_csv(path, header=False, index=False)


def write_xlsx(path: Path, keypoints: NDArray[np.float32]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in to_table(keypoints).tolist():
        sheet.append(row)
    book.save(path)


def write_npy(path: Path, keypoints: NDArray[np.float32]) -> None:
    np.save(path, to_table(keypoints))


def write_npz(path: Path, keypoints: NDArray[np.float32]) -> None:
    save_npz(path, PoseSequence(keypoints))


WRITERS = {".csv": write_csv, ".xlsx": write_xlsx, ".npy": write_npy, ".npz": write_npz}
Writer = Callable[[Path, NDArray[np.float32]], None]


def refusal(path: Path, **kwargs: object) -> InputError:
    with pytest.raises(InputError) as caught:
        load_poses(path, **kwargs)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(("suffix", "write"), WRITERS.items())
def test_every_table_gives_the_points_that_went_in(tmp_path: Path, suffix: str, write: Writer) -> None:
    keypoints = make_keypoints(7)
    keypoints[3] = (np.nan, np.nan, 0)
    write(tmp_path / f"0298{suffix}", keypoints)
    poses = load_poses(tmp_path / f"0298{suffix}", 7, (1280, 720))
    np.testing.assert_array_equal(poses.keypoints, keypoints)
    assert poses.size == (1280, 720)


@pytest.mark.parametrize(("suffix", "write"), WRITERS.items())
def test_another_number_of_frames_is_refused(tmp_path: Path, suffix: str, write: Writer) -> None:
    write(tmp_path / f"a{suffix}", make_keypoints(7))
    assert refusal(tmp_path / f"a{suffix}", n_frames=8).code == "POSE_LENGTH"


@pytest.mark.parametrize(("suffix", "write"), WRITERS.items())
def test_files_without_frames_are_refused(tmp_path: Path, suffix: str, write: Writer) -> None:
    write(tmp_path / f"0347{suffix}", make_keypoints(0))
    assert refusal(tmp_path / f"0347{suffix}").code == "POSE_EMPTY"


@pytest.mark.parametrize("suffix", WRITERS)
def test_text_under_a_tables_name_is_refused(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_text("hello")
    assert refusal(tmp_path / f"a{suffix}").code == ("POSE_SHAPE" if suffix == ".csv" else "POSE_FORMAT")


@pytest.mark.parametrize("suffix", WRITERS)
def test_pipes_are_refused_without_waiting(tmp_path: Path, suffix: str) -> None:
    os.mkfifo(tmp_path / f"a{suffix}")
    assert refusal(tmp_path / f"a{suffix}").code == "NOT_A_FILE"


def test_other_endings_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    assert refusal(tmp_path / "a.parquet").code == "FORMAT_NOT_SUPPORTED"


def test_an_openpose_folder_is_read_through_the_same_door(tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "a", {0: [make_person(100, 100)], 2: [make_person(100, 100)]})
    assert refusal(folder).code == "POSE_GAP"
    assert load_poses(folder, 3, fill_gaps=True).is_found[2].any()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_takes_the_usual_separators_line_ends_and_mark(tmp_path: Path, separator: str) -> None:
    row = separator.join(["1.5"] * 410 + ["0.5"])
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + f"{row}\r\n{row}\r\n\r\n".encode())
    assert load_poses(tmp_path / "a.csv", 2).n_frames == 2


def test_empty_csv_cells_are_missing_points(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",".join(["0.5"] * 408 + ["", "", ""]) + "\n")
    found = load_poses(tmp_path / "a.csv").is_found[0]
    assert found[:136].all()
    assert not found[136]


@pytest.mark.parametrize(
    ("lines", "code", "place"),
    [
        (["1"] * 106, "POSE_SHAPE", "line 1"),
        (["0.5"] * 412, "POSE_SHAPE", "line 1"),
        (["x"] * 411, "CSV_ROW", "line 1"),
        (["inf"] * 411, "POSE_NOT_FINITE", ""),
        (["1.7"] * 411, "POSE_CONFIDENCE", ""),
    ],
)
def test_bad_csv_rows_are_named(tmp_path: Path, lines: list[str], code: str, place: str) -> None:
    (tmp_path / "a.csv").write_text(",".join(lines) + "\n")
    error = refusal(tmp_path / "a.csv")
    assert error.code == code
    assert place in error.where


def test_a_csv_cut_off_in_its_last_row_is_refused(tmp_path: Path) -> None:
    row = ",".join(["0.5"] * 411)
    (tmp_path / "a.csv").write_text(f"{row}\n{row[:700]}")
    assert refusal(tmp_path / "a.csv").where.endswith("line 2")


def test_blank_rows_before_data_are_refused_because_they_shift_frames(tmp_path: Path) -> None:
    row = ",".join(["0.5"] * 411)
    (tmp_path / "a.csv").write_text(f"{row}\n\n{row}\n")
    assert refusal(tmp_path / "a.csv").code == "POSE_SHAPE"
    book = Workbook()
    for n in (1, 3):
        for column in range(1, 412):
            book.active.cell(n, column, 0.5)
    book.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx").code == "POSE_SHAPE"


def test_utf16_csv_is_refused_by_its_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",".join(["0.5"] * 411), encoding="utf-16")
    assert refusal(tmp_path / "a.csv").code == "CSV_ENCODING"


def test_xlsx_rows_of_text_or_of_other_length_are_refused(tmp_path: Path) -> None:
    for name, row in (("text", ["x"] * 411), ("short", [0.5] * 106)):
        book = Workbook()
        book.active.append(row)
        book.save(tmp_path / f"{name}.xlsx")
    assert refusal(tmp_path / "text.xlsx").code == "POSE_FORMAT"
    assert refusal(tmp_path / "short.xlsx").code == "POSE_SHAPE"


def test_xlsx_bombs_and_document_types_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(300_000_000))
    with zipfile.ZipFile(tmp_path / "entities.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refusal(tmp_path / "bomb.xlsx").code == "ARCHIVE_LIMIT"
    assert refusal(tmp_path / "entities.xlsx").code == "XML_FORBIDDEN"
    assert refusal(tmp_path / "other.xlsx").code == "POSE_FORMAT"


def test_npy_objects_and_false_headers_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "objects.npy", np.array([{}], dtype=object), allow_pickle=True)
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}".ljust(117) + b"\n"
    (tmp_path / "large.npy").write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    assert refusal(tmp_path / "objects.npy").code == "POSE_PICKLE_FORBIDDEN"
    assert refusal(tmp_path / "large.npy").code == "POSE_TOO_LARGE"


def test_poses_of_another_picture_size_are_refused(tmp_path: Path) -> None:
    save_npz(tmp_path / "a.npz", PoseSequence(make_keypoints(3), (640, 360)))
    assert refusal(tmp_path / "a.npz", size=(1280, 720)).code == "POSE_SIZE"
    assert load_poses(tmp_path / "a.npz").size == (640, 360)


def test_xlsx_tells_its_progress(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    write_xlsx(tmp_path / "a.xlsx", make_keypoints(260))
    load_poses(tmp_path / "a.xlsx", on_progress=lambda done, total: calls.append((done, total)))
    assert [done for done, _ in calls] == [250]


def test_a_long_interview_loads_whole(tmp_path: Path) -> None:
    keypoints = np.tile(make_keypoints(390), (100, 1, 1))
    row = b"\n".join(b",".join(b"%.3f" % v for v in r) for r in to_table(keypoints[:390]))
    (tmp_path / "a.csv").write_bytes(b"\n".join([row] * 100))
    write_npz(tmp_path / "a.npz", keypoints)
    for name in ("a.csv", "a.npz"):
        assert load_poses(tmp_path / name, 39_000).n_frames == 39_000


def test_a_folder_is_walked_and_each_video_is_named_by_its_stem(tmp_path: Path) -> None:
    write_npy(tmp_path / "plain.npy", make_keypoints(1))
    write_openpose(tmp_path / "0298", {0: []})
    (tmp_path / "train" / "0001").mkdir(parents=True)
    write_xlsx(tmp_path / "train" / "0001" / "0001_openpose.xlsx", make_keypoints(1))
    (tmp_path / "train" / "0001" / "0001_label.csv").write_text("3,0,10\n")
    (tmp_path / "train" / "0001" / "0001_light.csv").write_text(",".join(["1"] * 106))
    (tmp_path / "train" / "0002").mkdir()
    write_csv(tmp_path / "train" / "0002" / "0002_2.csv", make_keypoints(1))
    (tmp_path / "train" / "0347.csv").write_text("")
    (tmp_path / ".hidden.npy").write_bytes(b"")
    (tmp_path / "readme.txt").write_text("x")
    found = [(item.name, item.number) for item in find_pose_inputs(tmp_path)]
    expected = [("plain", None), ("0298", 298), ("0347", 347), ("0001_openpose", 1), ("0002_2", 2)]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_table_and_an_openpose_folder_are_one_video_each(tmp_path: Path) -> None:
    write_npy(tmp_path / "12.npy", make_keypoints(1))
    folder = write_openpose(tmp_path / "talk.v2", {0: []})
    assert [(i.name, i.number) for i in find_pose_inputs(tmp_path / "12.npy")] == [("12", 12)]
    assert [(i.name, i.path) for i in find_pose_inputs(folder)] == [("talk.v2", folder)]


def test_nothing_to_find_links_outwards_and_absent_paths_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(InputError, match="POSE_EMPTY"):
        find_pose_inputs(tmp_path / "a")
    with pytest.raises(InputError, match="NOT_A_FILE"):
        find_pose_inputs(tmp_path / "b")
    write_npy(tmp_path / "secret.npy", make_keypoints(1))
    (tmp_path / "a" / "x.npy").symlink_to(tmp_path / "secret.npy")
    with pytest.raises(InputError, match="PATH_OUTSIDE_ROOT"):
        find_pose_inputs(tmp_path / "a")
