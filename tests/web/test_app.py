"""app.py stays a list of parts."""

from __future__ import annotations

import ast

from tests.harness.places import ROOT


def test_app_holds_no_code_of_its_own() -> None:
    text = (ROOT / "app.py").read_text("utf-8")
    assert len(text.splitlines()) <= 60
    for node in ast.walk(ast.parse(text)):
        assert not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.For)
