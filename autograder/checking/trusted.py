"""The trusted modules of an assignment: the reference solution and the stub's given code, run in the judge."""

from __future__ import annotations

import copy
import importlib.util
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

import torch

from autograder.bridge.handle import Handle
from autograder.bridge.messages import CALL_SEED, Request, pack
from autograder.bridge.traced import TracedProxy, TraceOptions
from autograder.bridge.values import Encoder, ValueRefused, refuse_objects
from autograder.errors import AssignmentError

if TYPE_CHECKING:
    from autograder.hygiene import Trace

_WORTH_SECONDS = 0.5
"""Processor seconds from which on a result is kept for other processes."""
_MOST_NUMBERS = 10_000
"""Entries of a tensor whose numbers are told one by one."""


class Kept(Protocol):
    """Results of calls by what was asked, beyond the end of this process."""

    def find(self, question: bytes) -> tuple[Any] | None:
        """The result, alone in a tuple; None where it is not known."""

    def keep(self, question: bytes, result: Any) -> None:
        """Keeps a result, where that is possible."""


class TrustedModule:
    """A module whose calls are made once per process: equal calls after the first cost a copy.

    ``reference.f(x)`` runs with the same seed as the submission's calls and returns a fresh copy each time.
    """

    def __init__(self, path: Path, name: str, *, seed: int = CALL_SEED, kept: Kept | None = None) -> None:
        """``kept``: results of earlier processes, and where those go that took long."""
        self._kept = kept
        self._module = load_trusted(path, name)
        self._seed = seed
        self._results: dict[bytes, Any] = {}
        self._costs: dict[bytes, float] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(self._module, name, None)
        if found is None:
            raise AssignmentError(f"{self._module.__file__} has no {name!r}, but a check uses it.")
        return self._shared(name, found) if callable(found) and not isinstance(found, type) else found

    def cost(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> float | None:
        """The processor seconds of that call here and now; None where there is no such call to make.

        Makes it once more: what was kept of an earlier one costs nothing, and says nothing.
        """
        key = _key(name, args, dict(kwargs))
        function = getattr(self._module, name, None)
        if key is None or not callable(function):
            return None
        if key not in self._costs:
            given = copy.deepcopy((args, dict(kwargs)))
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(self._seed)
                started = time.thread_time()
                try:
                    function(*given[0], **given[1])
                except Exception:  # whatever it is, the time until then is no measure  # noqa: BLE001
                    return None
                self._costs[key] = time.thread_time() - started
        return self._costs[key]

    def numbers(self) -> Iterator[float]:
        """Every number with a fraction in the results so far."""
        pending = list(self._results.values())
        while pending:
            found = pending.pop()
            if isinstance(found, float) and math.isfinite(found) and not found.is_integer():
                yield found
            elif isinstance(found, torch.Tensor) and found.is_floating_point() and found.numel() <= _MOST_NUMBERS:
                pending.extend(found.detach().flatten().tolist())
            elif isinstance(found, dict):
                pending.extend(found.values())
            elif isinstance(found, (list, tuple)):
                pending.extend(found)

    @property
    def traced(self) -> TracedProxy:
        """The same calls under the hygiene recorder, for comparing a student's run with the right one."""
        return TracedProxy(self._traced_call)

    def _traced_call(
        self, name: str | Handle, args: tuple[Any, ...], kwargs: Mapping[str, Any], options: TraceOptions
    ) -> Trace:
        from autograder.hygiene import Trace, record

        if isinstance(name, Handle):
            raise AssignmentError("reference.traced.of: what is traced lives in a submission's worker.")
        torch.manual_seed(self._seed)
        recording = record(
            files={str(self._module.__file__)}, learning_rate=options.learning_rate, window=options.choice()
        )
        with recording:
            value = getattr(self._module, name)(*args, **kwargs)
        trace = Trace.from_plain(recording.plain())
        trace.value = value
        return trace

    def _shared(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            key = _key(name, args, kwargs)
            if key is None or key not in self._results:
                found = self._kept.find(key) if self._kept is not None and key is not None else None
                result = found[0] if found is not None else self._computed(key, function, args, kwargs)
                if key is None:
                    return result
                self._results[key] = result
            return copy.deepcopy(self._results[key])

        return call

    def _computed(
        self, key: bytes | None, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        torch.manual_seed(self._seed)
        started = time.thread_time()
        result = function(*args, **kwargs)
        if self._kept is not None and key is not None and time.thread_time() - started >= _WORTH_SECONDS:
            self._kept.keep(key, result)
        return result


def load_trusted(path: Path, name: str) -> ModuleType:
    """The module at ``path``, imported under ``name``; an AssignmentError where it cannot be."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AssignmentError(f"{path} cannot be imported.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise AssignmentError(f"{path}{_line_in(path, error)} cannot be imported: {_said(error)}") from error
    return module


def _line_in(path: Path, error: BaseException) -> str:
    """Where in the file it happened: ``, line 3``."""
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == str(path) else None
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return f", line {line}," if line else ""


def _said(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "it calls exit()"
    text = str(error.msg if isinstance(error, SyntaxError) else error).strip().split("\n", 1)[0]
    return f"{type(error).__name__}: {text}"


def _key(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes | None:
    """What makes two calls equal; None for arguments that are not plain data."""
    encoder = Encoder(refuse_objects)
    try:
        request = Request(nonce=0, op="call", target=name, args=encoder.node(list(args)), kwargs=encoder.node(kwargs))
        return pack(request, encoder.buffers)
    except ValueRefused:
        return None
