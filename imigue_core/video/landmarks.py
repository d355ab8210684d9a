"""From MediaPipe's landmarks to OpenPose's 137 points: the table and its rules.

Pure numbers; running MediaPipe is for ``poses.py``. The face table is dlib's 68
points in the mesh (PeizhiYan/Mediapipe_2_Dlib_Landmarks) and two irises. "Left" and
"right" are the person's own sides in both systems.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import BODY_SLICE, FACE_SLICE, LEFT_HAND_SLICE, N_KEYPOINTS, RIGHT_HAND_SLICE

N_BODY, N_HAND, N_FACE = 33, 21, 478
"""Landmarks of MediaPipe's body, one hand, and face mesh with irises."""
LEAST_VISIBILITY = 0.2
"""Body points less visible than this are guesses, below a table for instance, and count as missing."""

# fmt: off
_BODY_SOURCES: tuple[tuple[int, ...], ...] = (
    (0,), (11, 12),                                     # nose, neck
    (12,), (14,), (16,), (11,), (13,), (15,),           # right arm, left arm
    (23, 24), (24,), (26,), (28,), (23,), (25,), (27,), # middle of the hips, right leg, left leg
    (5,), (2,), (8,), (7,),                             # eyes and ears, right before left
    (31,), (31,), (29,), (32,), (32,), (30,),           # left foot, right foot
)
_FACE_SOURCES: tuple[tuple[int, ...], ...] = (
    (127,), (234,), (93,), (132, 58), (58, 172), (136,), (150,), (176,), (152,),   # jaw, from the right ear
    (400,), (379,), (365,), (397, 288), (361,), (323,), (454,), (356,),
    (70,), (63,), (105,), (66,), (107,), (336,), (296,), (334,), (293,), (300,),   # right brow, left brow
    (168, 6), (197, 195), (5,), (4,), (75,), (97,), (2,), (326,), (305,),          # nose
    (33,), (160,), (158,), (133,), (153,), (144,),                                 # right eye
    (362,), (385,), (387,), (263,), (373,), (380,),                                # left eye
    (61,), (39,), (37,), (0,), (267,), (269,), (291,), (321,), (314,), (17,), (84,), (91,),  # outer lips
    (78,), (82,), (13,), (312,), (308,), (317,), (14,), (87,),                     # inner lips
    (468,), (473,),                                                                # right pupil, left pupil
)
# fmt: on
_BODY_FIRST, _BODY_SECOND = (np.array([s[k] for s in _BODY_SOURCES]) for k in (0, -1))
_FACE_FIRST, _FACE_SECOND = (np.array([s[k] for s in _FACE_SOURCES]) for k in (0, -1))
_GUESSED_BODY = np.array([20, 23])
"""The small toes: MediaPipe has none, so they stand on the big ones at half confidence."""


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """What MediaPipe found in one picture, None where it found nothing.

    Coordinates are shares of the picture: 0..1 inside it.

    Attributes:
        body: (33, 3) x, y, visibility.
        left_hand: (21, 2) x, y of the person's own left hand.
        right_hand: (21, 2).
        face: (478, 2).
    """

    body: NDArray[np.float64] | None
    left_hand: NDArray[np.float64] | None
    right_hand: NDArray[np.float64] | None
    face: NDArray[np.float64] | None


def map_landmarks(
    landmarks: Landmarks, crop: tuple[float, float, float, float], size: tuple[int, int]
) -> NDArray[np.float32]:
    """One frame's 137 points.

    Body points carry the least visibility of their sources; those under 0.2 are
    missing. MediaPipe gives hands and face no confidence by point: 1 when found. Points
    outside the picture are missing.

    Args:
        landmarks: What was found.
        crop: x, y, width and height of the picture MediaPipe saw, source pixels.
        size: Width and height of the upright source picture, pixels.

    Returns:
        (137, 3) float32 as in ``PoseSequence``.
    """
    points = np.zeros((N_KEYPOINTS, 3))
    if landmarks.body is not None:
        points[BODY_SLICE] = _map_body(landmarks.body)
    if landmarks.face is not None:
        points[FACE_SLICE, :2] = (landmarks.face[_FACE_FIRST] + landmarks.face[_FACE_SECOND]) / 2
        points[FACE_SLICE, 2] = 1
    for hand, where in ((landmarks.left_hand, LEFT_HAND_SLICE), (landmarks.right_hand, RIGHT_HAND_SLICE)):
        if hand is not None:
            points[where, :2] = hand
            points[where, 2] = 1
    x, y, width, height = crop
    points[:, :2] = points[:, :2] * (width, height) + (x, y)
    outside = (points[:, :2] < 0).any(axis=1) | (points[:, :2] > size).any(axis=1)
    points[outside | (points[:, 2] == 0)] = (np.nan, np.nan, 0)
    return points.astype(np.float32)


def _map_body(body: NDArray[np.float64]) -> NDArray[np.float64]:
    points: NDArray[np.float64] = (body[_BODY_FIRST] + body[_BODY_SECOND]) / 2
    visibility = np.minimum(body[_BODY_FIRST, 2], body[_BODY_SECOND, 2])
    points[:, 2] = np.where(visibility < LEAST_VISIBILITY, 0, np.minimum(visibility, 1))
    points[_GUESSED_BODY, 2] /= 2
    return points
