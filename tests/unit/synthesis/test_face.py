"""A face has a real one's proportions and the layout's order, and each control moves what it should."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from imigue_core.synthesis.face import (
    CONTROL_NAMES,
    HEAD_POINTS,
    MEAN_FACE,
    FaceControls,
    compute_head_point,
    make_face,
    make_head_points,
)

WIDTH, HEIGHT, SHOULDERS = 0.154, 0.236, 0.36
LIPS = {"upper": 51, "lower": 57, "right": 48, "left": 54}


def make_neutral_controls(n_frames: int) -> FaceControls:
    """Controls of a face at rest."""
    return FaceControls(*(np.zeros(n_frames, np.float32) for _ in CONTROL_NAMES))


def pose(**controls: float) -> np.ndarray:
    """(70, 3) of an upright head at the origin."""
    neutral = make_neutral_controls(1)
    changed = {name: np.full(1, value, np.float32) for name, value in controls.items()}
    axes = np.eye(3, dtype=np.float32)[None]
    return make_face(dataclasses.replace(neutral, **changed), np.zeros((1, 3), np.float32), axes, WIDTH, HEIGHT)[0]


def distance(face: np.ndarray, a: int, b: int) -> float:
    return float(np.linalg.norm(face[a] - face[b]))


def test_the_proportions_are_those_measured_on_real_people() -> None:
    face = pose()
    origin, axes = np.zeros((1, 3), np.float32), np.eye(3, dtype=np.float32)[None]
    points = make_head_points(face[None], origin, axes, WIDTH, HEIGHT)[0]
    flat = face[:, :2]
    assert 0.30 < np.linalg.norm(points[3] - points[4]) / SHOULDERS < 0.47, "ear to ear"
    assert 0.16 < np.linalg.norm(points[1] - points[2]) / SHOULDERS < 0.25, "eye to eye"
    assert 0.17 < np.linalg.norm(flat[68] - flat[69]) / SHOULDERS < 0.26, "pupil to pupil"
    assert 0.40 < np.linalg.norm(flat[0] - flat[16]) / SHOULDERS < 0.56, "width"
    assert 0.34 < np.linalg.norm(flat[8] - flat[27]) / SHOULDERS < 0.41, "height"


def test_the_face_is_symmetric_and_starts_on_the_right() -> None:
    mirror = [
        *range(16, -1, -1), *range(26, 16, -1), *range(27, 31), *range(35, 30, -1),
        45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,
        54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65, 69, 68,
    ]  # fmt: skip
    assert MEAN_FACE[mirror] * [-1, 1, 1] == pytest.approx(MEAN_FACE)
    assert MEAN_FACE[0, 0] < 0 < MEAN_FACE[16, 0], "the person's right is at negative x"


def test_body_points_come_in_the_layouts_order() -> None:
    origin, axes = np.ones((2, 3), np.float32), np.tile(np.eye(3, dtype=np.float32), (2, 1, 1))
    face = make_face(make_neutral_controls(2), origin, axes, WIDTH, HEIGHT)
    nose, right_eye, left_eye, right_ear, left_ear = make_head_points(face, origin, axes, WIDTH, HEIGHT)[0] - 1
    assert nose == pytest.approx(MEAN_FACE[30], abs=1e-6)
    assert right_ear[0] < right_eye[0] < 0 < left_eye[0] < left_ear[0]
    assert left_ear[0] - right_ear[0] == pytest.approx(WIDTH)


def test_pressed_lips_vanish_and_an_open_mouth_lowers_the_chin() -> None:
    rest, pressed, wide = pose(), pose(lips_press=1.0), pose(mouth_open=1.0)
    height = distance(rest, LIPS["upper"], LIPS["lower"])
    assert distance(pressed, LIPS["upper"], LIPS["lower"]) < 0.4 * height
    assert distance(wide, LIPS["upper"], LIPS["lower"]) > 1.8 * height
    assert wide[8, 1] < rest[8, 1] - 0.015
    assert wide[0] == pytest.approx(rest[0]), "the jaw turns at the ear"


def test_shut_eyes_are_shut_and_only_the_gaze_moves_the_pupils_aside() -> None:
    rest, shut, aside = pose(), pose(eye_close=1.0), pose(gaze_x=1.0)
    for upper, lower in ((37, 41), (44, 46)):
        assert shut[upper, 1] - shut[lower, 1] < 0.25 * (rest[upper, 1] - rest[lower, 1])
    moved = np.flatnonzero(np.abs(aside - rest).max(axis=1) > 1e-6)
    assert list(moved) == [68, 69]
    assert (aside[[68, 69], 0] > rest[[68, 69], 0]).all(), "positive is the person's left"


def test_a_smile_widens_puckering_narrows_and_puffed_cheeks_stand_out() -> None:
    rest = pose()
    width = distance(rest, LIPS["right"], LIPS["left"])
    smiling = pose(smile=1.0)
    assert distance(smiling, LIPS["right"], LIPS["left"]) > 1.15 * width
    assert smiling[LIPS["left"], 1] > rest[LIPS["left"], 1]
    assert distance(pose(lips_pucker=1.0), LIPS["right"], LIPS["left"]) < 0.75 * width
    assert distance(pose(cheek_puff=1.0), 4, 12) > distance(rest, 4, 12) + 0.015
    assert (pose(brow_raise=1.0)[17:27, 1] > rest[17:27, 1] + 0.006).all()
    assert pose(jaw_shift=1.0)[8, 0] > rest[8, 0]


@pytest.mark.parametrize("control", CONTROL_NAMES)
def test_every_control_moves_something_and_never_far(control: str) -> None:
    moved = np.abs(pose(**{control: 1.0}) - pose()).max()
    assert 0.002 < moved < 0.03


def test_a_turned_head_is_the_same_head() -> None:
    turn = 0.7
    axes = np.array(
        [[[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]]], np.float32
    )  # fmt: skip
    origin = np.array([[0.1, 0.6, 0.2]], np.float32)
    face = make_face(make_neutral_controls(1), origin, axes, WIDTH, HEIGHT)[0]
    assert face[30, 0] > 0.1, "turned to the left, the nose points left"
    upright = pose()
    for a, b in ((0, 16), (8, 27), (36, 45), (30, 57)):
        assert distance(face, a, b) == pytest.approx(distance(upright, a, b), rel=1e-4)


def test_places_of_a_head_mirror_and_scale() -> None:
    left, right = (compute_head_point("ear", side, WIDTH, HEIGHT) for side in ("left", "right"))
    assert left * [-1, 1, 1] == pytest.approx(right)
    assert compute_head_point("ear", "left", 2 * WIDTH, HEIGHT)[0] == pytest.approx(2 * left[0])
    assert compute_head_point("cheek", "centre", WIDTH, HEIGHT)[0] == 0
    assert all(x >= 0 for x, _, _ in HEAD_POINTS.values()), "places are given for the left"


def test_places_on_the_face_lie_near_its_own_points() -> None:
    near = {
        "nose_tip": 30, "mouth": 66, "chin": 8, "eye": 69, "mouth_corner": 54, "upper_lip": 51, "nose_side": 35,
        "jaw_angle": 12, "eye_inner": 42,
    }  # fmt: skip
    for name, point in near.items():
        assert np.linalg.norm(np.array(HEAD_POINTS[name]) - MEAN_FACE[point]) < 0.025, name
