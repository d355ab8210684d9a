"""Single cells of label files: formulas, numbers, text that people typed.

Each function returns the clean value or raises the refusal; rows and files are
the caller's.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from imigue_core.errors import InputError
from imigue_core.settings import MAX_FRAMES, MAX_TEXT_CHARS

MAX_ID = 2**31 - 1
_LONGEST_INTEGER = 12
_FORMULA = re.compile(r"(?:\A|(?<=[;\n]))(?='*[=+\-@\t\r\0])")
_QUOTED_FORMULA = re.compile(r"(?:\A|(?<=[;\n]))'(?='*[=+\-@\t\r\0])")
"""Also inside a text: where lists are separated by semicolons, ``x;=1+1`` becomes two cells, the second a formula."""
_JOINERS = "\u200c\u200d"
"""Zero-width joiners are invisible, yet emoji and some scripts need them."""


def escape_cell(text: str) -> str:
    """``text`` so that no spreadsheet takes it, or a part of it, for a formula: an apostrophe before each.

    ``unescape_cell`` takes exactly these apostrophes away, also from texts that had some before.
    """
    return _FORMULA.sub("'", text)


def unescape_cell(text: str) -> str:
    """The text that ``escape_cell`` was given."""
    return _QUOTED_FORMULA.sub("", text)


def parse_frame(text: str, name: str) -> int:
    """A frame number written with plain digits; negative numbers pass, spans refuse them.

    Raises:
        InputError: ``FRAME_NOT_INTEGER`` or ``NUMBER_TOO_LARGE``.
    """
    digits = text[1:] if text[:1] == "-" else text
    if not (digits.isascii() and digits.isdigit()):
        raise InputError("FRAME_NOT_INTEGER", f"{name}: expected a whole number, got {text[:40]!r}.")
    if len(digits) > _LONGEST_INTEGER or int(digits) > MAX_FRAMES:
        raise InputError("NUMBER_TOO_LARGE", f"{name}: expected at most {MAX_FRAMES}, got {text[:40]}.")
    return int(text)


@lru_cache(maxsize=4096)
def parse_id(text: str, name: str) -> int:
    """A positive number that names something.

    Raises:
        InputError: ``ID_INVALID`` or ``NUMBER_TOO_LARGE``.
    """
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        raise InputError("ID_INVALID", f"{name}: expected a whole number from 1, got {text[:40]!r}.")
    if len(text) > _LONGEST_INTEGER or int(text) > MAX_ID:
        raise InputError("NUMBER_TOO_LARGE", f"{name}: expected at most {MAX_ID}, got {text[:40]}.")
    return int(text)


def validate_cell(text: str, name: str, max_chars: int) -> str:
    """``text`` when a person could have typed it.

    Raises:
        InputError: ``LABEL_TOO_LONG``, or ``LABEL_CHARS`` for control, direction
            and zero-width characters (joiners inside emoji are fine).
    """
    if len(text) > max_chars:
        raise InputError("LABEL_TOO_LONG", f"{name}: expected at most {max_chars} characters, got {len(text)}.")
    if not text.isprintable():
        for c in text:
            if c not in "\t\n\r" and c not in _JOINERS and unicodedata.category(c) in ("Cc", "Cf", "Cs"):
                raise InputError("LABEL_CHARS", f"{name}: expected visible characters, got U+{ord(c):04X}.")
    return text


def validate_note(text: str) -> str:
    """Free text of an annotator, under the same rule as notes typed in the studio.

    Raises:
        InputError: ``LABEL_TOO_LONG`` or ``LABEL_CHARS``.
    """
    if len(text) > MAX_TEXT_CHARS:
        raise InputError("LABEL_TOO_LONG", f"note: expected at most {MAX_TEXT_CHARS} characters, got {len(text)}.")
    if "\0" in text:
        raise InputError("LABEL_CHARS", "note: expected text without NUL characters.")
    return text
