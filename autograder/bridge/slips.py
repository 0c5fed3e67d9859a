"""The untrusted end: statements that do nothing, though their author believes that they do; Python says no word."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from autograder.bridge.advice.scene import Function, code, own_statements
from autograder.notebook.cells import CellMap

MOST_SLIPS = 5
_METHODS = frozenset({"backward", "step", "zero_grad", "zero_", "detach_", "requires_grad_", "train", "eval", "clear"})
"""Methods that are called for what they do. Without parentheses none of them does it."""


def silent_slips(tree: ast.Module, source: str) -> tuple[str, ...]:
    """One sentence for each ``optimizer.step`` and each ``a == 1`` that stands alone within a function."""
    places = CellMap.of_source(source)
    try:
        return tuple(f"On {places.describe(line)}, {text}" for line, text in itertools.islice(_slips(tree), MOST_SLIPS))
    except (RecursionError, MemoryError):  # a program that nobody wrote by hand
        return ()


def _slips(tree: ast.Module) -> Iterator[tuple[int, str]]:
    # At the top level of a notebook's cell such a line shows a value.
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    statements = (statement for function in functions for statement in own_statements(function))
    for statement in statements:
        value = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(value, ast.Attribute) and value.attr in _METHODS and code(value):
            yield statement.lineno, f"`{code(value)}` is not called: write `{code(value)}()`."
        if isinstance(value, ast.Compare) and isinstance(value.left, ast.Name) and code(value):
            if len(value.ops) == 1 and isinstance(value.ops[0], ast.Eq):
                yield (
                    statement.lineno,
                    f"`{code(value)}` only compares: to give `{value.left.id}` a value, write one `=`.",
                )
