"""The names that a statement reads, binds, and leaves to the functions that it makes. Standard library only.

The compiler knows the scopes better than any walk over the syntax tree: comprehensions, class bodies, closures,
``global``, type parameters, whatever the next Python brings. So each statement is compiled and its instructions
are asked.
"""

from __future__ import annotations

import ast
import dis
import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import CodeType

EVERYTHING = "*"
"""Bound by ``from … import *``: any name."""
_AT_ONCE = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<generic parameters")
_BY_TEXT = frozenset({"globals", "eval", "exec", "vars"})
"""Built-in functions that find names in texts."""
_STORING = frozenset({"globals", "exec", "vars"})
_NAMED = {
    dis.opmap[name]: name
    for name in (
        *("LOAD_NAME", "STORE_NAME", "DELETE_NAME", "LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL"),
        "LOAD_FROM_DICT_OR_GLOBALS",
    )
    if name in dis.opmap
}
"""Operation codes to the instructions that touch a name of a module or a class body."""
_WORD = re.compile(r"[^\W\d]\w*")
_EMPTY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Names:
    """What running a statement does to the names of its module."""

    reads: frozenset[str] = _EMPTY
    """Read when it runs, before it binds them itself."""
    binds: frozenset[str] = _EMPTY
    surely: frozenset[str] = _EMPTY
    """Those of ``binds`` that are bound anew whatever happens: nothing earlier matters to them any more."""
    later_reads: frozenset[str] = _EMPTY
    """Read by the functions that it makes, when they are called."""
    later_binds: frozenset[str] = _EMPTY
    """Written by them, as ``global``."""


def names_of(node: ast.stmt, flags: int = 0) -> Names:
    """The names of one statement of a module; ``flags``: those of its ``__future__`` imports."""
    return _block([node], flags)


def expression_names(node: ast.expr, flags: int = 0) -> Names:
    """The names of an expression."""
    return _compiled(ast.copy_location(ast.Expr(node), node), flags)


def all_statements(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements and those within them, of functions and classes as well. Much quicker than ``ast.walk``."""
    pending: list[ast.AST] = list(statements)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.stmt):
            yield node
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            pending += getattr(node, name, ())


def _block(statements: Iterable[ast.stmt], flags: int) -> Names:
    """Several statements, one after the other."""
    reads: set[str] = set()
    binds: set[str] = set()
    surely: set[str] = set()
    later_reads: set[str] = set()
    later_binds: set[str] = set()
    for node in statements:
        names = _statement(node, flags)
        reads |= names.reads - surely
        binds |= names.binds
        surely |= names.surely
        later_reads |= names.later_reads
        later_binds |= names.later_binds
    return Names(*map(frozenset, (reads, binds, surely, later_reads, later_binds)))


def _statement(node: ast.stmt, flags: int) -> Names:
    if isinstance(node, ast.Break | ast.Continue | ast.Pass):
        return Names()
    if isinstance(node, ast.If | ast.While):
        first = _block(_test(node), flags)
        ways = [_block(node.body, flags), _block(node.orelse, flags)]
        always = ways[0].surely & ways[1].surely if isinstance(node, ast.If) else _EMPTY
        return _in_turn(first, ways, always)
    if isinstance(node, ast.For | ast.AsyncFor):
        first = expression_names(node.iter, flags)
        body = _block([_bind(node.target), *node.body], flags)
        return _in_turn(first, [body, _block(node.orelse, flags)], _EMPTY)
    if isinstance(node, ast.With | ast.AsyncWith):
        parts: list[ast.stmt] = []
        for item in node.items:
            parts.append(ast.copy_location(ast.Expr(item.context_expr), node))
            parts += [_bind(item.optional_vars)] if item.optional_vars is not None else []
        return _block([*parts, *node.body], flags)
    if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
        return _try(node, flags)
    names = _compiled(node, flags)
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        return Names(names.reads, names.binds | {EVERYTHING})
    if isinstance(node, ast.ImportFrom) and node.module == "__main__":
        return Names(names.reads | {alias.name for alias in node.names}, names.binds, names.surely)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return Names(names.reads | {node.target.id}, names.binds, _EMPTY, names.later_reads, names.later_binds)
    if isinstance(node, ast.Delete | ast.Match) or _is_submodule_import(node) or _may_fail(node):
        return Names(names.reads, names.binds, _EMPTY, names.later_reads, names.later_binds)
    return names


def _try(node: ast.stmt, flags: int) -> Names:
    body, orelse, final = (_block(getattr(node, part), flags) for part in ("body", "orelse", "finalbody"))
    ways = [body, orelse, final]
    for handler in node.handlers:  # type: ignore[attr-defined]
        named = [_bind(ast.copy_location(ast.Name(handler.name, ast.Store()), handler))] if handler.name else []
        kind = [ast.copy_location(ast.Expr(handler.type), handler)] if handler.type is not None else []
        ways.append(_block([*kind, *named, *handler.body], flags))
    return _in_turn(Names(), ways, _EMPTY)


def _in_turn(first: Names, ways: list[Names], surely: frozenset[str]) -> Names:
    """``first``, then one or several of ``ways``."""
    everything = [first, *ways]
    return Names(
        first.reads | (_EMPTY.union(*(way.reads for way in ways)) - first.surely),
        _EMPTY.union(*(one.binds for one in everything)),
        first.surely | surely,
        _EMPTY.union(*(one.later_reads for one in everything)),
        _EMPTY.union(*(one.later_binds for one in everything)),
    )


def _test(node: ast.If | ast.While) -> list[ast.stmt]:
    return [ast.copy_location(ast.Expr(node.test), node)]


def _bind(target: ast.expr) -> ast.stmt:
    """``target = …`` for a target of ``for`` or ``with``."""
    value = ast.copy_location(ast.Constant(None), target)
    return ast.copy_location(ast.Assign([target], value), target)


def _may_fail(node: ast.stmt) -> bool:
    """Whether it is a function that something has to be computed for: where that fails, an earlier one stays."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    defaults = (*node.args.defaults, *node.args.kw_defaults)
    return bool(node.decorator_list) or not all(one is None or isinstance(one, ast.Constant) for one in defaults)


def _is_submodule_import(node: ast.stmt) -> bool:
    """Whether it is ``import a.b``, which adds to what ``import a`` made."""
    return isinstance(node, ast.Import) and any("." in alias.name and not alias.asname for alias in node.names)


def _compiled(node: ast.stmt, flags: int) -> Names:
    """What the compiler makes of a statement."""
    code = compile(ast.Module([node], []), "<names>", "exec", flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    reads: set[str] = set()
    binds: set[str] = set()
    later_reads: set[str] = set()
    later_binds: set[str] = set()
    for kind, name, later in _accesses(code, later=False):
        if kind == "LOAD":
            if later:
                later_reads.add(name)
            elif name not in binds:
                reads.add(name)
        elif later:
            later_binds.add(name)
        else:
            binds.add(name)
    surely = frozenset(binds)
    if not _STORING.isdisjoint(reads):
        binds |= set(_words(code))
    return Names(*map(frozenset, (reads, binds, surely, later_reads, later_binds)))


def _words(code: CodeType) -> Iterator[str]:
    """Whatever may be a name in the texts of the code, and the names of keywords."""
    for constant in code.co_consts:
        for text in constant if isinstance(constant, tuple) else (constant,):
            if isinstance(text, str):
                yield from _WORD.findall(text)


def named_instructions(code: CodeType) -> Iterator[tuple[str, str]]:
    """The instructions that touch a name of the module (or class), as ``dis`` gives them, but ten times as fast."""
    raw, extended = code.co_code, 0
    for position in range(0, len(raw), 2):
        operation, argument = raw[position], raw[position + 1] | extended
        extended = argument << 8 if operation == dis.EXTENDED_ARG else 0
        if operation in _NAMED:
            name = _NAMED[operation]
            yield name, code.co_names[argument >> (name == "LOAD_GLOBAL" and sys.version_info >= (3, 11))]


def _accesses(code: CodeType, *, later: bool, scoped: bool = False) -> Iterator[tuple[str, str, bool]]:
    """(``LOAD``, ``STORE`` or ``DELETE``; a name of the module; whether only when a function is called)."""
    own: set[str] = set()  # of a class body
    if not _BY_TEXT.isdisjoint(code.co_names):
        yield from (("LOAD", word, later) for word in _words(code))
    for instruction, name in named_instructions(code):
        kind, _, scope = instruction.partition("_")
        if scope == "NAME" and scoped:
            if kind == "STORE":
                own.add(name)
            elif kind == "LOAD" and name not in own:
                yield "LOAD", name, later
        else:
            yield kind, name, later
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            is_class = not constant.co_flags & inspect.CO_OPTIMIZED
            at_once = is_class or constant.co_name.startswith(_AT_ONCE)
            yield from _accesses(constant, later=later or not at_once, scoped=is_class)
