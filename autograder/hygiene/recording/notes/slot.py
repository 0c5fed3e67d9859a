"""One leaf under observation."""

from __future__ import annotations

import weakref

import torch

from autograder.hygiene.recording.sources.flows import Flow
from autograder.hygiene.trace.events import NO_GRADIENT, Value


class Slot:
    """What is known of a leaf while it lives."""

    __slots__ = (
        "after", "backward", "flow", "grad", "index", "kept_state", "last", "moved", "read", "reads", "ref",
        "shadow", "shape", "version", "version_of_last",
    )  # fmt: skip

    def __init__(self, index: int, tensor: torch.Tensor) -> None:
        self.index = index
        self.ref = weakref.ref(tensor)
        self.shape = list(tensor.shape)
        """As it was when the leaf was seen first."""
        self.backward = -1
        """The number of the latest backward pass that reached it."""
        self.after = NO_GRADIENT
        """What that pass left in ``.grad``."""
        self.grad: weakref.ref[torch.Tensor] | None = None
        self.version = -1
        self.kept_state = NO_GRADIENT
        self.reads = 0
        self.read = False
        """The program has looked at its gradient since the latest update."""
        self.moved = False
        """An update has used its gradient."""
        self.flow: Flow | None = None
        self.last: Value | None = None
        self.version_of_last = -1
        self.shadow: torch.Tensor | None = None
        """The values before the update that is being made."""

    def keep(self, gradient: torch.Tensor | None, state: int) -> None:
        """Remember which gradient, in which version, is there now."""
        if gradient is None:
            self.grad, self.version = None, -1
        else:
            self.grad, self.version = weakref.ref(gradient), gradient._version
        self.kept_state = state

    def kept(self, gradient: torch.Tensor | None) -> bool:
        """Whether ``.grad`` is still that tensor in that version."""
        if gradient is None or self.grad is None:
            return False
        return self.grad() is gradient and gradient._version == self.version
