"""The one family of errors. Every refusal is a sentence with a stable code.

What lives here: the exception classes and how they print. What does not: the
codes' meaning for a single format or route, which stands where they are raised.
"""

from __future__ import annotations

from dataclasses import dataclass


class StudioError(Exception):
    """A refusal a user can act on.

    Args:
        code: Stable, upper-case name such as ``SPAN_OUT_OF_RANGE``.
        message: One sentence, "expected ..., got ...".
        hint: What to do about it, one sentence or empty.
        where: File, line or place the message is about, or empty.
    """

    def __init__(self, code: str, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.code}: {place}{self.message}{hint}"

    def to_dict(self) -> dict[str, str]:
        """The error as plain data for JSON answers."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "where": self.where}


class InputError(StudioError):
    """A file, a field or an edit that cannot be accepted as it is."""


class ConflictError(StudioError):
    """The thing changed since the caller last saw it."""


class NotAvailableError(StudioError):
    """Absent, hidden or not the caller's: the same words for all three."""

    def __init__(self, message: str = "this item is not available", **kwargs: str) -> None:
        super().__init__("NOT_AVAILABLE", message, **kwargs)


class DeniedError(StudioError):
    """The caller is known but may not do this."""


class StorageError(StudioError):
    """The disk or the database refused: full, busy, read-only or damaged."""


class WorkerError(StudioError):
    """A long task failed or was stopped."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """One refused row of a file.

    Attributes:
        line: 1-based line in the file, the header being line 1.
        code: Stable code, as in ``StudioError.code``.
        message: What was expected and what was found.
        place: Where it is in a file that has no lines to speak of, such as ``labels[3]``.
    """

    line: int
    code: str
    message: str
    place: str = ""


class BadRowsError(InputError):
    """A file refused as a whole, with every bad row named.

    ``rows`` holds them all; the printed text stops after the first hundred.
    """

    SHOWN = 100

    def __init__(self, where: str, rows: list[BadRow]) -> None:
        shown = "\n".join(f"  {r.place or f'line {r.line}'}: {r.code}: {r.message}" for r in rows[: self.SHOWN])
        more = f"\n  and {len(rows) - self.SHOWN} more" if len(rows) > self.SHOWN else ""
        noun = "row" if len(rows) == 1 else "rows"
        code = rows[0].code if len({r.code for r in rows}) == 1 else "IMPORT_REFUSED"
        super().__init__(code, f"{len(rows)} bad {noun}, nothing was imported:\n{shown}{more}", where=where)
        self.rows = rows
