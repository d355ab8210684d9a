"""The tables of docs/ that the code decides: error codes with their sentences, and settings with their defaults.

``python -m tests.harness.doc_tables`` writes them anew between their marks. What to do about an error is
written by hand, in the table itself, and stays; a code without advice is a failing test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from imigue_core.limits import LIMITS
from imigue_core.settings import VARIABLES
from imigue_core.studio.people.project_settings import PROJECT_SETTINGS
from tests.harness.places import ROOT

ERRORS, SETTINGS = ROOT / "docs" / "errors.md", ROOT / "docs" / "settings.md"
HOUSE = ("imigue_core", "db", "pages")
_CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|INTERNAL|CONFLICT")
_NO_CODE = re.compile(r"IMIGUE_\w+|O_\w+")
_HAS_CODE = re.compile("Error|BadRow|Refusal|refuse|warn|storage_errors|fail_job|show_error|read_whole")
"""In the names of what is called with a code and a sentence."""


@dataclass(frozen=True, slots=True)
class Said:
    """One place where a code is used; ``sentence`` and ``hint`` are empty where they are not written beside it."""

    code: str
    sentence: str
    hint: str


@dataclass(frozen=True, slots=True)
class _Named:
    """A text that was given a name in a line."""

    name: str
    line: int
    text: str


def iter_said(path: Path) -> Iterator[Said]:
    """Every use of a code in a file, in order."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    words: dict[int, list[_Named]] = {}
    for function in functions:
        words |= dict.fromkeys(map(id, ast.walk(function)), _read_assigned(function))
    for node in ast.walk(tree):
        named = words.get(id(node), [])
        if isinstance(node, ast.Call):
            hints = [_read_text(one.value, named) for one in node.keywords if one.arg == "hint"]
            parts = [*node.args, *(one.value for one in node.keywords if one.arg in ("code", "error_code"))]
            parts += [one.value for one in node.keywords if one.arg == "error_text"]
            is_error = _HAS_CODE.search(_read_name(node.func)) or any(k.arg == "error_code" for k in node.keywords)
            yield from _read_parts(parts if is_error else [], hints[0] if hints else "", named)
        elif isinstance(node, ast.IfExp):
            yield from _read_parts([node.body, node.orelse], "", named)
        elif isinstance(node, ast.Tuple):
            yield from _read_parts(node.elts, "", named)
        elif isinstance(node, ast.arguments):
            yield from _read_parts([one for one in (*node.defaults, *node.kw_defaults) if one is not None], "", named)


def _read_parts(parts: list[ast.expr], hint: str, named: list[_Named]) -> Iterator[Said]:
    for place, part in enumerate(parts):
        code = part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""
        if _CODE.fullmatch(code) and not _NO_CODE.fullmatch(code):
            following = parts[place + 1] if place + 1 < len(parts) else None
            sentence = "" if following is None else _read_text(following, named)
            yield Said(code, "" if _CODE.fullmatch(sentence) else sentence, hint)


def _read_assigned(function: ast.AST) -> list[_Named]:
    """Texts that a function gives a name before it uses them, in order."""
    assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
    return [
        _Named(node.targets[0].id, node.lineno, _read_text(node.value, []))
        for node in sorted(assigned, key=lambda node: node.lineno)
        if isinstance(node.targets[0], ast.Name)
    ]


def _read_text(node: ast.expr, named: list[_Named]) -> str:
    """A text as it stands in the code, with … for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_read_text(part, named) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.Name):
        before = [one.text for one in named if one.name == node.id and one.line < node.lineno]
        return before[-1] if before else ""
    return ""


def _read_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def list_errors() -> dict[str, Said]:
    """Every code of the house, by name, with its fullest sentence and hint."""
    found: dict[str, Said] = {}
    for base in HOUSE:
        for path in sorted((ROOT / base).rglob("*.py")):
            for said in iter_said(path):
                known = found.get(said.code, said)
                best = max((known, said), key=lambda one: (bool(one.sentence), bool(one.hint)))
                found[said.code] = Said(said.code, best.sentence, best.hint)
    return dict(sorted(found.items()))


def list_advice() -> dict[str, tuple[str, str]]:
    """What docs/errors.md has by code: the sentence and what to do."""
    rows = re.findall(r"^\| `([A-Z_0-9]+)` \| (.*?) \| (.*?) \|$", ERRORS.read_text("utf-8"), re.MULTILINE)
    return {code: (sentence, advice) for code, sentence, advice in rows}


def make_error_table() -> str:
    """The table of docs/errors.md; advice that stands there is kept, else the code's own hint is the advice."""
    advice = list_advice() if ERRORS.exists() else {}
    lines = ["| code | what it says, for one | what to do |", "|---|---|---|"]
    for code, said in list_errors().items():
        written, todo = advice.get(code, ("", ""))
        sentence = said.sentence or written
        lines.append(f"| `{code}` | {_to_cell(sentence)} | {todo or _to_cell(said.hint)} |")
    return "\n".join(lines)


def make_variable_table() -> str:
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{one.name}` | {one.default} | {one.meaning} |" for one in VARIABLES)])


def make_setting_table() -> str:
    lines = ["| setting | default | values | meaning | changed on |", "|---|---|---|---|---|"]
    for one in PROJECT_SETTINGS:
        default = {True: "on", False: "off"}[one.default] if isinstance(one.default, bool) else one.default
        lines.append(f"| `{one.name}` | {default} | {one.values} | {one.meaning} | {one.page} |")
    return "\n".join(lines)


def make_limit_table() -> str:
    lines = ["| at most | of what | why |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {one.most:,} | {one.what} | {one.reason} |" for one in LIMITS)])


def _to_cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "/").strip()


TABLES = {
    (ERRORS, "errors"): make_error_table,
    (SETTINGS, "variables"): make_variable_table,
    (SETTINGS, "project settings"): make_setting_table,
    (SETTINGS, "limits"): make_limit_table,
}
"""Maker of each table, by page and mark."""


def renew(path: Path, mark: str, table: str) -> str:
    """The page with this table between ``<!-- mark -->`` and ``<!-- end of mark -->``."""
    begin, end = f"<!-- {mark} -->\n", f"\n<!-- end of {mark} -->"
    page = path.read_text("utf-8")
    assert begin in page, f"{path.name} has no mark {begin!r}"
    assert end in page, f"{path.name} has no mark {end!r}"
    return page[: page.index(begin) + len(begin)] + table + page[page.index(end) :]


def main() -> None:
    for (path, mark), make in TABLES.items():
        path.write_text(renew(path, mark, make()), "utf-8")


if __name__ == "__main__":
    main()
