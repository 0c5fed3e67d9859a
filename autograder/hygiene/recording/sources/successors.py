"""Updates that make a new tensor instead of changing the old one: ``w = (w - rate * g).detach().requires_grad_()``."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import NamedTuple

import torch

from autograder.hygiene.recording.sources.flows import Flow
from autograder.hygiene.trace.events import Place, Value

Emit = Callable[[Place, int, list[list[int]], Value | None, bool], None]
"""Notes an update: where, of which leaf, from which gradients, the new value, whether it was scaled."""


class Proposal(NamedTuple):
    """A leaf's value was combined with its own gradient. Whether that is an update shows later."""

    leaf: int
    flow: Flow
    tensor: weakref.ref[torch.Tensor]
    memory: int
    additive: bool


class Rebinding:
    """The proposals since the last step began, and the lines whose proposals turned out to be updates."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self.proposed: list[Proposal] = []
        self.places: set[tuple[int, int]] = set()

    def propose(self, flow: Flow, out: torch.Tensor, additive: bool) -> None:
        """Remember the result of what may be the right-hand side of an update."""
        leaf = updated_leaf(flow)
        if leaf >= 0:
            self.proposed.append(Proposal(leaf, flow, weakref.ref(out), out.untyped_storage().data_ptr(), additive))

    def source_of(self, parameter: torch.nn.Parameter) -> Flow | None:
        """The flow of what was wrapped in this new parameter, which no function mode can see."""
        memory = parameter.untyped_storage().data_ptr()
        return next((item.flow for item in reversed(self.proposed) if item.memory == memory), None)

    def confirm(self, leaf: int, flow: Flow, value: Value | None) -> None:
        """A new leaf was made of this: it was an update."""
        place = flow.update or Place()
        self.places.add((place.file, place.line))
        self.proposed = [item for item in self.proposed if item.leaf != leaf]
        self._emit(place, leaf, [[source, *read] for source, read in flow.gradients.items()], value, flow.scaled)

    def finish(self, *, alone: bool) -> None:
        """Count the update of the last step, whose result no backward pass uses any more.

        ``alone``: the run has no other update.

        A proposal is believed if the same line has made updates before; in a run of one step, if it is a sum or if its
        result is alive. A line that did the same with a leaf after several passes, and made none, is no update.
        """
        last = {item.leaf: item for item in self.proposed}
        for leaf, item in last.items():
            place = item.flow.update or Place()
            passes = {
                other.flow.gradients[leaf][0]
                for other in self.proposed
                if other.leaf == leaf and other.flow.update == item.flow.update
            }
            if len(passes) > 1:
                continue
            likely = alone and (item.additive or item.tensor() is not None)
            if likely or (place.file, place.line) in self.places:
                self.confirm(leaf, item.flow, None)


def updated_leaf(flow: Flow) -> int:
    """The leaf of which an update with this flow makes the successor, or -1."""
    if flow.update is None:
        return -1
    return next((leaf for leaf in sorted(flow.values) if leaf in flow.gradients), -1)
