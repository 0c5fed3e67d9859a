"""Shapes and dtypes that do not fit: the tensors of the line, with theirs."""

from __future__ import annotations

import ast
import math
import re

import torch

from autograder.bridge.advice.registry import advises
from autograder.bridge.advice.scene import Scene, code

_SHAPES = re.compile(
    r"The size of tensor a \(|shapes cannot be multiplied|the broadcast shape|inconsistent tensor size|"
    r"[Tt]arget size \(|invalid for input of size|too many indices for tensor|is out of bounds for dimension|"
    r"size mismatch|to be equal size|Sizes of tensors must match|must be at least 1D|need to be at least 1D"
)
_DTYPES = re.compile(
    r"same dtype|expected scalar type \w+ but found|Found dtype \w+ but expected|expected .* dtype .* but got"
)
_ONE_NUMBER = re.compile(
    r"elements cannot be converted to Scalar|only one[- ]element tensors can be converted|only 0-dim|"
    r"Boolean value of Tensor with more than one value|only integer tensors of a single element"
)
_MOST_NAMED = 4


@advises("RuntimeError", "ValueError", "IndexError")
def shapes(scene: Scene) -> str:
    """What shape everything on the line has."""
    named = scene.tensors()
    if not _SHAPES.search(scene.message) or not 0 < len(named) <= _MOST_NAMED or "" in named:
        return ""
    return f"Here {_listed([(name, f'{tuple(tensor.shape)}') for name, tensor in named.items()], 'has the shape')}."


@advises("RuntimeError")
def dtypes(scene: Scene) -> str:
    """What dtype everything on the line has."""
    named = scene.tensors()
    kinds = {tensor.dtype for tensor in named.values()}
    if not _DTYPES.search(scene.message) or len(kinds) < 2 or len(named) > _MOST_NAMED or "" in named:
        return ""
    facts = _listed([(name, str(tensor.dtype).removeprefix("torch.")) for name, tensor in named.items()], "is")
    return f"Here {facts}: convert, so that all are of one dtype."


@advises("RuntimeError", "TypeError")
def integers(scene: Scene) -> str:
    """The mean, or the gradient, of whole numbers."""
    of_mean = "mean(): could not infer output dtype" in scene.message
    of_gradient = "dtype can require gradients" in scene.message
    if not (of_mean or of_gradient):
        return ""
    whole = {name: tensor for name, tensor in scene.tensors().items() if not _has_fractions(tensor)}
    if len(whole) == 1 and "" not in whole and len(scene.tensors()) == 1:
        ((name, tensor),) = whole.items()
        kind = str(tensor.dtype).removeprefix("torch.")
        return f"`{name}` is of dtype {kind}: `{name}.float()` makes floating point numbers of it."
    for call in scene.nodes(ast.Call) if of_gradient else []:
        first = call.args[0] if call.args else None
        value = scene.value(first)
        if type(value) is int and isinstance(first, ast.Name):
            return f"`{first.id}` is the integer {value} here: write `float({first.id})`."
        if type(value) is int:
            return f"{value} is an integer, and a gradient needs floating point: write {value}.0."
    return ""


@advises("RuntimeError", "ValueError", "TypeError")
def one_number(scene: Scene) -> str:
    """A tensor with many entries where one number is needed."""
    if not _ONE_NUMBER.search(scene.message):
        return ""
    for call in scene.nodes(ast.Call):
        function = scene.value(call.func)
        name = getattr(function, "__name__", "")
        if getattr(math, name, None) is function and callable(getattr(torch, name, None)) and code(call.func):
            return f"`{code(call.func)}` takes single numbers: for tensors there is `torch.{name}`."
    tensors = scene.tensors()
    many = {name: tensor for name, tensor in tensors.items() if tensor.numel() > 1}
    if "to an index" in scene.message and len(many) < len(tensors):
        return ""  # which may be about one of the others: one that is no whole number
    if len(many) != 1 or "" in many:
        return ""
    ((name, tensor),) = many.items()
    return f"`{name}` has the shape {tuple(tensor.shape)}, and one number is needed here."


@advises("TypeError")
def number_for_tensor(scene: Scene) -> str:
    """``torch.sqrt(2.0)``."""
    if not re.search(r"argument 'input' \(position 1\) must be Tensor, not (?:float|int)$", scene.message):
        return ""
    calls = [node for node in scene.nodes(ast.Call) if ast.unparse(node.func).startswith("torch.") and node.args]
    if len(calls) != 1:
        return ""
    function = code(calls[0].func)
    same = function.removeprefix("torch.")
    way = f"use `math.{same}`, or make a tensor of it" if callable(getattr(math, same, None)) else "make a tensor of it"
    first = calls[0].args[0]
    what = f"`{code(first)}`" if isinstance(first, ast.Name | ast.Attribute) and code(first) else "this"
    return f"`{function}` takes tensors, and {what} is a number: {way}."


@advises("TypeError")
def stacked_numbers(scene: Scene) -> str:
    """``torch.stack`` of a list of numbers."""
    found = re.search(r"expected Tensor as element \d+ in argument 0, but got (?:float|int)$", scene.message)
    calls = [node for node in scene.nodes(ast.Call) if ast.unparse(node.func) in ("torch.stack", "torch.cat")]
    if found is None or len(calls) != 1:
        return ""
    return f"`{code(calls[0].func)}` joins tensors; a tensor of numbers is made by `torch.tensor(…)`."


def _has_fractions(tensor: torch.Tensor) -> bool:
    return tensor.is_floating_point() or tensor.is_complex()


def _listed(facts: list[tuple[str, str]], verb: str) -> str:
    """``x`` has the shape (3,), ``y`` (4,) and ``w`` (3, 1)."""
    said = [f"`{name}` {verb} {fact}" if not place else f"`{name}` {fact}" for place, (name, fact) in enumerate(facts)]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
