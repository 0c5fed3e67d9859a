"""What a submission answered while a check, or a fixture that checks share, was asking it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autograder.blame.structure import Structure, structure

_MOST_CALLS = 500
"""Of one check: a check that asks more often is judged by the first ones."""
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\binf\b|\bnan\b)")


@dataclass(frozen=True)
class Call:
    """One answer: what was called, what came back, and the text that was printed meanwhile."""

    asked: str
    """What makes it the same question in another submission: ``f``, or ``.step`` of some object."""
    title: str
    answer: Structure
    printed: str = ""
    """Without its numbers."""


class Witness:
    """Keeps the structure of every answer under the name of who asked."""

    def __init__(self) -> None:
        self._heard: dict[str, list[Call]] = defaultdict(list)
        self._asking: list[str] = []

    def __call__(self, asked: str, title: str, value: Any, printed: str) -> None:
        """Notes an answer; the proxy calls this."""
        name = self._asking[-1] if self._asking else ""
        if len(self._heard[name]) < _MOST_CALLS:
            self._heard[name].append(Call(asked, title, structure(value), _NUMBER.sub("0", printed)))

    @contextmanager
    def asked_by(self, name: str) -> Iterator[None]:
        """Notes answers under this name for the length of the block."""
        self._asking.append(name)
        try:
            yield
        finally:
            self._asking.pop()

    def heard(self, names: Iterable[str]) -> tuple[Call, ...]:
        """Every answer to those names, one after the other."""
        return tuple(call for name in names for call in self._heard.get(name, ()))
