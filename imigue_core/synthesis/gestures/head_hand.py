"""Hands that touch the head: classes 3-11, four or more ways each; the last of each is kept for tests.

Neighbours differ by where and with what: the hat at the brim or with a flat hand on the
crown, the head by scratching above the hairline, the forehead below it, the eyes with
lids shut, facial parts from nose to lips and cheeks, the jaw below the lips.
"""

from __future__ import annotations

from imigue_core.synthesis.gestures.base import register
from imigue_core.synthesis.gestures.touch import Dialect, Touch
from imigue_core.synthesis.gestures.touching import make_touch_actor

_SHUT = {"eye_close": 1.0}

TOUCH_HAT = (
    Dialect(
        "tug at the brim",
        Touch("brim_side", "pinch", "pinch", "brim", "pull", (0.0, -0.014, -0.004), (1.2, 2.2)),
        head=(0.14, 0.02, 0.02),
    ),
    Dialect(
        "both hands at the brim",
        Touch("brim_side", "pinch", "vee", "brim", "pull", (0.0, -0.012, -0.006), (1.0, 2.0)),
        Touch("brim_side", "pinch", "vee", "brim", "pull", (0.0, -0.012, -0.006), (1.0, 2.0), late=0.1),
        head=(0.20, 0.0, 0.0),
    ),
    Dialect(
        "press the crown down",
        Touch("crown", "palm", "cupped", "crown", "tap", (0.0, 0.016, 0.0), (1.4, 2.6)),
        head=(0.10, 0.0, 0.06),
    ),
    Dialect(
        "lift and put back",
        Touch("brim", "pinch", "grip", "brim", "pull", (0.0, 0.060, -0.030), (0.4, 0.7)),
        head=(0.08, 0.0, 0.0),
    ),
)

TOUCH_HEAD = (
    Dialect(
        "scratch the side",
        Touch("side_top", "fingers", "claw", "crown_side", "rub", (0.004, 0.010, 0.006), (2.6, 4.8), squeeze=0.5),
        head=(0.06, 0.02, 0.12),
    ),
    Dialect(
        "scratch the back of the head",
        Touch(
            "back", "fingers", "claw", "behind_head", "rub", (0.010, 0.008, 0.0), (2.2, 4.5), squeeze=0.4, tucked=0.5
        ),
        head=(0.14, 0.06, 0.05),
    ),
    Dialect("hand rests on the head", Touch("top", "palm", "relaxed", "crown"), head=(0.12, 0.0, 0.06)),
    Dialect(
        "scratch with one finger",
        Touch("hairline", "index", "hook", "crown_side", "rub", (0.007, 0.005, 0.003), (2.8, 5.0), squeeze=0.3),
        head=(0.05, 0.0, 0.05),
        brief=True,
    ),
    Dialect(
        "rub over the crown",
        Touch("crown", "pads", "cupped", "crown", "rub", (0.008, 0.0, 0.024), (1.4, 2.8)),
        head=(0.16, 0.0, 0.04),
    ),
)

TOUCH_FOREHEAD = (
    Dialect(
        "wipe across",
        Touch("forehead_side", "pads", "flat", "across", "stroke", (0.0, 0.0, 0.02), (0.7, 1.3), ("forehead",)),
        head=(0.08, 0.0, 0.02),
    ),
    Dialect(
        "scratch with two fingers",
        Touch("forehead", "two", "hook", "front_up", "rub", (0.008, 0.006, 0.0), (2.6, 4.8), squeeze=0.3),
        head=(0.08, 0.0, 0.04),
        brief=True,
    ),
    Dialect(
        "forehead leans on the hand",
        Touch("forehead", "centre", "cupped", "across", "hold"),
        head=(0.34, 0.02, 0.08),
        lean=(0.14, 0.02),
        face={"eye_close": 0.6},
    ),
    Dialect(
        "fingertips at the temple side",
        Touch("forehead_side", "fingers", "relaxed", "side", "circle", (0.006, 0.006, 0.0), (1.2, 2.4)),
        head=(0.08, 0.04, 0.12),
    ),
    Dialect(
        "knead between thumb and fingers",
        Touch("forehead", "pinch", "vee", "front_up", "rub", (0.012, 0.002, 0.0), (1.0, 2.4), squeeze=0.6),
        head=(0.22, 0.0, 0.03),
        face={"eye_close": 0.5},
    ),
)

COVER_FACE = (
    Dialect(
        "both palms over the face",
        Touch("cheek", "centre", "flat", "palms", "hold"),
        Touch("cheek", "centre", "flat", "palms", "hold", late=0.06),
        head=(0.22, 0.0, 0.0),
        lean=(0.05, 0.0),
        face=_SHUT,
    ),
    Dialect(
        "one hand over the eyes",
        Touch("eyes", "centre", "flat", "across", "hold"),
        head=(0.20, 0.02, 0.06),
        face=_SHUT,
    ),
    Dialect(
        "hand over mouth and nose", Touch("upper_lip", "centre", "cupped", "across", "hold"), head=(0.05, 0.0, 0.03)
    ),
    Dialect(
        "wash the face down",
        Touch("eye", "pads", "flat", "palms", "stroke", (0.0, 0.0, 0.015), (0.6, 1.1), ("cheek", "jaw_front")),
        Touch("eye", "pads", "flat", "palms", "stroke", (0.0, 0.0, 0.015), (0.6, 1.1), ("cheek", "jaw_front")),
        head=(0.10, 0.0, 0.0),
        face=_SHUT,
    ),
    Dialect(
        "face buried in both hands",
        Touch("eye", "palm", "cupped", "palms", "hold"),
        Touch("eye", "palm", "cupped", "palms", "hold", late=0.12),
        head=(0.55, 0.0, 0.0),
        lean=(0.35, 0.0),
        face=_SHUT,
    ),
)

RUB_EYES = (
    Dialect(
        "one finger in one eye",
        Touch("eye", "index", "hook", "front_up", "rub", (0.008, 0.002, 0.0), (1.8, 3.8), squeeze=0.2),
        head=(0.10, 0.03, 0.05),
        face=_SHUT,
    ),
    Dialect(
        "both hands, both eyes",
        Touch("eye", "middles", "loose_fist", "front_up", "circle", (0.008, 0.006, 0.0), (1.4, 3.0)),
        Touch("eye", "middles", "loose_fist", "front_up", "circle", (0.008, 0.006, 0.0), (1.4, 3.0), late=0.05),
        head=(0.16, 0.0, 0.0),
        face=_SHUT,
    ),
    Dialect(
        "pinch the inner corners",
        Touch("nose_bridge", "pinch", "pinch", "front", "rub", (0.002, 0.006, 0.0), (1.0, 2.6), squeeze=0.3),
        head=(0.22, 0.0, 0.03),
        face=_SHUT,
    ),
    Dialect(
        "fingertips of both hands",
        Touch("eye", "two", "relaxed", "palms", "rub", (0.009, 0.002, 0.0), (1.4, 3.0)),
        Touch("eye", "two", "relaxed", "palms", "rub", (0.009, 0.002, 0.0), (1.4, 3.0), late=0.04),
        head=(0.14, 0.0, 0.0),
        face=_SHUT,
    ),
    Dialect(
        "back of the hand",
        Touch("eye", "knuckles", "loose_fist", "back_of_hand", "rub", (0.012, 0.003, 0.0), (1.4, 3.0)),
        head=(0.12, 0.04, 0.08),
        face=_SHUT,
    ),
)

TOUCH_FACIAL_PARTS = (
    Dialect(
        "rub the nose",
        Touch("nose_side", "index", "hook", "front", "rub", (0.008, 0.003, 0.0), (2.0, 4.5), squeeze=0.2),
        head=(0.05, 0.0, 0.02),
        brief=True,
    ),
    Dialect(
        "pinch the nose",
        Touch("nose_tip", "pinch", "pinch", "front", "pull", (0.0, -0.008, 0.006), (1.2, 2.4), squeeze=0.2),
        head=(0.06, 0.0, 0.0),
        brief=True,
    ),
    Dialect(
        "scratch the cheek",
        Touch("cheek", "two", "hook", "side", "rub", (0.003, 0.010, 0.004), (2.4, 4.8), squeeze=0.4),
        head=(0.0, 0.03, 0.06),
        brief=True,
    ),
    Dialect(
        "wipe the mouth",
        Touch("mouth_corner", "pinch", "tripod", "front", "stroke", (0.0, 0.0, 0.015), (0.9, 1.8), ("mouth",)),
        head=(0.04, 0.0, 0.0),
        face={"lips_press": 0.5},
        brief=True,
    ),
    Dialect(
        "finger on the lips",
        Touch("mouth", "index", "hook", "front_up", "rub", (0.005, 0.001, 0.0), (0.5, 1.4)),
        head=(0.06, 0.0, 0.03),
    ),
    Dialect(
        "hand rests on the cheek",
        Touch("cheek_side", "pads", "relaxed", "side", "hold"),
        head=(0.02, -0.03, 0.12),
        lean=(0.02, 0.05),
    ),
    Dialect(
        "knuckle under the nose",
        Touch("upper_lip", "middles", "loose_fist", "across", "rub", (0.014, 0.001, 0.0), (1.8, 3.6)),
        head=(0.05, 0.0, 0.0),
        brief=True,
    ),
)

TOUCH_EARS = (
    Dialect(
        "pull the lobe",
        Touch("ear_lobe", "pinch", "pinch", "ear", "pull", (0.003, -0.010, 0.0), (1.2, 2.6), squeeze=0.2),
        head=(0.02, 0.04, 0.06),
    ),
    Dialect(
        "rub the ear",
        Touch("ear", "fingers", "relaxed", "ear", "rub", (0.002, 0.012, 0.004), (1.6, 3.6), squeeze=0.3),
        head=(0.04, 0.02, 0.09),
    ),
    Dialect(
        "finger in the ear",
        Touch("ear", "index", "point", "ear", "rub", (0.002, 0.005, 0.005), (3.0, 5.0)),
        head=(0.02, 0.03, 0.10),
        brief=True,
    ),
    Dialect(
        "scratch behind the ear",
        Touch("behind_ear", "two", "hook", "ear", "rub", (0.002, 0.010, 0.003), (2.6, 4.8), squeeze=0.4),
        head=(0.04, 0.02, 0.10),
    ),
)

BITE_NAILS = (
    Dialect(
        "index at the teeth",
        Touch("mouth", "index", "hook", "front", "rub", (0.002, 0.003, 0.002), (2.5, 4.5), squeeze=0.3),
        head=(0.12, 0.0, 0.02),
        face={"mouth_open": 0.22},
    ),
    Dialect(
        "thumb at the teeth",
        Touch("mouth", "thumb", "fist", "front_up", "rub", (0.002, 0.003, 0.002), (2.5, 4.5)),
        head=(0.12, 0.0, 0.02),
        face={"mouth_open": 0.22},
    ),
    Dialect(
        "fingers of both hands",
        Touch("mouth", "two", "claw", "front", "rub", (0.003, 0.003, 0.002), (2.0, 4.0), squeeze=0.3),
        Touch("mouth", "two", "claw", "front", "rub", (0.003, 0.003, 0.002), (2.0, 4.0), late=0.1),
        head=(0.18, 0.0, 0.0),
        face={"mouth_open": 0.2},
    ),
    Dialect(
        "finger after finger",
        Touch("mouth", "middle", "claw", "front", "rub", (0.006, 0.004, 0.002), (1.8, 3.5), squeeze=0.5),
        head=(0.14, 0.02, 0.04),
        face={"mouth_open": 0.25},
    ),
)

TOUCH_JAW = (
    Dialect(
        "chin between thumb and finger",
        Touch("chin", "pinch", "vee", "chin", "rub", (0.003, 0.004, 0.0), (0.8, 2.0), squeeze=0.3),
        head=(0.04, 0.0, 0.03),
    ),
    Dialect(
        "stroke the chin",
        Touch("chin", "pinch", "tripod", "chin", "stroke", (0.0, 0.0, 0.02), (0.8, 1.6), ("under_chin",), squeeze=0.3),
        head=(0.02, 0.0, 0.02),
    ),
    Dialect(
        "chin on the fist",
        Touch("under_chin", "knuckles", "loose_fist", "fist_up", "hold"),
        head=(0.06, 0.0, 0.08),
        lean=(0.14, 0.03),
    ),
    Dialect(
        "chin in the palm",
        Touch("jaw_side", "palm", "cupped", "side", "hold"),
        head=(0.04, -0.02, 0.14),
        lean=(0.12, 0.06),
    ),
    Dialect(
        "fingers along the jaw",
        Touch("jaw_side", "fingers", "relaxed", "side", "rub", (0.006, 0.008, 0.006), (1.2, 3.2), squeeze=0.3),
        head=(0.0, 0.03, 0.05),
    ),
)

HEAD_HAND: dict[int, tuple[Dialect, ...]] = {
    3: TOUCH_HAT,
    4: TOUCH_HEAD,
    5: TOUCH_FOREHEAD,
    6: COVER_FACE,
    7: RUB_EYES,
    8: TOUCH_FACIAL_PARTS,
    9: TOUCH_EARS,
    10: BITE_NAILS,
    11: TOUCH_JAW,
}
"""Dialects by class id; the last of each class is held out of training."""

register(*(make_touch_actor(n, dialects, frozenset({"arms", "head"})) for n, dialects in HEAD_HAND.items()))
