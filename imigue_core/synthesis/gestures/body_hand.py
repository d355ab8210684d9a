"""Hands that touch neck, hair, clothes and trunk: classes 12-19; the last dialect of each is kept for tests.

Neighbours differ by where and with what: the neck beside or behind the throat, the notch in
the middle below it, the collar beside it with thumb and finger; hair is drawn, tucked or
twisted where the head is merely scratched.
"""

from __future__ import annotations

from imigue_core.synthesis.gestures.base import register
from imigue_core.synthesis.gestures.touch import Dialect, Touch
from imigue_core.synthesis.gestures.touching import make_touch_actor

TOUCH_NECK = (
    Dialect(
        "scratch the side",
        Touch("neck_side", "fingers", "claw", "neck_side", "rub", (0.003, 0.012, 0.006), (2.2, 4.6), squeeze=0.4),
        head=(0.0, 0.0, -0.10),
    ),
    Dialect(
        "rub the nape",
        Touch("nape", "pads", "cupped", "nape", "rub", (0.014, 0.008, 0.006), (1.0, 2.6), squeeze=0.3, tucked=0.4),
        head=(0.16, 0.04, 0.0),
    ),
    Dialect(
        "touch the throat",
        Touch("neck_front", "two", "relaxed", "throat", "rub", (0.004, 0.012, 0.002), (0.8, 2.2)),
        head=(-0.12, 0.0, 0.0),
    ),
    Dialect(
        "hand rests on the nape",
        Touch("nape_low", "pads", "cupped", "nape", "hold", tucked=0.4),
        head=(0.06, 0.03, 0.04),
    ),
    Dialect(
        "reach over to the other side",
        Touch("neck_side", "fingers", "relaxed", "neck_far", "rub", (0.004, 0.012, 0.006), (1.6, 3.6), far=True),
        head=(0.0, 0.04, 0.08),
    ),
)

PLAY_WITH_HAIR = (
    Dialect(
        "comb it back",
        Touch(
            "hair_front", "fingers", "comb", "comb", "stroke", (0.0, 0.02, 0.02), (0.5, 0.9), ("side_top", "side_back")
        ),
        head=(0.04, 0.0, -0.06),
    ),
    Dialect(
        "tuck it behind the ear",
        Touch("temple", "two", "hook", "ear", "stroke", (0.01, 0.0, 0.015), (0.7, 1.1), ("behind_ear", "ear_lobe")),
        head=(0.05, 0.0, -0.04),
        brief=True,
    ),
    Dialect(
        "twist a strand",
        Touch("hair_end", "pinch", "pinch", "side", "circle", (0.014, 0.016, 0.0), (1.0, 2.0), squeeze=0.2),
        head=(0.0, 0.0, 0.10),
    ),
    Dialect(
        "sweep the fringe aside",
        Touch("hairline", "two", "hook", "front_up", "stroke", (0.0, 0.0, 0.02), (0.8, 1.3), ("hair_front", "temple")),
        head=(0.02, 0.0, -0.05),
        brief=True,
    ),
    Dialect(
        "tighten the ponytail",
        Touch("ponytail", "pinch", "grip", "behind_head", "pull", (0.035, 0.0, -0.005), (0.8, 1.5), tucked=0.5),
        Touch(
            "ponytail", "pinch", "grip", "behind_head", "pull", (0.035, 0.0, -0.005), (0.8, 1.5), late=0.08, tucked=0.5
        ),
        head=(0.14, 0.0, 0.0),
    ),
    Dialect(
        "smooth it with both hands",
        Touch("top", "pads", "flat", "comb", "stroke", (0.02, 0.0, 0.01), (0.4, 0.8), ("side_top", "side_back")),
        Touch("top", "pads", "flat", "comb", "stroke", (0.02, 0.0, 0.01), (0.4, 0.8), ("side_top", "side_back")),
        head=(0.12, 0.0, 0.0),
    ),
)

ADJUST_COLLAR = (
    Dialect(
        "pull the collar",
        Touch("chest:collar", "pinch", "hook", "collar", "pull", (0.010, 0.0, 0.035), (0.8, 1.8)),
        head=(-0.04, 0.0, -0.10),
    ),
    Dialect(
        "do up a button",
        Touch("chest:sternum", "pinch", "pinch", "button", "rub", (0.007, 0.004, 0.003), (1.6, 3.2), squeeze=0.3),
        Touch("chest:sternum", "pinch", "pinch", "button", "rub", (0.005, 0.007, 0.003), (1.6, 3.2), squeeze=0.3),
        head=(0.34, 0.0, 0.0),
        lean=(0.02, 0.0),
    ),
    Dialect(
        "straighten the tie",
        Touch("chest:knot", "pinch", "pinch", "collar", "rub", (0.010, 0.004, 0.0), (1.0, 2.2), squeeze=0.2),
        Touch("chest:tie", "pinch", "grip", "button", "pull", (0.0, -0.025, 0.0), (0.8, 1.6), late=0.15),
        head=(-0.10, 0.0, 0.02),
    ),
    Dialect(
        "tug at the zip",
        Touch("chest:collar_low", "pinch", "pinch", "button", "pull", (0.0, -0.060, 0.012), (0.7, 1.4)),
        head=(0.16, 0.0, 0.0),
    ),
    Dialect(
        "both sides of the collar",
        Touch("chest:collar", "pinch", "pinch", "collar", "pull", (0.012, 0.006, 0.020), (0.9, 1.8)),
        Touch("chest:collar", "pinch", "pinch", "collar", "pull", (0.012, 0.006, 0.020), (0.9, 1.8)),
        head=(-0.05, 0.0, 0.0),
    ),
)

TOUCH_NOTCH = (
    Dialect(
        "two fingers on the notch",
        Touch("chest:notch", "two", "relaxed", "chest", "rub", (0.006, 0.003, 0.0), (0.6, 1.6)),
        head=(0.05, 0.0, 0.02),
    ),
    Dialect(
        "palm covers it",
        Touch("chest:notch", "centre", "flat", "chest", "hold"),
        head=(0.04, 0.0, 0.0),
    ),
    Dialect(
        "rub along the collarbone",
        Touch("chest:notch_side", "fingers", "relaxed", "chest", "rub", (0.020, 0.004, 0.0), (0.6, 1.6)),
        head=(0.02, 0.02, 0.03),
    ),
    Dialect(
        "play with the necklace",
        Touch("chest:notch", "pinch", "pinch", "button", "rub", (0.022, 0.004, 0.004), (0.7, 1.8), squeeze=0.2),
        head=(0.05, 0.0, 0.02),
    ),
)

SCRATCH_BACK = (
    Dialect(
        "over the own shoulder",
        Touch(
            "chest:own_shoulder_back", "fingers", "claw", "over_own", "rub", (0.004, 0.016, 0.0), (2.0, 4.0), tucked=0.6
        ),
        head=(0.06, -0.08, -0.08),
        lean=(0.05, -0.04),
    ),
    Dialect(
        "behind the waist",
        Touch("chest:waist_back", "fingers", "claw", "behind", "rub", (0.012, 0.014, 0.0), (1.8, 3.8), tucked=1.0),
        head=(0.06, 0.06, 0.0),
        lean=(0.10, -0.04),
    ),
    Dialect(
        "over the other shoulder",
        Touch(
            "chest:shoulder_back",
            "fingers",
            "claw",
            "over_far",
            "rub",
            (0.006, 0.014, 0.0),
            (2.0, 4.0),
            far=True,
            tucked=0.7,
        ),
        head=(0.05, 0.06, 0.05),
        lean=(0.06, 0.0),
    ),
    Dialect(
        "up between the shoulder blades",
        Touch("chest:blade", "fingers", "claw", "behind_up", "rub", (0.008, 0.014, 0.0), (1.8, 3.6), tucked=1.0),
        head=(0.10, -0.05, 0.0),
        lean=(0.12, -0.06),
    ),
)

FOLD_ARMS = (
    Dialect(
        "one hand out",
        Touch("chest:fold_high", "palm", "relaxed", "fold", "hold", tucked=0.25),
        Touch("chest:fold_low", "palm", "relaxed", "tuck", "hold", tucked=0.9, late=0.15),
        lean=(-0.03, 0.0),
    ),
    Dialect(
        "both hands tucked in",
        Touch("chest:fold_high", "palm", "loose_fist", "tuck", "hold", tucked=0.9),
        Touch("chest:fold_low", "palm", "loose_fist", "tuck", "hold", tucked=0.95, late=0.12),
        lean=(-0.05, 0.0),
    ),
    Dialect(
        "forearms crossed on the desk",
        Touch("chest:fold_desk", "palm", "relaxed", "fold_low", "hold"),
        Touch("chest:fold_desk_low", "palm", "relaxed", "fold_low", "hold", tucked=0.5, late=0.10),
        lean=(0.12, 0.0),
    ),
    Dialect(
        "hands on the upper arms",
        Touch("chest:hug", "palm", "relaxed", "hug", "hold"),
        Touch("chest:fold_high", "palm", "relaxed", "fold", "hold", tucked=0.7, late=0.12),
    ),
    Dialect(
        "hug the own shoulders",
        Touch("chest:hug", "pads", "relaxed", "hug", "rub", (0.004, 0.012, 0.0), (0.4, 1.0)),
        Touch("chest:hug", "pads", "relaxed", "hug", "rub", (0.004, 0.012, 0.0), (0.4, 1.0), late=0.10),
        head=(0.06, 0.0, 0.0),
        lean=(0.03, 0.0),
    ),
)

DUST_CLOTHES = (
    Dialect(
        "brush the sleeve",
        Touch("chest:elbow_in", "pads", "flat", "brush", "stroke", (0.0, 0.02, 0.02), (1.2, 2.4), ("chest:cuff",)),
        Touch("chest:sleeve_out", "palm", "relaxed", "offered", "hold"),
        head=(0.30, -0.16, 0.0),
        lean=(0.04, 0.0),
    ),
    Dialect(
        "flick at the chest",
        Touch("chest:breast", "two", "hook", "chest", "tap", (0.010, -0.008, 0.018), (2.2, 4.5), squeeze=0.7, far=True),
        head=(0.36, -0.06, 0.0),
    ),
    Dialect(
        "pull the sleeve up",
        Touch("chest:cuff", "pinch", "grip", "brush", "stroke", (0.0, 0.01, 0.01), (0.7, 1.3), ("chest:elbow_in",)),
        Touch("chest:sleeve_out", "palm", "relaxed", "offered", "hold"),
        head=(0.22, -0.12, 0.0),
    ),
    Dialect(
        "pull at the shirt front",
        Touch("chest:sternum", "pinch", "grip", "button", "pull", (0.0, -0.004, 0.055), (0.9, 2.2)),
        head=(0.20, 0.0, 0.0),
    ),
    Dialect(
        "smooth the shirt down",
        Touch("chest:heart", "centre", "flat", "smooth", "stroke", (0.0, 0.0, 0.03), (0.7, 1.4), ("chest:belly",)),
        Touch("chest:heart", "centre", "flat", "smooth", "stroke", (0.0, 0.0, 0.03), (0.7, 1.4), ("chest:belly",)),
        head=(0.32, 0.0, 0.0),
    ),
    Dialect(
        "brush the shoulder",
        Touch(
            "chest:shoulder_top",
            "pads",
            "flat",
            "shoulder_far",
            "stroke",
            (0.0, 0.02, 0.02),
            (1.2, 2.6),
            ("chest:upper_arm",),
            far=True,
        ),
        head=(0.16, -0.30, 0.0),
    ),
)

ARMS_BEHIND = (
    Dialect(
        "hands joined at the back",
        Touch("chest:small_of_back", "palm", "relaxed", "behind", "hold", tucked=1.0),
        Touch("chest:small_of_back", "palm", "relaxed", "behind", "hold", tucked=1.0, late=0.12),
        lean=(-0.04, 0.0),
    ),
    Dialect(
        "hands on the hips behind",
        Touch("chest:hip_back", "palm", "cupped", "behind_down", "hold", tucked=1.0),
        Touch("chest:hip_back", "palm", "cupped", "behind_down", "hold", tucked=1.0, late=0.06),
        lean=(-0.08, 0.0),
    ),
    Dialect(
        "stretch both arms back",
        Touch(
            "chest:hip_back", "palm", "loose_fist", "behind_down", "pull", (0.0, 0.02, -0.08), (0.3, 0.6), tucked=0.9
        ),
        Touch(
            "chest:hip_back", "palm", "loose_fist", "behind_down", "pull", (0.0, 0.02, -0.08), (0.3, 0.6), tucked=0.9
        ),
        head=(-0.10, 0.0, 0.0),
        lean=(-0.06, 0.0),
    ),
    Dialect(
        "one arm holds the other",
        Touch("chest:elbow_back", "palm", "grip", "behind", "hold", far=True, tucked=1.0),
        Touch("chest:hip_back", "palm", "relaxed", "behind_down", "hold", tucked=1.0, late=0.10),
        lean=(-0.03, 0.05),
    ),
)

BODY_HAND: dict[int, tuple[Dialect, ...]] = {
    12: TOUCH_NECK,
    13: PLAY_WITH_HAIR,
    14: ADJUST_COLLAR,
    15: TOUCH_NOTCH,
    16: SCRATCH_BACK,
    17: FOLD_ARMS,
    18: DUST_CLOTHES,
    19: ARMS_BEHIND,
}
"""Dialects by class id; the last of each class is held out of training."""

_HEAD_STAYS_FREE = {15, 17, 19}

register(
    *(
        make_touch_actor(n, dialects, frozenset({"arms"} if n in _HEAD_STAYS_FREE else {"arms", "head"}))
        for n, dialects in BODY_HAND.items()
    )
)
