"""What an evaluated number says of itself."""

from __future__ import annotations

import json

from imigue_core.training.measures import Measure


def test_a_target_is_kept_on_the_right_side() -> None:
    assert Measure("scanner", "F1", 0.5, target=0.5).met is True
    assert Measure("scanner", "F1", 0.49, target=0.5).met is False
    assert Measure("scanner", "false a minute", 2.0, target=1.0, at_least=False).met is False
    assert Measure("scanner", "F1", 0.5).met is None


def test_json_has_no_nan() -> None:
    measure = Measure(
        "scanner", "F1", float("nan"), interval=(0.1, float("nan")), beside={"constant guess": float("inf")}
    )
    values = json.loads(json.dumps(measure.to_dict(), allow_nan=False))
    assert values["value"] is None
    assert values["interval"] == [0.1, None]
    assert values["beside"] == {"constant guess": None}


def test_the_line_shows_everything_that_is_there() -> None:
    line = str(Measure("scanner", "F1", 0.61, "", (0.5, 0.7), 0.5, True, {"constant guess": 0.1}, "twenty interviews"))
    for part in ("F1", "0.610", "[0.500, 0.700]", "target >= 0.5: met", "constant guess: 0.100", "twenty interviews"):
        assert part in line
