"""Rules for label fields that every format of labels shares.

They need no project: whether a span fits a video's length, or a number is free,
is asked where the file meets the project.
"""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from imigue_core.annotation import RATING, Emotion, Mark, Outcome
from imigue_core.errors import InputError
from imigue_core.formats.cells import validate_cell
from imigue_core.formats.class_lists import suggest_classes
from imigue_core.label_fields import EditKind
from imigue_core.settings import MAX_NAME_CHARS
from imigue_core.taxonomy import get_class

_MARKS = {m.value for m in Mark}
_EMOTIONS = {e.value for e in Emotion}
_OUTCOMES = {o.value for o in Outcome}
_is_rate = re.compile(r"[0-9]{1,9}(/[0-9]{1,9})?", re.ASCII).fullmatch
_is_sha256 = re.compile(r"[0-9a-f]{64}").fullmatch
MAX_FPS = 1000


def validate_order(start: int, end: int) -> None:
    """Refuses a span that ends before it starts, or starts before the video.

    Raises:
        InputError: ``SPAN_REVERSED`` or ``SPAN_OUT_OF_RANGE``.
    """
    if start > end:
        raise InputError("SPAN_REVERSED", f"expected start <= end, got {start}..{end}.")
    if start < 0:
        raise InputError("SPAN_OUT_OF_RANGE", f"expected frames from 0, got {start}..{end}.")


def validate_outcome(text: str) -> str:
    """``Win``, ``Lose`` or nothing; else ``VOCABULARY_UNKNOWN``."""
    return _one_of(text, _OUTCOMES, "win_or_lose", "Win, Lose or nothing")


def validate_mark(text: str) -> str:
    """A mark, or nothing; else ``VOCABULARY_UNKNOWN``."""
    return _one_of(text, _MARKS, "mark", "discuss or nothing")


def validate_emotion(text: str) -> str:
    """An emotion; else ``VOCABULARY_UNKNOWN``."""
    return _one_of(text, _EMOTIONS, "emotion", "positive, negative or unsure")


def _one_of(text: str, allowed: set[str], name: str, words: str) -> str:
    if text not in allowed:
        raise InputError("VOCABULARY_UNKNOWN", f"{name}: expected {words}, got {text[:40]!r}.")
    return text


def validate_class_name(class_id: int, name: str) -> None:
    """Refuses a class name that is not the one of this id, to the letter."""
    expected = get_class(class_id).name
    if name != expected:
        raise InputError(
            "VOCABULARY_UNKNOWN",
            f"class_name: expected {expected!r} for class {class_id}, got {name[:80]!r}{suggest_classes(name)}.",
        )


def validate_confidence(value: float) -> float:
    """A number from 0 to 1; else ``CONFIDENCE_INVALID``."""
    if not (math.isfinite(value) and 0 <= value <= 1):
        raise InputError("CONFIDENCE_INVALID", f"expected a confidence from 0 to 1, got {value!r}.")
    return value


def validate_said(said: Mapping[str, object]) -> dict[str, Any]:
    """What a rating says beside its emotion and note, by the name of the field.

    Raises:
        InputError: What the field's own rule refuses a value with.
    """
    rules = RATING.list_said(EditKind.RATE)
    taken = {}
    for name, value in said.items():
        try:
            taken[name] = rules[name](value)
        except InputError as error:
            raise InputError(error.code, f"{name}: {error.message}") from None
    return taken


def validate_uuid(text: str) -> str:
    """A uuid in its usual form, or nothing; else ``ID_INVALID``."""
    try:
        if text and str(uuid.UUID(text)) != text:
            raise ValueError
    except ValueError:
        raise InputError("ID_INVALID", f"annotation_id: expected a uuid, got {text[:40]!r}.") from None
    return text


def validate_sha256(text: str) -> str:
    """A SHA-256 in lower-case hex, or nothing; else ``ID_INVALID``."""
    if text and not _is_sha256(text):
        raise InputError("ID_INVALID", f"video_sha256: expected 64 hex digits, got {text[:70]!r}.")
    return text


def parse_rate(text: str) -> Fraction | None:
    """A frame rate such as ``25`` or ``359/12``; nothing is None.

    Raises:
        InputError: ``VIDEO_FPS_INVALID``.
    """
    if not text:
        return None
    if _is_rate(text):
        above, _, below = text.partition("/")
        if int(above) and int(below or 1):
            rate = Fraction(int(above), int(below or 1))
            if rate <= MAX_FPS:
                return rate
    raise InputError("VIDEO_FPS_INVALID", f"expected a frame rate such as 25 or 359/12, got {text[:40]!r}.")


def format_rate(rate: Fraction | None) -> str:
    """``25`` or ``359/12``; nothing for None."""
    return "" if rate is None else str(rate)


def validate_video_name(text: str) -> str:
    """A video's name; ``NAME_INVALID`` when empty, else as ``validate_short_text``."""
    if not text.strip():
        raise InputError("NAME_INVALID", "expected a name for the video, got none.")
    return validate_short_text(text, "video name")


def validate_short_text(text: str, name: str) -> str:
    """A name or a subject's field; see ``validate_cell``."""
    return validate_cell(text, name, MAX_NAME_CHARS)
