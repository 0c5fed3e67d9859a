"""The untrusted end: turning a submission's bytes into a live module, and saying what it defines."""

from __future__ import annotations

import ast
import itertools
import linecache
import sys
from collections.abc import Collection, Mapping
from types import MappingProxyType, ModuleType
from typing import NamedTuple

import msgspec

from autograder.bridge.messages import MAX_NAME, MAX_NAMES, MAX_PARAMETERS, NameInfo
from autograder.bridge.prepared import Prepared
from autograder.bridge.spelling import form_of
from autograder.notebook.needed import slice_notebook
from autograder.notebook.own import without_own
from autograder.notebook.running import notes_on, steps_of
from autograder.notebook.stand_ins import caught_imports, is_stand_in

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Loaded(NamedTuple):
    """A submission as a live module."""

    module: ModuleType
    tree: ast.Module
    """What of its text was run."""
    names: dict[str, NameInfo]
    """What it defines."""
    notes: tuple[str, ...] = ()
    """For the student: what was left out, what failed."""
    lost: Mapping[str, str] = MappingProxyType({})
    """Names that a notebook would have made if nothing had failed, with the reason."""
    prepared: bytes = b""
    """For :func:`load_again` in another process; empty where that is not possible."""


def load_module(
    source: str,
    filename: str,
    name: str,
    notebook: bool,
    graded: Collection[str] = (),
    seconds: float = 20.0,
) -> Loaded:
    """The executed module and what it defines.

    Of a notebook, what the names in ``graded`` need is run, in at most so many seconds of processor time; what fails
    there is said. Of a module everything is run; raises whatever the student's code raises, SyntaxError included.
    """
    module = _empty_module(source, filename, name)
    if notebook:
        found = slice_notebook(source, filename, graded)
        prepared = Prepared(caught_imports(found.tree), steps_of(found, filename), dict(found.lost))
        kept = prepared.encoded()  # before the student's code can change it
        ran = prepared.run(module, source, filename, seconds)
        made = {name for one in found.statements for name in one.binds}
        others = {function.name: _function(function) for function in found.others if function.name not in made}
        names = others | describe_names(found.tree, module)
        return Loaded(module, found.tree, names, notes_on(found, ran, source), ran.lost, kept)
    tree = ast.parse(source, filename)
    tree.body = _futures_first(without_own(tree.body))
    prepared = Prepared(caught_imports(tree), compile(tree, filename, "exec", dont_inherit=True))
    kept = prepared.encoded()
    prepared.run(module, source, filename, seconds)
    return Loaded(module, tree, describe_names(tree, module), prepared=kept)


def load_again(
    prepared: bytes, source: str, filename: str, name: str, seconds: float
) -> tuple[ModuleType, Mapping[str, str]]:
    """The executed module, and the names that it lacks because something in it failed, with the reason.

    ``prepared`` is what :func:`load_module` made of the same source: it is neither parsed nor cut a second time.
    """
    module = _empty_module(source, filename, name)
    ran = Prepared.decoded(prepared).run(module, source, filename, seconds)
    return module, ran.lost


def _empty_module(source: str, filename: str, name: str) -> ModuleType:
    # Before anything can fail: feedback quotes the line of a syntax error, too.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    module = ModuleType(name)
    module.__file__ = filename
    sys.modules[name] = module
    return module


def _futures_first(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements, ``from __future__`` imports in front of the texts that a notebook saved as a module has there."""
    texts = list(itertools.takewhile(_is_text, body))
    futures = list(itertools.takewhile(_is_future, body[len(texts) :]))
    return [*texts[:1], *futures, *texts[1:], *body[len(texts) + len(futures) :]]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def describe_names(tree: ast.Module, module: ModuleType) -> dict[str, NameInfo]:
    """Every public top-level function and class of ``tree``, with parameters and whether it is still blank."""
    names: dict[str, NameInfo] = {}
    # Not ast.walk: a method or an inner function may well have the name of a top-level one.
    for statement in top_level(tree):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            names[statement.name] = _function(statement)
        elif isinstance(statement, ast.ClassDef):
            blank = any(isinstance(part, ast.FunctionDef) and is_blank(part) for part in statement.body)
            names[statement.name] = NameInfo("class", blank=blank, line=statement.lineno)
    for name, value in list(vars(module).items()):
        if not name.startswith("_") and name not in names and not _is_foreign(value):
            names[name] = NameInfo("function" if callable(value) else "value", flexible=True)
    known = vars(module)
    described = (
        (name, _rebound(name, info, module)) for name, info in names.items() if name in known and len(name) <= MAX_NAME
    )
    # The student's own definitions come first: what is beyond the limit came with `from … import *`.
    return dict(itertools.islice(described, MAX_NAMES))


def _is_foreign(value: object) -> bool:
    return isinstance(value, ModuleType) or is_stand_in(value)


def _rebound(name: str, info: NameInfo, module: ModuleType) -> NameInfo:
    """The description of a name that a later assignment (``f = my_f``) gave to another function."""
    if info.kind != "function" or info.flexible:  # a decorator makes another function of it, too
        return info
    code = getattr(vars(module)[name], "__code__", None)
    if code is not None and code.co_name != name:
        return NameInfo("function", line=info.line, flexible=True)
    return msgspec.structs.replace(info, form=form_of(vars(module)[name]))


def is_blank(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the body is (a docstring and) ``raise NotImplementedError(...)`` and nothing else."""
    body = list(function.body)
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def top_level(tree: ast.Module) -> list[Definition]:
    """The definitions that stand at module level or below a top-level ``if``, ``try`` or ``with``."""
    found: list[Definition] = []
    pending: list[ast.AST] = list(tree.body)
    while pending:
        statement = pending.pop(0)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append(statement)
        elif isinstance(statement, ast.If | ast.Try | ast.With | ast.ExceptHandler):
            pending[:0] = list(ast.iter_child_nodes(statement))
    return found


def _function(definition: ast.FunctionDef | ast.AsyncFunctionDef) -> NameInfo:
    arguments = definition.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return NameInfo(
        "function",
        parameters=tuple(name[:MAX_NAME] for name in names[:MAX_PARAMETERS]),
        blank=is_blank(definition),
        line=definition.lineno,
        flexible=arguments.vararg is not None or arguments.kwarg is not None or bool(definition.decorator_list),
    )
