"""What of a notebook's code is run when it is graded: imports, definitions and simple constants.

Runs in the worker, next to the student's code, because parsing hostile source can take the process down.
It therefore needs the standard library only. Nodes are dropped from the syntax tree, the text stays as it
is, so every line number is the source's own.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import warnings
from collections.abc import Callable, Iterable
from typing import NamedTuple

from autograder.notebook.cells import CellMap, split_cells
from autograder.notebook.constants import BUILTINS, is_simple
from autograder.notebook.text import printable

_MAX_NOTES = 20
_MAX_NOTE = 300
_UNREADABLE = (ValueError, RecursionError, MemoryError, OverflowError)
_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _node_types(*names: str) -> tuple[type[ast.stmt], ...]:
    return tuple(getattr(ast, name) for name in names if hasattr(ast, name))


_ASKING = frozenset({"grader.check", "autograder.check", "otter.Notebook", "public_points", "hidden_points"})
"""Calls that a release writes into its notebooks: no student has to hear that they are not run."""
_TRY = _node_types("Try", "TryStar")  # 3.11
_TYPE_ALIAS = _node_types("TypeAlias")  # 3.12


class Kept(NamedTuple):
    """The module to run, and what the student should know about the rest."""

    tree: ast.Module
    notes: tuple[str, ...]


def keep_definitions(source: str, filename: str, *, is_missing: Callable[[str], bool] | None = None) -> Kept:
    """The imports, functions, classes and simple constants of ``source``, with its own line numbers.

    ``source`` may be cut into cells by ``# cell N`` lines; a cell that is no Python is left out, and a note
    says so. ``is_missing`` tells whether an imported module is not installed.
    """
    places = CellMap.of_source(source)
    kept = _Filter(places)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a student's string is no business of ours
        for start, text in split_cells(source):
            kept.add_cell(start, text, filename)
    body = _without_missing(kept, is_missing or _is_missing)
    tree = ast.Module(body=[*kept.futures, *body], type_ignores=[])
    return Kept(tree, _notes(kept))


class _Filter:
    """Sorts the statements of one cell after the other; later cells may use the constants of earlier ones."""

    def __init__(self, places: CellMap) -> None:
        self.places = places
        self.futures: list[ast.stmt] = []
        self.body: list[ast.stmt] = []
        self.known: dict[str, str] = dict.fromkeys(BUILTINS, "")
        self.left_out: list[int] = []
        self.computed: dict[str, int] = {}
        self.broken: list[str] = []
        self.missing: list[str] = []

    def add_cell(self, start: int, text: str, filename: str) -> None:
        """Adds what is kept of one cell, or a sentence on why the cell cannot be read."""
        try:
            tree = ast.parse(text, filename)
        except SyntaxError as error:
            self._break(start + (error.lineno or 1) - 1, error.msg)
            return
        except _UNREADABLE as error:
            self._break(start, f"{type(error).__name__} while reading it")
            return
        ast.increment_lineno(tree, start - 1)
        futures = [node for node in tree.body if _is_future(node)]
        try:
            body = self._filter(node for node in tree.body if node not in futures)
            # Some errors, such as a stray `nonlocal`, are only found by the compiler.
            compile(ast.Module(body=[*futures, *body], type_ignores=[]), filename, "exec", dont_inherit=True)
        except SyntaxError as error:
            self._break(error.lineno or start, error.msg)
        except _UNREADABLE as error:
            self._break(start, f"{type(error).__name__} while reading it")
        else:
            self.futures += futures
            self.body += body

    def _break(self, line: int, reason: str) -> None:
        self.broken.append(f"{self.places.describe(line)}: {reason}")

    def _filter(self, statements: Iterable[ast.stmt]) -> list[ast.stmt]:
        return [kept for node in statements if (kept := self._keep(node)) is not None]

    def _keep(self, node: ast.stmt) -> ast.stmt | None:
        """The node, or what is left of it, or None."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.known.update(_imported(node))
            return node
        if isinstance(node, _Definition):
            self.known[node.name] = ""
            return node
        if isinstance(node, ast.Pass) or _is_text(node) or _is_main_block(node) or _asks_for_checks(node):
            return None
        if self._is_constant(node):
            self.known.update(dict.fromkeys(_stored(node), ""))
            return node
        if isinstance(node, ast.If) and is_simple(node.test, self.known):
            node.body, node.orelse = self._filter(node.body), self._filter(node.orelse)
            if node.body or node.orelse:
                node.body = node.body or [_pass(node)]
                return node
            return None
        if isinstance(node, _TRY):
            return self._try(node)
        self.left_out.append(node.lineno)
        for name in _stored(node):
            self.computed.setdefault(name, node.lineno)
        return None

    def _try(self, node: ast.stmt) -> ast.stmt | None:
        assert isinstance(node, ast.Try) or type(node).__name__ == "TryStar"
        for part in ("body", "orelse", "finalbody"):
            setattr(node, part, self._filter(getattr(node, part)))
        handlers: list[ast.ExceptHandler] = node.handlers  # type: ignore[attr-defined]
        for handler in handlers:
            handler.body = self._filter(handler.body) or [_pass(handler)]
        if not node.body and not node.orelse:  # type: ignore[attr-defined]
            return None
        node.body = node.body or [_pass(node)]  # type: ignore[attr-defined]
        return node

    def _is_constant(self, node: ast.stmt) -> bool:
        """Whether the statement gives names a value that costs nothing and depends on nothing."""
        if isinstance(node, _TYPE_ALIAS):
            return True
        if isinstance(node, ast.Assign):
            return all(self._is_name(target) for target in node.targets) and is_simple(node.value, self.known)
        if isinstance(node, ast.AnnAssign):
            return self._is_name(node.target) and (node.value is None or is_simple(node.value, self.known))
        if isinstance(node, ast.AugAssign):
            target = node.target
            changes_constant = isinstance(target, ast.Name) and target.id in self.known
            return changes_constant and is_simple(node.value, self.known)
        return False

    def _is_name(self, target: ast.expr) -> bool:
        """A name, a tuple of names, or ``Class.attribute`` (a method that is added later)."""
        if isinstance(target, ast.Tuple | ast.List):
            return all(self._is_name(part) for part in target.elts)
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            return self.known.get(target.value.id) == "" and target.value.id not in BUILTINS
        return isinstance(target, ast.Name)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _pass(at: ast.AST) -> ast.stmt:
    return ast.copy_location(ast.Pass(), at)


def _imported(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """The names that an import binds, with what they stand for: {"nn": "torch.nn"}."""
    if isinstance(node, ast.Import):
        tops = {alias: alias.name.split(".")[0] for alias in node.names}
        return {alias.asname or top: alias.name if alias.asname else top for alias, top in tops.items()}
    return {alias.asname or alias.name: f"{node.module or ''}.{alias.name}" for alias in node.names}


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_main_block(node: ast.stmt) -> bool:
    """``if __name__ == "__main__"``: not run when imported either, so not worth a note."""
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _asks_for_checks(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr | ast.Assign) else None
    function = call.func if isinstance(call, ast.Call) else None
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}" in _ASKING
    return isinstance(function, ast.Name) and function.id in _ASKING


def _names(node: ast.AST, context: type[ast.expr_context]) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, context)}


def _stored(node: ast.AST) -> set[str]:
    return _names(node, ast.Store)


def _loaded(node: ast.AST) -> set[str]:
    return _names(node, ast.Load)


def _without_missing(kept: _Filter, is_missing: Callable[[str], bool]) -> list[ast.stmt]:
    """The body without imports of modules that are not installed and that no kept statement uses."""
    used = set().union(*(_loaded(node) for node in kept.body)) if kept.body else set()
    body: list[ast.stmt] = []
    for node in kept.body:
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level):
            names = []
            for alias in node.names:
                bound = alias.asname or alias.name.split(".")[0]
                module = (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
                if alias.name == "*" or bound in used or not is_missing(module):
                    names.append(alias)
                else:
                    kept.missing.append(module)
            if not names:
                continue
            node.names = names
        body.append(node)
    return body


def _is_missing(module: str) -> bool:
    top = module.partition(".")[0]
    if top in sys.modules or top in sys.builtin_module_names:
        return module.startswith("google.colab")
    try:
        return module.startswith("google.colab") or importlib.util.find_spec(top) is None
    except (ImportError, ValueError, AttributeError):
        return True


def _notes(kept: _Filter) -> tuple[str, ...]:
    where = kept.places.describe
    notes = [f"A cell is not valid Python and was left out: {problem}." for problem in kept.broken]
    if kept.left_out:
        many = len(kept.left_out)
        count = "1 other statement was" if many == 1 else f"{many} other statements were"
        notes.append(
            "Only imports, functions, classes and simple constants of your notebook are run; "
            f"{count} left out (the first: {where(kept.left_out[0])})."
        )
    bound = set(kept.known)
    for node in kept.body:
        if isinstance(node, _Definition):
            local = _stored(node) | {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
            for name in sorted((_loaded(node) - local - bound) & kept.computed.keys()):
                place = where(kept.computed[name])
                notes.append(
                    f"`{node.name}` uses `{name}`, which is computed outside of any function ({place}). "
                    "That code is not run here: compute it inside the function or pass it as an argument."
                )
    for module in dict.fromkeys(kept.missing):
        notes.append(f"`import {module}` was left out: it is not installed here, and no function uses it.")
    return tuple(printable(note, _MAX_NOTE) for note in notes[:_MAX_NOTES])
