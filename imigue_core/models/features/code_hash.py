"""A hash over code that makes numbers: what a model's card must agree with, so that no number changes unnoticed."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
from collections.abc import Iterator, Sequence
from types import ModuleType


def list_numbers(source: str) -> list[str]:
    """Every number in a module, in the order of its syntax tree; negative ones with their sign."""
    return list(_iter_numbers(ast.parse(source)))


def _iter_numbers(node: ast.AST, sign: str = "") -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield f"{sign}{node.value!r}"
    is_minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    for child in ast.iter_child_nodes(node):
        yield from _iter_numbers(child, "-" if is_minus else "")


def compute_code_hash(revision: int, modules: Sequence[ModuleType], *facts: object) -> str:
    """sha256, in hexadecimal, of a revision, the numbers in some modules' source, and facts that JSON can hold."""
    numbers = {module.__name__.rsplit(".", 1)[-1]: list_numbers(inspect.getsource(module)) for module in modules}
    return hashlib.sha256(json.dumps([revision, numbers, facts], sort_keys=True).encode()).hexdigest()
