"""Features of head, face, shoulders and torso.

Shapes of the face are measured along the face's own axes and beside this shot's usual value,
so that one person's thin lips are not a gesture.
"""

from __future__ import annotations

import numpy as np

from imigue_core.models.features.columns import Columns
from imigue_core.models.features.geometry import (
    LEFT,
    RIGHT,
    Array,
    Head,
    Points,
    activity,
    dot,
    length,
    running_mean,
    shot_median,
    velocity,
)


def put_head_features(columns: Columns, points: Points, head: Head) -> None:
    """How the head stands over the shoulders, and how it moves."""
    neck = points.body(1)
    nose = head.targets["nose"]
    ears = (points.ear(LEFT) + points.ear(RIGHT)) / np.float32(2)
    over = nose - neck
    pitch = dot(nose - head.eyes, head.up) / np.float32(head.unit)
    yaw = dot(nose - head.eyes, head.right) / np.float32(head.unit)
    tilt = dot(ears - head.eyes, head.up) / np.float32(head.unit)
    jaw = dot(head.targets["chin"] - nose, head.up) / np.float32(head.unit)
    usual = shot_median(over[1])
    motion, turning = velocity(over), velocity(np.stack([yaw, pitch]))
    columns.odd(head_across=over[0])
    columns.even(
        head_up=over[1] - np.float32(usual),
        head_height=over[1],
        eyes_up=head.eyes[1] - neck[1],
    )
    columns.odd(head_roll=head.right[1] - np.float32(shot_median(head.right[1])), head_yaw=yaw)
    columns.even(
        head_pitch_change=pitch - np.float32(shot_median(pitch)),
        ears_tilt_change=tilt - np.float32(shot_median(tilt)),
        jaw_drop=jaw - np.float32(shot_median(jaw)),
        head_size=_relative(length(head.targets["left_eye"] - head.targets["right_eye"])),
    )
    columns.odd(head_speed_across=motion[0])
    columns.even(head_speed_up=motion[1])
    columns.odd(yaw_speed=turning[0])
    columns.even(
        pitch_speed=turning[1],
        head_activity=activity(length(motion)),
        turn_activity=activity(length(turning)),
        face_found=points.confidence(25 + 30, 25 + 48, 25 + 54),
        head_found=points.confidence(0),
    )


def put_torso_features(columns: Columns, points: Points, head: Head) -> None:
    """How the trunk leans and moves. Neck and shoulders are measured from the neck's running median."""
    neck, hip = points.body(1), points.body(8)
    left, right = points.body(5), points.body(2)
    width = length(left - right)
    motion = velocity(neck)
    slow = np.stack([running_mean(motion[0], 0.6), running_mean(motion[1], 0.6)])
    middle = (left + right) / np.float32(2)
    rise = middle[1] - neck[1]
    chest = velocity(middle - head.eyes)
    roll = (left[1] - right[1]) / np.maximum(width, np.float32(0.2))
    for name, across, up in (("neck", neck[0], neck[1]), ("neck_speed", motion[0], motion[1]), ("neck_slow", *slow)):
        columns.odd(**{f"{name}_across": across})
        columns.even(**{f"{name}_up": up})
    columns.even(
        neck_activity=activity(length(motion)),
        neck_activity_short=activity(length(motion), 0.4),
        shoulder_width=width,
        shoulder_width_change=_relative(width),
    )
    columns.odd(
        shoulder_roll=roll - np.float32(shot_median(roll)),
        shoulder_roll_speed=velocity((left[1] - right[1])[None])[0],
    )
    columns.even(
        shoulders_rise=rise,
        shoulder_eyes=head.eyes[1] - middle[1] - np.float32(shot_median(head.eyes[1] - middle[1])),
        shoulder_eyes_speed=chest[1],
        shoulder_activity=activity(velocity(rise[None])[0]),
        shoulder_eyes_activity=activity(chest[1], 0.8),
    )
    columns.odd(hip_across=hip[0] - neck[0])
    columns.even(
        hip_up=hip[1] - neck[1],
        hip_found=points.confidence(8),
        neck_found=points.confidence(1),
        trunk_stretch=_relative(neck[1] - hip[1]),
    )
    for side, shoulder in ((LEFT, left), (RIGHT, right)):
        ear = points.ear(side)
        columns.sided(
            side,
            shoulder_out=(shoulder[0] - neck[0]) * np.float32(side),
            shoulder_up=shoulder[1] - np.float32(shot_median(shoulder[1])),
            shoulder_ear=(ear[1] - shoulder[1]) - np.float32(shot_median(ear[1] - shoulder[1])),
            shoulder_speed=velocity(shoulder)[1],
        )


def put_face_features(columns: Columns, points: Points, head: Head) -> None:
    """Lips, cheeks, brows and eyes along the face's own axes, beside the shot's usual face."""

    def across(one: int, other: int) -> Array:
        return dot(points.face(one) - points.face(other), head.right) / np.float32(head.unit)

    def above(one: Array, other: Array) -> Array:
        return dot(one - other, head.up) / np.float32(head.unit)

    upper = above(points.face(50, 51, 52), points.face(61, 62, 63))
    lower = above(points.face(65, 66, 67), points.face(56, 57, 58))
    gap = above(points.face(61, 62, 63), points.face(65, 66, 67))
    corners = points.face(48, 54)
    shapes = {
        "lips_width": across(54, 48),
        "lips_upper": upper,
        "lips_lower": lower,
        "lips_both": upper + lower,
        "lips_gap": gap,
        "lips_height": above(points.face(51), points.face(57)),
        "lips_corners": above(corners, points.face(51, 57)),
        "lips_nose": above(points.face(33), points.face(51)),
        "lips_chin": above(points.face(57), points.face(8)),
        "jaw_width": across(12, 4),
        "jaw_low_width": across(10, 6),
        "face_width": across(14, 2),
        "cheek_share": across(12, 4) / np.maximum(across(16, 0), np.float32(0.3)),
        "brows": above(points.face(19, 24), points.face(36, 45)),
        "brows_gap": across(22, 21),
    }
    for name, values in shapes.items():
        change = (values - np.float32(shot_median(values))) * np.float32(10)
        columns.even(**{name: change, f"{name}_lately": change - running_mean(change, 4.0)})
    columns.even(
        lips_gap_now=gap * np.float32(10),
        lips_both_now=(upper + lower) * np.float32(10),
        lips_speed=velocity(gap[None])[0],
        talking=activity(velocity(gap[None])[0], 1.0),
    )
    columns.odd(mouth_across=dot(corners - head.eyes, head.right) / np.float32(head.unit))
    for side, outer, inner, low, high, pupil in (
        (LEFT, 45, 42, (46, 47), (43, 44), 69),
        (RIGHT, 36, 39, (40, 41), (37, 38), 68),
    ):
        wide = np.maximum(length(points.face(outer) - points.face(inner)), np.float32(0.03))
        opening = length(points.face(*high) - points.face(*low)) / wide
        look = points.face(pupil) - points.face(outer, inner)
        columns.sided(
            side,
            eye_open=opening,
            eye_change=opening - np.float32(shot_median(opening)),
            look_out=dot(look, head.right) / wide * np.float32(side),
            look_up=dot(look, head.up) / wide,
        )


def _relative(values: Array) -> Array:
    """Share over or under the shot's usual value."""
    usual = shot_median(values)
    result: Array = np.clip(values / np.float32(usual) - 1, -1, 1) if abs(usual) > 0.02 else values * np.float32(0)
    return result
