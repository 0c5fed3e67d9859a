"""Entries that are not there, loops over what has none, and values that do not fit their names."""

from __future__ import annotations

import ast
import re

from autograder.bridge.advice.registry import PLACE, Advice, advises
from autograder.bridge.advice.scene import Function, Scene, code, expressions, own_statements, returns_a_value

_MOST_KEYS = 6
_PLAIN = (int, float, str, bool, type(None))


@advises("IndexError")
def index(scene: Scene) -> str:
    """How many entries there are."""
    nodes = [node for node in scene.nodes(ast.Subscript) if isinstance(scene.value(node.value), list | tuple)]
    if not scene.is_own or "index out of range" not in scene.message or len(nodes) != 1 or not code(nodes[0].value):
        return ""
    name, values = code(nodes[0].value), scene.value(nodes[0].value)
    count = len(values)
    if "assignment" in scene.message:
        return f"`{name}` has {count} {'entry' if count == 1 else 'entries'}: a new one is added by `{name}.append(…)`."
    if not values:
        return f"`{name}` is empty here."
    asked = scene.value(nodes[0].slice)
    entries = "1 entry, with the index 0" if count == 1 else f"{count} entries, with the indices 0 to {count - 1}"
    return f"`{name}` has {entries}; this asks for {asked}." if type(asked) is int else f"`{name}` has {entries}."


@advises("KeyError")
def key(scene: Scene) -> str:
    """Which keys there are."""
    nodes = [node for node in scene.nodes(ast.Subscript) if type(scene.value(node.value)) is dict]
    if not scene.is_own or len(nodes) != 1 or not scene.error.args or not code(nodes[0].value):
        return ""
    name, entries, asked = code(nodes[0].value), scene.value(nodes[0].value), scene.error.args[0]
    if not entries:
        return f"`{name}` is empty here."
    keys = list(entries)
    if not all(type(one) in _PLAIN for one in [*keys, asked]):
        return ""
    if isinstance(asked, str) is not isinstance(keys[0], str) and str(asked) in map(str, keys):
        sort, other = ("text", "numbers") if isinstance(asked, str) else ("number", "texts")
        return f"{repr(asked)[:40]} is a {sort}, but the keys of `{name}` are {other}."
    if len(keys) > _MOST_KEYS:
        return f"`{name}` has {len(keys)} other keys, the first is {repr(keys[0])[:40]}."
    words = ", ".join(repr(one)[:40] for one in keys)
    return f"`{name}` has the key{'s' if len(keys) > 1 else ''} {words}."


@advises("TypeError")
def kind_of_index(scene: Scene) -> str:
    """``values[n / 2]`` and ``values[i, j]``."""
    nodes = scene.nodes(ast.Subscript)
    if not scene.is_own or "list indices must be integers or slices, not" not in scene.message or len(nodes) != 1:
        return ""
    inside, name = nodes[0].slice, code(nodes[0].value)
    if isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Div) and scene.message.endswith("float"):
        return "`/` gives a float, also for integers: `//` gives an integer."
    pair = inside.elts if isinstance(inside, ast.Tuple) and len(inside.elts) == 2 else []
    if pair and name and not any(isinstance(one, ast.Slice) for one in pair):
        return f"An entry of a list of lists is read as `{name}[{code(pair[0])}][{code(pair[1])}]`."
    if isinstance(inside, ast.Name) and type(scene.value(inside)) is float:
        return f"`{inside.id}` is the float {scene.value(inside)!r} here."
    return ""


@advises("TypeError")
def number_of_rounds(scene: Scene) -> str:
    """``for i in n`` and ``range(n / 2)``."""
    if not scene.is_own:
        return ""
    if scene.message.endswith("'int' object is not iterable") and isinstance(scene.statement, ast.For):
        over = scene.statement.iter
        if type(scene.value(over)) is int and code(over):
            return f"`{code(over)}` is a number: loop over `range({code(over)})`."
    if scene.message.endswith("'float' object is not iterable") and isinstance(scene.statement, ast.For):
        over = scene.statement.iter
        if type(scene.value(over)) is float and code(over):
            return f"`{code(over)}` is the number {scene.value(over)!r} here."
    if not scene.message.endswith("'float' object cannot be interpreted as an integer"):
        return ""
    for call in scene.nodes(ast.Call):
        if not isinstance(call.func, ast.Name) or call.func.id != "range":
            continue
        for argument in call.args:
            if isinstance(argument, ast.BinOp) and isinstance(argument.op, ast.Div):
                return "`/` gives a float, also for integers: `//` gives an integer."
            if isinstance(argument, ast.Name) and type(scene.value(argument)) is float:
                return f"`{argument.id}` is the float {scene.value(argument)!r} here, and `range` needs an integer."
    return ""


@advises("TypeError", "ValueError")
def unpacking(scene: Scene) -> Advice | str:
    """``for key, value in entries``, and ``a, b = f(x)`` of a function that returns three values."""
    if not scene.is_own or not re.search(r"values to unpack|cannot unpack non-iterable", scene.message):
        return ""
    statement = scene.statement
    for loop in expressions(statement):
        if isinstance(loop, ast.For | ast.comprehension) and isinstance(loop.target, ast.Tuple):
            if type(scene.value(loop.iter)) is dict and code(loop.iter):
                return f"A loop over a dict gives its keys: for both write `{code(loop.iter)}.items()`."
            return ""
    call = statement.value if isinstance(statement, ast.Assign) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return ""
    definition = scene.definition(call.func.id)
    count = _returned(definition) if definition is not None and returns_a_value(definition) else 0
    if definition is None or not count or definition.decorator_list:
        return ""
    return Advice(f"`{call.func.id}` ({PLACE}) returns {count} value{'s' if count > 1 else ''}.", definition.lineno)


def _returned(definition: Function) -> int:
    """How many values every ``return`` of the function writes down; 0 where they differ or are not counted."""
    counts = set()
    for statement in own_statements(definition):
        if isinstance(statement, ast.Return):
            values = statement.value.elts if isinstance(statement.value, ast.Tuple) else []
            counts.add(0 if any(isinstance(one, ast.Starred) for one in values) else len(values))
    return counts.pop() if len(counts) == 1 else 0
