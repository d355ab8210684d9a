"""``bench`` on the command line: runs the named figures, all of them when none is named."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from imigue_core.bench.figures import Figure
from imigue_core.errors import InputError

NAMES = (
    "machine",
    "echo",
    "hands",
    "seek",
    "poses",
    "proxy",
    "cold",
    "open",
    "exchange",
    "crowd",
    "performers",
    "scan",
    "live",
    "mask",
    "timeline",
    "similar",
    "reading",
)


class _Bench(Protocol):
    def measure(self) -> Iterator[Figure]:
        """Yields figures as they are measured."""


def register(subparsers: Any) -> None:
    """Adds ``bench``; its parsed namespace carries ``run``."""
    parser = subparsers.add_parser(
        "bench", help="measure this machine and this studio",
        description="Measure. Runs from a checkout only and needs requirements-dev.txt; a figure is measured alone.",
    )  # fmt: skip
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(NAMES)}; all when left out")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--against", type=Path, metavar="CHECKOUT",
        help="another checkout of this project, of any age: measure both in turn and print the ratio",
    )  # fmt: skip
    parser.add_argument("--turns", type=int, default=2, metavar="N", help="turns of each side with --against (2)")
    parser.set_defaults(run=run_bench)


def run_bench(args: argparse.Namespace) -> int:
    """Prints each figure as soon as it is there; exit code 1 when a target is missed.

    Raises:
        InputError: ``BENCH_NEEDS`` outside a checkout, ``BENCH_OTHER`` for a checkout that cannot be measured.
    """
    unknown = [name for name in args.names if name not in NAMES]
    if unknown:
        print(f"BENCH_UNKNOWN: expected any of {', '.join(NAMES)}, got {', '.join(unknown)}.", file=sys.stderr)
        return 2
    names = args.names or NAMES
    try:
        return _compare(args, names) if args.against else _measure(args, names)
    except ModuleNotFoundError as missing:
        hint = "Run it in the folder of a checkout, after make setup-dev."
        raise InputError("BENCH_NEEDS", f"expected the module {missing.name}, found none.", hint=hint) from None


def _measure(args: argparse.Namespace, names: tuple[str, ...]) -> int:
    missed = 0
    for name in names:
        bench: _Bench = importlib.import_module(f"imigue_core.bench.{name}")  # type: ignore[assignment]
        for figure in bench.measure():
            print(json.dumps(figure.to_dict()) if args.json else figure, flush=True)
            missed += figure.met is False
    return 1 if missed else 0


def _compare(args: argparse.Namespace, names: tuple[str, ...]) -> int:
    from imigue_core.bench.against import Comparison, compare_checkouts

    for one in compare_checkouts(args.against, names, max(1, args.turns)):
        if isinstance(one, Comparison):
            print(json.dumps(one.to_dict()) if args.json else one, flush=True)
        else:
            print(one, file=sys.stderr)
    return 0
