"""What a release itself puts into the notebooks that it hands out: of no interest when they are graded.

Run in a worker, ``grader.check("1")`` would grade within the grading. Students copy these lines, edit them and put
others beside them, so they are told statement by statement. Standard library only: the worker imports it.
"""

from __future__ import annotations

import ast
import copy
import re
import unicodedata

from autograder.notebook.syntax import walk

FIRST_CELL = """\
# Run this cell before the checks: it makes them available, with Otter where it is installed.
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
    rf"""\s*(?:import\s+(?:{_OTHER}\s*,\s*)*autograder(?:\s+as\s+(?P<alias>\w+))?(?:\s*,\s*{_OTHER})*
        |from\s+autograder\.nbgrader\s+import\s+(?:(?:public|hidden)_points(?:\s*,\s*)?)+
        |(?:\w+\s*=\s*)?(?P<asks>autograder)\.check\(\s*(?:"[\w. -]*"|'[\w. -]*'|[\d.]*)\s*\))\s*;?\s*""",
    re.VERBOSE,
)
_LONGEST_LINE = 200
_TOP_LEVEL_BLOCK = re.compile(r"(?:try|except|else|finally)\b[^:]*:\s*$")
_ASKING = r"\s*\.\s*(?:check|check_all|export)\s*\(|\s*=\s*otter\s*\.\s*Notebook\s*\("


def without_own(statements: list[ast.stmt]) -> list[ast.stmt]:
    """The top-level statements of a module without those of a release; what students put beside them stays.

    So do imports whose name something else reads.
    """
    kept = _all_without(statements, set(_MODULES), frozenset())
    # The set-up cell may be missing, and then nothing says what `grader` is. It may be the student's own, too.
    asked = set(_MODULES) if any(_binds_grader(node) for node in kept) else {*_MODULES, "grader"}
    kept = _all_without(statements, set(asked), frozenset())
    if kept == statements:
        return kept
    read = {part.id for node in kept for part in walk(node) if isinstance(part, ast.Name)}
    return _all_without(statements, asked, frozenset(read))


def own_lines(source: str) -> frozenset[int]:
    """The numbers of the lines that are surely a release's own: at top level, or in the ``try`` of its first cell.

    Purely textual, so that the judge can do it.
    """
    found: dict[int, str] = {}
    """Line number to the name that the line imports the grader as."""
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
        own = _LINE.fullmatch(code) if indent in (0, block) else None
        if own:
            is_import = code.lstrip().startswith("import")
            found[number] = own["alias"] or own["asks"] or ("autograder" if is_import else "")
    # Python takes identifiers that look alike for the same.
    text = unicodedata.normalize("NFKC", "\n".join(line.partition("#")[0] for line in source.split("\n")))
    used = {name for name in set(found.values()) if name and _is_used(name, text)}
    return frozenset(number for number, name in found.items() if name not in used)


def _is_used(name: str, text: str) -> bool:
    """Whether the name stands anywhere but in imports and questions for checks."""
    other = re.sub(rf"\b{name}\b(?:{_ASKING})", "", text)
    other = re.sub(rf"\bas\s+{name}\b|\bimport\s+(?:{_OTHER}\s*,\s*)*{name}\b|\bautograder\.nbgrader\b", "", other)
    if name != "autograder":
        return re.search(rf"\b{name}\b", other) is not None
    return re.search(r"\bautograder\b(?!\s+as\b)", other) is not None


def _without(node: ast.stmt, names: set[str], read: frozenset[str]) -> ast.stmt | None:
    if isinstance(node, ast.Import):
        kept = []
        for alias in node.names:
            bound = alias.asname or alias.name
            if alias.name in _MODULES and bound not in read:
                names.add(bound)
            else:
                kept.append(alias)
        if not kept:
            return None
        return ast.copy_location(ast.Import(kept), node) if len(kept) < len(node.names) else node
    if isinstance(node, ast.ImportFrom):
        bound_names = {alias.asname or alias.name for alias in node.names}
        asks = node.module == "autograder.nbgrader" and {alias.name for alias in node.names} <= _POINTS
        return None if asks and not bound_names & read else node
    if isinstance(node, ast.Try):
        return _try(node, names, read)
    call = node.value if isinstance(node, ast.Expr | ast.Assign) else None
    if not isinstance(call, ast.Call) or not _is_asking(call.func, names):
        return node
    targets = node.targets if isinstance(node, ast.Assign) else []
    return node if any(isinstance(one, ast.Name) and one.id in read - {"grader"} for one in targets) else None


def _try(node: ast.Try, names: set[str], read: frozenset[str]) -> ast.stmt | None:
    before = [node.body, node.orelse, node.finalbody, *(handler.body for handler in node.handlers)]
    after = [_all_without(part, names, read) for part in before]
    if after == before:
        return node
    if not any(_does_something(part) for part in after):
        return None
    one = copy.copy(node)
    body, one.orelse, one.finalbody, *handlers = after
    one.body = body or [_pass(node)]
    one.handlers = []
    for handler, part in zip(node.handlers, handlers, strict=True):
        one.handlers.append(copy.copy(handler))
        one.handlers[-1].body = part or [_pass(handler)]
    return one


def _all_without(statements: list[ast.stmt], names: set[str], read: frozenset[str]) -> list[ast.stmt]:
    return [kept for node in statements if (kept := _without(node, names, read)) is not None]


def _binds_grader(node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == "grader"
    return any(
        (isinstance(part, ast.Name) and part.id == "grader" and isinstance(part.ctx, ast.Store))
        or (isinstance(part, ast.alias) and (part.asname or part.name) == "grader")
        for part in walk(node)
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
