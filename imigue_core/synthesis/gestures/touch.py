"""How a hand touches a head or a body: the words in which the dialects of classes 3-19 are written.

A `Touch` says where one hand goes, with which part, shape and motion; a `Dialect` joins
one or two of them with what head, torso and face do meanwhile. Everything is written
for the LEFT hand and mirrored for the right. Turning this into motion: touching.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from imigue_core.synthesis.face import HEAD_POINTS

Vector = tuple[float, float, float]

CHEST_POINTS: dict[str, Vector] = {
    "notch": (0.0, -0.020, 0.062),
    "notch_side": (0.022, -0.022, 0.064),
    "clavicle": (0.070, -0.020, 0.060),
    "upper_chest": (0.030, -0.085, 0.100),
    "heart": (0.070, -0.120, 0.105),
    "breast": (0.085, -0.160, 0.112),
    "sternum": (0.006, -0.120, 0.108),
    "collar": (0.048, 0.015, 0.058),
    "collar_low": (0.022, -0.030, 0.075),
    "knot": (0.0, -0.035, 0.085),
    "tie": (0.010, -0.170, 0.125),
    "shirt_low": (0.020, -0.260, 0.125),
    "belly": (0.060, -0.300, 0.120),
    "shoulder_top": (0.150, 0.035, 0.005),
    "shoulder_front": (0.175, -0.020, 0.060),
    "upper_arm": (0.205, -0.130, 0.060),
    "biceps": (0.185, -0.180, 0.090),
    "own_shoulder_back": (0.085, -0.010, -0.110),
    "shoulder_back": (0.100, 0.035, -0.060),
    "blade": (0.060, -0.120, -0.135),
    "waist_back": (0.070, -0.360, -0.140),
    "small_of_back": (0.020, -0.400, -0.145),
    "hip_back": (0.130, -0.430, -0.120),
    "elbow_back": (0.180, -0.280, -0.140),
    "nape": (0.015, 0.075, -0.040),
    "fold_high": (-0.125, -0.215, 0.150),
    "fold_low": (-0.130, -0.265, 0.160),
    "fold_desk": (-0.120, -0.230, 0.260),
    "fold_desk_low": (-0.130, -0.250, 0.200),
    "hug": (-0.180, -0.090, 0.075),
    "sleeve_out": (0.060, -0.290, 0.290),
    "sleeve_up": (0.090, -0.200, 0.270),
    "forearm": (-0.115, -0.270, 0.235),
    "cuff": (-0.075, -0.285, 0.275),
    "elbow_in": (-0.175, -0.265, 0.160),
}
"""Places on the usual trunk (shoulders 0.36 m apart), metres left, up, forward of the middle of the shoulders."""


@dataclass(frozen=True, slots=True)
class Aim:
    """How a hand is held while it touches, the left one's, in the axes of what it touches.

    Attributes:
        direction: Wrist to knuckles.
        palm: Out of the palm.
        elbow: Where the elbow is pushed, in the chest's axes.
        detour: Metres by which the way there bends (out, up, forward), so as not to lead through the body.
    """

    direction: Vector
    palm: Vector
    elbow: Vector
    detour: Vector = (0.02, 0.0, 0.05)


AIMS: dict[str, Aim] = {
    "front": Aim((-0.55, 0.72, -0.4), (-0.35, -0.2, -0.9), (0.5, -1.0, 0.15)),
    "front_up": Aim((-0.32, 0.9, -0.28), (-0.25, -0.1, -0.95), (0.6, -1.0, 0.15)),
    "across": Aim((-0.80, 0.58, -0.12), (-0.10, -0.10, -1.0), (0.7, -0.9, 0.15)),
    "side": Aim((-0.20, 0.85, -0.48), (-0.90, -0.05, -0.40), (0.6, -0.9, 0.15), (0.05, 0.0, 0.05)),
    "palms": Aim((-0.22, 0.97, -0.12), (-0.3, -0.1, -0.95), (0.3, -1.0, 0.45)),
    "back_of_hand": Aim((-0.62, 0.75, 0.05), (0.20, 0.20, 0.95), (0.9, -0.5, 0.2)),
    "chin": Aim((-0.42, 0.80, -0.42), (-0.30, 0.12, -0.95), (0.35, -1.0, 0.15)),
    "fist_up": Aim((-0.3, 0.93, -0.18), (-0.45, -0.1, -0.88), (0.35, -1.0, 0.45)),
    "crown": Aim((-0.72, 0.35, -0.60), (-0.10, -1.0, -0.10), (1.0, -0.15, 0.25), (0.10, 0.04, 0.10)),
    "crown_side": Aim((-0.45, 0.78, -0.42), (-0.85, -0.50, -0.10), (1.0, -0.35, 0.25), (0.09, 0.0, 0.06)),
    "behind_head": Aim((-0.80, 0.20, -0.55), (-0.35, -0.05, 0.95), (1.0, -0.05, 0.4), (0.22, 0.02, 0.10)),
    "nape": Aim((-0.48, 0.05, -0.88), (-0.85, -0.05, 0.45), (0.9, -0.9, 0.5), (0.16, 0.0, 0.1)),
    "ear": Aim((-0.28, 0.85, -0.45), (-0.9, -0.1, -0.15), (0.7, -1.0, 0.45), (0.08, 0.0, 0.05)),
    "neck_side": Aim((-0.40, 0.55, -0.72), (-0.88, -0.05, 0.15), (0.75, -0.9, 0.25), (0.08, 0.0, 0.05)),
    "throat": Aim((-0.62, 0.62, -0.45), (-0.25, -0.15, -0.95), (0.5, -1.0, 0.1)),
    "neck_far": Aim((-0.85, 0.42, -0.32), (0.35, -0.10, -0.93), (0.3, -1.0, 0.5)),
    "brim": Aim((-0.35, 0.92, -0.05), (-0.55, 0.0, -0.80), (0.8, -0.7, 0.3), (0.05, 0.0, 0.06)),
    "comb": Aim((-0.45, 0.5, -0.72), (-0.1, -0.78, -0.62), (0.95, -0.1, 0.6), (0.08, 0.0, 0.08)),
    "chest": Aim((-0.84, 0.50, -0.18), (0.0, -0.15, -1.0), (0.75, -0.85, 0.0)),
    "collar": Aim((-0.62, 0.62, -0.42), (-0.20, -0.20, -0.95), (0.6, -0.95, 0.05)),
    "button": Aim((-0.8, 0.45, -0.28), (-0.1, -0.3, -0.95), (0.8, -0.8, 0.0)),
    "shoulder_far": Aim((-0.85, 0.42, -0.30), (0.10, -0.55, -0.83), (0.3, -0.8, 0.6)),
    "over_own": Aim((-0.22, -0.62, -0.75), (-0.10, -0.75, 0.65), (1.0, 0.45, 0.7), (0.12, 0.12, 0.10)),
    "over_far": Aim((-0.42, 0.1, -0.9), (0.0, -0.8, 0.3), (0.2, -0.8, 1.0), (0.0, 0.03, 0.1)),
    "behind": Aim((-0.88, -0.15, 0.1), (0.05, 0.1, -1.0), (0.9, -0.5, -0.3), (0.26, 0.0, 0.0)),
    "behind_up": Aim((-0.78, 0.6, 0.1), (0.05, 0.05, -1.0), (0.85, -0.65, -0.25), (0.28, 0.0, 0.0)),
    "behind_down": Aim((-0.3, -0.85, 0.1), (-0.1, 0.0, 1.0), (0.7, -0.3, -0.6), (0.22, 0.0, 0.0)),
    "fold": Aim((-0.78, 0.22, -0.55), (0.2, -0.15, -0.9), (1.0, -0.7, 0.3), (0.0, 0.02, 0.08)),
    "tuck": Aim((-0.62, -0.08, -0.75), (0.4, -0.2, -0.8), (1.0, -0.7, 0.3), (0.0, 0.02, 0.08)),
    "fold_low": Aim((-0.96, -0.05, 0.05), (0.0, -0.85, -0.50), (0.9, -0.6, 0.15)),
    "hug": Aim((-0.72, 0.5, -0.45), (-0.1, -0.05, -1.0), (0.3, -0.9, 0.55), (0.0, 0.0, 0.08)),
    "brush": Aim((-0.90, 0.05, 0.25), (0.0, -0.90, -0.40), (0.8, -0.7, -0.1)),
    "smooth": Aim((-0.62, -0.6, -0.12), (0.0, -0.1, -1.0), (1.0, -0.4, -0.1)),
    "offered": Aim((-0.85, 0.05, 0.30), (0.10, -0.80, -0.50), (0.9, -0.5, -0.1)),
}
"""Named ways of holding a hand."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One hand of a dialect, as the left hand would do it.

    Attributes:
        place: A key of `HEAD_POINTS` or, with ``chest:`` before it, of `CHEST_POINTS`.
        contact: Which part of the hand touches, a key of ``hands.CONTACTS``.
        pose: A key of ``hands.HAND_POSES``.
        aim: A key of `AIMS`.
        motion: ``hold``, ``rub`` (to and fro), ``tap`` (off and on), ``circle`` or ``stroke`` (repeatedly
            from `place` to `path`'s end, lifted on the way back), ``pull`` (out along `swing` and back).
        swing: Metres: the rub's, tap's or pull's excursion, the circle's two radii in x and y.
        rate: Hz of the motion, slowest and fastest person.
        path: Places the hand passes after `place` (stroke), in order.
        far: The place is the one on the other side of the body.
        squeeze: How much the fingers move with the motion, 0..1.
        tucked: How far the hand is hidden by arm or body once it is there, 0..1.
        late: Part of the onset by which this hand leaves after the other.
    """

    place: str
    contact: str
    pose: str
    aim: str
    motion: str = "hold"
    swing: Vector = (0.0, 0.0, 0.0)
    rate: tuple[float, float] = (2.0, 4.0)
    path: tuple[str, ...] = ()
    far: bool = False
    squeeze: float = 0.0
    tucked: float = 0.0
    late: float = 0.0

    @property
    def anchor(self) -> str:
        """``head`` or ``chest``: the part of the body whose axes `place` is given in."""
        return "chest" if self.place.startswith("chest:") else "head"

    def list_places(self) -> list[Vector]:
        """The place and its path in metres, the left hand's."""
        names = [self.place, *self.path]
        found = [CHEST_POINTS[n[6:]] if n.startswith("chest:") else HEAD_POINTS[n] for n in names]
        return [(-x, y, z) for x, y, z in found] if self.far else found


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of doing a class.

    Attributes:
        name: Lower-case words.
        hand: What the acting hand does.
        other: What the other hand does, written for the left hand too; None leaves it where it is.
        head: (pitch down, turn towards the acting hand, tilt towards it), radians.
        lean: (forward, towards the acting hand), radians.
        face: Face controls by name.
        brief: Whether the act is usually over in a moment (the onset is quick).
    """

    name: str
    hand: Touch
    other: Touch | None = None
    head: Vector = (0.0, 0.0, 0.0)
    lean: tuple[float, float] = (0.0, 0.0)
    face: dict[str, float] = field(default_factory=dict)
    brief: bool = False
