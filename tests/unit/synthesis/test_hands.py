"""A hand keeps its bones, is the other one's mirror image, and can be put on a target."""

from __future__ import annotations

import numpy as np
import pytest

from imigue_core.synthesis.hands import (
    CONTACTS,
    HAND_POSES,
    POSE_SIZE,
    blend_poses,
    compute_contact_offset,
    compute_hand_axes,
    compute_local_hand,
    get_hand_pose,
    make_hand,
    make_posed_hand,
)

LENGTH = 0.18
FORWARD = np.array([[0.0, 0.0, 1.0]], np.float32)
DOWN = np.array([[0.0, -1.0, 0.0]], np.float32)
HERE = np.zeros((1, 3), np.float32)
FINGERS = [(1 + 4 * n, 2 + 4 * n, 3 + 4 * n, 4 + 4 * n) for n in range(5)]


def put(name: str, side: str = "left") -> np.ndarray:
    return make_posed_hand(HERE, FORWARD, DOWN, HAND_POSES[name][None], side, LENGTH)[0]


def test_a_flat_hand_is_as_long_as_it_should_and_its_palm_about_half_of_that() -> None:
    points = put("flat")
    assert np.linalg.norm(points[12]) == pytest.approx(LENGTH, rel=0.03)
    assert 0.44 < np.linalg.norm(points[9]) / LENGTH < 0.52
    assert points[0] == pytest.approx([0, 0, 0])


def test_left_and_right_are_mirror_images() -> None:
    for name in HAND_POSES:
        assert put(name, "right") * [-1, 1, 1] == pytest.approx(put(name, "left"), abs=1e-6)


def test_the_thumb_of_a_left_hand_lying_palm_down_points_to_the_right() -> None:
    points = put("flat", "left")
    assert points[4, 0] < points[8, 0] < points[20, 0]


def test_bones_keep_their_length_in_any_pose() -> None:
    poses = np.random.default_rng(1).uniform(0, 1, (200, POSE_SIZE)).astype(np.float32)
    points = compute_local_hand(poses)
    for finger in FINGERS[1:]:
        bones = np.linalg.norm(np.diff(points[:, list(finger)], axis=1), axis=2)
        assert bones.std(axis=0).max() < 1e-3


def test_a_fist_brings_the_fingertips_back_to_the_palm() -> None:
    flat, fist = put("flat"), put("fist")
    for finger in FINGERS[1:]:
        assert np.linalg.norm(fist[finger[3]]) < 0.55 * np.linalg.norm(flat[finger[3]])
        assert fist[finger[1], 1] < -0.01, "fingers close on the palm's side, which is below"


def test_a_pinch_brings_thumb_and_index_together() -> None:
    points = put("pinch")
    assert np.linalg.norm(points[4] - points[8]) < 0.08 * LENGTH
    assert np.linalg.norm(put("spread")[4] - put("spread")[8]) > 0.35 * LENGTH


@pytest.mark.parametrize("contact", sorted(CONTACTS))
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_wrist_of_a_contact_puts_that_part_of_the_hand_on_the_target(contact: str, side: str) -> None:
    rng = np.random.default_rng(2)
    target, direction, palm = (rng.normal(size=(5, 3)).astype(np.float32) for _ in range(3))
    pose = rng.uniform(0, 1, (5, POSE_SIZE)).astype(np.float32)
    offset = compute_contact_offset(pose, contact, LENGTH)
    wrist = target - np.matmul(offset[:, None], compute_hand_axes(direction, palm, side))[:, 0]
    points = make_posed_hand(wrist, direction, palm, pose, side, LENGTH)
    assert points[:, list(CONTACTS[contact])].mean(axis=1) == pytest.approx(target, abs=1e-5)


def test_a_hand_from_curls_alone_opens_and_closes() -> None:
    open_hand, closed = (
        make_hand(HERE, FORWARD, DOWN, np.full((1, 5), curl, np.float32), np.zeros(1, np.float32), "left", LENGTH)[0]
        for curl in (0.0, 1.0)
    )
    assert open_hand.dtype == np.float32
    assert np.linalg.norm(closed[12]) < 0.6 * np.linalg.norm(open_hand[12])


def test_poses_blend_and_a_named_one_is_a_copy() -> None:
    fist = get_hand_pose("fist")
    fist[:] = 0
    assert HAND_POSES["fist"].max() > 0
    between = blend_poses(HAND_POSES["flat"], HAND_POSES["fist"], np.array([0.0, 0.5, 1.0], np.float32))
    assert between[1] == pytest.approx(0.5 * (HAND_POSES["flat"] + HAND_POSES["fist"]))
    assert between[2] == pytest.approx(HAND_POSES["fist"])
    with pytest.raises(KeyError):
        get_hand_pose("paw")
