"""Every class has its actor, and every dialect moves what its class is named after, within its time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from imigue_core.skeleton.layout import LEFT_HAND_SLICE, LEFT_SHOULDER, NECK, RIGHT_HAND_SLICE, RIGHT_SHOULDER
from imigue_core.synthesis.body import BodyShape, Posture
from imigue_core.synthesis.gestures.base import ACTORS
from imigue_core.synthesis.performer import Act, perform
from imigue_core.taxonomy import CLASS_IDS

START_S, END_S = 1.0, 3.5
TIMES = np.arange(0, 10, 0.04)
DIALECTS = [(class_id, name) for class_id, actor in sorted(ACTORS.items()) for name in actor.dialects]
HANDS = np.r_[LEFT_HAND_SLICE, RIGHT_HAND_SLICE]


def _perform(class_id: int | None, dialect: str = "", side: str | None = None, seed: int = 3) -> np.ndarray:
    acts = []
    if class_id is not None:
        acts = [Act(class_id, START_S, END_S, dialect, side or ACTORS[class_id].sides[-1], seed=seed)]
    return perform(BodyShape(), Posture(), acts, TIMES, 8).points


def _middle(class_id: int, dialect: str, seed: int = 3) -> np.ndarray:
    """(n, 137, 3) while the act is held."""
    return _perform(class_id, dialect, seed=seed)[(TIMES > 1.9) & (TIMES < 2.7)]


IDLE = _perform(None)
IDLE_MIDDLE = IDLE[(TIMES > 1.9) & (TIMES < 2.7)]


def test_all_classes_have_an_actor() -> None:
    assert sorted(ACTORS) == sorted(CLASS_IDS)


@pytest.mark.parametrize("actor", ACTORS.values(), ids=lambda a: str(a.class_id))
def test_an_actor_has_enough_dialects_of_different_names(actor: Any) -> None:
    assert len(set(actor.dialects)) == len(actor.dialects) >= 4
    assert actor.parts <= {"torso", "shoulders", "head", "face", "arms"}
    assert actor.sides


@pytest.mark.parametrize(("class_id", "dialect"), DIALECTS)
def test_an_act_stays_within_its_time(class_id: int, dialect: str) -> None:
    points = _perform(class_id, dialect)
    moved = np.linalg.norm(points - IDLE, axis=2).max(axis=1)
    settled = END_S + ACTORS[class_id].settle_s
    assert moved[(TIMES < START_S) | (settled <= TIMES)].max() < 1e-5
    assert moved.max() > 0.003
    assert np.isfinite(points).all()


@pytest.mark.parametrize(("class_id", "dialect"), DIALECTS)
def test_an_act_is_repeated_exactly_by_its_seed(class_id: int, dialect: str) -> None:
    assert np.array_equal(_perform(class_id, dialect), _perform(class_id, dialect))
    assert not np.array_equal(_perform(class_id, dialect, seed=4), _perform(class_id, dialect))


@pytest.mark.parametrize("dialect", ACTORS[31].dialects)
@pytest.mark.parametrize("side", ["left", "right"])
def test_shoulders_move_and_the_hands_stay(dialect: str, side: str) -> None:
    difference = _perform(31, dialect, side) - IDLE
    moved = np.linalg.norm(difference[:, [LEFT_SHOULDER, RIGHT_SHOULDER]], axis=2).max(axis=0)
    assert moved.max() > 0.008
    if dialect in ("shrug", "twitch", "roll"):
        assert (moved[0] > 3 * moved[1]) if side == "left" else (moved[1] > 3 * moved[0])
    assert np.linalg.norm(difference[:, HANDS], axis=2).max() < 0.02


@pytest.mark.parametrize("dialect", ACTORS[28].dialects)
def test_head_up_lifts_nose_over_ears(dialect: str) -> None:
    def lift(points: np.ndarray) -> np.ndarray:
        return points[:, 0, 1] - points[:, 17:19, 1].mean(axis=1)

    assert (lift(_perform(28, dialect)) - lift(IDLE)).max() > 0.02


@pytest.mark.parametrize("dialect", ACTORS[29].dialects)
def test_pressed_lips_are_thin(dialect: str) -> None:
    def thickness(points: np.ndarray) -> np.ndarray:
        return np.linalg.norm(points[:, 25 + 51] - points[:, 25 + 57], axis=1)

    assert thickness(_perform(29, dialect)).min() < 0.72 * thickness(IDLE).min()


@pytest.mark.parametrize("dialect", ACTORS[1].dialects)
def test_turtle_neck_brings_the_chin_down_to_the_shoulders_or_the_head_out(dialect: str) -> None:
    chin = 25 + 8
    gap = [np.abs(p[:, chin, 1] - p[:, NECK, 1]).mean() for p in (_middle(1, dialect), IDLE_MIDDLE)]
    ahead = [(p[:, 0, 2] - p[:, NECK, 2]).mean() for p in (_middle(1, dialect), IDLE_MIDDLE)]
    assert gap[0] < gap[1] - 0.01 or ahead[0] > ahead[1] + 0.02


@pytest.mark.parametrize("dialect", ACTORS[21].dialects)
def test_sitting_straight_makes_taller_and_is_held_at_its_end(dialect: str) -> None:
    rise = _perform(21, dialect)[:, NECK, 1] - IDLE[:, NECK, 1]
    assert rise[np.searchsorted(TIMES, END_S - 0.05)] > 0.008


@pytest.mark.parametrize(("class_id", "dialect"), [(n, d) for n in (23, 24, 25) for d in ACTORS[n].dialects])
def test_joined_hands_meet(class_id: int, dialect: str) -> None:
    points = _middle(class_id, dialect)
    left, right = points[:, LEFT_HAND_SLICE], points[:, RIGHT_HAND_SLICE]
    nearest = np.linalg.norm(left[:, :, None] - right[:, None], axis=3).min(axis=(1, 2))
    assert nearest.max() < 0.05
    tips = np.array([8, 12, 16])
    palms = np.linalg.norm(left[:, 9] - right[:, 9], axis=1).mean()
    if class_id == 25:
        assert np.linalg.norm(left[:, tips] - right[:, tips], axis=2).mean() < palms


@pytest.mark.parametrize("dialect", ACTORS[22].dialects)
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_hand_reaches_the_other_arm(dialect: str, side: str) -> None:
    points = _perform(22, dialect, side)[(TIMES > 1.9) & (TIMES < 2.7)]
    hand = points[:, LEFT_HAND_SLICE if side == "left" else RIGHT_HAND_SLICE]
    a, b, c = points[:, [2, 3, 4] if side == "left" else [5, 6, 7]].transpose(1, 0, 2)
    arm = np.concatenate([p + s * (q - p) for p, q in ((a, b), (b, c)) for s in np.linspace(0, 1, 9)], axis=0)
    arm = arm.reshape(18, len(points), 3).transpose(1, 0, 2)
    nearest = np.linalg.norm(hand[:, :, None] - arm[:, None], axis=3).min(axis=(1, 2))
    assert nearest.max() < 0.06


def test_hands_on_the_hips_push_the_elbows_out() -> None:
    points = _perform(30, "hands on the hips", "both")[(TIMES > 1.9) & (TIMES < 2.7)]
    assert (points[:, 6, 0] - points[:, LEFT_SHOULDER, 0]).min() > 0.05
    assert (points[:, RIGHT_SHOULDER, 0] - points[:, 3, 0]).min() > 0.05


def test_amplitude_scales_a_shrug() -> None:
    small, large = (
        np.abs(perform(BodyShape(), Posture(), [Act(31, 1, 3, "shrug", "both", amplitude=a)], TIMES, 8).points - IDLE)[
            :, LEFT_SHOULDER, 1
        ].max()
        for a in (0.5, 1.5)
    )
    assert large > 2.5 * small


def test_repeats_are_counted_in_a_twitch() -> None:
    act = Act(31, 1.0, 5.0, "twitch", "left", repeats=3)
    rise = perform(BodyShape(), Posture(), [act], TIMES, 8).points[:, LEFT_SHOULDER, 1] - IDLE[:, LEFT_SHOULDER, 1]
    is_peak = (rise[1:-1] > rise[:-2]) & (rise[1:-1] >= rise[2:]) & (rise[1:-1] > 0.4 * rise.max())
    assert is_peak.sum() == 3
