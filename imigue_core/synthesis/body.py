"""Who performs and how they sit or stand: sizes of a body, and postures with a rest pose for each hand.

Constants and sampling. How a body is put up from them is in ``kinematics.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class BodyShape:
    """Sizes of a person, metres.

    Attributes:
        shoulder_width: Joint to joint.
        torso_height: Hip to the middle between the shoulders, sitting upright.
        neck: From between the shoulders to between the ears, upright.
        head_width: Ear to ear.
        head_height: Chin to crown.
        upper_arm: Shoulder to elbow.
        forearm: Elbow to wrist.
        hand: Wrist to the middle finger's tip.
        hip_width: Joint to joint.
        chest_depth: From the shoulder line to the front of the chest.
        thigh: Hip to knee.
        shin: Knee to ankle.
    """

    shoulder_width: float = 0.36
    torso_height: float = 0.50
    neck: float = 0.185
    head_width: float = 0.154
    head_height: float = 0.236
    upper_arm: float = 0.29
    forearm: float = 0.25
    hand: float = 0.185
    hip_width: float = 0.19
    chest_depth: float = 0.105
    thigh: float = 0.43
    shin: float = 0.42


RESTS: tuple[str, ...] = ("apart", "together", "across", "over", "edge", "under", "armrest", "hanging")
"""Where a hand rests: on the desk apart, side by side, forearm across before the chest, on the other forearm, at the
desk's edge, under it on the thigh, on an armrest, hanging down."""


@dataclass(frozen=True, slots=True)
class Posture:
    """How a person sits or stands.

    Attributes:
        kind: ``desk``, ``standing`` or ``half_out``.
        rests: Name of the rest pose of the left and the right hand, of `RESTS`.
        lean: Radians forward.
        side: Radians to the person's left.
        turn: Radians to the person's left.
        slump: 0 upright .. 1.
        desk_height: Of the desk's top above the hips, metres; None without a desk.
        desk_distance: Of the desk's near edge in front of the hips, metres.
        hand_gap: Half the distance between hands that lie apart, metres.
        reach: How far on the desk the hands lie, metres from its near edge.
    """

    kind: str = "desk"
    rests: tuple[str, str] = ("apart", "apart")
    lean: float = 0.08
    side: float = 0.0
    turn: float = 0.0
    slump: float = 0.25
    desk_height: float | None = 0.20
    desk_distance: float = 0.20
    hand_gap: float = 0.13
    reach: float = 0.12


def sample_body(rng: np.random.Generator) -> BodyShape:
    """A grown person: one draw of size, and of each part about it."""
    size = float(np.clip(rng.normal(1.0, 0.05), 0.86, 1.14))
    part = np.clip(rng.normal(1.0, 0.045, 12), 0.88, 1.12)
    usual = BodyShape()
    head = 1 + 0.4 * (size - 1)
    return BodyShape(
        shoulder_width=usual.shoulder_width * size * float(part[0]),
        torso_height=usual.torso_height * size * float(part[1]),
        neck=usual.neck * size * float(part[2]),
        head_width=usual.head_width * head * float(part[3]),
        head_height=usual.head_height * head * float(part[4]),
        upper_arm=usual.upper_arm * size * float(part[5]),
        forearm=usual.forearm * size * float(part[6]),
        hand=usual.hand * size * float(part[7]),
        hip_width=usual.hip_width * size * float(part[8]),
        chest_depth=usual.chest_depth * size * float(part[9]),
        thigh=usual.thigh * size * float(part[10]),
        shin=usual.shin * size * float(part[11]),
    )


_DESK_RESTS: tuple[tuple[tuple[str, str], float], ...] = (
    (("apart", "apart"), 0.30),
    (("together", "together"), 0.13),
    (("under", "under"), 0.20),
    (("edge", "edge"), 0.08),
    (("across", "over"), 0.05),
    (("over", "across"), 0.05),
    (("apart", "under"), 0.06),
    (("under", "apart"), 0.06),
    (("across", "across"), 0.03),
    (("armrest", "armrest"), 0.04),
)
"""Rest poses of left and right hand at a desk, and how often; judged from press conferences, not counted."""


def sample_posture(rng: np.random.Generator) -> Posture:
    """Mostly at a desk with the hands on it, as after a match; seldom standing, or half out of the picture."""
    kind = str(rng.choice(["desk", "standing", "half_out"], p=[0.90, 0.05, 0.05]))
    lean, slump = float(rng.normal(0.10, 0.08)), float(np.clip(rng.normal(0.3, 0.28), -0.1, 0.9))
    side, turn = float(rng.normal(0, 0.035)), float(rng.normal(0, 0.14))
    shares = np.array([share for _, share in _DESK_RESTS])
    rests = _DESK_RESTS[int(rng.choice(len(_DESK_RESTS), p=shares / shares.sum()))][0]
    desk_height, desk_distance = float(rng.normal(0.20, 0.03)), float(rng.uniform(0.13, 0.26))
    gap, reach = float(rng.uniform(0.08, 0.20)), float(rng.uniform(0.06, 0.20))
    has_lectern = rng.random() < 0.5
    if kind == "standing":
        hanging, lectern = ("hanging", "hanging"), ("edge", "edge")
        return Posture(
            kind,
            lectern if has_lectern else hanging,
            0.4 * lean,
            side,
            turn,
            0.5 * slump,
            desk_height if has_lectern else None,
            desk_distance,
            gap,
            reach,
        )
    return Posture(kind, rests, max(lean, -0.06), side, turn, slump, desk_height, desk_distance, gap, reach)
