"""The values that people may say: each is read and returned as it is kept, or refused by code.

Which field takes which value stands in imigue_core/annotation.py.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from imigue_core.errors import InputError
from imigue_core.ids import ClassId
from imigue_core.settings import MAX_TEXT_CHARS
from imigue_core.taxonomy import get_class


def read_confidence(value: Any) -> float | None:
    """0 to 1, or None; else ``CONFIDENCE_INVALID``."""
    if value is not None and (isinstance(value, bool | str) or not 0 <= value <= 1):
        raise InputError("CONFIDENCE_INVALID", f"expected a confidence from 0 to 1, got {value!r}.")
    return None if value is None else float(value)


def read_whole(least: int, most: int, code: str) -> Callable[[object], int | None]:
    """Reads a whole number of a scale, or None; refuses anything else by ``code``."""

    def read(value: object) -> int | None:
        if value is None or (type(value) is int and least <= value <= most):
            return value
        raise InputError(code, f"expected a whole number from {least} to {most}, got {value!r:.100}.")

    return read


def read_choice(kind: type[StrEnum], name: str) -> Callable[[object], Any]:
    """Reads a member of ``kind``; refuses anything else by ``VOCABULARY_UNKNOWN``."""

    def read(value: object) -> StrEnum:
        try:
            return kind(value)  # type: ignore[arg-type]
        except ValueError:
            choices = ", ".join(repr(member.value) for member in kind)
            raise InputError("VOCABULARY_UNKNOWN", f"{name}: expected one of {choices}.") from None

    return read


def read_class(value: object) -> ClassId:
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
