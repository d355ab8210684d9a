"""How a field of a label, a rating or a decision is said, kept, stored and shown.

A field is declared once, in a dataclass of imigue_core/annotation.py; ``said`` and ``kept``
are what it may say of itself, and ``Shape`` is what follows from it: the state as the ledger
keeps it, the columns of its table, what a browser is sent, and which edits may name it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, Generic, TypeVar, get_type_hints

Plain = dict[str, Any]
"""A state as JSON holds it: at the border only, that is in the ledger, in a row and in an answer."""
S = TypeVar("S")


class EditKind(StrEnum):
    """What an edit does. ``import`` comes from files alone, never from a browser."""

    CREATE = "create"
    MOVE = "move"
    RELABEL = "relabel"
    DELETE = "delete"
    ANNOTATE = "annotate"
    RATE = "rate"
    REVIEW = "review"
    UNDO = "undo"
    REDO = "redo"
    IMPORT = "import"

    @property
    def is_step(self) -> bool:
        """Whether it leads back to what stood before, or forth again."""
        return self in (EditKind.UNDO, EditKind.REDO)


@dataclass(frozen=True, slots=True)
class Said:
    """How people say a field: in which edits, and what reads the value or refuses it by a code."""

    by: EditKind
    read: Callable[[object], Any]


def said(by: EditKind, read: Callable[[object], Any], *, default: Any = MISSING, is_optional: bool = False) -> Any:
    """A field that people say.

    Args:
        by: The kind of edit that may name it.
        read: Returns the value that is kept, or raises ``InputError``.
        default: What stands until somebody says it; without one, every such edit must say it.
        is_optional: Not in the state while it is None, as for all fields added since the first version: states
            from before there was such a field read as they always did.
    """
    return field(default=default, metadata={"said": Said(by, read), "is_optional": is_optional})


def kept(*, default: Any = MISSING, is_optional: bool = False, is_shown: bool = True) -> Any:
    """A field that the studio fills in itself; ``is_shown``: browsers are sent it."""
    return field(default=default, metadata={"is_optional": is_optional, "is_shown": is_shown})


class Shape(Generic[S]):
    """What follows from the fields of one dataclass.

    Attributes:
        names: Of all fields, which are also the columns of its table.
        optional: Those that a state leaves out while they are None.
        shown: Those that browsers are sent.
        made: The fields whose plain value has to be made into one: enums, and truth values that tables keep as numbers.
    """

    def __init__(self, kind: type[S]) -> None:
        self.kind = kind
        self.hints = get_type_hints(kind)
        own = fields(kind)  # type: ignore[arg-type]
        self.names = tuple(one.name for one in own)
        self.optional = frozenset(one.name for one in own if one.metadata.get("is_optional"))
        self.shown = tuple(one.name for one in own if one.metadata.get("is_shown", True))
        self.made = {name: hint for name, hint in self.hints.items() if _is_made(hint)}
        self._made_of_row = {name: cache(make) for name, make in self.made.items()}
        self.defaults = {one.name: one.default for one in own if one.default is not MISSING}
        self._said = {one.name: one.metadata["said"] for one in own if "said" in one.metadata}
        # SQLite and JSON take plain text, and SQLite plain numbers, much faster than members and truth values.
        enums = {name: f"{name}._value_" for name, hint in self.hints.items() if _is_enum(hint)}
        numbers = enums | {name: f"{name}.real" for name, hint in self.hints.items() if hint is bool}
        self._get = attrgetter(*(enums.get(name, name) for name in self.names))
        self._get_row = attrgetter(*(numbers.get(name, name) for name in self.names))
        self._get_shown = attrgetter(*self.shown)
        self._names_set = frozenset(self.names)

    def list_said(self, by: EditKind) -> dict[str, Callable[[object], Any]]:
        """The fields that edits of a kind may name, and what reads each."""
        return {name: one.read for name, one in self._said.items() if one.by is by}

    def list_values(self, state: S) -> tuple[Any, ...]:
        """The values of a state in the order of ``names``, as they lie in a row."""
        values: tuple[Any, ...] = self._get_row(state)
        return values

    def write(self, state: S) -> Plain:
        """The state as the ledger keeps it."""
        return self.write_row(self._get(state))

    def write_row(self, values: Iterable[Any]) -> Plain:
        """The same of a row's columns in the order of ``names``, as they lie there."""
        plain = dict(zip(self.names, values, strict=True))
        for name in self.optional:
            if plain[name] is None:
                del plain[name]
        return plain

    def read(self, plain: Mapping[str, Any]) -> S:
        """The state that the ledger kept.

        Raises:
            ValueError: A field is missing, or this version of the studio knows it not.
        """
        if not self._names_set - self.optional <= plain.keys() <= self._names_set:
            raise ValueError(f"expected the fields of {self.kind.__name__}, got {', '.join(sorted(plain))}")
        return self._make(dict(plain), self.made)

    def read_row(self, values: Iterable[Any]) -> S:
        """The value of a row's columns in the order of ``names``."""
        return self._make(dict(zip(self.names, values, strict=True)), self._made_of_row)

    def _make(self, plain: Plain, made: Mapping[str, Callable[[Any], Any]]) -> S:
        for name, make in made.items():
            plain[name] = make(plain[name])
        return self.kind(**plain)

    def show(self, state: S) -> Plain:
        """What a browser is sent of it."""
        return dict(zip(self.shown, self._get_shown(state), strict=True))

    def take(self, state: S | None, by: EditKind, content: Mapping[str, Any]) -> Plain:
        """The fields that an edit of a kind says, or leaves as they are; a field nobody ever said has its default.

        Args:
            state: What stands, or None.
            content: What the edit names.

        Raises:
            InputError: A value is refused, or one that every such edit must say is missing.
        """
        taken = {}
        for name, read in self.list_said(by).items():
            if name in content or name not in self.defaults:
                taken[name] = read(content.get(name))
            else:
                taken[name] = self.defaults[name] if state is None else getattr(state, name)
        return taken


def _is_made(hint: object) -> bool:
    return hint is bool or _is_enum(hint)


def _is_enum(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)
