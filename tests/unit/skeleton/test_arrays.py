"""Arrays that others made: every order and number of bytes is read, and headers that lie are refused unread."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.formats.poses import load_poses
from tests.harness.bombs import write_npz_header
from tests.harness.poses import make_keypoints

HEADER = "{{'descr': {}, 'fortran_order': {}, 'shape': {}}}"


def refuse(path: Path, n_frames: int | None = None) -> InputError:
    with pytest.raises(InputError) as refusal:
        load_poses(path, n_frames)
    return refusal.value


@pytest.mark.parametrize("suffix", ["npy", "npz"])
@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", ">f8", "<f2", "<f16", "<i2", ">i8", "u1"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_numbers_of_every_kind_and_order_are_read(tmp_path: Path, suffix: str, dtype: str, order: str) -> None:
    points = np.round(np.nan_to_num(make_keypoints(5, size=(100, 100))))
    values: NDArray[Any] = np.asarray(points, dtype, order=order)  # type: ignore[call-overload]
    path = tmp_path / f"a.{suffix}"
    np.save(path, values) if suffix == "npy" else np.savez_compressed(path, values)
    found = load_poses(path, 5).keypoints
    np.testing.assert_array_equal(np.nan_to_num(found), np.where(points[:, :, 2:] > 0, points, 0))


@pytest.mark.parametrize(
    ("descr", "shape", "code"),
    [
        ("'<f4'", "(0, 137, 3)", "POSE_EMPTY"),
        ("'<f4'", "(0, 4611686018427387904, 4)", "POSE_SHAPE"),
        ("'<f4'", "(4611686018427387904, 137, 3)", "POSE_TOO_LARGE"),
        ("'<f4'", "(4611686018427387904, 4)", "POSE_TOO_LARGE"),
        ("'<f4'", "(400001, 137, 3)", "POSE_FORMAT"),
        ("'<f4'", "()", "POSE_FORMAT"),
        ("'<f4'", "(-2, -137, 3)", "POSE_FORMAT"),
        ("'<f4'", "(2.0, 137, 3)", "POSE_FORMAT"),
        ("'<f4'", "(10**9, 137, 3)", "POSE_FORMAT"),
        ("'|O'", "(2, 137, 3)", "POSE_PICKLE_FORBIDDEN"),
        ("[('a', '|O')]", "(2,)", "POSE_PICKLE_FORBIDDEN"),
        ("[('a', '<f4', (137, 3))]", "(2,)", "POSE_FORMAT"),
        ("'(137,3)<f4'", "(2,)", "POSE_FORMAT"),
        ("'<c8'", "(2, 137, 3)", "POSE_FORMAT"),
        ("'<M8[s]'", "(2, 137, 3)", "POSE_FORMAT"),
        ("'?'", "(2, 137, 3)", "POSE_FORMAT"),
        ("'<U99999999'", "(2, 137, 3)", "POSE_FORMAT"),
    ],
)
def test_headers_that_are_no_poses_are_refused_before_the_numbers(
    tmp_path: Path, descr: str, shape: str, code: str
) -> None:
    assert refuse(write_npz_header(tmp_path / "a.npz", HEADER.format(descr, False, shape))).code == code


def write_zeros(path: Path, n_frames: int, n_bytes: int) -> Path:
    return write_npz_header(path, HEADER.format("'<f4'", False, (n_frames, 137, 3)), [bytes(n_bytes)])


def test_more_or_fewer_numbers_than_the_header_says_are_refused(tmp_path: Path) -> None:
    for n_bytes in (1643, 1645, 2 * 1644, 0):
        assert refuse(write_zeros(tmp_path / "a.npz", 1, n_bytes)).code == "POSE_FORMAT"
    np.save(tmp_path / "a.npy", make_keypoints(3))
    data = (tmp_path / "a.npy").read_bytes()
    for changed in (data[:-1], data + b"\0", data[:-1644], data + bytes(1644), data[:100], data[:9], b""):
        (tmp_path / "b.npy").write_bytes(changed)
        assert refuse(tmp_path / "b.npy").code == "POSE_FORMAT"


def test_the_video_decides_how_many_frames_there_may_be(tmp_path: Path) -> None:
    path = write_npz_header(tmp_path / "a.npz", HEADER.format("'<f4'", False, (300_000, 137, 3)))
    assert refuse(path).code == "POSE_FORMAT"  # 493 MB of numbers that are not there
    np.savez(tmp_path / "b.npz", make_keypoints(3))
    assert refuse(tmp_path / "b.npz", 2).code == "POSE_LENGTH"


def test_a_name_that_stands_twice_and_a_part_that_is_no_array_are_refused(tmp_path: Path) -> None:
    member = io.BytesIO()
    np.save(member, make_keypoints(2))
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("keypoints.npy", member.getvalue())
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("keypoints.npy", member.getvalue())
    assert refuse(tmp_path / "a.npz").code == "ARCHIVE_NAME"
    with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.writestr("keypoints.npy", member.getvalue())
        archive.writestr("notes.txt", "x")
    assert refuse(tmp_path / "b.npz").code == "POSE_FORMAT"


def test_sizes_in_the_list_of_parts_that_lie_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", make_keypoints(2))
    data = (tmp_path / "a.npz").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        size = archive.infolist()[0].file_size
    for said in (size - 1644, size + 1644, size * 2**20, 2**62):
        changed = data.replace(size.to_bytes(4, "little"), min(said, 2**32 - 2).to_bytes(4, "little"))
        (tmp_path / "b.npz").write_bytes(changed.replace(size.to_bytes(8, "little"), said.to_bytes(8, "little")))
        assert refuse(tmp_path / "b.npz").code in ("POSE_FORMAT", "ARCHIVE_LIMIT")


def test_arrays_beside_the_points_are_never_read(tmp_path: Path) -> None:
    points = make_keypoints(2)
    np.savez(tmp_path / "a.npz", keypoints=points, notes=np.zeros((1000, 1000)))
    np.testing.assert_array_equal(load_poses(tmp_path / "a.npz").keypoints, points)
