"""The names of one module or class, and what they stood for before any student's code ran."""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

MADE_IN_PYTHON = 1 << 9
"""The flag of classes whose attributes can be set."""
UNSTABLE = frozenset(
    {
        *("__builtins__", "_", "__warningregistry__", "__abstractmethods__", "_abc_impl", "__dict__"),
        *("__slotnames__", "__annotations__"),  # Python keeps them there once somebody asks or copies
    }
)
_FOLLOWS = "torch.Storage"
"""What stands there follows torch's default type."""


class Names(NamedTuple):
    """The names of one module or class."""

    owner: str
    now: dict[str, Any]
    before: dict[str, Any]
    may_grow: bool

    @classmethod
    def of(cls, owner: str, names: dict[str, Any], *, may_grow: bool = True) -> Names:
        return cls(owner, names, dict(names), may_grow)

    def replaced(self) -> list[str]:
        now, before = self.now, self.before
        is_same = all(map(operator.is_, map(now.get, before), before.values()))  # at C's speed, and nearly always
        found = [] if is_same else [name for name, value in before.items() if now.get(name) is not value]
        if not self.may_grow:
            found += now.keys() - before.keys()
        whole = (f"{self.owner}{name}" for name in found if name not in UNSTABLE)
        return [name for name in whole if name != _FOLLOWS]
