"""The table from MediaPipe's landmarks to OpenPose's points, and its rules of confidence."""

from __future__ import annotations

import numpy as np
import pytest

from imigue_core.skeleton.layout import FACE_SLICE, KEYPOINT_NAMES, LEFT_HAND_SLICE, RIGHT_HAND_SLICE
from imigue_core.video.landmarks import Landmarks, map_landmarks

SIZE = (1000, 1000)
WHOLE = (0.0, 0.0, 1000.0, 1000.0)


def make_body(visibility: float = 0.9) -> np.ndarray:
    """33 landmarks, landmark k at x = k / 1000, y = 0.5."""
    return np.column_stack([np.arange(33) / 1000, np.full(33, 0.5), np.full(33, visibility)])


def make_mesh(n_points: int) -> np.ndarray:
    """Landmark k at x = k / 1000, y = 0.5."""
    return np.column_stack([np.arange(n_points) / 1000, np.full(n_points, 0.5)])


def test_body_points_come_from_the_landmarks_of_the_same_name() -> None:
    points = map_landmarks(Landmarks(make_body(), None, None, None), WHOLE, SIZE)
    sources = dict(zip(KEYPOINT_NAMES, points[:25, 0], strict=False))
    assert sources == pytest.approx(
        {
            "Nose": 0, "Neck": 11.5, "RShoulder": 12, "RElbow": 14, "RWrist": 16, "LShoulder": 11, "LElbow": 13,
            "LWrist": 15, "MidHip": 23.5, "RHip": 24, "RKnee": 26, "RAnkle": 28, "LHip": 23, "LKnee": 25,
            "LAnkle": 27, "REye": 5, "LEye": 2, "REar": 8, "LEar": 7, "LBigToe": 31, "LSmallToe": 31, "LHeel": 29,
            "RBigToe": 32, "RSmallToe": 32, "RHeel": 30,
        },
        abs=1e-3,
    )  # fmt: skip


def test_a_body_point_is_as_sure_as_its_least_visible_source() -> None:
    body = make_body()
    body[11, 2], body[12, 2] = 0.5, 0.8
    points = map_landmarks(Landmarks(body, None, None, None), WHOLE, SIZE)
    assert points[[1, 2, 5], 2] == pytest.approx([0.5, 0.8, 0.5])


def test_small_toes_are_guesses_at_half_confidence() -> None:
    points = map_landmarks(Landmarks(make_body(0.8), None, None, None), WHOLE, SIZE)
    assert points[[19, 20, 22, 23], 2] == pytest.approx([0.8, 0.4, 0.8, 0.4])


def test_hardly_visible_and_outside_points_are_missing() -> None:
    body = make_body()
    body[0, 2] = 0.19
    body[16, :2] = (0.5, 1.01)
    body[15, :2] = (-0.01, 0.5)
    points = map_landmarks(Landmarks(body, None, None, None), WHOLE, SIZE)
    assert np.isnan(points[[0, 4, 7], :2]).all()
    assert (points[[0, 4, 7], 2] == 0).all()


def test_hands_keep_their_side_and_are_sure_when_found() -> None:
    points = map_landmarks(Landmarks(None, make_mesh(21), None, None), WHOLE, SIZE)
    assert points[LEFT_HAND_SLICE, 0] == pytest.approx(np.arange(21), abs=1e-3)
    assert (points[LEFT_HAND_SLICE, 2] == 1).all()
    assert np.isnan(points[RIGHT_HAND_SLICE, :2]).all()


def test_the_face_runs_from_the_persons_right_ear() -> None:
    points = map_landmarks(Landmarks(None, None, None, make_mesh(478)), WHOLE, SIZE)
    face = points[FACE_SLICE]
    expected = {
        0: 127, 3: 95, 4: 115, 8: 152, 12: 342.5, 16: 356, 17: 70, 26: 300, 27: 87, 28: 196, 30: 4,
        36: 33, 39: 133, 42: 362, 45: 263, 48: 61, 54: 291, 60: 78, 64: 308, 67: 87, 68: 468, 69: 473,
    }  # fmt: skip
    assert {k: float(face[k, 0]) for k in expected} == pytest.approx(expected, abs=1e-3)
    assert (face[:, 2] == 1).all()


def test_points_found_in_a_crop_lie_in_the_whole_picture() -> None:
    hand = np.full((21, 2), 0.5)
    points = map_landmarks(Landmarks(None, None, hand, None), (200, 100, 300, 400), SIZE)
    assert points[RIGHT_HAND_SLICE.start, :2].tolist() == [350, 300]


def test_nothing_found_is_all_missing() -> None:
    points = map_landmarks(Landmarks(None, None, None, None), WHOLE, SIZE)
    assert np.isnan(points[:, :2]).all()
    assert (points[:, 2] == 0).all()
    assert points.dtype == np.float32
