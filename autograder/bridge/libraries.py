"""What the libraries' names stood for before any student's code ran, and which of them stand for something else now."""

from __future__ import annotations

import itertools
import operator
import sys
from array import array
from collections.abc import Iterable, Iterator
from types import FunctionType, ModuleType

import torch
from torch.nn.modules import module as module_hooks
from torch.optim import optimizer as optimizer_hooks

from autograder.bridge.belongings import Belongings
from autograder.bridge.names_before import MADE_IN_PYTHON, UNSTABLE, Names
from autograder.bridge.untouched import Untouched, names_of

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
_HOOKS = tuple(
    value
    for module in (module_hooks, optimizer_hooks)
    for name, value in vars(module).items()
    if name.startswith("_global_") and hasattr(value, "clear")
)


class Libraries:
    """What the libraries' names stood for; to be made once, before any student's code has run.

    Each method looks closely at what may have changed since it found nothing, and at nothing else.
    """

    def __init__(self) -> None:
        self.belongings = Belongings(_MODULES)  # first: it imports what is missing
        modules = [
            Names.of(f"{name}.", vars(module))
            for name in _MODULES
            if isinstance(module := sys.modules.get(name), ModuleType)
        ]
        classes = [
            Names.of(f"{kind.__name__}.", names_of(kind), may_grow=False)
            for kind in dict.fromkeys((*_CLASSES, *_classes_of(_WITH_CLASSES)))
        ]
        self._modules = Names.of("", sys.modules)
        self._names = (self._modules, *modules, *classes)
        self._same_names = Untouched(dict, [names.now for names in self._names])
        held = (value for names in (*modules, *classes) for value in names.before.values())
        self._functions = _Functions([*dict.fromkeys(value for value in held if type(value) is FunctionType)])
        self._loaded = [*dict.fromkeys(module for module in sys.modules.values() if type(module) is ModuleType)]
        self._known = [tuple(vars(module)) for module in self._loaded]
        self._views = [vars(module).keys() for module in self._loaded]
        self._sizes = array("q", map(len, self._views))

    def replaced(self) -> list[str]:
        """Names behind which something else stands now, and new ones of classes."""
        found = [name for at in self._same_names.changed() for name in self._names[at].replaced()]
        if sys.modules is not self._modules.now:
            found.append("sys.modules")
        if not found:
            self._same_names.accept()
        return found

    def changed_functions(self) -> list[str]:
        """Functions that are still the same, but not in what they hold."""
        return self._functions.changed()

    def new_names(self) -> Iterator[str]:
        """What has been hung into libraries that was not there, modules aside: who imports one sets such a name."""
        sizes = array("q", map(len, self._views))
        if sizes == self._sizes:
            return
        for at in itertools.compress(itertools.count(), map(operator.ne, sizes, self._sizes)):
            module, names = self._loaded[at], vars(self._loaded[at])
            for name in names.keys() - self._known[at]:
                if name not in UNSTABLE and not _is_imported(names[name]):
                    yield f"{module.__name__}.{name}"

    def forget(self) -> None:
        """Takes away what only adds to libraries: modules made by hand, and hooks."""
        known = self._modules.before
        # All known ones are there, or this worker was given up: the latest of the others are soon found from the end.
        others = itertools.filterfalse(known.__contains__, reversed(sys.modules))
        for name in [*itertools.islice(others, len(sys.modules) - len(known))]:
            if getattr(sys.modules[name], "__spec__", None) is None:
                del sys.modules[name]
        for hooks in _HOOKS:
            hooks.clear()


class _Functions:
    """Functions of libraries, and what they held."""

    def __init__(self, functions: list[FunctionType]) -> None:
        self._functions = functions
        self._held = [_held_by(function) for function in functions]
        self._attributes = [vars(function).keys() for function in functions]
        self._sizes = array("q", map(len, self._attributes))
        self._same = Untouched(FunctionType, functions)
        self._keywords = [(one, Names.of("", one.__kwdefaults__)) for one in functions if one.__kwdefaults__]
        self._same_keywords = Untouched(dict, [names.now for _, names in self._keywords])

    def changed(self) -> list[str]:
        """The names of those that hold something else, or more."""
        sizes = array("q", map(len, self._attributes))
        found = [*itertools.compress(self._functions, map(operator.ne, sizes, self._sizes))]
        found += (self._functions[at] for at in self._same.changed() if self._is_other(at))
        keywords = (self._keywords[at] for at in self._same_keywords.changed())
        found += (function for function, names in keywords if names.replaced())
        if not found:
            self._same.accept()
            self._same_keywords.accept()
        return [function.__qualname__ for function in dict.fromkeys(found)]

    def _is_other(self, at: int) -> bool:
        return not all(map(operator.is_, _held_by(self._functions[at]), self._held[at]))


def _held_by(function: FunctionType) -> tuple[object, ...]:
    return function.__code__, function.__defaults__, function.__kwdefaults__, function.__dict__


def _is_imported(value: object) -> bool:
    return isinstance(value, ModuleType) and sys.modules.get(value.__name__) is value


def _classes_of(modules: Iterable[str]) -> set[type]:
    values = [value for name in modules if name in sys.modules for value in vars(sys.modules[name]).values()]
    return {value for value in values if issubclass(type(value), type) and value.__flags__ & MADE_IN_PYTHON}
