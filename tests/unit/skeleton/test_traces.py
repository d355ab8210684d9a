"""Motion traces: acted hands reach the face when they should, nothing invents motion, nothing crosses a cut."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from imigue_core.skeleton.layout import LEFT_WRIST, N_KEYPOINTS, RIGHT_HAND_SLICE, RIGHT_WRIST
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.skeleton.trace_peaks import find_feet, find_nearest_moments, find_speed_peaks
from imigue_core.skeleton.traces import HAND_FACE, SPEED_NAMES, TRACE_NAMES, compute_traces
from imigue_core.synthesis.body import BodyShape, Posture
from imigue_core.synthesis.gestures.base import ACTORS
from imigue_core.synthesis.interview import InterviewSpec, make_interview
from imigue_core.synthesis.performer import Act, perform

TIMES = np.arange(0, 10, 0.04)
START_S, END_S = 4.0, 6.5
PX = 400
TOUCH_FACE = 8
HEAD, SHOULDERS, LEFT, RIGHT, NEAR = range(5)


def to_pixels(points: np.ndarray) -> PoseSequence:
    """Seen from the front without any error: (T, 137, 3) metres -> pixels, all points sure."""
    keypoints = np.ones((len(points), N_KEYPOINTS, 3), np.float32)
    keypoints[:, :, 0] = 640 + PX * points[:, :, 0]
    keypoints[:, :, 1] = 500 - PX * points[:, :, 1]
    return PoseSequence(keypoints, (1280, 960))


def act(class_id: int, side: str = "right", times: np.ndarray = TIMES) -> PoseSequence:
    actor = ACTORS[class_id]
    acts = [Act(class_id, START_S, END_S, actor.dialects[0], side if side in actor.sides else actor.sides[-1], seed=3)]
    return to_pixels(perform(BodyShape(), Posture(), acts, times, 8).points)


def trace(poses: PoseSequence, times: np.ndarray = TIMES, cuts: tuple[int, ...] = ()) -> np.ndarray:
    return compute_traces(poses, times, cuts).values


def acted_peaks(speed: np.ndarray) -> list[int]:
    """Peaks within the act; the hands move a little at other times too."""
    return [frame for frame in find_speed_peaks(speed, is_hand=True) if START_S < seconds_of(frame) < END_S]


def seconds_of(frame: int) -> float:
    return float(TIMES[frame])


def test_rows_are_named_and_as_long_as_the_poses() -> None:
    values = trace(act(TOUCH_FACE))
    assert values.shape == (len(TRACE_NAMES), len(TIMES))
    assert (*SPEED_NAMES, HAND_FACE) == TRACE_NAMES
    assert values.dtype == np.float32
    assert np.isfinite(values).all()
    assert (values >= 0).all()


def test_a_hand_raised_to_the_face_is_nearest_to_it_within_its_act() -> None:
    values = trace(act(TOUCH_FACE))
    moments = find_nearest_moments(values[NEAR])
    assert moments
    assert all(START_S < seconds_of(frame) < END_S for frame in moments)
    assert values[NEAR][moments].min() < 0.35
    assert values[NEAR][TIMES < START_S - 0.2].min() > 0.8


def test_the_raised_hand_peaks_going_up_and_coming_down_and_the_other_one_rests() -> None:
    values = trace(act(TOUCH_FACE))
    moving = RIGHT if values[RIGHT].max() > values[LEFT].max() else LEFT
    assert len(acted_peaks(values[moving])) >= 2
    during = (TIMES > START_S) & (TIMES < END_S)
    assert values[LEFT + RIGHT - moving][during].max() < values[moving][during].max() / 4
    assert values[moving][~during].max() < values[moving].max() / 2


def test_feet_lie_where_the_motion_begins_and_ends() -> None:
    values = trace(act(TOUCH_FACE))
    moving = RIGHT if values[RIGHT].max() > values[LEFT].max() else LEFT
    peaks = acted_peaks(values[moving])
    feet = find_feet(values[moving], peaks)
    assert abs(seconds_of(feet[0]) - START_S) < 0.4
    assert abs(seconds_of(min(feet[-1], len(TIMES) - 1)) - END_S) < 0.4
    assert feet == sorted(set(feet))
    assert all(any(a <= peak < b for a, b in pairwise(feet)) for peak in peaks)


def test_repeated_frames_are_no_stops_and_no_jumps() -> None:
    poses = act(TOUCH_FACE)
    held = np.arange(len(TIMES)) // 2 * 2
    plain = trace(poses)
    repeated = trace(PoseSequence(poses.keypoints[held], poses.size))
    moving = RIGHT if plain[RIGHT].max() > plain[LEFT].max() else LEFT
    assert np.abs(repeated[moving] - plain[moving]).max() < 0.12 * plain[moving].max()


def test_another_frame_rate_shows_the_same_speed() -> None:
    slow_times = np.arange(0, 10, 1 / 12)
    plain, slow = trace(act(TOUCH_FACE)), trace(act(TOUCH_FACE, times=slow_times), slow_times)
    for row in (LEFT, RIGHT):
        assert abs(slow[row].max() - plain[row].max()) < 0.25 * plain[row].max() + 0.05


def test_what_is_missing_for_long_is_nan_and_short_gaps_are_bridged() -> None:
    poses = act(TOUCH_FACE)
    keypoints = poses.keypoints.copy()
    points = np.r_[RIGHT_WRIST, RIGHT_HAND_SLICE]
    for start, stop in ((20, 24), (40, 70)):
        keypoints[start:stop, points] = (np.nan, np.nan, 0)
    values = trace(PoseSequence(keypoints, poses.size))[RIGHT]
    assert np.isfinite(values[15:40]).all()
    assert np.isnan(values[40:70]).all()
    assert np.isfinite(values[70:]).all()
    assert values[:80][np.isfinite(values[:80])].max() < 0.5


def test_points_that_come_and_go_are_no_motion() -> None:
    poses = act(1)
    keypoints = poses.keypoints[:60].copy()
    keypoints[::3, RIGHT_HAND_SLICE] = (np.nan, np.nan, 0)
    values = trace(PoseSequence(keypoints, poses.size), TIMES[:60])
    assert values[RIGHT].max() < 0.4


def test_one_wrong_frame_is_no_peak() -> None:
    poses = act(1)
    keypoints = poses.keypoints[:60].copy()
    keypoints[30, RIGHT_HAND_SLICE, :2] += 300
    keypoints[30, RIGHT_WRIST, :2] += 300
    values = trace(PoseSequence(keypoints, poses.size), TIMES[:60])
    assert find_speed_peaks(values[RIGHT], is_hand=True) == []


def test_nothing_crosses_a_shot_cut() -> None:
    poses = act(1)
    keypoints = poses.keypoints.copy()
    keypoints[125:, :, :2] = keypoints[125:, :, :2] * 1.6 + 200
    moved = PoseSequence(keypoints, poses.size)
    plain = trace(poses)
    cut = trace(moved, cuts=(125,))
    assert np.abs(cut[:4] - plain[:4]).max() < 0.3
    assert trace(moved)[HEAD][120:130].max() > 5
    assert np.abs(cut[NEAR] - plain[NEAR]).max() < 0.05


def test_nobody_and_one_frame_and_still_frames_are_answered() -> None:
    nobody = PoseSequence(np.full((10, N_KEYPOINTS, 3), np.nan, np.float32))
    nobody.keypoints[:, :, 2] = 0
    assert np.isnan(trace(nobody, TIMES[:10])).all()
    one = PoseSequence(act(TOUCH_FACE).keypoints[:1])
    assert np.isnan(trace(one, TIMES[:1])[:4]).all()
    assert np.isfinite(trace(one, TIMES[:1])[NEAR]).all()
    still = PoseSequence(np.repeat(act(TOUCH_FACE).keypoints[:1], 50, axis=0))
    assert trace(still, TIMES[:50])[:4].max() < 1e-3


def test_a_hand_that_is_not_seen_is_guessed_from_the_forearm() -> None:
    poses = act(TOUCH_FACE)
    keypoints = poses.keypoints.copy()
    keypoints[:, RIGHT_HAND_SLICE] = (np.nan, np.nan, 0)
    values = trace(PoseSequence(keypoints, poses.size))
    plain = trace(poses)
    assert np.isfinite(values[NEAR]).all()
    if plain[RIGHT].max() > plain[LEFT].max():
        assert values[NEAR].min() < 0.8
    assert keypoints[0, LEFT_WRIST, 2] == 1


@pytest.mark.parametrize("profile", ["mediapipe", "openpose"])
def test_detectors_errors_leave_rest_at_rest(profile: str) -> None:
    interview = make_interview(InterviewSpec(5, 60, mix="idle", profile=profile))
    values = compute_traces(interview.poses, interview.times, interview.shot_cuts).values
    assert np.nanmedian(values[HEAD]) < 0.3
    assert np.nanmedian(values[RIGHT]) < 0.5


def test_peaks_rise_and_fall_and_small_ripples_are_none() -> None:
    t = np.arange(400) / 25
    speed = (2 * np.exp(-0.5 * ((t - 5) / 0.2) ** 2) + 3 * np.exp(-0.5 * ((t - 10) / 0.2) ** 2)).astype(np.float32)
    speed += np.float32(0.1) * np.sin(40 * t).astype(np.float32) ** 2
    assert [round(float(t[k])) for k in find_speed_peaks(speed, is_hand=True)] == [5, 10]
    speed[120:130] = np.nan
    assert [round(float(t[k])) for k in find_speed_peaks(speed, is_hand=True)] == [10]
    assert find_speed_peaks(np.full(5, np.nan, np.float32), is_hand=True) == []
    assert find_speed_peaks(np.zeros(2, np.float32), is_hand=True) == []


def test_two_motions_without_rest_between_share_one_foot() -> None:
    speed = np.array([0, 0, 1, 3, 1.5, 1, 1.6, 3, 1, 0, 0], np.float32)
    assert find_feet(speed, [3, 7]) == [2, 5, 6, 9]
