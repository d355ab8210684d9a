"""People who act: idle motion, talk and acts put together into 137 points in metres.

The order is: channels of trunk, head and face over all acts; the body put up; hands
directed over their rest; arms bent; points written. How each class is acted lives in
``gestures/``, what happens between acts in ``idle.py``, ``distractors.py`` and ``talk.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.skeleton.layout import (
    FACE_SLICE,
    LEFT_ELBOW,
    LEFT_HAND_SLICE,
    LEFT_SHOULDER,
    LEFT_WRIST,
    MID_HIP,
    N_KEYPOINTS,
    NECK,
    RIGHT_ELBOW,
    RIGHT_HAND_SLICE,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
)
from imigue_core.synthesis.body import BodyShape, Posture
from imigue_core.synthesis.distractors import add_distractors
from imigue_core.synthesis.face import CONTROL_NAMES, FaceControls, make_face, make_head_points
from imigue_core.synthesis.gestures import body as body_acts
from imigue_core.synthesis.gestures import body_hand, hand, head, head_hand, illustrative
from imigue_core.synthesis.gestures.base import ACTORS, Act, Cue
from imigue_core.synthesis.gestures.channels import DIRECTION, ELBOW, PALM, POSE, TUCKED, WRIST, Channels, make_channels
from imigue_core.synthesis.gestures.stage import Stage
from imigue_core.synthesis.hands import make_posed_hand
from imigue_core.synthesis.idle import add_idle, make_rest_track
from imigue_core.synthesis.kinematics import Frame, compute_arm, compute_frame
from imigue_core.synthesis.talk import add_talk, compute_talk_level, find_talking

FloatArray = NDArray[np.float32]
Times = NDArray[np.float64]

__all__ = ["Act", "Performance", "perform"]

GROUPS = (body_acts, body_hand, hand, head, head_hand, illustrative)
"""Importing these fills `ACTORS`."""

_HEAD_POINTS = [0, 15, 16, 17, 18]
_ARM_POINTS = {
    "left": (LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST, LEFT_HAND_SLICE),
    "right": (RIGHT_SHOULDER, RIGHT_ELBOW, RIGHT_WRIST, RIGHT_HAND_SLICE),
}


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """A person in motion.

    Attributes:
        points: (T, 137, 3) float32 metres; x to the person's left, y up, z towards the camera, origin between the
            hips at rest.
        tucked: (T, 2) float32 0..1, left and right hand hidden by body or other arm.
        talking: (T,) bool.
        body: Whose.
        posture: How they sit.
    """

    points: FloatArray
    tucked: FloatArray
    talking: NDArray[np.bool_]
    body: BodyShape
    posture: Posture


def perform(
    body: BodyShape,
    posture: Posture,
    acts: Sequence[Act],
    times: Times,
    seed: int,
    *,
    talk: Sequence[tuple[float, float]] = (),
) -> Performance:
    """Act.

    Args:
        body: Who acts.
        posture: How they sit or stand.
        acts: In any order; those of the same parts should not overlap.
        times: (T,) ascending seconds, 0 or later, at any rate; the same seed at other times is the same motion.
        seed: Of everything between the acts.
        talk: Spans of talk in seconds.

    Raises:
        KeyError: An act's class has no actor.
    """
    level = compute_talk_level(talk, times)
    channels = make_channels(len(times))
    add_idle(channels, posture, times, seed)
    add_talk(channels, level, times, seed)
    cues = [(part, Cue(act, t)) for act in acts for part, t in [_cut_times(act, times)] if part.start < part.stop]
    for part, cue in cues:
        move = ACTORS[cue.act.class_id].move
        if move is not None:
            move(cue, channels.cut(part))
    frame = compute_frame(body, channels)
    tracks = {side: make_rest_track(body, posture, side, level, times, seed) for side in ("left", "right")}
    add_distractors(Stage(body, posture, frame, tracks), channels, acts, times, seed)
    for part, cue in cues:
        reach = ACTORS[cue.act.class_id].reach
        if reach is not None:
            reach(cue, Stage(body, posture, frame.cut(part), {side: track[part] for side, track in tracks.items()}))
    points = np.empty((len(times), N_KEYPOINTS, 3), np.float32)
    _write_head(points, body, channels, frame)
    for side in ("left", "right"):
        _write_arm(points, body, frame, tracks[side], side)
    _write_trunk(points, body, posture, frame)
    tucked = np.stack([tracks[side][:, TUCKED] for side in ("left", "right")], axis=1)
    return Performance(points, np.clip(tucked, 0, 1), find_talking(talk, times), body, posture)


def _cut_times(act: Act, times: Times) -> tuple[slice, FloatArray]:
    first, last = (int(i) for i in np.searchsorted(times, (act.start_s, act.end_s + ACTORS[act.class_id].settle_s)))
    return slice(first, last), (times[first:last] - act.start_s).astype(np.float32)


def _write_head(points: FloatArray, body: BodyShape, channels: Channels, frame: Frame) -> None:
    for name in CONTROL_NAMES:
        row = channels.get(name)
        np.clip(row, -1.0 if name in ("brow_raise", "gaze_x", "gaze_y", "smile", "jaw_shift") else 0.0, 1.0, out=row)
    controls = FaceControls(*(channels.get(name) for name in CONTROL_NAMES))
    face = make_face(controls, frame.head, frame.head_axes, body.head_width, body.head_height)
    points[:, FACE_SLICE] = face
    points[:, _HEAD_POINTS] = make_head_points(face, frame.head, frame.head_axes, body.head_width, body.head_height)


def _write_arm(points: FloatArray, body: BodyShape, frame: Frame, track: FloatArray, side: str) -> None:
    at_shoulder, at_elbow, at_wrist, at_hand = _ARM_POINTS[side]
    shoulder, elbow, wrist = compute_arm(body, frame.get_shoulder(side), track[:, WRIST], track[:, ELBOW])
    points[:, at_shoulder], points[:, at_elbow], points[:, at_wrist] = shoulder, elbow, wrist
    points[:, at_hand] = make_posed_hand(wrist, track[:, DIRECTION], track[:, PALM], track[:, POSE], side, body.hand)


def _write_trunk(points: FloatArray, body: BodyShape, posture: Posture, frame: Frame) -> None:
    """Neck between the shoulders as OpenPose has it, hips, and legs that stay where they are."""
    points[:, NECK] = 0.5 * (points[:, LEFT_SHOULDER] + points[:, RIGHT_SHOULDER])
    points[:, MID_HIP] = frame.hips
    is_standing = posture.kind == "standing"
    knee = (0.0, -body.thigh, 0.02) if is_standing else (0.0, -0.03, body.thigh)
    ankle = (0.0, knee[1] - body.shin, knee[2] - 0.02)
    for sign, at_hip, at_toes in ((-1, 9, (22, 23, 24)), (1, 12, (19, 20, 21))):
        across = np.float32(sign * 0.5 * body.hip_width) * frame.torso[:, 0]
        points[:, at_hip] = frame.hips + across
        apart = sign * (0.5 * body.hip_width + 0.02)
        for at, (x, y, z) in ((at_hip + 1, knee), (at_hip + 2, ankle)):
            points[:, at] = (apart + x, y, z)
        toes = ((0.0, 0.13), (0.03 * sign, 0.11), (0.0, -0.06))
        for at, (x, z) in zip(at_toes, toes, strict=True):
            points[:, at] = (apart + x, ankle[1] - 0.06, ankle[2] + z)
