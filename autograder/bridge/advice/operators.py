"""Operators between things that do not go together: `^`, text, None, a method without parentheses, a stray comma."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import numpy
import torch

from autograder.bridge.advice.registry import PLACE, Advice, advises
from autograder.bridge.advice.scene import Scene, code, expressions

_NUMBERS = frozenset({"int", "float", "complex", "Tensor", "Parameter"})
_WITHOUT_ARGUMENTS = frozenset(
    {"item", "tolist", "parameters", "backward", "detach", "numel", "dim", "numpy", "zero_grad", "step"}
)
_METHOD = re.compile(r"'(?:builtin_function_or_method|function|method|method-wrapper|builtin_method)'")


@advises("TypeError", "NotImplementedError", "RuntimeError")
def power(scene: Scene) -> str:
    """``x ^ 2``: Python refuses it for floats only, which is why nobody learns of it earlier."""
    types = re.search(r"unsupported operand type\(s\) for \^=?: '(\w+)' and '(\w+)'", scene.message)
    of_numbers = types is not None and set(types.groups()) <= _NUMBERS
    of_tensors = "bitwise_xor" in scene.message and ("not implemented for" in scene.message or "ufunc" in scene.message)
    if not scene.is_own or not (of_numbers or of_tensors):
        return ""
    # Which power was meant is not certain: `a + x ^ 2` reads as `(a + x) ^ 2`.
    found = any(isinstance(node.op, ast.BitXor) for node in _operations(scene))
    return "`^` is not the power in Python: write `**`." if found else ""


@advises("TypeError", "AttributeError")
def method_without_parentheses(scene: Scene) -> str:
    """``loss.item + 1``: the method itself is no number."""
    # An optimizer that gets `model.parameters` finds out a few frames further down.
    is_own = scene.is_own or scene.message.endswith("object is not iterable")
    if not is_own or not _METHOD.search(scene.message) or "not subscriptable" in scene.message:
        return ""
    called = {id(node.func) for node in expressions(scene.statement) if isinstance(node, ast.Call)}
    found = {
        code(node)
        for node in (*scene.operands(), scene.node)
        if isinstance(node, ast.Name | ast.Attribute)
        and id(node) not in called
        and callable(value := scene.value(node))
        and not isinstance(value, type | torch.nn.Module)
    }
    if len(found) != 1 or "" in found:
        return ""
    name = found.pop()
    call = f"{name}()" if name.rpartition(".")[2] in _WITHOUT_ARGUMENTS else f"{name}(…)"
    return f"`{name}` is a function: to get its result, call it with parentheses, `{call}`."


@advises("TypeError")
def one_value_tuple(scene: Scene) -> Advice | str:
    """``a = 1.0,``: the comma makes a tuple."""
    if not scene.is_own or not re.search(r"tuple|can't multiply sequence", scene.message):
        return ""
    for name in {node.id for node in expressions(scene.statement) if isinstance(node, ast.Name)}:
        value = scene.values.get(name)
        made = scene.assignments(name)
        if type(value) is not tuple or len(value) != 1 or len(made) != 1:
            continue
        statement = made[0]
        comma = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple)
        # Whoever writes the brackets wants the tuple.
        if comma and statement.value.col_offset == statement.value.elts[0].col_offset:  # type: ignore[attr-defined]
            return Advice(f"The comma at the end of {PLACE} makes `{name}` a tuple: take it away.", statement.lineno)
    return ""


@advises("TypeError")
def text_for_number(scene: Scene) -> str:
    """A text where a number is needed, or the other way round in a message that is printed."""
    if not scene.is_own or not re.search(r"\bstr\b|can't multiply sequence", scene.message):
        return ""
    for node in _operations(scene):
        if not isinstance(node, ast.BinOp):
            continue
        for text, other in ((node.left, node.right), (node.right, node.left)):
            value, number = scene.value(text), scene.value(other)
            if not isinstance(value, str) or isinstance(number, str) or not isinstance(number, _Number):
                continue
            if isinstance(text, ast.Constant) and isinstance(node.op, ast.Add) and code(other):
                return f"A text and a number cannot be added: write `str({code(other)})`, or use an f-string."
            if isinstance(text, ast.Name) and _is_number(value):
                return f"`{text.id}` is the text {value[:20]!r}, not a number: `float({text.id})` makes one of it."
    for comparison in scene.nodes(ast.Compare):
        for side in (comparison.left, *comparison.comparators):
            value = scene.value(side)
            if isinstance(side, ast.Name) and isinstance(value, str) and _is_number(value):
                return f"`{side.id}` is the text {value[:20]!r}, not a number: `float({side.id})` makes one of it."
    return ""


@advises("TypeError", "AttributeError")
def result_of_a_method_that_returns_none(scene: Scene) -> Advice | str:
    """``values = values.sort()``: a list changes itself and returns nothing."""
    if not scene.is_own or "NoneType" not in scene.message:
        return ""
    for name in {node.id for node in scene.operands() if isinstance(node, ast.Name)}:
        call = scene.call_that_gave_none(name)
        if call is None:
            continue
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            return Advice(f"`{name}` is None, because `print` on {PLACE} shows a value and returns none.", call.lineno)
        if isinstance(call.func, ast.Attribute) and call.func.attr in _CHANGE_LISTS:
            method = call.func.attr
            owner = call.func.value
            if (
                isinstance(owner, ast.List)
                or code(owner) == "list()"
                or isinstance(scene.value(owner), list)
                or code(owner) == name
            ):
                return Advice(
                    f"`{name}` is None since {PLACE}: `{method}` changes the list itself and returns None.", call.lineno
                )
        if isinstance(call.func, ast.Attribute) and call.func.attr == "backward":
            return Advice(
                f"`{name}` is None since {PLACE}: `backward()` returns nothing, it puts the gradients into `.grad`.",
                call.lineno,
            )
    return ""


@advises("TypeError", "AttributeError")
def none(scene: Scene) -> str:
    """Which name is None, where nothing more is known of it."""
    names = {
        node.id for node in scene.operands() if isinstance(node, ast.Name) and scene.values.get(node.id, 0) is None
    }
    if not scene.is_own or "NoneType" not in scene.message or len(names) != 1:
        return ""
    return f"`{names.pop()}` is None here."


@advises("ZeroDivisionError")
def divisor(scene: Scene) -> str:
    """Which number is zero."""
    for node in _operations(scene):
        if not isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod):
            continue
        below = node.right if isinstance(node, ast.BinOp) else node.value
        if isinstance(below, ast.Name | ast.Attribute) and code(below):
            value = scene.value(below)
            if isinstance(value, int | float) and value == 0:
                return f"`{code(below)}` is {value!r} here."
        is_length = isinstance(below, ast.Call) and isinstance(below.func, ast.Name) and below.func.id == "len"
        if is_length and len(below.args) == 1 and code(below):  # type: ignore[attr-defined]
            holder = scene.value(below.args[0])  # type: ignore[attr-defined]
            if isinstance(holder, list | tuple | dict | str) and not holder:
                return f"`{code(below)}` is 0 here."
    return ""


_CHANGE_LISTS = frozenset({"append", "extend", "insert", "sort", "reverse", "remove", "clear"})
_Number = (int, float, complex, torch.Tensor, numpy.generic)


def _operations(scene: Scene) -> Iterator[ast.BinOp | ast.AugAssign]:
    yield from scene.nodes(ast.BinOp)
    if isinstance(scene.statement, ast.AugAssign):
        yield scene.statement


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
