"""JSON as a careful reader takes it: finite numbers, no doubled key, no endless nesting.

Shared by the formats that are JSON. What the values mean is for the format's own file.
"""

from __future__ import annotations

import json
import math
from typing import Any

from imigue_core.errors import InputError


def parse_strict_json(data: bytes, where: str) -> Any:
    """The value that ``data`` spells.

    Args:
        data: UTF-8 text, with or without a byte order mark.
        where: What error messages call the file.

    Raises:
        InputError: ``JSON_SYNTAX``, ``JSON_NOT_FINITE``, ``JSON_DUPLICATE_KEY``,
            ``JSON_TOO_DEEP`` or ``NUMBER_TOO_LARGE``.
    """
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_refuse_twins, parse_constant=_refuse_name, parse_float=_parse_float)
    except UnicodeDecodeError as error:
        message = f"expected UTF-8 text, got another byte at {error.start}."
        raise InputError("JSON_SYNTAX", message, where=where) from error
    except json.JSONDecodeError as error:
        message = f"line {error.lineno}, column {error.colno} (offset {error.pos}): {error.msg}."
        raise InputError("JSON_SYNTAX", message, where=where) from error
    except RecursionError as error:
        raise InputError("JSON_TOO_DEEP", "expected lists and objects less deeply nested.", where=where) from error
    except InputError as error:
        raise InputError(error.code, error.message, where=where) from error
    except ValueError as error:  # Python's own limit on the digits of an integer
        raise InputError("NUMBER_TOO_LARGE", "expected numbers of sensible length.", where=where) from error


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise InputError("JSON_DUPLICATE_KEY", f"expected each key once, got {twin[:80]!r} twice.")
    return found


def _refuse_name(name: str) -> float:
    raise InputError("JSON_NOT_FINITE", f"expected finite numbers, got {name}.")


def _parse_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise InputError("JSON_NOT_FINITE", f"expected finite numbers, got {text[:40]}.")
    return value
