"""Attributes of torch that are replaced for the time of one recording, and put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Replacement(NamedTuple):
    """An attribute, what it was, and what stands in for it."""

    owner: Any
    name: str
    original: Any
    new: Any


class Replacements:
    """What is replaced for one recording alone; ``undo`` puts every one of them back."""

    def __init__(self) -> None:
        self._replaced: list[Replacement] = []

    def replace(self, owner: Any, name: str, new: Any) -> None:
        """Replace one attribute."""
        self._replaced.append(Replacement(owner, name, owner.__dict__[name], new))
        setattr(owner, name, new)

    def exchange(self, owner: Any, name: str, make: Callable[[Any], Any] | None) -> None:
        """Put another replacement, made from the original, in the place of ours (None: the original itself).

        Only if ours is still there.
        """
        for position, entry in enumerate(self._replaced):
            if entry.owner is owner and entry.name == name and owner.__dict__.get(name) is entry.new:
                if make is None:
                    del self._replaced[position]
                    setattr(owner, name, entry.original)
                else:
                    self._replaced[position] = Replacement(owner, name, entry.original, make(entry.original))
                    setattr(owner, name, self._replaced[position].new)
                return

    def undo(self) -> list[str]:
        """Put everything back; the names of what somebody else had replaced meanwhile."""
        changed = []
        while self._replaced:
            owner, name, original, new = self._replaced.pop()
            if owner.__dict__.get(name) is not new:
                changed.append(f"{owner.__name__}.{name} was replaced during the run")
            setattr(owner, name, original)
        return changed
