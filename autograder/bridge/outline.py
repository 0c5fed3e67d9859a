"""The untrusted end: why a name that a submission seems to define is not the function that was asked for."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from types import ModuleType

from autograder.bridge.advice.scene import Function, assigned, own_statements, path_to, returns_a_value, sort_of
from autograder.bridge.load import is_blank
from autograder.bridge.messages import MAX_NAME, MAX_REMARKS, NameRemark


def name_remarks(tree: ast.Module, module: ModuleType) -> tuple[NameRemark, ...]:
    """What is odd about a name: defined where nobody sees it, overwritten, blank once more, or returning nothing."""
    try:
        return tuple(itertools.islice(_remarks(tree, module), MAX_REMARKS))
    except (RecursionError, MemoryError):  # a program that nobody wrote by hand
        return ()


def _remarks(tree: ast.Module, module: ModuleType) -> Iterator[NameRemark]:
    run = [node for node in tree.body if not (isinstance(node, ast.If) and "__name__" in ast.unparse(node.test))]
    # The last assignment first: it is the one that counts.
    for statement in reversed(list(own_statements(ast.Module(run, [])))):
        if isinstance(statement, Function | ast.ClassDef | ast.Import | ast.ImportFrom):
            continue
        for name in assigned(statement):
            if len(name) <= MAX_NAME and name in vars(module) and not callable(vars(module)[name]):
                yield NameRemark(name, "value", statement.lineno, sort_of(vars(module)[name]))
    definitions = [node for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)]
    by_name = itertools.groupby(sorted(definitions, key=lambda node: node.name), key=lambda node: node.name)
    for name, group in by_name:
        if len(name) <= MAX_NAME and (remark := _remark(name, list(group), tree, module)) is not None:
            yield remark
    for node in tree.body:
        if isinstance(node, Function) and len(node.name) <= MAX_NAME and not is_blank(node):
            if not node.decorator_list and not returns_a_value(node):
                yield NameRemark(node.name, "returns nothing", node.lineno, "print" if _prints(node) else "")


def _remark(
    name: str, definitions: list[Function | ast.ClassDef], tree: ast.Module, module: ModuleType
) -> NameRemark | None:
    top = [node for node in definitions if node in tree.body]
    if name in vars(module):
        functions = [node for node in top if isinstance(node, Function)]
        if len(functions) > 1 and is_blank(functions[-1]) and not all(is_blank(node) for node in functions):
            return NameRemark(name, "repeated", functions[-1].lineno)
        return None
    first = min(definitions, key=lambda node: node.lineno)
    holders = [node for node in path_to(tree, first)[1:-1] if isinstance(node, Function | ast.ClassDef)]
    if holders:
        return NameRemark(name, "nested", first.lineno, holders[-1].name[:MAX_NAME])
    return NameRemark(name, "guarded", first.lineno) if first not in top else None


def _prints(function: Function) -> bool:
    """Whether the last thing that it does is to print."""
    last = function.body[-1]
    call = last.value if isinstance(last, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
