"""``bench --against CHECKOUT``: the same figures by this checkout and by another one, in turn, and their ratio.

Each side runs its own ``python -m imigue_core bench NAME --json`` in its own folder, so that any checkout
will do whose bench knows the name. Nothing is compared here but the numbers they print.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from imigue_core.bench.figures import Figure
from imigue_core.errors import InputError
from tests.harness.places import ROOT

N_ROUNDS = 2
"""Turns of each side: here, there, here, there."""
_FIELDS = ("bench", "name", "value", "unit", "at_least")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of both sides; a value is the median over the turns.

    Attributes:
        value: Here.
        other_value: There.
        ratio: How many times slower, or worse, it is here; below 1 this checkout is the better one.
        rounds: Values of each turn, here and there.
    """

    bench: str
    name: str
    unit: str
    value: float
    other_value: float
    ratio: float
    rounds: tuple[tuple[float, ...], tuple[float, ...]]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        turns = " | ".join(", ".join(f"{value:.4g}" for value in side) for side in self.rounds)
        return (
            f"{self.bench:9} {self.name:62} here {self.value:.4g}, there {self.other_value:.4g} {self.unit}  "
            f"ratio {self.ratio:.3f}  ({turns})"
        )


def compare_checkouts(other: Path, names: Sequence[str], n_rounds: int = N_ROUNDS) -> Iterator[Comparison | str]:
    """Runs each name on both sides in turn; yields a sentence for what only one side measures.

    Raises:
        InputError: ``BENCH_OTHER``, no checkout lies there or its bench fails.
    """
    other = other.resolve()
    if not (other / "imigue_core" / "bench").is_dir():
        hint = "Name a checkout with its own .venv, or one that runs on the packages installed here."
        message = "expected a checkout of this project with a bench."
        raise InputError("BENCH_OTHER", message, hint=hint, where=str(other))
    for name in names:
        turns: tuple[list[dict[Key, Figure]], list[dict[Key, Figure]]] = ([], [])
        for _ in range(n_rounds):
            for side, checkout in zip(turns, (ROOT, other), strict=True):
                side.append({(figure.bench, figure.name): figure for figure in run_bench_of(checkout, name)})
        yield from compare_turns(*turns)


def compare_turns(ours: Sequence[dict[Key, Figure]], theirs: Sequence[dict[Key, Figure]]) -> Iterator[Comparison | str]:
    """Puts the turns of both sides beside each other, in the order in which this checkout tells them."""
    for key, figure in ours[0].items():
        if key not in theirs[0]:
            yield f"{' '.join(key)}: only here"
            continue
        here, there = ([turn[key].value for turn in side] for side in (ours, theirs))
        value, other_value = median(here), median(there)
        ratio = other_value / value if figure.is_more_better else value / other_value
        rounds = (tuple(here), tuple(there))
        yield Comparison(figure.bench, figure.name, figure.unit, value, other_value, ratio, rounds)
    for key in theirs[0]:
        if key not in ours[0]:
            yield f"{' '.join(key)}: only there"


def run_bench_of(checkout: Path, name: str) -> list[Figure]:
    """Figures of one bench of a checkout, by its own Python where it has one, else by ours with its code.

    Raises:
        InputError: ``BENCH_OTHER``, it printed none; its last words are in the message.
    """
    own = checkout / ".venv" / "bin" / "python"
    python = str(own) if own.exists() else sys.executable
    done = subprocess.run(
        [python, "-m", "imigue_core", "bench", name, "--json"],
        cwd=checkout, env={**os.environ, "PYTHONPATH": str(checkout)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines or done.returncode not in (0, 1):
        words = done.stderr.strip().splitlines()[-1:] or ["no word"]
        hint = "Run that bench alone, in that folder, to see all it says."
        raise InputError("BENCH_OTHER", f"bench {name} failed: {words[0]}", hint=hint, where=str(checkout))
    return [Figure(**{field: line[field] for field in _FIELDS}) for line in lines]
