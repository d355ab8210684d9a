"""The 32 gesture classes of iMiGUE, their groups, names, colours and published counts.

One source of truth for class ids (1-31 and 99, as in the paper's files), names
and colours. Counts: Liu et al., CVPR 2021, Table and Fig. 2, read off the
published label table (18,498 rows).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from imigue_core.errors import InputError
from imigue_core.ids import ClassId

ILLUSTRATIVE_ID = ClassId(99)
"""File id of "illustrative body language"; it is the paper's C32."""


class Group(Enum):
    """The five gesture groups, and the illustrative class on its own."""

    BODY = "body"
    HEAD = "head"
    HAND = "hand"
    BODY_HAND = "body-hand"
    HEAD_HAND = "head-hand"
    ILLUSTRATIVE = "illustrative"

    @property
    def colour(self) -> str:
        """Colour-blind-safe hex colour, the same on every track and chart."""
        return _COLOURS[self]


_COLOURS = {
    Group.BODY: "#e69f00",
    Group.HEAD: "#56b4e9",
    Group.HAND: "#009e73",
    Group.BODY_HAND: "#cc79a7",
    Group.HEAD_HAND: "#d55e00",
    Group.ILLUSTRATIVE: "#5b6470",
}


@dataclass(frozen=True, slots=True)
class GestureClass:
    """One class of the list.

    Attributes:
        class_id: The paper's file id, 1-31 or 99.
        name: Full name, as in the paper's Fig. 2.
        short_name: Two or three words for tracks and keys.
        group: One of the five groups, or illustrative.
        published_count: Instances in iMiGUE's label table.
    """

    class_id: ClassId
    name: str
    short_name: str
    group: Group
    published_count: int

    @property
    def code(self) -> str:
        """The paper's code: C1 ... C32."""
        return f"C{32 if self.class_id == ILLUSTRATIVE_ID else self.class_id}"


_B, _H, _HA, _BH, _HH = Group.BODY, Group.HEAD, Group.HAND, Group.BODY_HAND, Group.HEAD_HAND

CLASSES: tuple[GestureClass, ...] = tuple(
    GestureClass(ClassId(row[0]), *row[1:])
    for row in (
        (1, "Turtle neck", "turtle neck", _H, 15),
        (2, "Bulging face, deep breath", "deep breath", _H, 515),
        (3, "Touching hat", "touch hat", _HH, 45),
        (4, "Touching or scratching head", "touch head", _HH, 271),
        (5, "Touching or scratching forehead", "touch forehead", _HH, 90),
        (6, "Covering face", "cover face", _HH, 32),
        (7, "Rubbing eyes", "rub eyes", _HH, 90),
        (8, "Touching or scratching facial parts", "touch facial parts", _HH, 1134),
        (9, "Touching ears", "touch ears", _HH, 132),
        (10, "Biting nails", "bite nails", _HH, 5),
        (11, "Touching jaw", "touch jaw", _HH, 454),
        (12, "Touching or scratching neck", "touch neck", _BH, 198),
        (13, "Playing or adjusting hair", "play with hair", _BH, 140),
        (14, "Buckle button, pulling shirt collar, adjusting tie", "adjust collar", _BH, 70),
        (15, "Touching or covering suprasternal notch", "touch notch", _BH, 44),
        (16, "Scratching back", "scratch back", _BH, 30),
        (17, "Folding arms", "fold arms", _BH, 406),
        (18, "Dustoffing clothes", "dust clothes", _BH, 131),
        (19, "Putting arms behind body", "arms behind body", _BH, 2),
        (20, "Moving torso", "move torso", _B, 1217),
        (21, "Sitting straightly", "sit straight", _B, 227),
        (22, "Scratching or touching arms", "scratch arms", _HA, 527),
        (23, "Rubbing or holding hands", "rub hands", _HA, 1035),
        (24, "Crossing fingers", "cross fingers", _HA, 888),
        (25, "Minaret gesture", "minaret", _HA, 21),
        (26, "Playing or manipulating objects", "play with objects", _HA, 430),
        (27, "Hold back arms", "hold back arms", _HA, 100),
        (28, "Head up", "head up", _H, 99),
        (29, "Pressing lips", "press lips", _H, 1547),
        (30, "Arms akimbo", "arms akimbo", _HA, 8),
        (31, "Shaking shoulders", "shake shoulders", _B, 2880),
        (ILLUSTRATIVE_ID, "Illustrative body language", "illustrative", Group.ILLUSTRATIVE, 5715),
    )
)

_BY_ID: dict[int, GestureClass] = {c.class_id: c for c in CLASSES}
CLASS_IDS: tuple[int, ...] = tuple(_BY_ID)


def get_class(class_id: int) -> GestureClass:
    """The class with this file id (1-31 or 99).

    Raises:
        InputError: ``VOCABULARY_UNKNOWN``.
    """
    try:
        return _BY_ID[class_id]
    except (KeyError, TypeError):
        raise InputError("VOCABULARY_UNKNOWN", f"expected a class id 1-31 or 99, got {class_id!r}.") from None
