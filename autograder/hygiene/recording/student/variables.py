"""Which frame is the student's, and what the student calls a tensor there."""

from __future__ import annotations

import dis
import functools
import inspect
import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import torch

_HERE = str(Path(__file__).resolve().parents[2])
_RULES = os.path.join(_HERE, "rules") + os.sep
_LIBRARIES = tuple(
    {
        os.path.dirname(os.path.abspath(torch.__file__)) + os.sep,
        *(os.path.abspath(sysconfig.get_paths()[key]) + os.sep for key in ("purelib", "platlib", "stdlib")),
        os.path.dirname(_HERE) + os.sep,
    }
)
TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
_DEPTH = 12
_LOOP_NAMES = frozenset({"p", "param", "parameter", "t", "v", "q", "tensor", "value", "w_", "p_", "weight_"})
_PASSING = _LOOP_NAMES | {"m", "mod", "module", "layer", "child", "sub"}


@functools.lru_cache(maxsize=4096)
def _outside_libraries(filename: str) -> bool:
    if filename.startswith("<"):
        return not filename.startswith(("<frozen", "<__array", "<string"))
    path = os.path.abspath(filename)
    return path.startswith(_RULES) or not path.startswith(_LIBRARIES)


class Files:
    """Decides which source files are the student's, and numbers them."""

    def __init__(self, only: frozenset[str] | None = None) -> None:
        self.only = only
        self.names: list[str] = []
        self.numbers: dict[str, int] = {}

    def number(self, filename: str) -> int:
        """The file's index, or -1 for a library."""
        known = self.numbers.get(filename)
        if known is not None:
            return known
        if self._is_student(filename):
            self.names.append(filename)
            known = len(self.names) - 1
        else:
            known = -1
        self.numbers[filename] = known
        return known

    def _is_student(self, filename: str) -> bool:
        if self.only is not None:
            return filename in self.only
        return _outside_libraries(filename)

    def defines(self, cls: type) -> bool:
        """Whether this class is written in one of the student's files."""
        code = getattr(getattr(cls, "backward", None), "__code__", None)
        return code is not None and self.number(code.co_filename) >= 0

    def student_frame(self, frame: FrameType | None) -> FrameType | None:
        """The student's innermost frame at or above this one."""
        numbers = self.numbers
        while frame is not None:
            filename = frame.f_code.co_filename
            index = numbers.get(filename)
            if index is None:
                index = self.number(filename)
            if index >= 0:
                return frame
            frame = frame.f_back
        return None

    def frames(self, frame: FrameType | None) -> Iterator[FrameType]:
        """The student's frames, innermost first."""
        frame = self.student_frame(frame)
        for _ in range(_DEPTH):
            if frame is None:
                return
            yield frame
            frame = self.student_frame(frame.f_back)


_CALLERS: dict[str, bool | None] = {}
"""By file: whether it is torch's, or None for the recorder's own."""


def called_by_torch() -> bool:
    """Whether the call that is being noted was made by torch's own Python code."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        filename = frame.f_code.co_filename
        if filename not in _CALLERS:
            ours = filename.startswith(_HERE) and not filename.startswith(_RULES)
            _CALLERS[filename] = None if ours else filename.startswith(TORCH)
        torchs = _CALLERS[filename]
        if torchs is not None:
            return torchs
        frame = frame.f_back
    return False


_DIVIDES: dict[CodeType, bool] = {}


def divides(frames: Iterator[FrameType]) -> bool:
    """Whether the student's running functions divide anything: perhaps the learning rate or the loss."""
    for frame in frames:
        code = frame.f_code
        if code not in _DIVIDES:
            _DIVIDES[code] = _divides(list(dis.get_instructions(code)))
        if _DIVIDES[code]:
            return True
    return False


def _divides(steps: list[dis.Instruction]) -> bool:
    """Whether there is a division, other than that of a logged number: ``loss.item() / 4``, ``return total / 4``."""
    for position, step in enumerate(steps):
        if step.opname == "BINARY_TRUE_DIVIDE" or (step.opname == "BINARY_OP" and step.argrepr in ("/", "/=")):
            before = [earlier for earlier in steps[max(position - 5, 0) : position - 1] if earlier.opname != "PRECALL"]
            calls = before[-1:] and before[-1].opname.startswith("CALL")
            logged = calls and len(before) > 1 and before[-2].argval == "item"
            after = [later.opname for later in steps[position + 1 : position + 3]]
            told = after[:1] == ["RETURN_VALUE"] or any(name.startswith("FORMAT_") for name in after)
            if not logged and not told:
                return True
    return False


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
        if file is not None and file.startswith(_LIBRARIES[:1]):
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
