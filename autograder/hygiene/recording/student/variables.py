"""What the student calls a tensor."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any

import torch

from autograder.hygiene.recording.student.files import TORCH

_LOOP_NAMES = frozenset({"p", "param", "parameter", "t", "v", "q", "tensor", "value", "w_", "p_", "weight_"})
_PASSING = _LOOP_NAMES | {"m", "mod", "module", "layer", "child", "sub"}


def name_of(tensor: torch.Tensor, frames: Iterator[FrameType]) -> str | None:
    """What the student calls this tensor: ``a``, ``self.weight``, ``params[0]``, ``model.fc.bias``, or None."""
    last_globals: Mapping[str, Any] | None = None
    for frame in frames:
        variables = frame.f_locals
        found = _search(tensor, variables)
        release(variables, frame)
        if found is not None:
            return found
        last_globals = frame.f_globals
    if last_globals is not None:
        return _search(tensor, last_globals)
    return None


def is_passing(name: str) -> bool:
    """Whether this names a tensor only for a moment: in a loop over parameters, or in a function for each layer."""
    return name.partition(".")[0] in _PASSING


def release(variables: Mapping[str, Any], frame: FrameType) -> None:
    """Empty the copy of a running function's variables that Python has made for us, if nobody else has it.

    It would live as long as the function, and with it the first loss and its graph. (From Python 3.13 on there is no
    copy.)
    """
    if _references(variables) <= _OURS and frame.f_code.co_flags & inspect.CO_OPTIMIZED and type(variables) is dict:
        variables.clear()


def _references(variables: Mapping[str, Any]) -> int:
    return sys.getrefcount(variables)


def _unshared() -> int:
    """How many references there are if nobody else has any; it depends on the version of Python."""

    def release(variables: Mapping[str, Any]) -> int:
        return _references(variables)

    variables = sys._getframe().f_locals
    return release(variables)


_OURS = _unshared()


def _search(tensor: torch.Tensor, variables: Mapping[str, Any]) -> str | None:
    fallback: str | None = None
    for name, value in list(variables.items()):
        if value is tensor:
            if name not in _LOOP_NAMES and not name.startswith("_"):
                return name
            fallback = fallback or name
    containers: list[tuple[str, Any]] = []
    for name, value in list(variables.items()):
        if isinstance(value, (list, tuple, dict)) or (
            hasattr(value, "__dict__") and not isinstance(value, (type, torch.Tensor)) and not callable(value)
        ):
            containers.append((name, value))
        elif isinstance(value, torch.nn.Module):
            containers.append((name, value))
    for name, value in containers:
        found = _inside(tensor, name, value, 2)
        if found is not None:
            return found
    return fallback


def _inside(tensor: torch.Tensor, name: str, value: Any, depth: int) -> str | None:
    if isinstance(value, torch.nn.Module):
        for inner, parameter in value.named_parameters():
            if parameter is tensor:
                return f"{name}.{inner}"
        inside: Iterator[tuple[str, Any]] = ((f"{name}.{key}", item) for key, item in vars(value).items())
        if depth < 2:
            return None
    elif isinstance(value, dict):
        inside = ((f"{name}[{key!r}]", item) for key, item in list(value.items())[:64] if isinstance(key, (str, int)))
    elif isinstance(value, (list, tuple)):
        inside = ((f"{name}[{index}]", item) for index, item in enumerate(value[:64]))
    elif isinstance(value, torch.optim.Optimizer):
        return None
    else:
        module = sys.modules.get(type(value).__module__)
        file = getattr(module, "__file__", None)
        if file is not None and file.startswith(TORCH):
            return None
        try:
            inside = ((f"{name}.{key}", item) for key, item in list(vars(value).items())[:64])
        except TypeError:
            return None
    for path, item in inside:
        if item is tensor:
            return path
        if depth > 1 and (isinstance(item, (list, tuple, dict, torch.nn.Module)) or _plain_object(item)):
            found = _inside(tensor, path, item, depth - 1)
            if found is not None:
                return found
    return None


def _plain_object(item: Any) -> bool:
    return hasattr(item, "__dict__") and not callable(item) and not isinstance(item, torch.Tensor)
