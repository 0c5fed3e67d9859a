"""What the cells of the student's notebook define at this moment, for the checks that run in its kernel."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any

from autograder.bridge.code import SubmissionCode
from autograder.bridge.live import LiveCode
from autograder.bridge.load import top_level
from autograder.hygiene import Places


def live_code(env: Mapping[str, Any], slug: str) -> tuple[SubmissionCode, LiveCode]:
    """The notebook's functions and classes among its names, and how lines of its cells are called."""
    cells: dict[str, ast.Module | None] = {}
    definitions: list[ast.stmt] = []
    for name, value in env.items():
        code = _code(value, env.get("__name__"))
        if code is None:
            continue
        if code.co_filename not in cells:
            cells[code.co_filename] = _parsed("".join(linecache.getlines(code.co_filename)))
        tree = cells[code.co_filename]
        definitions += [node for node in top_level(tree) if node.name == name] if tree else []
    module = ModuleType(slug)
    vars(module).update({name: value for name, value in env.items() if not name.startswith("__")})
    live = LiveCode(module, ast.Module(definitions, []), frozenset(cells))
    locate = "line {} of its cell".format
    places = Places(locate, lambda line: line, lambda file, line: linecache.getline(file, line).strip()[:80])
    return SubmissionCode("", f"{slug}.ipynb", slug, locate=locate, places=places), live


def _code(value: object, module: object) -> CodeType | None:
    """The code of a function of the notebook, or of a class's first method."""
    if getattr(value, "__module__", None) != module:
        return None
    if isinstance(value, type):
        methods = (one for one in vars(value).values() if isinstance(one, FunctionType))
        return next((one.__code__ for one in methods if one.__module__ == module), None)
    while hasattr(value, "__wrapped__"):
        value = value.__wrapped__
    return value.__code__ if isinstance(value, FunctionType) else None


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None  # a cell with a magic in it: its functions run all the same
