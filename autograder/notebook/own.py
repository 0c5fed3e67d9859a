"""What a release itself puts into the notebooks that it hands out: of no interest when they are graded.

Run in a worker, ``grader.check("1")`` would grade within the grading. Students copy these lines, edit them and put
others beside them, so they are told statement by statement. Standard library only: the worker imports it.
"""

from __future__ import annotations

import ast
import re

FIRST_CELL = """\
# Run this cell first: it makes the checks available, with Otter where it is installed.
# Graded are the functions that the text asks for, and whatever else of this notebook they need: constants, helpers,
# imports, in any cell. Experiments, training runs and plots beside them are not run then.
try:
    import otter

    grader = otter.Notebook()
except ImportError:
    import autograder as grader"""

_MODULES = frozenset({"autograder", "otter"})
_ASKED = frozenset({"check", "check_all", "export", "Notebook", "add_plugin_files", "to_pdf"})
_POINTS = frozenset({"public_points", "hidden_points"})
_OTHER = r"[\w.]+(?:\s+as\s+\w+)?"
_LINE = re.compile(
    rf"""\s*(?:import\s+(?:{_OTHER}\s*,\s*)*autograder(?:\s+as\s+\w+)?(?:\s*,\s*{_OTHER})*
        |from\s+autograder\.nbgrader\s+import\s+(?:(?:public|hidden)_points(?:\s*,\s*)?)+
        |from\s+autograder\s+import\s+check(?:\s+as\s+\w+)?
        |(?:\w+\s*=\s*)?autograder\.check\(\s*(?:"[\w. -]*"|'[\w. -]*'|[\d.]*)\s*\))\s*;?\s*""",
    re.VERBOSE,
)
_LONGEST_LINE = 200
_TOP_LEVEL_BLOCK = re.compile(r"(?:try|except|else|finally)\b[^:]*:\s*$")


def without_own(statements: list[ast.stmt]) -> list[ast.stmt]:
    """The top-level statements of a module without those of a release; what students put beside them stays."""
    kept = _all_without(statements, set(_MODULES))
    # The set-up cell may be missing, and then nothing says what `grader` is. It may be the student's own, too.
    return kept if any(_binds_grader(node) for node in kept) else _all_without(kept, {*_MODULES, "grader"})


def own_lines(source: str) -> frozenset[int]:
    """The numbers of the lines that are surely a release's own: at top level, or in the ``try`` of its first cell.

    Purely textual, so that the judge can do it.
    """
    found = set()
    block: int | None = None
    """The indentation within a top-level ``try``: 0 before its first line, None outside."""
    for number, line in enumerate(source.split("\n"), start=1):
        code = line.partition("#")[0]
        if not code.strip() or len(code) > _LONGEST_LINE:
            continue
        indent = len(code) - len(code.lstrip())
        if not indent:
            block = 0 if _TOP_LEVEL_BLOCK.match(code) else None
        elif block == 0:
            block = indent
        if indent in (0, block) and _LINE.fullmatch(code):
            found.add(number)
    return frozenset(found)


def _without(node: ast.stmt, names: set[str]) -> ast.stmt | None:
    if isinstance(node, ast.Import):
        kept = [alias for alias in node.names if alias.name.partition(".")[0] not in _MODULES]
        names |= {alias.asname or alias.name for alias in node.names if alias not in kept}
        return _import(node, kept)
    if isinstance(node, ast.ImportFrom):
        if (node.module or "").partition(".")[0] not in _MODULES or node.level:
            return node
        names |= {alias.asname or alias.name for alias in node.names}
        return None
    if isinstance(node, ast.Try):
        return _try(node, names)
    call = node.value if isinstance(node, ast.Expr | ast.Assign) else None
    return None if isinstance(call, ast.Call) and _is_asking(call.func, names) else node


def _import(node: ast.Import, kept: list[ast.alias]) -> ast.Import | None:
    if not kept:
        return None
    return ast.copy_location(ast.Import(kept), node) if len(kept) < len(node.names) else node


def _try(node: ast.Try, names: set[str]) -> ast.stmt | None:
    before = [node.body, node.orelse, node.finalbody, *(handler.body for handler in node.handlers)]
    after = [_all_without(part, names) for part in before]
    if after == before:
        return node
    if not any(_does_something(part) for part in after):
        return None
    body, node.orelse, node.finalbody, *handlers = after
    node.body = body or [_pass(node)]
    for handler, part in zip(node.handlers, handlers, strict=True):
        handler.body = part or [_pass(handler)]
    return node


def _all_without(statements: list[ast.stmt], names: set[str]) -> list[ast.stmt]:
    return [kept for node in statements if (kept := _without(node, names)) is not None]


def _binds_grader(node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == "grader"
    return any(
        (isinstance(part, ast.Name) and part.id == "grader" and isinstance(part.ctx, ast.Store))
        or (isinstance(part, ast.alias) and (part.asname or part.name) == "grader")
        for part in ast.walk(node)
    )


def _does_something(body: list[ast.stmt]) -> bool:
    return any(not isinstance(node, ast.Pass) for node in body)


def _pass(at: ast.AST) -> ast.stmt:
    return ast.copy_location(ast.Pass(), at)


def _is_asking(function: ast.expr, names: set[str]) -> bool:
    """Whether it is ``grader.check``, ``otter.Notebook``, ``public_points`` or the like."""
    if isinstance(function, ast.Attribute):
        value = function.value
        return isinstance(value, ast.Name) and value.id in names and function.attr in _ASKED
    return isinstance(function, ast.Name) and (
        function.id in _POINTS or (function.id in names and function.id in _ASKED)
    )
