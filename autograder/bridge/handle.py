"""An object of the submission that a check may use without having it: a model, a function, an iterator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

AskOfHandle = Callable[["Handle", str, tuple[Any, ...], Mapping[str, Any]], Any]
"""Asks the worker: of which object, ``call`` or ``get``, with which arguments."""


class Handle:
    """An object that lives in the worker until the end of the check.

    ``h(...)`` calls it, ``h.name(...)`` calls a method, ``h.name.get()`` reads an attribute.
    """

    def __init__(self, ask: AskOfHandle, number: int, type_name: str, generation: int, path: str = "") -> None:
        self._ask = ask
        self._number = number
        self._type_name = type_name
        self._generation = generation
        self._path = path

    def __getattr__(self, name: str) -> Handle:
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self._path}.{name}" if self._path else name
        return Handle(self._ask, self._number, self._type_name, self._generation, path)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(self, "call", args, kwargs)

    def get(self) -> Any:
        """The attribute's value, plain or as another Handle."""
        return self._ask(self, "get", (), {})

    def __repr__(self) -> str:
        return f"<{self._type_name} of the submission>"
