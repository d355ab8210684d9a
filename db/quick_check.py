"""The quick look at a database before it is worked on: is the schema ours, is the structure whole, is anything missing.

It takes a twentieth of a second for a project of iMiGUE's size and never more than two. It cannot see a changed
bit in a value; check.py can, and takes its time.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from db.check import Finding, list_missing_objects
from db.damage import DAMAGE_CODES
from db.engine import Database
from db.head import compare_head, load_head
from imigue_core.errors import StorageError

LONGEST_S = 2.0
_STEPS = 5000
"""Of SQLite's machine, between looks at the clock."""


def check_quickly(db: Database) -> Finding | None:
    """The first thing that is wrong, None when nothing is seen to be.

    Asks a connection of its own, so that no page comes out of another one's memory. What takes longer than
    ``LONGEST_S`` is left to the whole check.
    """
    head = load_head(db.settings.data)
    try:
        with db.read(afresh=True) as conn:
            missing = next(iter(list_missing_objects(conn)), None)
            if missing is not None:
                return Finding("I4", missing)
            behind = compare_head(conn, head)
            if behind is not None:
                return Finding("I8", behind)
            raw = conn.connection.driver_connection
            assert raw is not None
            raw.set_progress_handler(_make_clock(LONGEST_S), _STEPS)
            answers = conn.exec_driver_sql("PRAGMA quick_check(1)").scalars().all()
    except StorageError as error:
        return Finding("I4", error.message) if error.code in DAMAGE_CODES else None
    except Exception as error:  # damaged pages raise whatever their bytes happen to mean
        cause = str(getattr(error, "orig", None) or error)
        return None if "interrupt" in cause else Finding("I4", f"the file cannot be read: {cause}")
    return None if answers == ["ok"] else Finding("I4", str(answers[0]))


def _make_clock(seconds: float) -> Callable[[], int]:
    until = time.monotonic() + seconds
    return lambda: int(time.monotonic() > until)
