"""A student's own code alone: the calls that the checks make, made of a plain module in a plain process.

This is what no grader can be cheaper than. Nothing is recorded, locked, sent or compared; the process has imported
torch already, as the warmed worker has. Python's main thread and torch's single one are all that runs.
"""

from __future__ import annotations

import contextlib
import io
import math
import random
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy
import torch

from autograder.bridge.handle import Handle
from autograder.bridge.messages import CALL_SEED
from tests.bench.call_log import Call, with_objects

_Objects = dict[tuple[int, int], Any]


@dataclass
class Own:
    """What a submission's own code took, in processor seconds."""

    seconds: float = 0.0
    """To run its file once, and for the calls; what copies arguments is not in it."""
    made: int = 0
    raised: int = 0
    """Of the calls made, how many ended in an exception."""


def own_code(source: str, name: str, calls: Sequence[Call]) -> Own:
    """Runs the source as a module and makes the calls. For a forked process: the module may do anything to it."""
    own = Own()
    objects: _Objects = {}
    module = ModuleType(name)
    silent = io.StringIO()
    with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with _counted(own):
                exec(compile(source, f"{name}.py", "exec"), vars(module))
        except BaseException:  # students raise what they like  # noqa: BLE001
            return own
        for call in calls:
            _make(call, module, objects, own)
    return own


def _make(call: Call, module: ModuleType, objects: _Objects, own: Own) -> None:
    try:
        target = _target(call, module, objects)
        args, kwargs = (with_objects(part, lambda one: objects[_number(one)]) for part in (call.args, call.kwargs))
    except (KeyError, AttributeError):
        return  # it needs what this submission does not have: the check has failed before it asks for that
    own.made += 1
    try:
        with _counted(own):
            answer = target if call.op in ("get", "function") else target(*args, **kwargs)
    except BaseException:  # noqa: BLE001
        own.raised += 1
        return
    _remember(call.answer, answer, objects)


@contextlib.contextmanager
def _counted(own: Own) -> Any:
    torch.default_generator.manual_seed(CALL_SEED)
    numpy.random.seed(CALL_SEED)
    random.seed(CALL_SEED)
    started = time.process_time()
    try:
        yield
    finally:
        own.seconds += time.process_time() - started


def _target(call: Call, module: ModuleType, objects: _Objects) -> Any:
    if call.op == "function":
        return eval(call.target, {"torch": torch, "math": math})
    found: Any = module
    parts = [part for part in call.target.split(".") if part]
    if call.op == "make":
        found = {"torch": torch, "numpy": numpy}[parts.pop(0)]
    elif call.handle is not None:
        found = objects[_number(call.handle)]
    for part in parts:
        found = getattr(found, part)
    return found


def _number(handle: Handle) -> tuple[int, int]:
    return handle._generation, handle._number


def _remember(noted: Any, found: Any, objects: _Objects) -> None:
    """Keeps what stands where the reference's answer has a handle."""
    if isinstance(noted, Handle):
        objects[_number(noted)] = found
    elif isinstance(noted, (list, tuple)) and isinstance(found, (list, tuple)):
        for one, other in zip(noted, found, strict=False):
            _remember(one, other, objects)
    elif isinstance(noted, dict) and isinstance(found, dict):
        for key in noted.keys() & found.keys():
            _remember(noted[key], found[key], objects)
