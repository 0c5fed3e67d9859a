"""Where a value came from when the autograd graph does not say: gradients read, leaves cut off."""

from __future__ import annotations

import weakref
from typing import Any, NamedTuple

import torch

from autograder.hygiene.trace.events import Cut, Place

TENSORS = frozenset({torch.Tensor, torch.nn.Parameter})
OWN = frozenset({float, list, complex})
"""Types of which every ``item()`` or ``tolist()`` makes an object of its own. An int or a bool is no object of its
own: Python keeps one 1 for all, so that a count and an argument of a layer are the same object."""
MOST_CUTS = 6
_MOST_FORWARDS = 8


class Flow(NamedTuple):
    """What flowed into one tensor that is not visible in its graph."""

    gradients: dict[int, tuple[int, int]] = {}  # noqa: RUF012 - never changed in place
    """Leaf to (number of the backward pass, number of the read)."""
    values: frozenset[int] = frozenset()
    """Leaves whose values went in."""
    cuts: tuple[tuple[str, Place, str], ...] = ()
    """The operations that took those values out of the graph, and how the values came back (see ``Cut.kind``)."""
    alias: int = -1
    """The leaf whose memory this tensor shares."""
    how: str = ""
    """For an alias, ``data`` or ``alias``; for a gradient itself, ``gradient``."""
    forwards: tuple[int, ...] = ()
    """Module calls and rewraps whose output went in (places in the list of events)."""
    scaled: bool = False
    """A gradient was multiplied or divided by more than a learning rate on the way."""
    update: Place | None = None
    """Where a leaf's value was combined with its own gradient: the right-hand side of an update."""


def merged(flows: list[Flow], scaling: bool) -> Flow:
    """One flow for the result of an operation on tensors with these flows."""
    if len(flows) == 1:
        (flow,) = flows
        if flow.alias < 0 and not flow.how and not (scaling and flow.gradients):
            return flow
        scaled = flow.scaled or (scaling and bool(flow.gradients))
        return Flow(flow.gradients, flow.values, flow.cuts, -1, "", flow.forwards, scaled, flow.update)
    gradients: dict[int, tuple[int, int]] = {}
    values: frozenset[int] = frozenset()
    cuts: tuple[tuple[str, Place, str], ...] = ()
    forwards: tuple[int, ...] = ()
    scaled = False
    update = None
    for flow in flows:
        for leaf, read in flow.gradients.items():
            if read > gradients.get(leaf, (-1, -1)):
                gradients[leaf] = read
        values |= flow.values
        cuts += tuple(cut for cut in flow.cuts if cut not in cuts)
        forwards += tuple(index for index in flow.forwards if index not in forwards)
        scaled = scaled or flow.scaled
        update = update or flow.update
    return Flow(gradients, values, cuts[:MOST_CUTS], -1, "", forwards[-_MOST_FORWARDS:], scaled, update)


def cuts_of(flow: Flow | None) -> list[Cut]:
    """The cuts that are behind a tensor, as events tell them."""
    if flow is None or not flow.cuts:
        return []
    return [Cut(op, place, sorted(flow.values), kind) for op, place, kind in flow.cuts]


class Flows:
    """The known flows of living tensors, and of the few objects that were taken out of the graph lately."""

    _MOST_TAKEN = 256

    def __init__(self) -> None:
        self.known: dict[int, tuple[weakref.ref[torch.Tensor], Flow]] = {}
        self.taken: dict[int, tuple[Any, Flow]] = {}
        """Objects that were made of tensors, by their address, which nobody else gets while they are held here."""
        self.numpy_left: tuple[int, bool, Place, frozenset[int]] | None = None
        """What left for numpy last: after which pass, whether after its update, where, the values of which leaves."""
        self.forgetful = False
        """Steps repeated each other: where copies of gradients are that were made meanwhile is not known."""

    def of(self, tensor: Any) -> Flow | None:
        """The flow of this very tensor, or None."""
        entry = self.known.get(id(tensor))
        if entry is not None and entry[0]() is tensor:
            return entry[1]
        return None

    def put(self, tensor: torch.Tensor, flow: Flow) -> None:
        """Remember the flow of a tensor for as long as the tensor lives."""
        self.known[id(tensor)] = (weakref.ref(tensor), flow)

    def put_taken(self, made: Any, flow: Flow) -> None:
        """Remember where an object (a float, a list, an array) came from that has just been made of a tensor.

        What is followed is the object, never its value: of types that share their objects nothing is remembered.
        """
        if type(made) in OWN or type(made).__module__ == "numpy":
            if len(self.taken) >= self._MOST_TAKEN:
                self.taken.clear()
            self.taken[id(made)] = (made, flow)

    def of_taken(self, thing: Any) -> Flow | None:
        """The flow of this very object, or None."""
        entry = self.taken.get(id(thing))
        return entry[1] if entry is not None and entry[0] is thing else None

    def prune(self) -> None:
        """Forget tensors that are gone."""
        if self.known:
            self.known = {key: entry for key, entry in self.known.items() if entry[0]() is not None}
