"""Where tensors were changed in place, or behind autograd's back."""

from __future__ import annotations

from collections import deque

import torch

from autograder.hygiene.trace.events import Place


class Changes:
    """The latest changes, and the first one of each argument."""

    def __init__(self) -> None:
        self.latest: deque[tuple[list[int], int, Place]] = deque(maxlen=512)
        """The latest in-place changes: shape, version afterwards, place."""
        self.data_writes: list[tuple[int, int, Place, str]] = []
        """Writes through ``.data``: the memory, the number of the next graph node, the place, the name."""
        self.exposed = False
        """A numpy array shares memory with a tensor: values may change without a new version."""
        self.arguments: set[int] = set()
        """The identities of the tensors that the program was given."""
        self.touched: dict[int, Place] = {}
        """The first line that changed an argument in place."""

    def touch(self, tensor: torch.Tensor, place: Place) -> None:
        """This tensor was changed: remember the line if it is an argument."""
        if id(tensor) in self.arguments:
            self.touched.setdefault(id(tensor), place)
