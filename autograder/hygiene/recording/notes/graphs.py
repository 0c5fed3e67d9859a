"""The graphs of the run: what a backward pass has visited, and what waits to hear of one."""

from __future__ import annotations

from typing import Any, NamedTuple

from autograder.hygiene.recording.sources.graph import Walk
from autograder.hygiene.trace.events import Broadcast, Forward, Leave, Place, Rewrap

_MOST_VISITED = 20_000


class Walked(NamedTuple):
    """A graph that was looked at: the number of its first node, its leaves, the numbers of its nodes."""

    number: int
    leaves: frozenset[int]
    numbers: set[int]
    walk: Walk | None


class Graphs:
    """What is known of graphs, by the numbers of their nodes."""

    def __init__(self) -> None:
        self.visited: set[int] = set()
        """The nodes that backward passes have visited."""
        self.pending: dict[int, list[Broadcast | Forward | Rewrap]] = {}
        """Graph node number to the events that wait to hear whether a backward pass visits it."""
        self.unused: list[tuple[set[int], Leave]] = []
        """Values that left a graph, with the numbers of its nodes, of which no backward pass has visited any so far."""
        self.left: dict[tuple[int, int], list[Leave]] = {}
        """The values that left a graph, by file and line."""
        self.walked: Walked | None = None
        """The latest graph that was looked at before its backward pass."""
        self.hunting = False
        """Graphs pile up: look for the operation that chains them together."""
        self.higher_order = False
        """Some pass has made a graph of its gradients: updates may be meant to be differentiated."""
        self.constants: dict[int, tuple[Place, frozenset[int]]] = {}
        """Calls of ``autograd.grad`` without ``create_graph``, by number: the place, and which leaves are behind it."""

    def await_visit(self, node: Any, event: Broadcast | Forward | Rewrap) -> None:
        """Tell this event when a backward pass visits a graph with this node."""
        self.pending.setdefault(node._sequence_nr(), []).append(event)

    def visit(self, numbers: set[int]) -> None:
        """A backward pass visits these nodes: tell the events that have waited for one of them."""
        if len(self.visited) > _MOST_VISITED:
            self.visited = set()
        self.visited |= numbers
        if self.pending:
            for number in self.pending.keys() & numbers:
                for waiting in self.pending.pop(number):
                    if isinstance(waiting, Broadcast):
                        waiting.in_loss = True
                    else:
                        waiting.used = True
        if self.unused:
            self.unused = [(behind, left) for behind, left in self.unused if not _used(left, behind, numbers)]


def _used(left: Leave, behind: set[int], numbers: set[int]) -> bool:
    left.used = not behind.isdisjoint(numbers)
    return left.used
