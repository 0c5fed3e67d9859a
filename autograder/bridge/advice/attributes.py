"""Attributes that an object does not have."""

from __future__ import annotations

import ast
import difflib
import re
from types import ModuleType

import torch

from autograder.bridge.advice.registry import PLACE, Advice, advises
from autograder.bridge.advice.scene import UNKNOWN, Scene, code

_ALIKE = 0.75
_TO_NUMBER = frozenset({"item", "tolist"})
_LIST_ADDS = frozenset({"add", "push", "push_back", "add_", "Append"})


@advises("AttributeError")
def number_without_a_graph(scene: Scene) -> Advice | str:
    """``loss.backward()`` where loss is a plain number, or ``.item()`` of one."""
    node, owner = _failed(scene)
    if node is None or not isinstance(owner, int | float) or isinstance(owner, bool):
        return ""
    name = code(node.value)
    if node.attr in ("item", "detach", "cpu", "tolist") and name:
        return f"`{name}` is a Python number already: leave `.{node.attr}()` out."
    if node.attr == "backward" and isinstance(node.value, ast.Name):
        made = scene.assignments(node.value.id)
        if len(made) == 1 and isinstance(made[0], ast.Assign) and _takes_the_number(made[0].value):
            return Advice(
                f"`{name}` is a plain number since {PLACE}: call `backward()` on the tensor, and take the number "
                "afterwards.",
                made[0].lineno,
            )
        return f"`{name}` is a plain number, and only tensors have `backward()`."
    if hasattr(torch.Tensor, node.attr) and name:
        return f"`{name}` is a plain number; `{node.attr}` belongs to tensors."
    return ""


@advises("AttributeError")
def figure_and_axes(scene: Scene) -> Advice | str:
    """``ax = plt.subplots()``."""
    node, owner = _failed(scene)
    if node is None or type(owner) is not tuple or len(owner) != 2 or not isinstance(node.value, ast.Name):
        return ""
    name = node.value.id
    made = scene.assignments(name)
    call = made[0].value if len(made) == 1 and isinstance(made[0], ast.Assign) else None
    if not isinstance(call, ast.Call) or not code(call.func).endswith("subplots"):
        return ""
    return Advice(f"`subplots` returns a figure and its axes: write `fig, {name} = …` on {PLACE}.", call.lineno)


@advises("AttributeError")
def list_for_tensor(scene: Scene) -> str:
    """``losses.mean()`` of a list, ``losses.add(x)``."""
    node, owner = _failed(scene)
    if node is None or type(owner) not in (list, tuple, dict) or not code(node.value):
        return ""
    name, sort = code(node.value), type(owner).__name__
    if node.attr in _LIST_ADDS and sort == "list":
        return f"A list gets a new entry by `{name}.append(…)`."
    if near := difflib.get_close_matches(node.attr, _public(owner), n=1, cutoff=_ALIKE):
        return f"Did you mean `{near[0]}`?"
    return f"`{name}` is a {sort}; `{node.attr}` belongs to tensors." if hasattr(torch.Tensor, node.attr) else ""


@advises("AttributeError")
def misspelt_attribute(scene: Scene) -> str:
    """A name of a tensor or module that is nearly there."""
    node, owner = _failed(scene)
    if node is None or not isinstance(owner, torch.Tensor | ModuleType | torch.nn.Module):
        return ""
    near = difflib.get_close_matches(node.attr, _public(owner), n=1, cutoff=_ALIKE)
    return f"Did you mean `{near[0]}`?" if near else ""


def _failed(scene: Scene) -> tuple[ast.Attribute | None, object]:
    """The attribute that is not there and the object that lacks it, where both are certain."""
    said = re.search(r"has no attribute '(\w+)'$", scene.message)
    found = [node for node in scene.nodes(ast.Attribute) if said is not None and node.attr == said[1]]
    if len(found) != 1:
        return None, UNKNOWN
    owner = scene.value(found[0].value)
    # torch's modules look for their attributes themselves, and raise it a frame further down.
    is_certain = scene.is_own or isinstance(owner, ModuleType | torch.nn.Module)
    return (found[0], owner) if is_certain and owner is not UNKNOWN else (None, UNKNOWN)


def _public(owner: object) -> list[str]:
    return [name for name in dir(owner) if not name.startswith("_")]


def _takes_the_number(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    if isinstance(value.func, ast.Attribute):
        return value.func.attr in _TO_NUMBER
    return isinstance(value.func, ast.Name) and value.func.id == "float"
