"""The values that an edit's fields may have: each is read and returned as it is stored, or refused by code.

What an edit is and what it does is studio/edits/rules.py.
"""

from __future__ import annotations

from typing import Any

from imigue_core.annotation import LEAST_VALENCE, MOST_VALENCE, Emotion, Mark, Verdict
from imigue_core.errors import InputError
from imigue_core.settings import MAX_TEXT_CHARS
from imigue_core.taxonomy import get_class


def read_confidence(value: Any) -> float | None:
    """0 to 1, or None; else ``CONFIDENCE_INVALID``."""
    if value is not None and (isinstance(value, bool | str) or not 0 <= value <= 1):
        raise InputError("CONFIDENCE_INVALID", f"expected a confidence from 0 to 1, got {value!r}.")
    return None if value is None else float(value)


def read_valence(value: object) -> int | None:
    """A whole number on the scale of valence, or None; else ``VALENCE_INVALID``."""
    if value is None or (type(value) is int and LEAST_VALENCE <= value <= MOST_VALENCE):
        return value
    raise InputError(
        "VALENCE_INVALID", f"expected a whole number from {LEAST_VALENCE} to {MOST_VALENCE}, got {value!r:.100}."
    )


def read_class(value: object) -> int:
    """A class id; else ``VOCABULARY_UNKNOWN``."""
    # True and 1.0 are keys of the class table too, but no ids.
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError("VOCABULARY_UNKNOWN", f"expected a class id 1-31 or 99, got {value!r:.100}.")
    return get_class(value).class_id


def read_text(value: object) -> str:
    """A note; else ``NOTE_INVALID``, ``LABEL_TOO_LONG`` or ``LABEL_CHARS``."""
    if not isinstance(value, str):
        raise InputError("NOTE_INVALID", "expected text for a note.")
    if len(value) > MAX_TEXT_CHARS:
        raise InputError("LABEL_TOO_LONG", f"expected at most {MAX_TEXT_CHARS} characters, got {len(value)}.")
    if "\x00" in value:
        raise InputError("LABEL_CHARS", "expected text without NUL characters.")
    return value


def read_choice(kind: type[Mark] | type[Emotion] | type[Verdict], value: object, name: str) -> str:
    """The value of a member of ``kind``; else ``VOCABULARY_UNKNOWN``."""
    try:
        return str(kind(value).value)
    except ValueError:
        choices = ", ".join(repr(member.value) for member in kind)
        raise InputError("VOCABULARY_UNKNOWN", f"{name}: expected one of {choices}.") from None
