"""Where tensors and optimizers were made."""

from __future__ import annotations

import weakref
from types import CodeType
from typing import Any

import torch

from autograder.hygiene.recording.student.files import Files
from autograder.hygiene.trace.events import Place


class Origins:
    """The lines that made things, as far as anybody will ask for them."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.births: dict[int, tuple[weakref.ref[torch.Tensor], CodeType, int]] = {}
        """Which instruction made the tensors with a graph before the first backward pass."""
        self._optimizers: weakref.WeakKeyDictionary[Any, Place] | None = None
        """There are often none."""

    def of_tensor(self, tensor: torch.Tensor) -> Place | None:
        """Where this tensor was made, if that is known."""
        born = self.births.get(id(tensor))
        if born is None or born[0]() is not tensor:
            return None
        _, code, instruction = born
        lines = (line for start, stop, line in code.co_lines() if start <= instruction < stop)
        return Place(self._files.number(code.co_filename), next(lines, None) or 0)

    def put_optimizer(self, optimizer: Any, place: Place) -> None:
        """Remember where an optimizer was made."""
        if self._optimizers is None:
            self._optimizers = weakref.WeakKeyDictionary()
        self._optimizers.setdefault(optimizer, place)

    def of_optimizer(self, optimizer: Any) -> Place | None:
        """Where this optimizer was made, if that is known."""
        return None if self._optimizers is None else self._optimizers.get(optimizer)
