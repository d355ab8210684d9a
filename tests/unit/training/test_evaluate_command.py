"""``evaluate`` on the command line refuses what cannot be measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from imigue_core.cli import main


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["scanner", "--model", "nobody"], "MODEL_UNKNOWN"),
        (["scanner", "--model", "../../etc"], "MODEL_UNKNOWN"),
        (["scanner", "--interviews", "0"], "EVALUATE_INTERVIEWS"),
        (["emotion", "--interviews", "1"], "EVALUATE_INTERVIEWS"),
        (["emotion", "--model", "nobody"], "MODEL_UNKNOWN"),
        (["scanner", "--controls", "--control-minutes", "0"], "EVALUATE_MINUTES"),
    ],
)
def test_refusals(arguments: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", *arguments, "--data", str(tmp_path)]) == 1
    assert code in capsys.readouterr().err


def test_a_damaged_card_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "card.json").write_text("{}")
    assert main(["evaluate", "scanner", "--model", str(tmp_path), "--data", str(tmp_path)]) == 1
    assert "MODEL_CARD" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["scanner", "emotion"])
def test_each_has_its_help(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["evaluate", what, "--help"])
    assert "--interviews" in capsys.readouterr().out
