"""One worker for all checks of a submission: before each, the interpreter is made what it was before the first.

The submission's module is made anew for every check; this is about all the rest that code can leave behind. It is not
a wall: whoever wants to hide something in a running interpreter can. What such a worker says counts where a check
passes; where one fails, the check is run again in a worker of its own (see :mod:`autograder.grade.isolation`).
"""

from __future__ import annotations

import gc
import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy
import torch

from autograder.bridge.leftovers import left, readings
from autograder.bridge.libraries import Libraries
from autograder.bridge.messages import MAX_NAME, MAX_REPLACED


class Switches:
    """The state of this process that any code may set: folder, environment, signals, switches of torch and NumPy."""

    def __init__(self) -> None:
        self._folder = os.getcwd()
        self._environment = dict(os.environ)
        self._path, self._arguments = list(sys.path), list(sys.argv)
        self._hooks = (sys.excepthook, sys.displayhook, threading.excepthook)
        self._depth = sys.getrecursionlimit()
        self._signals = {number: _handler(number) for number in _catchable()}
        self._numpy = (numpy.geterr(), numpy.get_printoptions())
        self._dtype = torch.get_default_dtype()
        self._print_options = dict(vars(torch._tensor_str.PRINT_OPTS))
        self._modes = torch._C._len_torch_function_stack()
        self._figures: Mapping[str, Any] = _plot_settings()

    def put_back(self) -> None:
        """Sets everything as it was; raises whatever goes wrong, and the worker is of no more use."""
        sys.settrace(None)
        sys.setprofile(None)
        os.chdir(self._folder)
        if dict(os.environ) != self._environment:
            os.environ.clear()
            os.environ.update(self._environment)
        sys.path[:], sys.argv[:] = self._path, self._arguments
        sys.excepthook, sys.displayhook, threading.excepthook = self._hooks
        sys.setrecursionlimit(self._depth)
        for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
            signal.setitimer(timer, 0)
        for number, handler in self._signals.items():
            if _handler(number) is not handler:
                signal.signal(number, handler)
        numpy.seterr(**self._numpy[0])
        numpy.set_printoptions(**self._numpy[1])
        self._put_back_torch()
        _forget_figures(self._figures)
        gc.enable()

    def _put_back_torch(self) -> None:
        while torch._C._len_torch_function_stack() > self._modes:
            torch._C._pop_torch_function_stack()
        torch.set_default_device(None)
        if torch.get_default_dtype() is not self._dtype:
            torch.set_default_dtype(self._dtype)
        torch.set_grad_enabled(True)
        torch.autograd.set_detect_anomaly(False)
        if torch.get_num_threads() != 1:
            torch.set_num_threads(1)
        if torch.are_deterministic_algorithms_enabled():
            torch.use_deterministic_algorithms(False)
        vars(torch._tensor_str.PRINT_OPTS).update(self._print_options)


_libraries: Libraries | None = None


def remember_libraries() -> None:
    """Notes what libraries look like: once, in the process that forks the workers."""
    global _libraries
    _libraries = Libraries()


class FreshStart:
    """Makes the interpreter as it was when this was made."""

    def __init__(self) -> None:
        self._libraries = _libraries or Libraries()
        self._switches = Switches()
        self._readings = readings()

    def again(self) -> tuple[str, ...]:
        """Nothing; or some names of what was replaced in the libraries, and then this process is to be used no more.

        Raises RuntimeError where something else stays as it is.
        """
        if replaced := self._libraries.replaced():
            return tuple(name[:MAX_NAME] for name in replaced[:MAX_REPLACED])
        self._libraries.forget()
        self._switches.put_back()
        gc.collect()
        libraries = self._libraries
        changed = itertools.chain(libraries.changed_functions(), libraries.new_names(), libraries.belongings.changed())
        if found := [*left(self._readings), *itertools.islice(changed, MAX_REPLACED)]:
            raise RuntimeError(f"this worker keeps {', '.join(found)}")
        return ()


def _catchable() -> Iterable[signal.Signals]:
    return signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}


# What does the work, without making an enumeration's member of each answer.
_handler: Callable[[int], Any] = getattr(signal.getsignal, "__wrapped__", signal.getsignal)


def _plot_settings() -> Mapping[str, Any]:
    plots = sys.modules.get("matplotlib")
    return dict.copy(plots.rcParams) if plots is not None else {}


def _forget_figures(settings: Mapping[str, Any]) -> None:
    plots = sys.modules.get("matplotlib.pyplot")
    if plots is not None:
        plots.close("all")
        current = sys.modules["matplotlib"].rcParams
        if dict.__ne__(current, settings):  # not one by one, each by a function that may warn
            dict.update(current, settings)
