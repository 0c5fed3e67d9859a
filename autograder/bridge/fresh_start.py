"""One worker for all checks of a submission: before each, the interpreter is made what it was before the first.

The submission's module is made anew for every check; this is about all the rest that code can leave behind. It is not
a wall: whoever wants to hide something in a running interpreter can. What such a worker says counts where a check
passes; where one fails, the check is run again in a worker of its own (see :mod:`autograder.grade.isolation`).
"""

from __future__ import annotations

import gc
import itertools
import operator
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

import numpy
import torch
from torch.nn.modules import module as module_hooks
from torch.optim import optimizer as optimizer_hooks

from autograder.bridge.belongings import Belongings
from autograder.bridge.leftovers import left, readings
from autograder.bridge.messages import MAX_NAME, MAX_REPLACED

_MODULES = (
    "builtins random math time copy statistics functools numpy numpy.random numpy.linalg torch torch.nn "
    "torch.nn.functional torch.nn.init torch.nn.utils torch.optim torch.optim.lr_scheduler torch.autograd torch.linalg "
    "torch.utils.data torch.autograd.function torch.autograd.grad_mode torch.autograd.graph matplotlib.pyplot json "
    "autograder.bridge.answer autograder.bridge.load autograder.bridge.messages autograder.bridge.values"
).split()
_CLASSES = (
    torch.Tensor,
    torch.Generator,
    torch.optim.Optimizer,
    *(torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop, torch.optim.Adagrad),
)
"""Of other optimizers torch itself changes the method `step` when the first one is made."""
_WITH_CLASSES = (
    *("torch.nn", "torch.autograd.function", "torch.distributions", "torch.utils.data"),
    *("autograder.bridge.answer", "autograder.bridge.values"),
)
"""The modules whose classes are looked at as well."""
_MADE_IN_PYTHON = 1 << 9
"""The flag of classes whose attributes can be set."""
_HOOKS = tuple(
    value
    for module in (module_hooks, optimizer_hooks)
    for name, value in vars(module).items()
    if name.startswith("_global_") and hasattr(value, "clear")
)


class Libraries:
    """What the libraries' names stood for; to be made once, before any student's code has run."""

    def __init__(self) -> None:
        self._modules = dict(sys.modules)
        self._names = {
            name: dict(vars(sys.modules[name])) for name in _MODULES if isinstance(sys.modules.get(name), ModuleType)
        }
        self._attributes = {kind: dict(vars(kind)) for kind in (*_CLASSES, *_classes_of(_WITH_CLASSES))}
        held = (*self._names.values(), *self._attributes.values())
        self._functions = {
            value: _inside(value) for names in held for value in names.values() if type(value) is FunctionType
        }
        self._known = [(module, frozenset(vars(module))) for module in _loaded()]
        self.belongings = Belongings(self._names)

    def changed_functions(self) -> Iterator[str]:
        """Functions that are still the same, but not in what they hold."""
        return (function.__qualname__ for function, inside in self._functions.items() if _inside(function) != inside)

    def new_names(self) -> Iterator[str]:
        """What has been hung into libraries that was not there, modules aside: who imports one sets such a name."""
        for module, known in self._known:
            names = vars(module)
            if len(names) == len(known):
                continue
            for name in names.keys() - known:
                if name not in _UNSTABLE and not _is_imported(names[name]):
                    yield f"{module.__name__}.{name}"

    def replaced(self) -> Iterator[str]:
        """Names behind which something else stands now, and new ones of classes."""
        yield from _replaced(sys.modules, self._modules)
        for name, values in self._names.items():
            yield from (f"{name}.{attribute}" for attribute in _replaced(vars(self._modules[name]), values))
        for kind, values in self._attributes.items():
            added = vars(kind).keys() - values.keys() - _UNSTABLE
            yield from (f"{kind.__name__}.{attribute}" for attribute in (*_replaced(vars(kind), values), *added))

    def forget(self) -> None:
        """Takes away what only adds to libraries: modules made by hand, and hooks."""
        for name, module in list(sys.modules.items()):
            if name not in self._modules and getattr(module, "__spec__", None) is None:
                del sys.modules[name]
        for hooks in _HOOKS:
            hooks.clear()


def _loaded() -> list[ModuleType]:
    return [module for module in sys.modules.values() if type(module) is ModuleType]


def _is_imported(value: object) -> bool:
    return isinstance(value, ModuleType) and sys.modules.get(value.__name__) is value


def _classes_of(modules: Iterable[str]) -> set[type]:
    values = [value for name in modules if name in sys.modules for value in vars(sys.modules[name]).values()]
    return {value for value in values if issubclass(type(value), type) and value.__flags__ & _MADE_IN_PYTHON}


def _inside(function: FunctionType) -> tuple[object, ...]:
    defaults, by_name = function.__defaults__, function.__kwdefaults__
    return id(function.__code__), id(defaults), by_name and [*map(id, by_name.values())], len(function.__dict__)


def _replaced(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    if all(map(operator.is_, map(now.get, before), before.values())):
        return []  # nearly always, and ten thousand names are looked at before each check
    return [name for name, value in before.items() if now.get(name) is not value and name not in _UNSTABLE]


_UNSTABLE = frozenset(
    {
        *("__builtins__", "_", "__warningregistry__", "__abstractmethods__", "_abc_impl", "__dict__"),
        *("__slotnames__", "__annotations__"),  # Python keeps them there once somebody asks or copies
        "Storage",  # torch's, which follows its default type
    }
)


class Switches:
    """The state of this process that any code may set: folder, environment, signals, switches of torch and NumPy."""

    def __init__(self) -> None:
        self._folder = os.getcwd()
        self._environment = dict(os.environ)
        self._path, self._arguments = list(sys.path), list(sys.argv)
        self._hooks = (sys.excepthook, sys.displayhook, threading.excepthook)
        self._depth = sys.getrecursionlimit()
        self._signals = {number: signal.getsignal(number) for number in _catchable()}
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
            if signal.getsignal(number) is not handler:
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
        if replaced := tuple(name[:MAX_NAME] for name in itertools.islice(self._libraries.replaced(), MAX_REPLACED)):
            return replaced
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


def _plot_settings() -> Mapping[str, Any]:
    plots = sys.modules.get("matplotlib")
    return dict(plots.rcParams) if plots is not None else {}


def _forget_figures(settings: Mapping[str, Any]) -> None:
    plots = sys.modules.get("matplotlib.pyplot")
    if plots is not None:
        plots.close("all")
        current = sys.modules["matplotlib"].rcParams
        if dict(current) != settings:
            dict.update(current, settings)
