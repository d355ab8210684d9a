"""Performances: continuous in time, blended, anatomically possible, quick."""

from __future__ import annotations

import numpy as np
import pytest

from imigue_core.skeleton.layout import (
    LEFT_ELBOW,
    LEFT_HAND_SLICE,
    LEFT_SHOULDER,
    LEFT_WRIST,
    NECK,
    RIGHT_ELBOW,
    RIGHT_HAND_SLICE,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
)
from imigue_core.synthesis.body import BodyShape, Posture, sample_body, sample_posture
from imigue_core.synthesis.performer import Act, perform

TALK = [(2.0, 9.0), (10.0, 14.0)]
ACTS = (
    Act(31, 1.0, 2.0, "shrug", "both", seed=1),
    Act(24, 4.0, 9.0, "rest on the desk", "both", seed=2),
    Act(29, 5.0, 6.0, "press together", "left", seed=3),
    Act(99, 10.0, 12.0, "beat", "right", seed=4),
)


def _act(times: np.ndarray, acts: tuple[Act, ...] = ACTS, seed: int = 5) -> np.ndarray:
    return perform(BodyShape(), Posture(), acts, times, seed, talk=TALK).points


def test_same_seed_at_other_times_is_the_same_motion() -> None:
    full = np.arange(0, 60, 0.04)
    some = full[7:350:3]
    np.testing.assert_allclose(_act(some), _act(full)[7:350:3], atol=1e-5)


def test_other_seeds_move_otherwise_between_the_acts() -> None:
    times = np.arange(0, 4, 0.04)
    assert np.abs(_act(times, (), 1) - _act(times, (), 2)).max() > 0.01


@pytest.mark.parametrize("seed", range(6))
def test_arms_keep_their_lengths(seed: int) -> None:
    rng = np.random.default_rng(seed)
    body = sample_body(rng)
    points = perform(body, sample_posture(rng), ACTS, np.arange(0, 14, 0.04), seed, talk=TALK).points
    for shoulder, elbow, wrist in (
        (LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST),
        (RIGHT_SHOULDER, RIGHT_ELBOW, RIGHT_WRIST),
    ):
        upper = np.linalg.norm(points[:, elbow] - points[:, shoulder], axis=1)
        fore = np.linalg.norm(points[:, wrist] - points[:, elbow], axis=1)
        np.testing.assert_allclose(upper, body.upper_arm, atol=2e-3)
        np.testing.assert_allclose(fore, body.forearm, atol=2e-3)


def test_left_is_left_and_up_is_up() -> None:
    points = _act(np.arange(0, 1, 0.1), ())
    assert (points[:, LEFT_SHOULDER, 0] > points[:, RIGHT_SHOULDER, 0]).all()
    assert (points[:, 0, 1] > points[:, NECK, 1]).all()
    assert (points[:, 0, 2] > points[:, 17, 2]).all(), "the nose is in front of the ear"


def test_nothing_jumps() -> None:
    points = _act(np.arange(0, 14, 0.01))
    speed = np.linalg.norm(np.diff(points, axis=0), axis=2) / 0.01
    assert speed.max() < 6.0  # metres a second


def test_lips_press_while_the_fingers_stay_crossed() -> None:
    times = np.array([5.5])
    both, hands_only, lips_only = _act(times), _act(times, ACTS[1:2]), _act(times, ACTS[2:3])
    hands, lips = slice(95, 137), slice(25 + 48, 25 + 68)
    np.testing.assert_allclose(both[:, hands], hands_only[:, hands], atol=1e-4)
    height = [float(np.ptp(p[0, lips, 1])) for p in (both, lips_only, hands_only)]
    assert height[0] < 0.8 * height[2]
    assert height[0] == pytest.approx(height[1], rel=0.2)


def test_talk_opens_the_mouth_and_silence_does_not() -> None:
    times = np.arange(0, 20, 0.04)
    performance = perform(BodyShape(), Posture(), (), times, 3, talk=TALK)
    gap = np.linalg.norm(performance.points[:, 25 + 62] - performance.points[:, 25 + 66], axis=1)
    assert gap[performance.talking].mean() > 2 * gap[times > 15].mean()
    assert performance.talking[np.searchsorted(times, 5.0)]
    assert not performance.talking[np.searchsorted(times, 9.5)]


def test_hands_rest_apart_and_on_the_desk() -> None:
    posture = Posture()
    points = perform(BodyShape(), posture, (), np.arange(0, 3, 0.1), 1).points
    assert posture.desk_height is not None
    for hand in (LEFT_HAND_SLICE, RIGHT_HAND_SLICE):
        assert np.abs(points[:, hand, 1].mean() - posture.desk_height) < 0.06
    assert (points[:, LEFT_WRIST, 0] - points[:, RIGHT_WRIST, 0]).min() > 0.2
