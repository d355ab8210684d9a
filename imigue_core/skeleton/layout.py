"""The skeleton: OpenPose's 137 points, what they are called and how they are joined.

Order of the points: body 25 (BODY_25), face 70, left hand 21, right hand 21. "Left"
and "right" are the person's own sides. What lives here is constants; coordinates
and files live elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

N_KEYPOINTS = 137
BODY_SLICE = slice(0, 25)
FACE_SLICE = slice(25, 95)
LEFT_HAND_SLICE = slice(95, 116)
RIGHT_HAND_SLICE = slice(116, 137)

NOSE, NECK, MID_HIP = 0, 1, 8
RIGHT_SHOULDER, RIGHT_ELBOW, RIGHT_WRIST = 2, 3, 4
LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST = 5, 6, 7
RIGHT_EYE, LEFT_EYE, RIGHT_EAR, LEFT_EAR = 15, 16, 17, 18

_BODY_NAMES = (
    "Nose", "Neck", "RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow", "LWrist",
    "MidHip", "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle",
    "REye", "LEye", "REar", "LEar", "LBigToe", "LSmallToe", "LHeel", "RBigToe", "RSmallToe", "RHeel",
)  # fmt: skip
_FINGERS = ("Thumb", "Index", "Middle", "Ring", "Little")
_HAND_NAMES = ("Wrist", *(f"{finger}{joint}" for finger in _FINGERS for joint in range(1, 5)))

KEYPOINT_NAMES: tuple[str, ...] = (
    *_BODY_NAMES,
    *(f"Face{i}" for i in range(70)),
    *(f"LHand{name}" for name in _HAND_NAMES),
    *(f"RHand{name}" for name in _HAND_NAMES),
)
"""One name a point; body names are OpenPose's own."""

JOINT_SETS: dict[str, tuple[int, ...]] = {
    "body": tuple(range(0, 25)),
    "face": tuple(range(25, 95)),
    "hands": tuple(range(95, 137)),
}
"""The point numbers that are shown or hidden together."""

SIDE_COLOURS = {"left": "#56b4e9", "right": "#e69f00", "centre": "#c9d1d9"}
"""Colour-blind-safe hex colour of each side of the person."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two points.

    Attributes:
        a: Point number, 0-136.
        b: Point number, 0-136.
        part: ``torso``, ``head``, ``arm``, ``leg``, ``jaw``, ``brow``, ``nose``, ``eye``,
            ``lips``, ``thumb``, ``index``, ``middle``, ``ring`` or ``little``.
        side: ``left``, ``right`` or ``centre``, the person's own.
    """

    a: int
    b: int
    part: str
    side: str

    @property
    def colour(self) -> str:
        return SIDE_COLOURS[self.side]


def _chain(points: list[int], part: str, side: str, *, offset: int = 0, closed: bool = False) -> list[Edge]:
    shifted = [p + offset for p in points]
    ends = shifted[1:] + shifted[:1] if closed else shifted[1:]
    return [Edge(a, b, part, side) for a, b in zip(shifted, ends, strict=False)]


def _body_edges() -> list[Edge]:
    return [
        *_chain([1, 8], "torso", "centre"),
        *_chain([8, 9], "torso", "right"),
        *_chain([8, 12], "torso", "left"),
        *_chain([1, 0], "head", "centre"),
        *_chain([0, 15, 17], "head", "right"),
        *_chain([0, 16, 18], "head", "left"),
        *_chain([1, 2, 3, 4], "arm", "right"),
        *_chain([1, 5, 6, 7], "arm", "left"),
        *_chain([9, 10, 11, 22, 23], "leg", "right"),
        *_chain([11, 24], "leg", "right"),
        *_chain([12, 13, 14, 19, 20], "leg", "left"),
        *_chain([14, 21], "leg", "left"),
    ]


def _face_edges() -> list[Edge]:
    first = FACE_SLICE.start
    return [
        *_chain(list(range(0, 17)), "jaw", "centre", offset=first),
        *_chain(list(range(17, 22)), "brow", "right", offset=first),
        *_chain(list(range(22, 27)), "brow", "left", offset=first),
        *_chain(list(range(27, 31)), "nose", "centre", offset=first),
        *_chain(list(range(31, 36)), "nose", "centre", offset=first),
        *_chain(list(range(36, 42)), "eye", "right", offset=first, closed=True),
        *_chain(list(range(42, 48)), "eye", "left", offset=first, closed=True),
        *_chain(list(range(48, 60)), "lips", "centre", offset=first, closed=True),
        *_chain(list(range(60, 68)), "lips", "centre", offset=first, closed=True),
    ]


def _hand_edges(first: int, side: str) -> list[Edge]:
    edges: list[Edge] = []
    for n, part in enumerate(_FINGERS):
        base = 1 + 4 * n
        edges += _chain([0, base, base + 1, base + 2, base + 3], part.lower(), side, offset=first)
    return edges


EDGES: dict[str, tuple[Edge, ...]] = {
    "body": tuple(_body_edges()),
    "face": tuple(_face_edges()),
    "hands": (
        *_hand_edges(LEFT_HAND_SLICE.start, "left"),
        *_hand_edges(RIGHT_HAND_SLICE.start, "right"),
    ),
}
"""The lines of each joint set; both ends always lie in that set."""
