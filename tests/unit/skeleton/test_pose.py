"""Pose sequences: what is accepted, what is refused with which code, and the npz file."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from imigue_core.errors import InputError
from imigue_core.skeleton.pose import PoseSequence, find_pose_warnings, load_npz, save_npz, validate_keypoints
from tests.harness.poses import make_keypoints


class Marker:
    """An object whose unpickling leaves a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return (Path.touch, (self.path,))


def refusal(*args: object, **kwargs: object) -> str:
    with pytest.raises(InputError) as caught:
        validate_keypoints(*args, **kwargs)  # type: ignore[arg-type]
    return caught.value.code


def test_clean_points_pass_unchanged() -> None:
    keypoints = make_keypoints(5)
    np.testing.assert_array_equal(validate_keypoints(keypoints), keypoints)


def test_a_table_of_411_columns_is_the_same_as_points() -> None:
    keypoints = make_keypoints(5)
    np.testing.assert_array_equal(validate_keypoints(keypoints.reshape(5, 411)), keypoints)


def test_zero_confidence_and_nan_become_missing() -> None:
    values = make_keypoints(2, seed=3)
    values[0, 0] = (12, 13, 0)
    values[0, 1] = (12, 13, np.nan)
    values[0, 2] = (np.nan, 13, 0.5)
    clean = validate_keypoints(values)
    assert np.isnan(clean[0, :3, :2]).all()
    assert (clean[0, :3, 2] == 0).all()


@pytest.mark.parametrize("shape", [(4, 24, 2), (4, 137, 2), (4, 136, 3), (4, 410), (411,), (4, 137, 3, 1)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    assert refusal(np.zeros(shape)) == "POSE_SHAPE"


def test_text_is_refused() -> None:
    assert refusal(np.full((2, 411), "x")) == "POSE_SHAPE"


def test_no_frames_are_refused() -> None:
    assert refusal(np.zeros((0, 411))) == "POSE_EMPTY"


def test_another_number_of_frames_than_the_video_is_refused() -> None:
    assert refusal(make_keypoints(5), n_frames=6) == "POSE_LENGTH"
    assert len(validate_keypoints(make_keypoints(5), n_frames=5)) == 5


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e300])
def test_infinity_is_refused_and_the_place_is_named(value: float) -> None:
    values = np.ones((3, 137, 3))
    values[2, 4, 1] = value
    with pytest.raises(InputError, match=r"frame 2, point 4 \(RWrist\)") as caught:
        validate_keypoints(values)
    assert caught.value.code == "POSE_NOT_FINITE"


@pytest.mark.parametrize("confidence", [1.7, -0.2, 1.01])
def test_confidence_outside_0_to_1_is_refused(confidence: float) -> None:
    values = np.ones((3, 137, 3))
    values[1, 1, 2] = confidence
    assert refusal(values) == "POSE_CONFIDENCE"


def test_openposes_confidence_a_little_over_1_is_cut_where_the_format_is_known_for_it() -> None:
    values = np.ones((1, 137, 3))
    values[0, 5, 2] = 1.4
    assert validate_keypoints(values, confidence_limit=1.5)[0, 5, 2] == 1


def test_sequences_without_anybody_or_in_other_units_are_warned_about() -> None:
    nobody = validate_keypoints(np.full((3, 411), np.nan))
    assert find_pose_warnings(PoseSequence(nobody)) == ["No person was found in any frame."]
    fractions = make_keypoints(3, size=(1, 1))
    assert "fractions" in find_pose_warnings(PoseSequence(fractions, (1280, 720)))[0]
    assert "outside" in find_pose_warnings(PoseSequence(make_keypoints(3), (160, 90)))[0]
    assert find_pose_warnings(PoseSequence(make_keypoints(3), (1280, 720))) == []


def test_a_saved_sequence_loads_bit_for_bit(tmp_path: Path) -> None:
    keypoints = make_keypoints(300)
    save_npz(tmp_path / "poses.npz", PoseSequence(keypoints, (1280, 720)))
    loaded = load_npz(tmp_path / "poses.npz", n_frames=300)
    np.testing.assert_array_equal(loaded.keypoints, keypoints)
    assert loaded.size == (1280, 720)
    assert loaded.keypoints.dtype == np.float32


def test_saving_the_same_twice_gives_the_same_bytes_and_leaves_nothing_else(tmp_path: Path) -> None:
    poses = PoseSequence(make_keypoints(20))
    save_npz(tmp_path / "a.npz", poses)
    first = (tmp_path / "a.npz").read_bytes()
    save_npz(tmp_path / "a.npz", poses)
    assert (tmp_path / "a.npz").read_bytes() == first
    assert os.listdir(tmp_path) == ["a.npz"]


def test_a_single_array_of_any_name_is_taken(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", pose=make_keypoints(4).reshape(4, 411))
    assert load_npz(tmp_path / "other.npz").n_frames == 4


def test_several_arrays_without_keypoints_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", a=np.ones(3), b=np.ones(3))
    assert loading_code(tmp_path / "other.npz") == "POSE_SHAPE"


def loading_code(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_npz(path)
    return caught.value.code


def test_pickled_objects_are_refused_and_never_run(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    objects = np.array([Marker(marker)], dtype=object)
    np.savez(tmp_path / "a.npz", keypoints=objects)
    np.savez(tmp_path / "b.npz", keypoints=make_keypoints(2), notes=objects)
    (tmp_path / "c.npz").write_bytes(pickle.dumps(Marker(marker)))
    assert {loading_code(tmp_path / name) for name in ("a.npz", "b.npz", "c.npz")} == {"POSE_PICKLE_FORBIDDEN"}
    assert not marker.exists()


def write_raw_npz(path: Path, header: str, data: bytes = b"") -> Path:
    member = io.BytesIO()
    text = header.encode().ljust(117) + b"\n"
    member.write(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("keypoints.npy", member.getvalue())
    return path


def test_a_header_that_claims_a_trillion_numbers_is_refused_before_they_are_reserved(tmp_path: Path) -> None:
    path = write_raw_npz(tmp_path / "a.npz", "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}")
    assert loading_code(path) == "POSE_TOO_LARGE"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 137, 3)}", "POSE_FORMAT"),  # no data
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 137, 3)}", "POSE_FORMAT"),
        ("{'descr': '<f4', 'fortran_order': False}", "POSE_FORMAT"),
        ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "POSE_FORMAT"),
        ("{'descr': '<U8', 'fortran_order': False, 'shape': (1,)}", "POSE_FORMAT"),
        ("__import__('os').getcwd()", "POSE_FORMAT"),
        ("(" * 100, "POSE_FORMAT"),
    ],
)
def test_damaged_headers_are_refused(tmp_path: Path, header: str, code: str) -> None:
    assert loading_code(write_raw_npz(tmp_path / "a.npz", header)) == code


def test_truncated_and_foreign_files_are_refused(tmp_path: Path) -> None:
    save_npz(tmp_path / "a.npz", PoseSequence(make_keypoints(20)))
    data = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "half.npz").write_bytes(data[: len(data) // 2])
    (tmp_path / "flipped.npz").write_bytes(data[:5000] + bytes([data[5000] ^ 255]) + data[5001:])
    (tmp_path / "text.npz").write_text("not a zip")
    (tmp_path / "empty.npz").write_bytes(b"")
    for name in ("half.npz", "flipped.npz", "text.npz", "empty.npz"):
        assert loading_code(tmp_path / name) == "POSE_FORMAT", name


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")
    (tmp_path / "folder.npz").mkdir()
    for name in ("pipe.npz", "folder.npz", "absent.npz"):
        assert loading_code(tmp_path / name) == "NOT_A_FILE", name
