"""What the public names of libraries hold: where ordinary code could leave a mark for the next check.

A name that stands for something else is seen by :mod:`autograder.bridge.fresh_start`, in the modules that matter most.
Here it is the public names of all modules that ordinary code can reach, and what they still stand for: a list or a
dictionary with other entries, a function or a class with more attributes. Private names are not looked at: whose
source has any shares no worker (:mod:`autograder.grade.ordinary`).
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Collection, Iterator
from types import ModuleType
from typing import Any

from autograder.bridge.names_before import MADE_IN_PYTHON, Names
from autograder.bridge.untouched import Untouched, names_of

MODULES = (
    "__future__ abc collections collections.abc contextlib copy dataclasses enum functools itertools math "
    "matplotlib.pyplot numpy numpy.linalg numpy.random numpy.typing operator random statistics time torch "
    "torch.autograd torch.cuda torch.distributions torch.func torch.linalg torch.nn torch.nn.functional torch.nn.init "
    "torch.nn.utils torch.optim torch.optim.lr_scheduler torch.utils torch.utils.data tqdm tqdm.auto typing"
).split()
"""Those of which ordinary code imports."""
RARE = frozenset(
    "ao backends checkpoint classes compiler config core cpp_extension ctypeslib datapipes distributed export f2py "
    "futures fx hooks hub intrinsic jit lib library ma masked mps mtia mtrand nested onnx ops overrides package "
    "profiler qat quantizable quantization quantized rec serialization sparse storage strings testing torch_version "
    "version xpu".split()
)
"""Parts of libraries that ordinary code does not name: behind them nothing is looked at."""
_LIBRARIES = ("torch", "numpy", "matplotlib", "tqdm")
_CONTAINERS = (dict, list, set)


class Belongings:
    """What they hold; to be made before any student's code has run."""

    def __init__(self, compared: Collection[str] = ()) -> None:
        """``compared``: modules whose names somebody else compares."""
        self._names: list[Names] = []
        values: dict[int, tuple[str, object]] = {}
        for module in _reachable():
            public = {name: value for name, value in vars(module).items() if not name.startswith("_")}
            if module.__name__ not in compared:
                self._names.append(Names(f"{module.__name__}.", vars(module), public, may_grow=True))
            values |= {id(value): (f"{module.__name__}.{name}", value) for name, value in public.items()}
        found = [pair for pair in values.values() if not issubclass(type(pair[1]), ModuleType)]
        containers = [(label, value, value.copy()) for label, value in found if type(value) in _CONTAINERS]  # type: ignore[attr-defined]
        self._containers = [one for one in containers if type(one[1]) is not dict]
        self._dicts = [one for one in containers if type(one[1]) is dict]
        held = [(label, own) for label, value in found if (own := _attributes(value)) is not None]
        held += [
            (f"{label}.{name}", own)
            for label, value in found
            if issubclass(type(value), type)
            for name, part in vars(value).items()
            if not issubclass(type(part), type) and (own := _attributes(part)) is not None
        ]
        self._held = [(label, own, len(own)) for label, own in {id(own): (label, own) for label, own in held}.values()]
        self._same_names = Untouched(dict, [names.now for names in self._names])
        self._same_dicts = Untouched(dict, [value for _, value, _ in self._dicts])
        self._same_held = Untouched(dict, [own for _, own, _ in self._held])

    def changed(self) -> list[str]:
        """The names that hold something else now; of thousands, those are looked at that may have changed."""
        found = [name for at in self._same_names.changed() for name in self._names[at].replaced()]
        dicts = map(self._dicts.__getitem__, self._same_dicts.changed())
        found += [label for label, value, before in (*self._containers, *dicts) if value != before]
        held = map(self._held.__getitem__, self._same_held.changed())
        found += [label for label, own, size in held if len(own) != size]
        if not found:
            for same in (self._same_names, self._same_dicts, self._same_held):
                same.accept()
        return found


def _reachable() -> Iterator[ModuleType]:
    """Those modules, and what of their own libraries they name publicly."""
    pending = []
    for name in MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
            pending.append(sys.modules[name])
    seen: set[int] = set()
    while pending:
        module = pending.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        yield module
        for name, value in list(vars(module).items()):
            if type(value) is ModuleType and not name.startswith("_") and name not in RARE:
                if value.__name__.partition(".")[0] in _LIBRARIES:
                    pending.append(value)


def _attributes(value: Any) -> dict[str, Any] | None:
    """The attributes that can be set of a value, as long as nobody's code has to be asked for them."""
    if issubclass(type(value), type):  # some values lie about what they are, and warn
        return names_of(value) if value.__flags__ & MADE_IN_PYTHON else None  # those of classes made in C cannot be set
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return None
    return own if type(own) is dict else None
