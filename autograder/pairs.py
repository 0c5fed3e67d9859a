"""Stub and solution are a pair: apart from the bodies of the blanks, they are the same program.

A blank is empty, or it is a body with a fault in it that students repair: that has to differ, and to be there.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITION = (*_FUNCTION, ast.ClassDef)


@dataclass(frozen=True)
class Blank:
    """A function that students fill in. ``name`` is qualified: ``train``, ``SimpleNN.forward``."""

    name: str
    line: int


def blanks(source: str, repaired: Collection[str] = ()) -> list[Blank]:
    """The functions and methods whose body is a docstring and ``raise NotImplementedError(...)``.

    And those of repair tasks, ``repaired``, whatever their body is. Raises SyntaxError for what is no Python.
    """
    return [
        Blank(name, node.lineno)
        for name, node in _functions(ast.parse(source).body)
        if _is_blank(node) or _is_among(name, repaired)
    ]


def pair_problems(stub_source: str, solution_source: str, repaired: Collection[str] = ()) -> list[str]:
    """What keeps the stub and the solution from being a pair, one sentence each; empty when they are one.

    ``repaired``: functions and classes of repair tasks, which the stub gives with a fault.
    The solution may add private top-level names and imports; docstrings, comments and the
    ``if __name__ == "__main__"`` block may differ.
    """
    trees: list[ast.Module] = []
    for what, source in (("stub", stub_source), ("solution", solution_source)):
        try:
            trees.append(ast.parse(source))
        except SyntaxError as error:
            return [f"the {what} has a syntax error on line {error.lineno}: {error.msg}"]
    stub, solution = trees
    empty = {name for name, node in _functions(stub.body) if _is_blank(node)}
    problems = [
        f"`{name}` is still a blank in the solution (line {node.lineno})"
        for name, node in _functions(solution.body)
        if name in empty and _is_blank(node)
    ]
    for tree in trees:
        _strip_docstrings(tree)
    faulty = {name for name, _ in _functions(stub.body) if _is_among(name, repaired)}
    problems += _unrepaired(stub, solution, repaired, empty)
    empty |= faulty
    imported = _imports(solution.body)
    problems += [
        f"`{text}` is in the stub (line {line}) but not in the solution"
        for text, line in _imports(stub.body).items()
        if text not in imported
    ]
    theirs = _given(stub.body)
    ours = [node for node in _given(solution.body) if not _may_be_added(node, theirs)]
    return problems + _compare(theirs, ours, "", empty)


def _unrepaired(stub: ast.Module, solution: ast.Module, repaired: Collection[str], empty: Collection[str]) -> list[str]:
    """What is wrong with the faulty bodies: that they are missing, or that they are the solution's."""
    problems = [
        f"`{name}` is to be repaired, but in the stub (line {node.lineno}) it is a blank: give it a body with the fault"
        for name, node in _functions(stub.body)
        if name in empty and _is_among(name, repaired)
    ]
    there, here = (dict(_definitions(tree)) for tree in (stub, solution))
    return problems + [
        f"`{name}` is to be repaired, but it is the same in the stub (line {node.lineno}) and in the solution "
        f"(line {here[name].lineno})"
        for name, node in there.items()
        if name in repaired and name in here and _same_all(node.body, here[name].body)
    ]


def _is_among(name: str, names: Collection[str]) -> bool:
    """Whether the function, or the class that it is a method of, is one of ``names``."""
    return name in names or name.split(".")[0] in names


def _definitions(tree: ast.Module) -> list[tuple[str, Function | ast.ClassDef]]:
    classes = [(node.name, node) for node in tree.body if isinstance(node, ast.ClassDef)]
    return [*_functions(tree.body), *classes]


def _functions(body: Iterable[ast.stmt], prefix: str = "") -> list[tuple[str, Function]]:
    found: list[tuple[str, Function]] = []
    for node in body:
        if isinstance(node, _FUNCTION):
            found.append((prefix + node.name, node))
        elif isinstance(node, ast.ClassDef):
            found += _functions(node.body, f"{prefix}{node.name}.")
    return found


def _is_blank(node: Function) -> bool:
    body = _without_docstring(node.body)
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _without_docstring(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    first = body[0] if body else None
    has_one = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return list(body[1:] if has_one else body)


def _strip_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            node.body = _without_docstring(node.body)


def _imports(body: Sequence[ast.stmt]) -> dict[str, int]:
    """Every name that is imported at top level, as a statement of its own, with its line."""
    found: dict[str, int] = {}
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            whole = node.names
            for alias in whole:
                node.names = [alias]
                found.setdefault(ast.unparse(node), node.lineno)
            node.names = whole
    return found


def _given(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements of a module that the pair must share and keep in order: no imports, no main block."""
    return [node for node in body if not isinstance(node, ast.Import | ast.ImportFrom) and not _is_main_block(node)]


def _is_main_block(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and isinstance(node.test.left, ast.Name)
        and node.test.left.id == "__name__"
    )


def _may_be_added(node: ast.stmt, stub: Sequence[ast.stmt]) -> bool:
    """Whether the solution may have the statement although the stub has it not."""
    names = _bound(node)
    shared = {name for other in stub for name in _bound(other)}
    return bool(names) and all(name.startswith("_") and name not in shared for name in names)


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, _DEFINITION):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def _compare(stub: Sequence[ast.stmt], solution: Sequence[ast.stmt], prefix: str, empty: set[str]) -> list[str]:
    """The differences between two bodies: definitions by name, everything else in order."""
    problems: list[str] = []
    there = {node.name: node for node in stub if isinstance(node, _DEFINITION)}
    here = {node.name: node for node in solution if isinstance(node, _DEFINITION)}
    for name, node in there.items():
        if name not in here:
            problems.append(f"`{prefix}{name}` is in the stub (line {node.lineno}) but not in the solution")
        else:
            problems += _compare_definitions(node, here[name], prefix, empty)
    for name, node in here.items():
        if name not in there:
            problems.append(
                f"`{prefix}{name}` is in the solution (line {node.lineno}) but not in the stub; "
                "additions must be private and at top level"
            )
    problems += _compare_statements(_others(stub), _others(solution), prefix.rstrip("."))
    if not problems and [*map(_bound, stub)] != [*map(_bound, solution)]:
        where = f"in `{prefix.rstrip('.')}`" if prefix else "in the module"
        problems.append(f"the definitions {where} come in a different order in the stub and the solution")
    return problems


def _others(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    return [node for node in body if not isinstance(node, _DEFINITION)]


def _compare_definitions(
    stub: Function | ast.ClassDef, solution: Function | ast.ClassDef, prefix: str, empty: set[str]
) -> list[str]:
    name = prefix + stub.name
    if type(stub) is not type(solution):
        kinds = {
            ast.FunctionDef: "a function",
            ast.AsyncFunctionDef: "an async function",
            ast.ClassDef: "a class",
        }
        return [f"`{name}` is {kinds[type(stub)]} in the stub and {kinds[type(solution)]} in the solution"]
    problems: list[str] = []
    if not _same_all(stub.decorator_list, solution.decorator_list):
        one, other = (_written(node.decorator_list) for node in (stub, solution))
        problems.append(f"`{name}` has different decorators: {one} in the stub, {other} in the solution")
    if isinstance(stub, ast.ClassDef) or isinstance(solution, ast.ClassDef):
        assert isinstance(stub, ast.ClassDef) and isinstance(solution, ast.ClassDef)
        if not _same_all([*stub.bases, *stub.keywords], [*solution.bases, *solution.keywords]):
            problems.append(f"class `{name}` has different base classes in the stub and the solution")
        return problems + _compare(stub.body, solution.body, f"{name}.", empty)
    problems += _compare_signatures(stub, solution, name)
    if name not in empty:
        problems += _compare_statements(stub.body, solution.body, name)
    return problems


def _compare_signatures(stub: Function, solution: Function, name: str) -> list[str]:
    if _same(stub.args, solution.args) and _same_optional(stub.returns, solution.returns):
        return []
    plain = [ast.unparse(_unannotated(node)) for node in (stub, solution)]
    what = "annotations differ" if plain[0] == plain[1] else "signature differs"
    one, other = _signature(stub), _signature(solution)
    return [f"`{name}`: the {what}: {one} in the stub, {other} in the solution"]


def _unannotated(node: Function) -> ast.arguments:
    copy = ast.parse(f"def f({ast.unparse(node.args)}): pass").body[0]
    assert isinstance(copy, ast.FunctionDef)
    for part in ast.walk(copy.args):
        if isinstance(part, ast.arg):
            part.annotation = None
    return copy.args


def _signature(node: Function) -> str:
    returns = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    return f"`({ast.unparse(node.args)}){returns}`"


def _compare_statements(stub: Sequence[ast.stmt], solution: Sequence[ast.stmt], name: str) -> list[str]:
    """The first difference between two lists of given statements."""
    where = f"the given code of `{name}`" if name else "the given code"
    for one, other in zip(stub, solution, strict=False):
        if not _same(one, other):
            return [
                f"{where} differs: `{_short(one)}` in the stub (line {one.lineno}), "
                f"`{_short(other)}` in the solution (line {other.lineno})"
            ]
    if len(stub) > len(solution):
        node = stub[len(solution)]
        return [f"{where} differs: `{_short(node)}` in the stub (line {node.lineno}) is not in the solution"]
    if len(solution) > len(stub):
        node = solution[len(stub)]
        return [f"{where} differs: `{_short(node)}` in the solution (line {node.lineno}) is not in the stub"]
    return []


def _short(node: ast.AST) -> str:
    first = ast.unparse(node).split("\n")[0]
    return first if len(first) <= 60 else f"{first[:59]}…"


def _written(nodes: Sequence[ast.expr]) -> str:
    return " ".join(f"`@{ast.unparse(node)}`" for node in nodes) or "none"


def _same(one: ast.AST, other: ast.AST) -> bool:
    return ast.dump(one) == ast.dump(other)


def _same_optional(one: ast.AST | None, other: ast.AST | None) -> bool:
    return one is other or (one is not None and other is not None and _same(one, other))


def _same_all(one: Sequence[ast.AST], other: Sequence[ast.AST]) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))
