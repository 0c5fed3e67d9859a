"""What is known of an exception: the student's own line as a syntax tree, and what its names held."""

from __future__ import annotations

import ast
import builtins
import itertools
import linecache
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, FrameType, ModuleType, TracebackType
from typing import Any, TypeVar

import torch

import autograder
from autograder.notebook.cells import split_cells

Function = ast.FunctionDef | ast.AsyncFunctionDef
_Node = TypeVar("_Node", bound=ast.AST)
MAX_SOURCE = 200_000
"""Characters of a file that is searched for reasons: nobody writes more by hand, and a longer one takes seconds."""
_MAX_CODE = 60
_TRANSPARENT = (
    os.path.join(os.path.dirname(autograder.__file__), "hygiene", ""),
    *(
        os.path.join(os.path.dirname(torch.__file__), *name.split("/"))
        for name in ("overrides.py", "_tensor.py", "utils/_py", "utils/_device.py")
    ),
)
"""What stands between a line and the operation that it asks for, where the run is recorded or a default device is set:
not a library's call."""
_PLAIN_TENSOR_ATTRIBUTES = frozenset({"grad", "data", "T", "shape", "dtype", "requires_grad"})


class _Unknown:
    """The type of what nobody looked up: no value of a program has it."""


UNKNOWN = _Unknown()


@dataclass(frozen=True)
class Scene:
    """One exception, seen from the student's innermost own line."""

    error: BaseException
    message: str
    line: int = 0
    text: str = ""
    """The student's line."""
    tree: ast.Module = field(default_factory=lambda: ast.Module([], []))
    function: Function | None = None
    """The definition around the line."""
    statement: ast.stmt | None = None
    node: ast.AST | None = None
    """The expression that failed, where Python (3.11 and later) says which."""
    local: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    """Every name that the line can see, with its value."""
    is_own: bool = False
    """The exception was raised by the line itself, not within a library's function that it calls."""
    is_whole: bool = True
    """The tree is all of the student's code, not one cell of a live notebook."""
    codes: tuple[CodeType, ...] = ()
    """The student's functions that were running, the innermost last."""

    def nodes(self, kind: type[_Node]) -> list[_Node]:
        """The expressions of that kind that can have failed: the one that did, where it is known."""
        if isinstance(self.node, kind):
            return [self.node]
        if self.node is not None and not isinstance(self.node, ast.stmt):
            return []
        return [node for node in expressions(self.statement) if isinstance(node, kind)]

    def operands(self) -> Iterator[ast.AST]:
        """The failed expression's operands or arguments; all expressions of the statement where it is not known."""
        node = self.node
        if isinstance(node, ast.BinOp):
            yield from (node.left, node.right)
        elif isinstance(node, ast.Call):
            yield from node.args
            yield from (keyword.value for keyword in node.keywords)
        elif isinstance(node, ast.Compare):
            yield from (node.left, *node.comparators)
        elif isinstance(node, ast.Attribute | ast.Subscript):
            yield node.value
        elif isinstance(node, ast.UnaryOp):
            yield node.operand
        elif isinstance(node, ast.Name):
            yield node
        else:
            yield from expressions(self.statement)

    def value(self, node: ast.AST | None) -> Any:
        """What a name, a constant or a plain attribute stands for; UNKNOWN for anything that would have to be run."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self.values.get(node.id, UNKNOWN)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            number = node.operand.value
            return -number if isinstance(number, int | float) else UNKNOWN
        if isinstance(node, ast.Attribute):
            owner = self.value(node.value)
            if isinstance(owner, torch.Tensor):
                known = node.attr in _PLAIN_TENSOR_ATTRIBUTES or callable(getattr(torch.Tensor, node.attr, None))
                return getattr(owner, node.attr) if known else UNKNOWN
            if isinstance(owner, ModuleType):
                return vars(owner).get(node.attr, UNKNOWN)
            if isinstance(owner, torch.nn.Module):
                return getattr(owner, node.attr, UNKNOWN)
            if not isinstance(owner, _Unknown | type) and hasattr(owner, "__dict__"):
                return vars(owner).get(node.attr, UNKNOWN)
        return UNKNOWN

    def tensors(self) -> dict[str, torch.Tensor]:
        """The tensors that the failed expression names (where it is not known: its statement), by their text."""
        found: dict[str, torch.Tensor] = {}
        for node in ast.walk(self.node) if isinstance(self.node, ast.expr) else expressions(self.statement):
            if isinstance(node, ast.Name | ast.Attribute):
                value = self.value(node)
                if isinstance(value, torch.Tensor):
                    found[code(node)] = value
        return found

    def assignments(self, name: str) -> list[ast.stmt]:
        """The statements of the function (of the module, outside of any) that give ``name`` a value."""
        return [found for found in own_statements(self.function or self.tree) if name in assigned(found)]

    def latest(self, name: str) -> ast.Assign | None:
        """The assignment above the line that gave ``name`` its value, where no loop or block leaves a doubt."""
        path = path_to(self.function or self.tree, self.statement) if self.statement is not None else []
        for holder, below in zip(reversed(path[:-1]), reversed(path), strict=False):
            body = next((part for part in _bodies(holder) if below in part), [])
            for one in reversed(body[: body.index(below)] if below in body else []):
                if isinstance(one, ast.Assign) and name in assigned(one):
                    return one
                if name in assigned(one) or any(name in assigned(inner) for inner in own_statements(one)):
                    return None
            if isinstance(holder, ast.For | ast.While) and any(name in assigned(one) for one in own_statements(holder)):
                return None  # an earlier round may have made it
        return None

    def call_that_gave_none(self, name: str) -> ast.Call | None:
        """The call whose result the name holds, where it is None and no other assignment can have made it so."""
        if self.values.get(name, UNKNOWN) is not None:
            return None
        made = [one for one in self.assignments(name) if not _is_something(one)]
        value = made[0].value if len(made) == 1 and isinstance(made[0], ast.Assign | ast.AnnAssign) else None
        return value if isinstance(value, ast.Call) else None

    def definition(self, name: str) -> Function | None:
        """The function of that name at the top level of the file, where there is exactly one."""
        found = [one for one in self.tree.body if isinstance(one, Function) and one.name == name]
        return found[0] if len(found) == 1 else None


def scene_of(error: BaseException, message: str, files: Collection[str]) -> Scene:
    """The scene of an exception; without a syntax tree where the student's code cannot be read."""
    own, last = [], error.__traceback__
    for step in _steps(error.__traceback__):
        if not step.tb_frame.f_code.co_filename.startswith(_TRANSPARENT):
            last = step
        if step.tb_frame.f_code.co_filename in files:
            own.append(step)
    if not own:
        return Scene(error, message)
    step = own[-1]
    frame = step.tb_frame
    tree = parsed(frame.f_code.co_filename)
    line = step.tb_lineno
    local = dict(frame.f_locals)
    node = _failed_node(tree, step)
    return Scene(
        error,
        message,
        line=line,
        text=linecache.getline(frame.f_code.co_filename, line).strip(),
        tree=tree,
        function=_function_at(tree, frame.f_code, line),
        statement=_statement_at(tree, line, node),
        node=node,
        local=local,
        values={**vars(builtins), **frame.f_globals, **_enclosing(frame), **local},
        is_own=step is last,
        is_whole=len(files) == 1,
        codes=tuple(one.tb_frame.f_code for one in own),
    )


def parsed(filename: str) -> ast.Module:
    """The syntax tree of a file that was loaded; of a notebook, of all cells that are Python."""
    entry = linecache.cache.get(filename)
    if entry is None or len(entry) < 3:
        return ast.Module([], [])
    source = "".join(entry[2])
    tree = ast.Module([], [])
    for start, text in split_cells(source) if len(source) <= MAX_SOURCE else ():
        try:
            part = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        ast.increment_lineno(part, start - 1)
        tree.body += part.body
    return tree


def expressions(statement: ast.AST | None) -> Iterator[ast.AST]:
    """The statement and the expressions in it, without the statements that a loop, a block or a function holds."""
    if statement is None:
        return
    yield statement
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt | ast.ExceptHandler):
            yield from expressions(child)


def own_statements(node: ast.AST) -> Iterator[ast.stmt]:
    """All statements of a function or module, without those of the functions and classes that it defines."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if not isinstance(child, Function | ast.ClassDef | ast.expr):
            yield from own_statements(child)


def assigned(statement: ast.stmt) -> set[str]:
    """The plain names that the statement itself gives a value: targets, loop variables, imports."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".")[0] for alias in statement.names}
    if isinstance(statement, Function | ast.ClassDef):
        return {statement.name}
    return {
        node.id for node in expressions(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def path_to(tree: ast.AST, statement: ast.stmt) -> list[ast.AST]:
    """The nodes from ``tree`` down to the statement, both included; empty where it is not in it."""
    if tree is statement:
        return [tree]
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.stmt | ast.ExceptHandler) and (below := path_to(child, statement)):
            return [tree, *below]
    return []


def _bodies(node: ast.AST) -> list[list[ast.stmt]]:
    return [getattr(node, part, []) for part in ("body", "orelse", "finalbody")]


def _is_something(statement: ast.stmt) -> bool:
    """Whether it assigns what cannot be None."""
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.Constant):
        return value.value is not None
    return isinstance(value, ast.List | ast.Tuple | ast.Dict | ast.ListComp | ast.BinOp | ast.JoinedStr)


def enclosing_loop(tree: ast.AST, statement: ast.stmt | None) -> ast.For | ast.While | None:
    """The innermost loop whose body holds the statement."""
    path = path_to(tree, statement)[:-1] if statement is not None else []
    return next((node for node in reversed(path) if isinstance(node, ast.For | ast.While)), None)


def calls_of(tree: ast.AST, method: str) -> list[ast.Call]:
    """Every call of a method (or a module's function) of that name."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
    ]


def code(node: ast.AST) -> str:
    """The expression as text, on one line; empty where it is long."""
    text = ast.unparse(node)
    return text if len(text) <= _MAX_CODE and "\n" not in text and "`" not in text else ""


def _steps(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _enclosing(frame: FrameType) -> dict[str, Any]:
    """What a comprehension sees of the function around it (before Python 3.12 it is a frame of its own)."""
    outer = frame.f_back
    if frame.f_code.co_name not in ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>") or outer is None:
        return {}
    return dict(outer.f_locals) if outer.f_code.co_filename == frame.f_code.co_filename else {}


def _function_at(tree: ast.Module, code: CodeType, line: int) -> Function | None:
    """The innermost definition around the line."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, Function) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return max(around, key=lambda node: node.lineno, default=None) if code.co_name != "<module>" else None


def _statement_at(tree: ast.Module, line: int, failed: ast.AST | None) -> ast.stmt | None:
    if failed is not None:
        holders = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and failed in expressions(node)]
        return holders[-1] if holders else None
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    innermost = max((node.lineno for node in around), default=0)
    found = [node for node in around if node.lineno == innermost]
    # Two statements on one line: the source does not say which of them failed.
    return found[0] if len(found) == 1 else None


def _failed_node(tree: ast.Module, step: TracebackType) -> ast.AST | None:
    code = step.tb_frame.f_code
    if not hasattr(code, "co_positions"):  # 3.10
        return None
    position = next(itertools.islice(code.co_positions(), step.tb_lasti // 2, None), None)
    if position is None or None in position:
        return None
    line, end_line, column, end_column = position
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.expr | ast.stmt)
        and (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset) == (line, end_line, column, end_column)
    ]
    return found[-1] if found else None


def returns_a_value(definition: Function) -> bool:
    """Whether there is a ``return`` with a value, or a ``yield``, anywhere in it."""
    for statement in own_statements(definition):
        if isinstance(statement, ast.Return) and statement.value is not None:
            return True
        # An inner function's yield counts as well: better no advice than a wrong one.
        if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(statement)):
            return True
    return False


def sort_of(value: object) -> str:
    """What sort of thing a name holds, for a sentence: ``a tensor``, ``None``."""
    if isinstance(value, torch.Tensor):
        return "a tensor"
    names = {"int": "a number", "float": "a number", "complex": "a number", "str": "a text", "NoneType": "None"}
    return names.get(type(value).__name__, f"a {type(value).__name__[:_MAX_CODE]}")
