"""What each class needs so that it can be judged without the source picture: sets of points, and things no point knows.

One row a class; how well a class is seen in each view stands in ``codebook``. The player
warns by this table, and by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be there.

    Attributes:
        sets: Joint sets, of ``body``, ``hands`` and ``face``, whose points must be drawn and found.
        thing: What the points know nothing of, such as ``hat``; empty when the points are enough.
    """

    sets: tuple[str, ...]
    thing: str = ""


_BODY = Needs(("body",))
_HANDS = Needs(("body", "hands"))
_FINGERS = Needs(("hands",))
_HAND_AT_FACE = Needs(("hands", "face"))

NEEDS: dict[int, Needs] = {
    1: _BODY,
    2: Needs(("body", "face")),
    3: Needs(("hands",), "hat"),
    4: _HANDS,
    5: _HAND_AT_FACE,
    6: _HANDS,
    7: _HAND_AT_FACE,
    8: _HAND_AT_FACE,
    9: _HANDS,
    10: _HAND_AT_FACE,
    11: _HAND_AT_FACE,
    12: _HANDS,
    13: Needs(("hands",), "hair"),
    14: Needs(("hands",), "collar or tie"),
    15: _HANDS,
    16: _BODY,
    17: _BODY,
    18: Needs(("hands",), "clothes"),
    19: _BODY,
    20: _BODY,
    21: _BODY,
    22: _HANDS,
    23: _FINGERS,
    24: _FINGERS,
    25: _FINGERS,
    26: Needs(("hands",), "things that are held"),
    27: _BODY,
    28: _BODY,
    29: Needs(("face",)),
    30: _BODY,
    31: _BODY,
    99: _BODY,
}
