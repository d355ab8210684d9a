"""JSON as a careful reader takes it: finite numbers, no doubled key, no endless nesting.

Shared by the formats that are JSON. What the values mean is for the format's own file.
"""

from __future__ import annotations

import json
import math
from typing import Any

from imigue_core.errors import InputError
from imigue_core.limits import JSON_LISTS, JSON_VALUES


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


def refuse_many_values(data: bytes, where: str) -> bytes:
    """``data`` when what it spells is bearable in memory, judged by its signs before it is parsed.

    Raises:
        InputError: ``JSON_TOO_LARGE``.
    """
    n_lists, n_values = data.count(b"[") + data.count(b"{"), data.count(b",")
    for n, limit in ((n_lists, JSON_LISTS), (n_values, JSON_VALUES)):
        if n > limit.most:
            message = f"expected at most {limit.most:,} {limit.what}, got {n:,}."
            raise InputError("JSON_TOO_LARGE", message, where=where)
    return data


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twin = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise InputError("JSON_DUPLICATE_KEY", f"expected each key once, got {twin[:80]!r} twice.")
    return found


def _refuse_name(name: str) -> float:
    raise InputError("JSON_NOT_FINITE", f"expected finite numbers, got {name}.")


def _parse_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise InputError("JSON_NOT_FINITE", f"expected finite numbers, got {text[:40]}.")
    return value
