"""Calling what is no function, calling with other arguments, and using what a function did not return."""

from __future__ import annotations

import ast
import builtins
import copy
import re
from types import ModuleType

import torch

from autograder.bridge.advice.registry import PLACE, Advice, advises
from autograder.bridge.advice.scene import (
    UNKNOWN,
    Function,
    Scene,
    assigned,
    code,
    own_statements,
    path_to,
    returns_a_value,
    sort_of,
)

_SIGNATURE = re.compile(r"(?:\w+\.(?:<locals>\.)?)*(\w+)\(\) (?:missing \d|takes |got )")


@advises("TypeError")
def calls_a_value(scene: Scene) -> Advice | str:
    """``a(x)`` for ``a * x``, ``values(0)`` for ``values[0]``, a function whose name was given away."""
    if not scene.is_own or "object is not callable" not in scene.message:
        return ""
    for call in scene.nodes(ast.Call):
        target, value = call.func, scene.value(call.func)
        if value is UNKNOWN or callable(value):
            continue
        name, argument = code(target), code(call.args[0]) if len(call.args) == 1 and not call.keywords else ""
        if isinstance(target, ast.Name) and _was_function(scene, target.id):
            line = _given_away(scene, target.id)
            return (
                Advice(f"`{name}` was a function until {PLACE} gave the name to {sort_of(value)}.", line)
                if line
                else ""
            )
        if isinstance(target, ast.Attribute) and isinstance(scene.value(target.value), torch.Tensor):
            if not call.args and not call.keywords:
                return f"`{name}` is no method: leave the parentheses out."
            if isinstance(value, torch.Size) and argument:
                return f"`{name}` is no method: write `{name}[{argument}]`."
            return ""
        if isinstance(value, ModuleType):
            last = value.__name__.rpartition(".")[2]
            if callable(getattr(value, last, None)):
                return f"`{name}` is a module; its function is `{name}.{last}`."
            return f"`{name}` is a module, and a module cannot be called."
        if not name or not argument:
            return ""
        if isinstance(value, list | tuple | dict):
            return f"`{name}` is {sort_of(value)}: entries are read with square brackets, `{name}[{argument}]`."
        other = scene.value(call.args[0])
        is_factor = isinstance(other, int | float | complex | torch.Tensor) or isinstance(call.args[0], ast.BinOp)
        if isinstance(value, int | float | complex | torch.Tensor) and is_factor:
            factor = f"({argument})" if isinstance(call.args[0], ast.BinOp) else argument
            return f"`{name}` is {sort_of(value)}, no function: if you mean a product, write `{name} * {factor}`."
    return ""


@advises("TypeError")
def subscripts_a_function(scene: Scene) -> str:
    """``f[x]`` for ``f(x)``."""
    if not scene.is_own or not re.search(r"'\w*(function|method)\w*' object is not subscriptable", scene.message):
        return ""
    found = [node for node in scene.nodes(ast.Subscript) if callable(scene.value(node.value))]
    name = code(found[0].value) if len(found) == 1 else ""
    return f"`{name}` is a function: call it with round brackets, `{name}(…)`." if name else ""


@advises("TypeError", "AttributeError")
def uses_what_was_not_returned(scene: Scene) -> Advice | str:
    """``a, b = step(…)`` where ``step`` has no ``return``."""
    if not scene.is_own or "NoneType" not in scene.message:
        return ""
    statement = scene.statement
    used = [*scene.operands(), scene.node]
    if "unpack" in scene.message and isinstance(statement, ast.Assign):
        used = [statement.value]
    calls = [node for node in used if isinstance(node, ast.Call)]
    names = {node.id for node in used if isinstance(node, ast.Name)}
    if scene.node is None and any(scene.values.get(name, 0) is None for name in names):
        calls = []  # which of the two was meant is not known
    calls += [call for name in names if (call := scene.call_that_gave_none(name)) is not None]
    returned_none = {
        call.func.id: definition
        for call in calls
        if isinstance(call.func, ast.Name)
        and (definition := scene.definition(call.func.id)) is not None
        and not returns_a_value(definition)
    }
    if len(returned_none) != 1:
        return ""
    ((name, definition),) = returned_none.items()
    return Advice(f"`{name}` ({PLACE}) has no `return` with a value, so its result is None.", definition.lineno)


@advises("TypeError")
def own_signature(scene: Scene) -> Advice | str:
    """What the called function of the student's own takes."""
    found = _SIGNATURE.match(scene.message)
    if found is None or not scene.is_own:
        return ""
    name = found[1]
    definition = scene.definition(name)
    if definition is not None and "." not in scene.message.partition("(")[0]:
        parameters = copy.deepcopy(definition.args)
        for one in ast.walk(parameters):
            if isinstance(one, ast.arg):
                one.annotation = None
        written = f"{name}({ast.unparse(parameters)})"
        return Advice(f"It is defined on {PLACE} as `{written}`.", definition.lineno) if len(written) <= 120 else ""
    owner = scene.message.partition("(")[0].split(".")[-2:]
    for node in scene.tree.body:
        if isinstance(node, ast.ClassDef) and [node.name, name] == owner:
            methods = [one for one in node.body if isinstance(one, Function) and one.name == name]
            if len(methods) == 1 and not methods[0].decorator_list:
                named = [one.arg for one in (*methods[0].args.posonlyargs, *methods[0].args.args)]
                if named[:1] not in (["self"], ["cls"], ["this"]) and "positional argument" in scene.message:
                    return Advice(f"The first parameter of a method is `self`: add it on {PLACE}.", methods[0].lineno)
    return ""


def _was_function(scene: Scene, name: str) -> bool:
    return scene.definition(name) is not None or callable(getattr(builtins, name, None))


def _given_away(scene: Scene, name: str) -> int:
    """The line of the first assignment that took a function's name; 0 for a parameter of that name."""
    if scene.function is not None and name in scene.local:
        found = scene.assignments(name)
    else:
        found = [one for one in own_statements(scene.tree) if name in assigned(one) and not isinstance(one, Function)]
    return min((one.lineno for one in found if not _is_main_block(scene.tree, one)), default=0)


def _is_main_block(tree: ast.Module, statement: ast.stmt) -> bool:
    return any(
        isinstance(node, ast.If) and "__name__" in ast.unparse(node.test) for node in path_to(tree, statement)[:-1]
    )
