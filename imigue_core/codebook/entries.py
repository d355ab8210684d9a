"""The codebook: what each of the 32 classes means, where its span begins and ends, and where it can be seen.

Our own words for people who label; ids, names and counts live in ``taxonomy``, what
tells two classes apart in ``codebook_pairs``, the acted loops in ``synthesis``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from imigue_core.codebook.needs import NEEDS, Needs
from imigue_core.codebook.pairs import PAIRS
from imigue_core.errors import InputError

SPAN_RULE = (
    "A span starts at the first frame in which the part leaves its rest and ends when it is back at rest; "
    "a posture that is kept ends when the hold is given up. Short pauses inside one movement do not split it."
)


class Sight(Enum):
    """How well a class can be judged in one view; the values are shown."""

    WELL = "well"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Views:
    """How well a class can be judged in each view.

    Attributes:
        source: The picture as it was filmed.
        masked: The picture with the head blurred.
        skeleton: The 137 points alone.
        note: Why one of them is less than well; never empty.
    """

    source: Sight
    masked: Sight
    skeleton: Sight
    note: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """Another class that this one is taken for, and what tells the two apart."""

    class_id: int
    how: str


@dataclass(frozen=True, slots=True)
class CodebookEntry:
    """One page of the codebook.

    Attributes:
        class_id: 1-31 or 99.
        definition: What is done, in one or two sentences.
        start: The first frame that belongs to it.
        end: The last frame that belongs to it.
        views: Where it can be judged.
        needs: What it takes to judge it without the source picture.
        confusions: What it is taken for; always mutual.
    """

    class_id: int
    definition: str
    start: str
    end: str
    views: Views
    needs: Needs
    confusions: tuple[Confusion, ...]


# class id, definition, start, end, (source, masked, skeleton: w well, p partly, n not), note on the views
_ROWS: tuple[tuple[int, str, str, str, str, str], ...] = (
    (
        1,
        "The head sinks between lifted shoulders, so that the neck all but disappears, like a tortoise going in.",
        "Shoulders begin to rise or the chin begins to draw in, whichever is first.",
        "Shoulders are down and the neck is at its full length again.",
        "wwp",
        "The points show a shorter neck; a head that merely nods forward looks alike from the front.",
    ),
    (
        2,
        (
            "The cheeks fill with air, often let out through closed lips, or chest and shoulders lift with one deep "
            "breath that is clearly more than the breathing before it."
        ),
        "Cheeks begin to swell, or the chest begins to rise above its usual height.",
        "The air is out: cheeks flat, chest and shoulders back at their usual height.",
        "wnp",
        "A mask hides the cheeks; the points have none on the cheeks, so only the lift of the shoulders is left.",
    ),
    (
        3,
        "A hand takes, pushes, turns or merely touches a hat, cap or headband that is being worn.",
        "The hand leaves its rest on the way to the hat.",
        "The hand is back at rest, or has begun something else.",
        "wpp",
        "The points know no hat; in skeleton view it looks like a touch of the head. A mask may reach over the brim.",
    ),
    (
        4,
        (
            "A hand touches, rubs or scratches the head above the hairline, at the top, side or back, and leaves "
            "the hair as it was."
        ),
        "The hand leaves its rest on the way up.",
        "The hand is back at rest; several scratches in one visit are one span.",
        "wpw",
        "A mask may cover the place that is touched when it lies close to the face.",
    ),
    (
        5,
        "Fingers or the palm touch, wipe or scratch the forehead, between the eyebrows and the hairline.",
        "The hand leaves its rest on the way to the forehead.",
        "The hand is back at rest.",
        "wpw",
        "Behind a mask the hand is seen to reach the face, but not which part of it.",
    ),
    (
        6,
        "One or both hands hide most of the face, with the palms or the spread fingers in front of it.",
        "The first hand leaves its rest on the way to the face.",
        "The face is free and the last hand is back at rest.",
        "wpp",
        "Extractors lose the face while it is covered: points that go missing are a sign of it, not a fault to skip.",
    ),
    (
        7,
        "Fingers, knuckles or the back of the hand rub, press or wipe one or both eyes.",
        "The hand leaves its rest on the way to the eye.",
        "The hand is back at rest; both eyes after each other without a pause are one span.",
        "wpp",
        "A mask hides the eye; in skeleton view the fingertips must lie on the eye and move there.",
    ),
    (
        8,
        (
            "A hand touches, rubs or scratches a part of the face that has no class of its own: nose, cheek, lips, "
            "mouth or temple."
        ),
        "The hand leaves its rest on the way to the face.",
        "The hand is back at rest.",
        "wpw",
        "Behind a mask the hand is seen to reach the face, but not whether it is the nose, the eye or the chin.",
    ),
    (
        9,
        "A hand touches, pulls, rubs or scratches an ear, or what is worn in it.",
        "The hand leaves its rest on the way to the ear.",
        "The hand is back at rest.",
        "wpw",
        "A mask may reach over the ear; the far ear is often missing among the points.",
    ),
    (
        10,
        "Fingertips are between the teeth or at the lips while nails or the skin beside them are bitten.",
        "The hand leaves its rest on the way to the mouth.",
        "The hand is back at rest, or the fingers have left the mouth for another place.",
        "wnp",
        "The bite itself can only be seen in the picture; the points show fingertips that stay at the mouth.",
    ),
    (
        11,
        "A hand touches, strokes or holds the chin or the line of the jaw; a chin that rests on a hand belongs here.",
        "The hand leaves its rest, or the head begins to sink onto a hand that is there already.",
        "The hand is back at rest, or the head has been lifted off it.",
        "wpw",
        "A mask usually reaches to the chin: the hand under it is seen, the place it touches is not.",
    ),
    (
        12,
        (
            "A hand touches, rubs or scratches the front, the side or the back of the neck, below the jaw and above "
            "the collar."
        ),
        "The hand leaves its rest on the way to the neck.",
        "The hand is back at rest.",
        "wwp",
        "Behind the neck the hand is hidden, and its points are guessed or missing.",
    ),
    (
        13,
        "A hand strokes, gathers, tucks away, twists or puts the hair in order: the hair itself is moved.",
        "The hand leaves its rest on the way to the hair.",
        "The hand has let go of the hair and is back at rest.",
        "wpp",
        "The points know no hair; a mask may hide the part that falls over the forehead.",
    ),
    (
        14,
        (
            "Fingers work on the clothing at neck or chest: a button is opened or closed, the collar pulled, the tie "
            "or the zip put right."
        ),
        "The hand leaves its rest on the way to the collar, button or tie.",
        "The cloth is let go and the hand is back at rest.",
        "wwp",
        "The points show a hand at the collar, not whether it holds cloth or touches skin.",
    ),
    (
        15,
        "Fingers touch, or a hand covers, the hollow at the base of the throat, between the collarbones.",
        "The hand leaves its rest on the way to the throat.",
        "The hand is back at rest, or has moved on to another place.",
        "wwp",
        "No point marks the hollow; it lies a finger's breadth above the middle of the shoulder line.",
    ),
    (
        16,
        "A hand reaches over the shoulder, under the arm or round the waist and scratches or rubs the back.",
        "The elbow starts to lift or to draw back from its rest.",
        "The hand is in front again and at rest.",
        "wwp",
        "The hand is out of sight, its points are guessed; the elbow that points up or back tells the story.",
    ),
    (
        17,
        "Both forearms lie across each other, in front of the chest or on the desk, each hand at the other arm.",
        "The first arm leaves its rest on the way into the fold.",
        "The fold is given up: the first arm that leaves it ends the hold. The whole time folded belongs to the span.",
        "wwp",
        "Where forearms cross, extractors swap or drop the hands; the elbows and the direction of the forearms stay.",
    ),
    (
        18,
        "A hand brushes, picks at or straightens clothing on sleeve, chest, shoulder or lap, as if dust were there.",
        "The hand leaves its rest on the way to the cloth.",
        "The last stroke is done and the hand is back at rest.",
        "wwp",
        "The points show strokes along the arm or the chest, not whether cloth or skin is meant.",
    ),
    (
        19,
        "One or both arms go behind the body and stay there, with the hands out of sight at the back.",
        "The arm leaves its rest on the way back.",
        "The first hand is in front again. The whole hold belongs to the span.",
        "wwp",
        "Hands behind the body are missing or invented; elbows drawn back and outward show it.",
    ),
    (
        20,
        "The trunk as a whole moves to another place: it leans, turns, slides or shifts its weight on the seat.",
        "The shoulders' midpoint or the line of the shoulders begins to leave its place.",
        "The trunk has come to rest, in the old place or in a new one.",
        "www",
        "A moving camera looks alike: compare with the desk or, in skeleton view, with a jump of all points at once.",
    ),
    (
        21,
        "The trunk rises out of a slouch or a lean into an upright seat: the back straightens and the head rises.",
        "The back begins to straighten.",
        "The upright posture is reached; sitting upright afterwards is no longer part of it.",
        "www",
        "In skeleton view the neck must rise while the shoulders keep their width; a zoom changes both.",
    ),
    (
        22,
        "A hand touches, holds, rubs or scratches the other arm, anywhere between wrist and shoulder.",
        "The hand leaves its rest on the way to the other arm.",
        "The hand has left the arm; a hand that stays there belongs to the span to the last frame.",
        "wwp",
        "One arm hides parts of the other, so that points at the wrist are easily swapped.",
    ),
    (
        23,
        "The hands are busy with each other: one holds, presses, strokes or rubs the other, palm or back.",
        "The first hand moves towards the other, or two hands that lie together begin to move.",
        "The hands part, or the rubbing stops and they lie still as before.",
        "wwp",
        "Hands in contact are the points that extractors lose first; below a desk nothing can be judged in any view.",
    ),
    (
        24,
        "The fingers of both hands are laced between each other, lying still or with thumbs or fingers at play.",
        "The hands begin to move towards each other to be laced.",
        "The fingers come apart. The whole time they are laced belongs to the span.",
        "wwp",
        "Laced fingers swap left and right from frame to frame; judge by wrists that stay close together.",
    ),
    (
        25,
        "The fingertips of both hands meet while the palms stay apart, so that the hands form a roof or a tower.",
        "The hands begin to move towards each other.",
        "The fingertips part, or the fingers slide into a lace.",
        "wwp",
        "Ten fingertips in five pairs can be seen in the points only while both hands are found.",
    ),
    (
        26,
        (
            "A hand handles a thing for no purpose of its own: a pen, bottle, cup, phone, ring, microphone or paper "
            "is turned, tapped, pushed or fingered."
        ),
        "The hand leaves its rest on the way to the thing, or begins to move with a thing it holds.",
        "The thing is let go, or the hand that holds it has come to rest.",
        "wwp",
        "The points do not know the thing; fingers that close and turn at one place of the desk suggest it.",
    ),
    (
        27,
        "The arms are drawn back from where they lay, towards or beside the body or under the desk, and kept away.",
        "The forearms begin to slide back.",
        "The arms come forward again; a hold without end is closed when other movement of the arms begins.",
        "wwp",
        "Arms under the desk have invented or missing points; their way out of the picture is what can be judged.",
    ),
    (
        28,
        "The chin lifts and the head tilts back, so that the face points above the horizon.",
        "The chin begins to rise.",
        "The head is level again, or has come to rest in another direction.",
        "wpw",
        "Under a mask only the outline of the head is left; in skeleton view the nose rises towards the eyes.",
    ),
    (
        29,
        "The lips are pressed together, rolled in or held by the teeth; the mouth is a thin line, without speech.",
        "The lips begin to tighten.",
        "The lips are loose again or open to speak.",
        "wnp",
        "A mask hides the mouth. The points show the lips only in a large, sharp face, and barely then.",
    ),
    (
        30,
        "One or both hands are set on the hips or the waist, with the elbows pointing outward.",
        "The hand leaves its rest on the way to the hip.",
        "The hand leaves the hip. The whole hold belongs to the span.",
        "wwp",
        "At a desk the hips are out of the picture: elbows that stand out with wrists at the waist must do.",
    ),
    (
        31,
        "One or both shoulders are jerked, lifted, rolled or shaken for a moment while the trunk stays where it is.",
        "The shoulder leaves its resting height.",
        "The shoulder is back at its resting height; several jerks in a row are one span.",
        "www",
        "It is small: play it at full speed and look at the height of each shoulder against the chin.",
    ),
    (
        99,
        "Hands, arms, head or shoulders move with speech to draw, point, count, beat or stress what is being said.",
        "The hand leaves its rest to make the gesture; a chain of gestures without rest is one span.",
        "The hands are back at rest.",
        "wpw",
        "Whether the person speaks is seen at the mouth, which a mask hides; the gestures themselves stay visible.",
    ),
)

_SIGHTS = {"w": Sight.WELL, "p": Sight.PARTLY, "n": Sight.NOT}


def _list_confusions(class_id: int) -> tuple[Confusion, ...]:
    found = []
    for first, second, how in PAIRS:
        if class_id in (first, second):
            found.append(Confusion(second if class_id == first else first, how))
    return tuple(found)


CODEBOOK: dict[int, CodebookEntry] = {
    class_id: CodebookEntry(
        class_id,
        definition,
        start,
        end,
        Views(_SIGHTS[sights[0]], _SIGHTS[sights[1]], _SIGHTS[sights[2]], note),
        NEEDS[class_id],
        _list_confusions(class_id),
    )
    for class_id, definition, start, end, sights, note in _ROWS
}
"""Every class, in the order of ``taxonomy.CLASSES``."""


def get_entry(class_id: int) -> CodebookEntry:
    """The codebook's page on one class (1-31 or 99).

    Raises:
        InputError: ``VOCABULARY_UNKNOWN``.
    """
    try:
        return CODEBOOK[class_id]
    except (KeyError, TypeError):
        raise InputError("VOCABULARY_UNKNOWN", f"expected a class id 1-31 or 99, got {class_id!r}.") from None


def describe_sight(class_id: int) -> dict[str, object]:
    """Where a class can be judged and what that takes, as it is sent to the player; raises as ``get_entry``."""
    views, needs = get_entry(class_id).views, get_entry(class_id).needs
    levels = {name: getattr(views, name).value for name in ("source", "masked", "skeleton")}
    return {**levels, "sets": needs.sets, "thing": needs.thing}
