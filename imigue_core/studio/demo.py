"""The demo project: closed to videos of one's own, so that nobody's work begins in it by accident."""

from __future__ import annotations

from db.engine import Connection, Database
from db.people import get_setting, set_setting
from imigue_core.errors import DeniedError

_SETTING = "demo"


def is_demo(db: Database) -> bool:
    """Whether this project is the finished demo."""
    with db.read() as conn:
        return get_setting(conn, _SETTING) == "1"


def close_demo(db: Database) -> None:
    """Marks the project as the demo; from now on nothing can be added to it."""
    with db.write() as conn:
        set_setting(conn, _SETTING, "1")


def refuse_demo(conn: Connection) -> None:
    """Stands before everything that would add to a project.

    Raises:
        DeniedError: ``DEMO_CLOSED``.
    """
    if get_setting(conn, _SETTING) == "1":
        raise DeniedError(
            "DEMO_CLOSED",
            "the demo project takes no videos or labels of your own.",
            hint="Start your own project: make run DATA=folder.",
        )
