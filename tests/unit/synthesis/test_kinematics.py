"""Axes, the trunk's channels and the bending of arms."""

from __future__ import annotations

import numpy as np
import pytest

from imigue_core.synthesis.body import RESTS, BodyShape, sample_body, sample_posture
from imigue_core.synthesis.gestures.base import compute_envelope, compute_minimum_jerk, compute_steps
from imigue_core.synthesis.gestures.channels import make_channels
from imigue_core.synthesis.kinematics import compute_arm, compute_axes, compute_frame


def _one(value: float) -> np.ndarray:
    return np.full(1, value, np.float32)


def test_axes_are_orthonormal_and_turn_as_named() -> None:
    rng = np.random.default_rng(0)
    axes = compute_axes(*rng.uniform(-1, 1, (3, 50)).astype(np.float32))
    np.testing.assert_allclose(axes @ axes.transpose(0, 2, 1), np.broadcast_to(np.eye(3), (50, 3, 3)), atol=1e-5)
    np.testing.assert_allclose(np.cross(axes[:, 0], axes[:, 1]), axes[:, 2], atol=1e-5)
    zero = _one(0.0)
    assert compute_axes(_one(0.3), zero, zero)[0, 2, 0] > 0.2, "yaw turns the view to the person's left"
    assert compute_axes(zero, _one(0.3), zero)[0, 2, 1] > 0.2, "pitch lifts it"
    assert compute_axes(zero, zero, _one(0.3))[0, 1, 0] > 0.2, "roll tilts the crown to the left"


@pytest.mark.parametrize(
    ("name", "value", "what", "axis", "sign"),
    [
        ("lean", 0.2, "neck", 2, 1),
        ("side", 0.2, "neck", 0, 1),
        ("slump", 0.6, "neck", 1, -1),
        ("left_up", 0.03, "left_shoulder", 1, 1),
        ("right_forward", 0.02, "right_shoulder", 2, 1),
        ("head_forward", 0.03, "head", 2, 1),
        ("head_down", 0.03, "head", 1, -1),
        ("shift_y", 0.02, "hips", 1, 1),
    ],
)
def test_a_channel_moves_its_part(name: str, value: float, what: str, axis: int, sign: int) -> None:
    rest, moved = make_channels(1), make_channels(1)
    moved.add(name, value)
    way = getattr(compute_frame(BodyShape(), moved), what) - getattr(compute_frame(BodyShape(), rest), what)
    assert way[0, axis] * sign > 0.005


def test_channels_stay_within_their_joints() -> None:
    channels = make_channels(3)
    channels.add("pitch", 9.0)
    compute_frame(BodyShape(), channels)
    assert channels.get("pitch").max() < 1.0


def test_an_arm_reaches_what_it_can_and_points_its_elbow() -> None:
    body = BodyShape()
    shoulder = np.zeros((3, 3), np.float32)
    wanted = np.array([(0.1, -0.2, 0.3), (0.0, 0.0, 2.0), (0.0, -0.3, 0.2)], np.float32)
    down = np.tile(np.array([0, -1, 0], np.float32), (3, 1))
    start, elbow, wrist = compute_arm(body, shoulder, wanted, down)
    np.testing.assert_allclose(wrist[[0, 2]], wanted[[0, 2]], atol=1e-5)
    assert np.linalg.norm(wrist[1] - start[1]) == pytest.approx(0.98 * (body.upper_arm + body.forearm), rel=1e-3)
    np.testing.assert_allclose(np.linalg.norm(elbow - start, axis=1), body.upper_arm, rtol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(wrist - elbow, axis=1), body.forearm, rtol=1e-3)
    out = np.tile(np.array([1, 0, 0], np.float32), (3, 1))
    assert (compute_arm(body, shoulder, wanted, out)[1][0] - elbow[0])[0] > 0.05


def test_envelopes_rise_hold_and_fall() -> None:
    t = np.linspace(0, 2, 201).astype(np.float32)
    w = compute_envelope(t, 2.0, 0.5, 0.5)
    assert w[0] == w[-1] == 0
    assert w[100] == 1
    assert np.diff(w)[:50].min() >= 0 >= np.diff(w)[151:].max()
    short = compute_envelope(t[:21], 0.2, 0.5, 0.5)
    assert short.max() == pytest.approx(1.0, abs=1e-3)
    assert compute_minimum_jerk(np.array([-1, 0.5, 2], np.float32)).tolist() == [0.0, 0.5, 1.0]


def test_steps_hold_one_value_after_another() -> None:
    out = compute_steps(np.array([0.0, 1.5, 3.5], np.float32), np.array([1.0, 3.0]), np.array([2.0, -1.0]), 0.2)
    np.testing.assert_allclose(out, [0.0, 2.0, -1.0], atol=1e-6)


def test_sampled_bodies_and_postures_are_possible() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        body, posture = sample_body(rng), sample_posture(rng)
        assert 0.25 < body.shoulder_width < 0.5
        assert body.upper_arm + body.forearm > 0.4
        assert set(posture.rests) <= set(RESTS)
        assert (posture.desk_height is None) == ("hanging" in posture.rests)
