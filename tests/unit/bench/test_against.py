"""Comparing two checkouts: turn by turn, by the other's own bench, with a ratio that says how much slower."""

from __future__ import annotations

from pathlib import Path

import pytest

from imigue_core.bench.against import Comparison, compare_checkouts, compare_turns, run_bench_of
from imigue_core.bench.figures import Figure
from imigue_core.errors import InputError

OLD_COMMAND = """
import json, sys
assert sys.argv[1:] == ["bench", "echo", "--json"], sys.argv
print("words that are no figure")
print(json.dumps({"bench": "echo", "name": "median", "value": 15.5, "unit": "ms", "target": 25, "at_least": False,
                  "peer": "an older field", "met": True}))
sys.exit(1)
"""


def make_checkout(folder: Path, command: str) -> Path:
    """A checkout whose whole code is what ``python -m imigue_core`` runs."""
    (folder / "imigue_core" / "bench").mkdir(parents=True)
    (folder / "imigue_core" / "__init__.py").touch()
    (folder / "imigue_core" / "__main__.py").write_text(command)
    return folder


def compare(here: list[float], there: list[float], unit: str, at_least: bool = False) -> Comparison:
    turns = [
        [{("a", "b"): Figure("a", "b", value, unit, at_least=at_least)} for value in side] for side in (here, there)
    ]
    (one,) = compare_turns(*turns)
    assert isinstance(one, Comparison)
    return one


def test_a_time_that_doubled_and_a_rate_that_halved_are_twice_as_slow() -> None:
    assert compare([20.0, 22.0], [10.0, 11.0], "ms").ratio == pytest.approx(2)
    assert compare([5.0, 5.5], [10.0, 11.0], "frames/CPU-s").ratio == pytest.approx(2)
    assert compare([0.4], [0.8], "", at_least=True).ratio == pytest.approx(2)


def test_every_turn_is_kept_and_the_middle_counts() -> None:
    one = compare([1.0, 9.0, 2.0], [4.0, 4.0, 4.0], "s")
    assert (one.value, one.other_value, one.rounds) == (2.0, 4.0, ((1.0, 9.0, 2.0), (4.0, 4.0, 4.0)))
    assert "ratio 0.500" in str(one)


def test_what_one_side_alone_measures_is_named() -> None:
    ours = {("echo", "new"): Figure("echo", "new", 1.0, "s")}
    theirs = {("echo", "old"): Figure("echo", "old", 1.0, "s")}
    assert list(compare_turns([ours], [theirs])) == ["echo new: only here", "echo old: only there"]


def test_an_older_bench_is_asked_by_its_own_command_line(tmp_path: Path) -> None:
    (figure,) = run_bench_of(make_checkout(tmp_path, OLD_COMMAND), "echo")
    assert (figure.bench, figure.name, figure.value, figure.unit) == ("echo", "median", 15.5, "ms")


def test_a_bench_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path, "raise SystemExit('BENCH_UNKNOWN: no such figure')")
    with pytest.raises(InputError, match="BENCH_UNKNOWN: no such figure"):
        run_bench_of(checkout, "echo")


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="BENCH_OTHER"):
        next(iter(compare_checkouts(tmp_path, ["echo"])))
