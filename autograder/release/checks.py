"""What a test file says of its checks, read from its text: nothing is run or imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AssignmentError


@dataclass(frozen=True)
class CheckSource:
    """One test function with its marker."""

    name: str
    title: str
    task: str
    points: float
    category: str


def read_checks(path: Path) -> list[CheckSource]:
    """The checks of a test file, in its order; an AssignmentError for a marker that cannot be read."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    except SyntaxError as error:
        raise AssignmentError(f"{path} has a syntax error on line {error.lineno}: {error.msg}") from None
    return list(_checks(tree, path))


def _checks(tree: ast.Module, path: Path) -> Iterator[CheckSource]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.task":
                    yield _check(node, decorator, path)


def _check(function: ast.FunctionDef, marker: ast.Call, path: Path) -> CheckSource:
    try:
        task, *_ = (ast.literal_eval(argument) for argument in marker.args)
        values = {keyword.arg: ast.literal_eval(keyword.value) for keyword in marker.keywords}
        points, category = float(values["points"]), str(values["category"])
    except (ValueError, KeyError, TypeError):
        raise AssignmentError(
            f"{path}, line {marker.lineno}: the marker of {function.name} must be written with plain values: "
            '@pytest.mark.task("1", points=2, category="correctness").'
        ) from None
    documentation = (ast.get_docstring(function) or "").strip().splitlines()
    title = documentation[0] if documentation else function.name.removeprefix("test_").replace("_", " ").capitalize()
    return CheckSource(function.name, title, str(task), points, category)
