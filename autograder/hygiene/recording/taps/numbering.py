"""The numbers by which events tell optimizers and modules apart."""

from __future__ import annotations

import weakref
from typing import Any


class Numbers:
    """Numbers optimizers or modules in the order in which they are met."""

    def __init__(self) -> None:
        self._known: weakref.WeakKeyDictionary[Any, int] | None = None
        self._count = 0

    def of(self, thing: Any) -> int:
        """The number of this optimizer or module."""
        if self._known is None:
            self._known = weakref.WeakKeyDictionary()
        number: int = self._known.setdefault(thing, self._count)
        self._count = max(self._count, number + 1)
        return number
