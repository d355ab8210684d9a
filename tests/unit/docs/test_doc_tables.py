"""docs/errors.md and docs/settings.md say what the code does, and an error's advice is never left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from imigue_core.settings import VARIABLES
from tests.harness.doc_tables import HOUSE, TABLES, list_advice, list_errors, renew
from tests.harness.places import ROOT

HOW = "run: python -m tests.harness.doc_tables"


@pytest.mark.parametrize(("path", "mark"), list(TABLES), ids=[mark for _, mark in TABLES])
def test_a_table_that_the_code_decides_is_as_the_code_has_it(path: Path, mark: str) -> None:
    assert path.read_text("utf-8") == renew(path, mark, TABLES[path, mark]()), HOW


def test_every_error_code_has_a_sentence_and_says_what_to_do() -> None:
    written = list_advice()
    assert set(written) == set(list_errors())
    assert [code for code, (sentence, advice) in written.items() if not sentence or not advice] == []


def test_the_codes_that_are_raised_are_found_where_they_stand() -> None:
    found = list_errors()
    for code in ("SPAN_REVERSED", "STORAGE_FULL", "HOST_DENIED", "WORKER_CRASHED", "POSE_CONFIDENCE", "LABEL_ID_TAKEN"):
        assert code in found
    assert not any(code.startswith(("IMIGUE_", "O_")) for code in found)


def test_the_environment_is_read_in_one_place_and_no_variable_is_unknown() -> None:
    names = {one.name for one in VARIABLES}
    for base in HOUSE:
        for path in sorted((ROOT / base).rglob("*.py")):
            text = path.read_text("utf-8")
            assert path.name == "settings.py" or not re.search(r"os\.(environ|getenv).{0,8}IMIGUE_", text), path
            assert set(re.findall(r"\bIMIGUE_(?!IDS)[A-Z_]+\b", text)) <= names, path
