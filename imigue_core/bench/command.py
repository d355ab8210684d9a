"""``bench`` on the command line: runs the named figures, all of them when none is named."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterator
from typing import Any, Protocol

from imigue_core.bench.figures import Figure

NAMES = (
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
)


class _Bench(Protocol):
    def measure(self) -> Iterator[Figure]:
        """Yields figures as they are measured."""


def register(subparsers: Any) -> None:
    """Adds ``bench``; its parsed namespace carries ``run``."""
    parser = subparsers.add_parser(
        "bench", help="measure this machine and this studio", description="Measure; needs requirements-dev.txt."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(NAMES)}; all when left out")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(run=run_bench)


def run_bench(args: argparse.Namespace) -> int:
    """Prints each figure as soon as it is there; exit code 1 when a target is missed."""
    unknown = [name for name in args.names if name not in NAMES]
    if unknown:
        print(f"BENCH_UNKNOWN: expected any of {', '.join(NAMES)}, got {', '.join(unknown)}.", file=sys.stderr)
        return 2
    missed = 0
    for name in args.names or NAMES:
        bench: _Bench = importlib.import_module(f"imigue_core.bench.{name}")  # type: ignore[assignment]
        for figure in bench.measure():
            print(json.dumps(figure.to_dict()) if args.json else figure, flush=True)
            missed += figure.met is False
    return 1 if missed else 0
