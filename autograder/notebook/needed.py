"""What of a notebook is run when it is graded: what the graded functions need of it.

That is the backward slice over definitions and uses: from the graded names at the end of the notebook back to every
statement that binds, or changes, what they (and the functions that they call) read. Training runs, plots and prints
fall away by themselves, constants may be made in any way.

Runs in the worker, next to the student's code, because parsing hostile source can take the process down. It therefore
needs the standard library only. Nodes are dropped from the syntax tree, the text stays as it is, so every line number
is the source's own.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import contextlib
import copy
import re
import warnings
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from autograder.notebook.cells import CellMap, split_cells
from autograder.notebook.changes import SETTINGS, Module, aliases_of, changed_names
from autograder.notebook.names import EVERYTHING, Names, all_statements, names_of
from autograder.notebook.own import without_own
from autograder.notebook.syntax import function_of, is_whole, methods_by_name, namespaces, registering

_UNREADABLE = (ValueError, RecursionError, MemoryError, OverflowError)
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_BOUND_IN_TEXT = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_MOST_BROKEN_NAMES = 200
_MOST_LEVELS = 150
_NONE: frozenset[str] = frozenset()


class Needed(NamedTuple):
    """One statement that is run, and what for."""

    node: ast.stmt
    binds: frozenset[str]
    """The needed names that it binds."""
    changes: frozenset[str]
    """The needed names whose objects it changes, SETTINGS for switches of libraries."""


@dataclass
class Slice:
    """The part of a notebook that is run, and what is known of the rest."""

    statements: list[Needed] = field(default_factory=list)
    flags: int = 0
    """Of the compiler, for the notebook's ``__future__`` imports."""
    broken: list[str] = field(default_factory=list)
    """Cells that are no Python: place and reason."""
    lost: dict[str, str] = field(default_factory=dict)
    """Names that only a broken cell seems to bind, with that cell's place and reason."""
    left_out: list[int] = field(default_factory=list)
    """The lines of other statements, without definitions and a release's own."""
    others: list[ast.FunctionDef | ast.AsyncFunctionDef] = field(default_factory=list)
    """Functions that nothing needs: one of them may be meant to have the name that a task asks for."""

    @property
    def tree(self) -> ast.Module:
        """The statements that are run, as a module."""
        return ast.Module([one.node for one in self.statements], [])


def slice_notebook(source: str, filename: str, graded: Collection[str] = ()) -> Slice:
    """What the functions and classes named in ``graded`` need; without names, what all of them need.

    ``source`` may be cut into cells by ``# cell N`` lines. A cell that is no Python is left out.
    """
    found = Slice()
    body: list[ast.stmt] = []
    places = CellMap.of_source(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a student's string is no business of ours
        for start, text in split_cells(source):
            body += _cell(start, text, filename, places, found)
        _Slicer(without_own(body), graded, found).run()
    for one in found.statements:
        for name in one.binds:
            found.lost.pop(name, None)
    return found


def _cell(start: int, text: str, filename: str, places: CellMap, found: Slice) -> list[ast.stmt]:
    """The statements of one cell; none where it cannot be read, and a reason in ``found``."""
    line, reason = start, ""
    try:
        tree = ast.parse("\n" * (start - 1) + text, filename)  # much quicker than ast.increment_lineno
        # Some errors, such as a stray `nonlocal`, are only found by the compiler.
        compile(tree, filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        line, reason = error.lineno or start, error.msg
    except _UNREADABLE as error:
        reason = f"{type(error).__name__} while reading it"
    else:
        if _is_deep(tree.body):
            reason = "its statements are nested too deeply"
    if not reason:
        futures = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
        for alias in (alias for node in futures for alias in node.names):
            found.flags |= getattr(__future__, alias.name).compiler_flag
        return [node for node in tree.body if node not in futures]
    found.broken.append(f"{places.describe(line)}: {reason}")
    for match in _BOUND_IN_TEXT.finditer(text):
        if len(found.lost) < _MOST_BROKEN_NAMES:
            found.lost[match[1] or match[2]] = found.broken[-1]
    return []


def _is_deep(statements: list[ast.stmt]) -> bool:
    """Whether a walk from statement to statement would go too deep; an ``elif`` counts as one level."""
    level: list[ast.stmt] = statements
    for _ in range(_MOST_LEVELS):
        level = [
            part
            for node in level
            for field in ("body", "orelse", "finalbody", "handlers", "cases")
            for part in getattr(node, field, ())
        ]
    return bool(level)


class _Slicer:
    """Walks the statements backward with the names that matter at each point."""

    def __init__(self, statements: list[ast.stmt], graded: Collection[str], found: Slice) -> None:
        self.statements = statements
        self.found = found
        self.names: dict[ast.AST, Names] = {}
        self.changes: dict[ast.AST, set[str]] = {}
        self.later: dict[str, set[str]] = {}
        """Name to what the functions behind it read when they are called."""
        self.bound: set[str] = set()
        self.bound_by_calls: set[str] = set()
        """What functions bind, as ``global``: a call is then no change but a definition."""
        self.shadows: set[str] = set()
        """Names of Python's own that only experiments bind (``sum = 0``), below all functions that read them."""
        self.heads: dict[ast.stmt, ast.stmt] = {}
        """What an ``if`` or ``with`` computes before its body, as a statement."""
        self.lasting: set[str] = set()
        """Classes that matter anywhere: patching one later changes the instances and subclasses that are there."""
        simple = list(self._simple(statements))
        self._know_names(simple)
        if not graded:
            graded = {node.name for node in simple if isinstance(node, _Definition)}
        self.graded = frozenset(graded)
        self._know_changes(simple)
        self.kept: dict[ast.AST, Needed] = {}

    def run(self) -> None:
        """Fills in what is found."""
        wanted = set(self.graded)
        while True:
            self.kept = {}
            self.found.left_out, self.found.others = [], []
            statements, before = self._block(self.statements, self._closed(wanted))
            # Cells that were run in another order than they stand in: what is read first is bound further down.
            below = {name for name in before & self.bound if name not in wanted}
            classes = {name for one in self.kept.values() for name in one.binds & self.classes}
            if not below and classes <= self.lasting:
                break
            wanted |= below
            self.lasting |= classes
        self.found.left_out.sort()
        self.found.statements = [self.kept[node] for node in statements]

    def _know_names(self, simple: Iterable[ast.stmt]) -> None:
        by_calls: set[str] = set()
        first_bound: dict[str, int] = {}
        last_read: dict[str, int] = {}
        for position, node in enumerate(simple):
            names = self.names[node] = names_of(node, self.found.flags)
            self.bound |= names.binds
            by_calls |= names.later_binds
            for name in names.binds:
                self.later.setdefault(name, set()).update(names.later_reads)
                first_bound.setdefault(name, position)
            last_read |= dict.fromkeys(names.later_reads, position)
        self.shadows = {
            name for name in self.bound & vars(builtins).keys() if first_bound[name] > last_read.get(name, position)
        }
        self.bound_by_calls = by_calls
        self.bound |= by_calls

    def _know_changes(self, simple: list[ast.stmt]) -> None:
        classes = [node for node in simple if isinstance(node, ast.ClassDef)]
        self.classes = frozenset(node.name for node in classes)
        module = Module(
            imports=_imports(simple),
            classes={node.name: node for node in classes},
            registering=registering(classes, simple),
            methods=methods_by_name(classes),
            namespaces=namespaces(simple),
        )
        for node in simple:
            if (function := function_of(node)) is not None:
                module.functions.setdefault(function.name, []).append(function)
        module.graded = frozenset(self._closed(self.graded))
        aliases: dict[str, set[str]] = {}
        with contextlib.suppress(RecursionError):
            aliases = aliases_of(simple, module)
        for node in simple:
            changes = self.changes[node] = set()
            with contextlib.suppress(RecursionError):  # hundreds of functions that call each other
                changes |= changed_names(node, module, aliases)
            for name in changes:
                self.later.setdefault(name, set()).update(self.names[node].later_reads)

    def _simple(self, statements: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
        """The statements that are kept or left out as a whole: of ``if`` and ``with``, the head and those within."""
        for node in statements:
            if isinstance(node, ast.If):
                yield self.heads.setdefault(node, ast.copy_location(ast.Expr(node.test), node))
                yield from self._simple([*node.body, *node.orelse])
            elif isinstance(node, ast.With) and not is_whole(node):
                entered = [ast.Attribute(item.context_expr, "__enter__", ast.Load()) for item in node.items]
                calls: list[ast.expr] = [ast.Call(one, [], []) for one in entered]
                contexts = calls[0] if len(calls) == 1 else ast.Tuple(calls, ast.Load())
                yield self.heads.setdefault(node, _located(ast.Expr(contexts), node))
                yield from self._simple(node.body)
            else:
                yield node

    def _closed(self, names: Iterable[str]) -> set[str]:
        """The names, and those that functions behind them read."""
        found: set[str] = set()
        pending = list(names)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self.later.get(name, ())
        return found

    def _block(self, statements: list[ast.stmt], live: set[str]) -> tuple[list[ast.stmt], set[str]]:
        """The statements that are needed for the names that matter after them, and the names that matter before."""
        kept: list[ast.stmt] = []
        for node in reversed(statements):
            one, live = self._statement(node, live)
            kept += [one] if one is not None else []
        return kept[::-1], live

    def _statement(self, node: ast.stmt, live: set[str]) -> tuple[ast.stmt | None, set[str]]:
        if isinstance(node, ast.If):
            return self._if(node, live)
        if isinstance(node, ast.With) and not is_whole(node):
            return self._with(node, live)
        names, changes = self.names[node], self.changes[node]
        binds = live & ((names.binds - self.shadows) | (changes & self.bound_by_calls))
        if EVERYTHING in names.binds:
            binds |= live - self.bound - vars(builtins).keys() or {EVERYTHING}
        changes = (changes & (live | self.lasting | {SETTINGS})) - (vars(builtins).keys() - self.bound)
        if not binds and not changes:
            self._leave_out(node)
            return None, live
        self.kept[node] = Needed(node, frozenset(binds - {EVERYTHING}), frozenset(changes))
        return node, (live - names.surely) | self._closed(names.reads) | (live & changes)

    def _if(self, node: ast.If, live: set[str]) -> tuple[ast.stmt | None, set[str]]:
        is_main = _is_main_test(node.test)
        left_out = list(self.found.left_out)
        body, before = self._block(node.body, live)
        orelse, otherwise = ([], live) if is_main else self._block(node.orelse, live)
        if is_main:
            self.found.left_out = left_out  # nobody expects the program of a module to be run when it is graded
        binds, changes, reads = (_NONE, _NONE, _NONE) if is_main else self._head(node, before | otherwise)
        if not (body or orelse or binds or changes):
            return None, live
        test = ast.copy_location(ast.Constant(True), node.test) if is_main else node.test
        one = self._parted(node, binds, changes, test=test, body=body, orelse=orelse)
        return one, before if is_main else before | otherwise | reads | changes

    def _with(self, node: ast.With, live: set[str]) -> tuple[ast.stmt | None, set[str]]:
        body, before = self._block(node.body, live)
        binds, changes, reads = self._head(node, before)
        if not (body or binds or changes):
            return None, live
        return self._parted(node, binds, changes, body=body), before | reads | changes

    def _head(self, node: ast.stmt, live: set[str]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """What a test or context binds and changes of the names that matter after it, and what it needs for that."""
        names, changes = self.names[self.heads[node]], self.changes[self.heads[node]]
        binds = live & ((names.binds - self.shadows) | (changes & self.bound_by_calls))
        changes = (changes & (live | self.lasting | {SETTINGS})) - (vars(builtins).keys() - self.bound)
        return frozenset(binds), frozenset(changes), frozenset(self._closed(names.reads))

    def _parted(self, node: ast.stmt, binds: frozenset[str], changes: frozenset[str], **fields: object) -> ast.stmt:
        """A copy of a compound statement with some of its statements only."""
        one = copy.copy(node)
        inner: list[Needed] = []
        for name, value in fields.items():
            if isinstance(value, list):
                inner += [self.kept[part] for part in value]
                value = value or ([ast.copy_location(ast.Pass(), node)] if name == "body" else [])
            setattr(one, name, value)
        self.kept[one] = Needed(
            one,
            binds.union(*(part.binds for part in inner)),
            changes.union(*(part.changes for part in inner)),
        )
        return one

    def _leave_out(self, node: ast.stmt) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.found.others.append(node)
        elif not _is_no_loss(node):
            self.found.left_out.append(node.lineno)


def _is_no_loss(node: ast.stmt) -> bool:
    """Whether nobody has to hear that the statement is not run: imports, definitions, texts."""
    if isinstance(node, ast.Try):
        parts = [*node.body, *node.orelse, *node.finalbody, *(part for one in node.handlers for part in one.body)]
        return all(map(_is_no_loss, parts))
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return text or isinstance(node, ast.Pass | ast.Import | ast.ImportFrom | _Definition)


def _imports(simple: Iterable[ast.stmt]) -> dict[str, str]:
    """The names that imports bind, with what they stand for: {"nn": "torch.nn"}."""
    found: dict[str, str] = {}
    for node in all_statements(simple):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module or ''}.{alias.name}" for alias in node.names}
    return found


def _located(node: ast.stmt, at: ast.stmt) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(node, at))


def _is_main_test(test: ast.expr) -> bool:
    """``__name__ == "__main__"``, which is true in a notebook."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = [test.left, *test.comparators]
    names = [side.id for side in sides if isinstance(side, ast.Name)]
    return names == ["__name__"] and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)
