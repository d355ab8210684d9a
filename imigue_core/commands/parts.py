"""What every command shares: the common options, opening a project, reading small arguments."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from db.engine import Database, open_database
from imigue_core.errors import InputError
from imigue_core.formats.field_rules import parse_rate
from imigue_core.settings import load_settings

Subparsers = Any
"""What ``add_subparsers()`` returns; argparse keeps the type private."""
Run = Callable[[argparse.Namespace], int]


def add_command(subparsers: Subparsers, name: str, text: str, run: Run, *, has_json: bool = True) -> Any:
    """A parser with ``--data`` and ``--json``; its namespace carries ``run``."""
    parser = subparsers.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.add_argument("--data", metavar="DIR", help="project folder (default: IMIGUE_DATA, else ./data)")
    if has_json:
        parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)
    return parser


@contextmanager
def open_project(args: argparse.Namespace, *, create: bool = False) -> Iterator[Database]:
    """The project a command works on; ``STORAGE_MISSING`` when there is none and it is not to be made."""
    db = open_database(load_settings(args.data), create=create)
    try:
        yield db
    finally:
        db.close()


def parse_fps(text: str) -> Fraction:
    """``25`` or ``359/12``."""
    rate = parse_rate(text)
    if rate is None:
        raise InputError("VIDEO_FPS_INVALID", "expected a frame rate such as 25 or 359/12, got nothing.")
    return rate


def parse_size(text: str) -> tuple[int, int]:
    """``WIDTHxHEIGHT`` in pixels."""
    match = re.fullmatch(r"([0-9]{1,5})[xX]([0-9]{1,5})", text)
    if match is None:
        raise InputError("POSE_SIZE", f"expected a size such as 1280x720, got {text[:40]!r}.")
    return int(match[1]), int(match[2])


def parse_box(text: str) -> tuple[float, float, float, float]:
    """``x,y,width,height`` in source pixels."""
    try:
        x, y, width, height = (float(side) for side in text.split(","))
    except ValueError:
        raise InputError("PERSON_BOX", f"expected x,y,width,height in source pixels, got {text[:80]!r}.") from None
    return x, y, width, height
