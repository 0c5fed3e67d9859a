"""Gradients that are not there, and what autograd refuses to do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import torch

from autograder.bridge.advice.registry import PLACE, Advice, advises
from autograder.bridge.advice.scene import Scene, assigned, calls_of, code, enclosing_loop, expressions, path_to

_CONVERSIONS = frozenset({"item", "detach", "numpy", "tolist"})
_CLEARING = re.compile(r"zero_grad\(|\.grad = None")


@advises("TypeError", "AttributeError")
def gradient_is_none(scene: Scene) -> Advice | str:
    """``a.grad`` is None, and the tensor or the lines above tell why."""
    if not scene.is_own or "NoneType" not in scene.message:
        return ""
    found = [
        node
        for node in scene.operands()
        if isinstance(node, ast.Attribute) and node.attr == "grad" and scene.value(node) is None
    ]
    if not found:
        return ""
    tensor = scene.value(found[0].value)
    name = _name(scene, found[0].value, tensor)
    if not isinstance(tensor, torch.Tensor) or not name:
        return ""
    remade = [one for one in scene.assignments(name) if _reads(one, name)]
    if tensor.grad_fn is not None:
        since = f"since {PLACE} " if len(remade) == 1 else ""
        return Advice(
            f"{since}`{name}` is the result of a computation, and `backward()` fills `.grad` only of tensors that "
            f"you made yourself{_in_place(name) if since else ''}.",
            remade[0].lineno if since else None,
        )
    if not tensor.requires_grad and len(remade) == 1:
        return _new_tensor(name, remade[0])
    if not tensor.requires_grad:
        made = [one for one in scene.assignments(name) if not isinstance(one, ast.AugAssign)]
        advice = ": make it with `requires_grad=True`" if len(made) == 1 and not _asks_for_gradient(made[0]) else ""
        return f"`{name}` does not require a gradient, so `backward()` gives it none{advice}."
    return _no_backward(scene, name)


@advises("RuntimeError")
def nothing_to_differentiate(scene: Scene) -> Advice | str:
    """``loss.backward()`` of a loss that depends on nothing."""
    loss, function = _backward_of(scene), scene.function
    if "does not require grad and does not have a grad_fn" not in scene.message or not loss or function is None:
        return ""
    made = scene.assignments(loss)
    if len(made) == 1:
        blocks = [node for node in path_to(function, made[0]) if isinstance(node, ast.With)]
        without = [node for node in blocks if any("no_grad" in ast.unparse(item) for item in node.items)]
        if without:
            return Advice(f"Compute the loss outside of `torch.no_grad()` ({PLACE}).", without[-1].lineno)
    latest = scene.latest(loss)
    for call in (node for node in ast.walk(latest.value) if isinstance(node, ast.Call)) if latest is not None else ():
        if isinstance(call.func, ast.Attribute) and call.func.attr in _CONVERSIONS:
            source = scene.value(call.func.value)
            if isinstance(source, torch.Tensor) and source.requires_grad and code(call):
                return Advice(f"`{code(call)}` on {PLACE} leaves the computation: use the tensor itself.", call.lineno)
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    if any(_may_require(scene.values.get(name)) for name in used):
        return ""
    for name in sorted(used):
        remade = [one for one in scene.assignments(name) if _reads(one, name)]
        if isinstance(scene.local.get(name), torch.Tensor) and len(remade) == 1 and _asked_for(function, name):
            return _new_tensor(name, remade[0])
    said = ast.unparse(function)
    if "requires_grad" in said or "Parameter" in said:
        return ""
    return "No tensor here requires a gradient: make your parameters with `requires_grad=True`."


@advises("RuntimeError")
def same_graph_twice(scene: Scene) -> Advice | str:
    """A loss, or a part of it, that is computed once before the loop."""
    loss, function = _backward_of(scene), scene.function
    loop = enclosing_loop(function, scene.statement) if function is not None else None
    if "backward through the graph a second time" not in scene.message or not loss or function is None:
        return ""
    for call in calls_of(function, "backward"):
        first = isinstance(call.func, ast.Attribute) and code(call.func.value) == loss and call.lineno < scene.line
        between = [one for one in scene.assignments(loss) if call.lineno <= one.lineno <= scene.line]
        if first and not between and not call.keywords and _beside(function, call, scene.statement):
            return Advice(f"`{loss}.backward()` on {PLACE} has used this graph up: call it once per loss.", call.lineno)
    if loop is None:
        return ""
    inside = [one for one in scene.assignments(loss) if loop in path_to(function, one)]
    names = {loss} if not inside else set()
    if len(inside) == 1:
        names = {node.id for node in expressions(inside[0]) if isinstance(node, ast.Name) and node.id != loss}
    before = {
        name: made[0].lineno
        for name in names
        if _has_graph(scene.values.get(name))
        and len(made := scene.assignments(name)) == 1
        and loop not in path_to(function, made[0])
    }
    if len(before) != 1:
        return ""
    ((name, line),) = before.items()
    return Advice(f"`{name}` is computed only once, on {PLACE}, before the loop: compute it anew at every step.", line)


@advises("RuntimeError")
def tracked_update(scene: Scene) -> str:
    """A parameter that is changed while autograd records."""
    if "leaf Variable that requires grad is being used in an in-place operation" not in scene.message:
        return ""
    if not isinstance(scene.statement, ast.AugAssign | ast.Assign | ast.Expr):
        return ""
    return "An update is not part of the computation: put it into a `with torch.no_grad():` block."


@advises("RuntimeError")
def loss_with_many_entries(scene: Scene) -> str:
    """``backward`` of a loss that was not averaged."""
    loss = _backward_of(scene)
    value = scene.values.get(loss)
    if "only for scalar outputs" not in scene.message or not isinstance(value, torch.Tensor):
        return ""
    return (
        f"`{loss}` has the shape {tuple(value.shape)}, and `backward()` starts from a single number: is a mean or a "
        "sum missing?"
    )


@advises("TypeError", "AttributeError")
def no_grad_without_parentheses(scene: Scene) -> str:
    """``with torch.no_grad:``."""
    if not isinstance(scene.statement, ast.With) or not re.search("context manager|__enter__", scene.message):
        return ""
    found = [item.context_expr for item in scene.statement.items if ast.unparse(item.context_expr).endswith("no_grad")]
    return f"Write `{code(found[0])}()`, with parentheses." if found else ""


@advises("TypeError")
def single_parameter(scene: Scene) -> str:
    """``SGD(a)`` for ``SGD([a])``."""
    if "params argument given to the optimizer should be an iterable" not in scene.message:
        return ""
    calls = [node for node in scene.nodes(ast.Call) if node.args and isinstance(node.args[0], ast.Name)]
    name = code(calls[0].args[0]) if len(calls) == 1 else ""
    return f"Put the tensor into a list: `[{name}]`." if name else ""


def _no_backward(scene: Scene, name: str) -> Advice | str:
    """Why a leaf that requires a gradient has none, where the lines of the file tell it."""
    called = [call for call in calls_of(scene.tree, "backward") if not isinstance(call.func, ast.Name)]
    if not called:
        for node in ast.walk(scene.function or scene.tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute) and node.value.attr == "backward":
                written = code(node.value)
                return Advice(f"`{written}` on {PLACE} is not called: write `{written}()`.", node.lineno)
        words = ast.unparse(scene.tree)
        if "autograd.grad(" in words:
            return f"`torch.autograd.grad` returns the gradients; only `backward()` puts them into `{name}.grad`."
        is_certain = scene.is_whole and "backward" not in words
        return f"Nothing in your file calls `backward()`, so `{name}.grad` is still None." if is_certain else ""
    path = path_to(scene.function or scene.tree, scene.statement) if scene.statement is not None else []
    if _is_before_the_first(scene, path):
        return f"At the first step there is no gradient yet: clear `{name}.grad` after the update."
    for holder, below in zip(reversed(path[:-1]), reversed(path), strict=False):
        body = getattr(holder, "body", [])
        before = body[: body.index(below)] if below in body else []
        marks = [(one, _mark(one)) for one in before]
        told = [(one, mark) for one, mark in marks if mark]
        if told and told[-1][1] == "clear" and any(mark == "backward" for _, mark in told):
            return Advice(
                f"{PLACE} clears the gradients before they are used: clear them after the update.", told[-1][0].lineno
            )
        if told:
            return ""
    return ""


def _is_before_the_first(scene: Scene, path: list[ast.AST]) -> bool:
    """Whether a loop begins with the statement, which clears, and calls ``backward`` only below it."""
    loop = enclosing_loop(scene.function or scene.tree, scene.statement)
    text = ast.unparse(scene.statement) if scene.statement is not None else ""
    if loop is None or not text.endswith(".grad.zero_()"):
        return False
    inside = path[path.index(loop) + 1 :]
    plain = all(isinstance(node, ast.With | ast.Expr) for node in inside)
    lines = [call.lineno for call in calls_of(scene.function or scene.tree, "backward")]
    return plain and bool(calls_of(loop, "backward")) and min(lines) > scene.line


def _mark(statement: ast.stmt) -> str:
    """``backward`` or ``clear`` for a plain statement that does it, ``unclear`` for a block that may."""
    text = ast.unparse(statement)
    does, clears = ".backward(" in text, _CLEARING.search(text) is not None
    if not does and not clears:
        return ""
    if not isinstance(statement, ast.Expr | ast.Assign) or does == clears:
        return "unclear"
    return "backward" if does else "clear"


def _name(scene: Scene, node: ast.expr, tensor: object) -> str:
    """The tensor's name; of a loop's variable, the one that the tensor has outside of the loop."""
    name = code(node)
    loops = [one for one in scene.assignments(name) if isinstance(one, ast.For)]
    others = [one for one, value in scene.local.items() if value is tensor and one != name]
    return others[0] if loops and len(others) == 1 else name


def _in_place(name: str) -> str:
    return f": change it in place (`{name} -= …`) inside `torch.no_grad()`"


def _new_tensor(name: str, remade: ast.stmt) -> Advice:
    return Advice(
        f"since {PLACE} `{name}` is a new tensor, which does not require a gradient{_in_place(name)}.", remade.lineno
    )


def _asked_for(function: ast.AST, name: str) -> bool:
    """Whether the name was once given a tensor that requires a gradient."""
    return any(
        isinstance(node, ast.Assign) and name in assigned(node) and "requires_grad=True" in ast.unparse(node)
        for node in ast.walk(function)
    ) or any(code(call.func) == f"{name}.requires_grad_" for call in calls_of(function, "requires_grad_"))


def _reads(statement: ast.stmt, name: str) -> bool:
    """Whether an assignment computes the name's new value from its old one."""
    value = statement.value if isinstance(statement, ast.Assign) else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in ("detach", "clone"):
        value = value.func.value
    return isinstance(value, ast.BinOp) and any(
        isinstance(node, ast.Name) and node.id == name for node in ast.walk(value)
    )


def _asks_for_gradient(statement: ast.stmt) -> bool:
    is_creation = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)
    return not is_creation or "requires_grad" in ast.unparse(statement) or "detach" in ast.unparse(statement)


def _backward_of(scene: Scene) -> str:
    """The name of the loss in ``loss.backward()``, where the failed statement is one such call."""
    calls = [
        node
        for node in expressions(scene.statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "backward"
    ]
    owner = calls[0].func.value if len(calls) == 1 and isinstance(calls[0].func, ast.Attribute) else None
    return owner.id if isinstance(owner, ast.Name) else ""


def _beside(function: ast.AST, call: ast.Call, statement: ast.stmt | None) -> bool:
    """Whether the call is a statement of the block that the other statement stands in."""
    holder = path_to(function, statement)[-2:-1] if statement is not None else []
    return any(isinstance(one, ast.Expr) and one.value is call for node in holder for one in getattr(node, "body", []))


def _has_graph(value: object) -> bool:
    return isinstance(value, torch.Tensor) and value.grad_fn is not None


def _may_require(value: object) -> bool:
    if isinstance(value, torch.Tensor):
        return value.requires_grad
    if isinstance(value, torch.nn.Module | torch.optim.Optimizer):
        return True
    if isinstance(value, list | tuple | dict):
        inside: Iterable[object] = value.values() if isinstance(value, dict) else value
        return any(_may_require(one) for one in inside)
    # An object of a class of the student's own may hold anything.
    return hasattr(value, "__dict__") and not callable(value) and not isinstance(value, type(torch))
