"""The browser's type of labels, ratings and decisions: web/player/labels/fields.js, made from annotation.py.

``tools/make-label-fields`` writes the file; a test holds it to what is made here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from types import NoneType
from typing import Any, get_args

from imigue_core.annotation import STANDING_DECISION, STANDING_LABEL, STANDING_RATING
from imigue_core.label_fields import EditKind, Shape
from imigue_core.studio.edits.envelope import FIELDS_OF_KIND

_HEAD = """\
/**
 * The fields of labels, ratings and decisions. Made by tools/make-label-fields from imigue_core/annotation.py:
 * change them there and run it again.
 *
"""
_JS_TYPES = {int: "number", float: "number", str: "string", bool: "boolean", NoneType: "null"}
_SAID_OF_LABEL = ("note", *FIELDS_OF_KIND[EditKind.ANNOTATE], "suggestion_id", "suggestion_rank", "deleted")


def make_fields_js() -> str:
    """The text of ``fields.js``, as Biome formats it."""
    types = (
        _make_type("LabelFields", "a standing label", STANDING_LABEL),
        _make_type("RatingFields", "a standing rating", STANDING_RATING),
        _make_type("DecisionFields", "a decision about a suggestion", STANDING_DECISION),
    )
    kinds = {str(kind): list(said) for kind, said in FIELDS_OF_KIND.items() if not kind.is_step}
    new_label = {name: STANDING_LABEL.defaults[name] for name in STANDING_LABEL.shown if name in _SAID_OF_LABEL}
    no_rating = {name: STANDING_RATING.defaults.get(name) for name in STANDING_RATING.shown if not name.endswith("_id")}
    return "\n".join(
        (
            _HEAD + " *\n".join(types) + " */\n",
            "/** What edits of each kind say of what they are about. @type {Record<string, string[]>} */",
            _make_const("FIELDS_OF_KIND", kinds),
            "/** What a new label says before anybody says more of it. */",
            _make_const("NEW_LABEL", new_label),
            "/** What stands where nobody rated. */",
            _make_const("NO_RATING", {**no_rating, "version": 0}),
        )
    )


def _make_type(name: str, words: str, shape: Shape[Any]) -> str:
    lines = [f" * @typedef {{Object}} {name} {words}"]
    lines += [f" * @property {{{_name_type(shape.hints[field])}}} {field}" for field in shape.shown]
    return "\n".join(lines) + "\n"


def _name_type(hint: Any) -> str:
    parts = get_args(hint) or (hint,)
    return "|".join(_name_one(part) for part in parts)


def _name_one(hint: Any) -> str:
    hint = getattr(hint, "__supertype__", hint)  # an id is a plain number or text to a browser
    if issubclass(hint, StrEnum):
        return "|".join(_quote(member.value) for member in hint)
    return _JS_TYPES[hint]


def _make_const(name: str, values: Mapping[str, Any]) -> str:
    rows = "".join(f"  {key}: {_make_value(value)},\n" for key, value in values.items())
    return f"export const {name} = {{\n{rows}}};\n"


def _make_value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_quote(one) for one in value)}]"
    return _quote(value) if isinstance(value, str) else json.dumps(value)


def _quote(text: str) -> str:
    return "'" + json.dumps(text)[1:-1] + "'"
