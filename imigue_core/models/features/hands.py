"""Features of the arms and hands: where they are, what they are near, how the fingers lie.

Everything of one side is measured outward from the body's middle, so that the left and the
right side of a mirrored person swap and nothing else changes.
"""

from __future__ import annotations

import numpy as np

from imigue_core.models.features.columns import SIDE_NAMES, Columns
from imigue_core.models.features.geometry import (
    LEFT,
    RIGHT,
    Array,
    Head,
    Points,
    activity,
    closeness,
    cross,
    dot,
    length,
    shot_median,
    unit_vector,
    velocity,
)
from imigue_core.skeleton.layout import LEFT_HAND_SLICE, RIGHT_HAND_SLICE

TIPS = (4, 8, 12, 16, 20)
KNUCKLES = (2, 5, 9, 13, 17)
CONTACTS = (4, 8, 12, 16, 20, 7, 5, 17)
"""Points of a hand that touch things."""
REACH = 0.45
"""Where no hand was found its middle lies this share of the forearm beyond the wrist."""
FINGERS = ("thumb", "index", "middle", "ring", "little")


def put_side_features(columns: Columns, points: Points, head: Head, side: int) -> None:
    """Features of one arm and its hand, all of them measured outward."""
    shoulder, elbow, wrist = points.arm(side)
    neck = points.body(1)
    hand = points.hand(side)
    guessed = wrist + (wrist - elbow) * np.float32(REACH)
    found = ~np.isnan(hand[0, 0])
    middle = np.where(found, hand[:, [0, 5, 9, 17]].mean(axis=1), guessed)
    features: dict[str, Array] = {}

    def put(name: str, vector: Array, *, scale: float = 1.0) -> None:
        features[f"{name}_out"] = vector[0] * np.float32(side / scale)
        features[f"{name}_up"] = vector[1] * np.float32(1 / scale)

    put("wrist", wrist - neck)
    put("elbow", elbow - neck)
    put("hand", middle - neck)
    put("hand_head", middle - head.eyes)
    for finger, tip in (("thumb", 4), ("index", 8), ("middle", 12)):
        offset = hand[:, tip] - head.eyes
        put(f"{finger}_face", np.clip(np.stack([dot(offset, head.right), dot(offset, head.up)]) / head.unit, -6, 6))
    upper, fore = elbow - shoulder, wrist - elbow
    features["upper_length"], features["fore_length"] = length(upper), length(fore)
    features["elbow_cos"] = dot(unit_vector(upper), unit_vector(fore))
    features["elbow_sin"] = cross(unit_vector(upper), unit_vector(fore)) * np.float32(side)
    features |= _compute_contacts(points, head, side, np.where(found, hand, guessed[:, None]), middle)
    features |= _compute_fingers(hand, side)
    motion = velocity(middle - neck)
    put("hand_speed", motion)
    features["hand_activity"] = activity(length(motion))
    wrist_motion = velocity(wrist - neck)
    put("wrist_speed", wrist_motion)
    features["wrist_activity"] = activity(length(wrist_motion), 0.5)
    put("elbow_speed", velocity(elbow - neck))
    index_motion = velocity(hand[:, 8] - hand[:, 0])
    put("index_speed", index_motion)
    features["index_activity"] = activity(length(index_motion), 0.6)
    tips = velocity(hand[:, list(TIPS)].mean(axis=1) - hand[:, 0])
    features["tips_activity"] = activity(length(tips), 1.0)
    first = (LEFT_HAND_SLICE if side == LEFT else RIGHT_HAND_SLICE).start
    features["hand_found"] = points.confidence(first, first + 8, first + 12)
    features["wrist_found"] = points.confidence(7 if side == LEFT else 4)
    features["elbow_found"] = points.confidence(6 if side == LEFT else 3)
    columns.sided(side, **features)


def _compute_contacts(points: Points, head: Head, side: int, hand: Array, middle: Array) -> dict[str, Array]:
    """How close any touching point of a hand is to the places hands touch."""
    own, other = SIDE_NAMES[side], SIDE_NAMES[-side]
    own_shoulder, _, _ = points.arm(side)
    other_shoulder, other_elbow, other_wrist = points.arm(-side)
    neck = points.body(1)
    drop = np.zeros_like(neck)
    drop[1] = -1
    third = (other_wrist - other_elbow) / np.float32(3)
    jaw = head.targets["chin"]
    places = {
        **{name: head.targets[name] for name in ("nose", "mouth", "chin", "forehead", "top")},
        **{f"own_{name}": head.targets[f"{own}_{name}"] for name in ("eye", "ear", "cheek", "temple")},
        **{f"other_{name}": head.targets[f"{other}_{name}"] for name in ("eye", "ear", "cheek", "temple")},
        "throat": (jaw + neck) / np.float32(2),
        "notch": neck + drop * np.float32(0.08),
        "chest": neck + drop * np.float32(0.4),
        "belly": neck + drop * np.float32(0.9),
        "nape": own_shoulder * np.float32(0.4) + head.targets[f"{own}_ear"] * np.float32(0.6),
        "own_shoulder": own_shoulder,
        "other_shoulder": other_shoulder,
        "other_upper": (other_shoulder + other_elbow) / np.float32(2),
        "other_elbow": other_elbow,
        "other_fore_near": other_elbow + third,
        "other_fore_far": other_elbow + third * np.float32(2),
        "other_wrist": other_wrist,
        "own_side": np.stack([own_shoulder[0] * np.float32(0.8), neck[1] - np.float32(1.3)]),
    }
    touching = hand[:, list(CONTACTS)]
    features = {}
    for name, place in places.items():
        gap = touching - place[:, None]
        features[f"near_{name}"] = closeness(np.sqrt((gap * gap).sum(axis=0).min(axis=0)))
    features["near_other_hand"] = closeness(length(middle - points.hand(-side)[:, 9]))
    return features


def _compute_fingers(hand: Array, side: int) -> dict[str, Array]:
    """The hand's shape in its own frame: straightness, spread, pinch and where the palm looks."""
    wrist, palm = hand[:, 0], hand[:, 9] - hand[:, 0]
    size = length(palm)
    usual = np.float32(max(shot_median(size), 0.05))
    scale = np.maximum(size, usual / 2)
    features: dict[str, Array] = {"hand_size": np.clip(size / usual, 0, 3)}
    for finger, tip, knuckle in zip(FINGERS, TIPS, KNUCKLES, strict=True):
        bones = sum(length(hand[:, k + 1] - hand[:, k]) for k in range(knuckle, tip))
        features[f"{finger}_straight"] = length(hand[:, tip] - hand[:, knuckle]) / np.maximum(bones, np.float32(0.01))
        features[f"{finger}_reach"] = np.clip(length(hand[:, tip] - wrist) / scale, 0, 4)
    for k in range(4):
        gap = length(hand[:, TIPS[k]] - hand[:, TIPS[k + 1]]) / scale
        features[f"{FINGERS[k]}_{FINGERS[k + 1]}_gap"] = np.clip(gap, 0, 4)
    direction = unit_vector(palm)
    features["palm_out"], features["palm_up"] = direction[0] * np.float32(side), direction[1]
    across = hand[:, 17] - hand[:, 5]
    features["palm_turn"] = np.clip(cross(palm, across) * np.float32(side) / (scale * scale), -2, 2)
    return features


def put_pair_features(columns: Columns, points: Points) -> None:
    """Features of both hands together."""
    left, right = points.hand(LEFT), points.hand(RIGHT)
    _, left_elbow, left_wrist = points.arm(LEFT)
    _, right_elbow, right_wrist = points.arm(RIGHT)
    between = left_wrist - right_wrist
    columns.even(wrists_across=between[0])
    columns.odd(wrists_up=between[1])
    columns.even(
        wrists_near=closeness(length(between)),
        elbows_across=(left_elbow - right_elbow)[0],
        forearms_cross=closeness(length((left_wrist + left_elbow - right_wrist - right_elbow) / np.float32(2))),
    )
    for finger, tip in zip(FINGERS, TIPS, strict=True):
        columns.even(**{f"{finger}_tips_near": closeness(length(left[:, tip] - right[:, tip]))})
    columns.even(palms_near=closeness(length(left[:, 9] - right[:, 9])))
    columns.swapped(
        ("left_on_right", _near_any(left, right[:, 9])),
        ("right_on_left", _near_any(right, left[:, 9])),
    )
    knuckles = left[:, 5:18:4].mean(axis=1) - right[:, 5:18:4].mean(axis=1)
    columns.even(knuckles_near=closeness(length(knuckles)))
    tips = left[:, list(TIPS[1:])].mean(axis=1) - right[:, list(TIPS[1:])].mean(axis=1)
    columns.even(tips_across=np.clip(tips[0], -2, 2))
    columns.odd(tips_up=np.clip(tips[1], -2, 2))
    directions = unit_vector(left[:, 9] - left[:, 0]), unit_vector(right[:, 9] - right[:, 0])
    relative = velocity(left[:, 9] - right[:, 9])
    columns.even(
        palms_dot=dot(*directions),
        palms_activity=activity(length(relative)),
        wrists_activity=activity(length(velocity(between))),
        tips_rub=activity(length(velocity(tips)), 0.8),
    )


def _near_any(hand: Array, place: Array) -> Array:
    gap = hand[:, list(CONTACTS)] - place[:, None]
    return closeness(np.sqrt((gap * gap).sum(axis=0).min(axis=0)))
