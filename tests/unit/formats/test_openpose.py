"""OpenPose folders: frames by their names, one person followed, and everything odd refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from imigue_core.errors import InputError
from imigue_core.formats.openpose import load_openpose_folder
from tests.harness.poses import make_keypoints, make_person, to_openpose, write_openpose


def refusal(folder: Path, **kwargs: object) -> InputError:
    with pytest.raises(InputError) as caught:
        load_openpose_folder(folder, **kwargs)  # type: ignore[arg-type]
    return caught.value


def test_points_come_back_as_written(tmp_path: Path) -> None:
    keypoints = make_keypoints(6)
    folder = write_openpose(tmp_path / "a", {i: [keypoints[i]] for i in range(6)})
    poses = load_openpose_folder(folder, n_frames=6, size=(1280, 720))
    np.testing.assert_array_equal(poses.keypoints, keypoints)
    assert poses.size == (1280, 720)


def test_real_openpose_output_is_read(real_data: Path) -> None:
    poses = load_openpose_folder(real_data / "openpose_json", n_frames=93, size=(256, 256))
    first = json.loads((real_data / "openpose_json" / "clip_000000000000_keypoints.json").read_text())["people"][0]
    found = poses.is_found
    assert poses.keypoints.shape == (93, 137, 3)
    np.testing.assert_array_equal(poses.keypoints[0, 0], np.float32(first["pose_keypoints_2d"][:3]))
    np.testing.assert_array_equal(poses.keypoints[0, 94], np.float32(first["face_keypoints_2d"][-3:]))
    assert found[:, 1].all()
    assert not found[:, 9:15].any()
    assert np.isnan(poses.keypoints[~found][:, :2]).all()


def test_frames_without_anybody_are_missing(tmp_path: Path) -> None:
    nobody = np.full((137, 3), 0, np.float32)
    folder = write_openpose(tmp_path / "a", {0: [make_person(100, 100)], 1: [], 2: [nobody]})
    found = load_openpose_folder(folder).is_found
    assert found.any(axis=1).tolist() == [True, False, False]


def test_a_frame_keeps_the_number_in_its_name(tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "a", {7: [make_person(70, 70)], 8: [make_person(80, 80)]})
    poses = load_openpose_folder(folder)
    assert poses.n_frames == 9
    assert poses.keypoints[8, 1, 0] == 80
    assert not poses.is_found[:7].any()


def test_missing_frame_numbers_are_named_and_filled_only_on_request(tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "a", {i: [make_person(100, 100)] for i in (0, 1, 4, 6)})
    error = refusal(folder)
    assert error.code == "POSE_GAP"
    assert "[2, 3, 5]" in error.message
    found = load_openpose_folder(folder, fill_gaps=True).is_found.any(axis=1)
    assert found.tolist() == [True, True, False, False, True, False, True]


def test_frames_must_fit_the_video(tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "a", {i: [make_person(100, 100)] for i in range(3)})
    assert refusal(folder, n_frames=2).code == "POSE_LENGTH"
    assert refusal(folder, n_frames=2, fill_gaps=True).code == "POSE_LENGTH"
    assert refusal(folder, n_frames=4).code == "POSE_LENGTH"
    assert load_openpose_folder(folder, n_frames=4, fill_gaps=True).n_frames == 4


def test_the_largest_person_is_followed_by_the_neck(tmp_path: Path) -> None:
    small, large = make_person(200, 200, 40), make_person(800, 300, 200)
    moved, passer_by = make_person(820, 310, 30), make_person(300, 300, 300)
    folder = write_openpose(tmp_path / "a", {0: [small, large], 1: [passer_by, moved], 2: []})
    necks = load_openpose_folder(folder).keypoints[:, 1, :2]
    assert necks[:2].tolist() == [[800, 300], [820, 310]]
    assert np.isnan(necks[2]).all()


def test_a_box_picks_the_person_inside_it(tmp_path: Path) -> None:
    small, large = make_person(200, 200, 40), make_person(800, 300, 200)
    folder = write_openpose(tmp_path / "a", {0: [large, small], 1: [large]})
    poses = load_openpose_folder(folder, box=(100, 100, 200, 200))
    assert poses.keypoints[0, 1, :2].tolist() == [200, 200]
    assert not poses.is_found[1].any()


def test_a_person_without_a_neck_is_followed_by_its_middle(tmp_path: Path) -> None:
    person, other = make_person(200, 200), make_person(900, 200)
    person[1] = 0
    folder = write_openpose(tmp_path / "a", {0: [person], 1: [other, person]})
    assert load_openpose_folder(folder).keypoints[1, 0, 0] == person[0, 0]


def test_coordinates_may_leave_the_picture_and_confidence_may_overshoot(tmp_path: Path) -> None:
    person = make_person(100, 715)
    person[4] = (640, 815.5, 1.3)
    poses = load_openpose_folder(write_openpose(tmp_path / "a", {0: [person]}), size=(1280, 720))
    assert poses.keypoints[0, 4].tolist() == [640, 815.5, 1]


def test_sets_that_were_not_looked_for_are_missing(tmp_path: Path) -> None:
    frame = to_openpose([make_person(100, 100)])
    frame["people"][0] |= {"face_keypoints_2d": [], "hand_left_keypoints_2d": []}
    (tmp_path / "a_0_keypoints.json").write_text(json.dumps(frame))
    found = load_openpose_folder(tmp_path).is_found[0]
    assert found[:25].all()
    assert not found[25:116].any()
    assert found[116:].all()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", "POSE_SHAPE"),
        ('{"people": [3]}', "POSE_SHAPE"),
        ('{"version": 1.3}', "POSE_SHAPE"),
        (json.dumps({"people": [{"pose_keypoints_2d": [1.0] * 54}]}), "POSE_SHAPE"),
        (json.dumps({"people": [{"pose_keypoints_2d": ["1"] * 75}]}), "POSE_SHAPE"),
        (json.dumps({"people": [{"pose_keypoints_2d": [None] * 75}]}), "POSE_SHAPE"),
        (json.dumps({"people": [{"pose_keypoints_2d": {"a": 1}}]}), "POSE_SHAPE"),
        (json.dumps({"people": [{"pose_keypoints_2d": [10**400] * 75}]}), "NUMBER_TOO_LARGE"),
        (json.dumps({"people": [{"pose_keypoints_2d": [1e300] * 75}]}), "POSE_NOT_FINITE"),
        (json.dumps({"people": [{"pose_keypoints_2d": [1.7] * 75}]}), "POSE_CONFIDENCE"),
        ('{"people": [{"pose_keypoints_2d": [NaN]}]}', "JSON_NOT_FINITE"),
        ('{"people": [], "people": []}', "JSON_DUPLICATE_KEY"),
        ('{"people": [', "JSON_SYNTAX"),
        ('{"people": ' + "[" * 100_000, "JSON_TOO_DEEP"),
        ('{"people": []}' + " " * 5_000_000, "UPLOAD_TOO_LARGE"),
    ],
)
def test_bad_files_are_refused_by_code_and_name(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "a_000000000000_keypoints.json").write_text(text)
    error = refusal(tmp_path)
    assert error.code == code
    assert str(tmp_path) in error.where


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "POSE_EMPTY"


def test_files_of_two_videos_are_refused(tmp_path: Path) -> None:
    write_openpose(tmp_path, {0: []}, stem="a")
    write_openpose(tmp_path, {1: []}, stem="b")
    assert refusal(tmp_path).code == "POSE_MIXED"


def test_huge_frame_numbers_are_refused_before_anything_is_reserved(tmp_path: Path) -> None:
    write_openpose(tmp_path / "a", {10**11: []})
    write_openpose(tmp_path / "b", {1_900_000: []})
    assert refusal(tmp_path / "a").code == "POSE_TOO_LARGE"
    assert refusal(tmp_path / "b").code == "POSE_TOO_LARGE"


def test_links_out_of_the_folder_and_pipes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x_0_keypoints.json").symlink_to(tmp_path / "secret.json")
    assert refusal(tmp_path / "a").code == "PATH_OUTSIDE_ROOT"
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "b" / "x_0_keypoints.json")
    assert refusal(tmp_path / "b").code == "NOT_A_FILE"


def test_progress_ends_with_all_files(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    folder = write_openpose(tmp_path, {i: [] for i in range(3)})
    load_openpose_folder(folder, on_progress=lambda done, total: calls.append((done, total)))
    assert calls == [(3, 3)]
