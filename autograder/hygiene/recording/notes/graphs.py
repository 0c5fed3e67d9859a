"""The graphs of the run: what a backward pass has visited, and what waits to hear of one."""

from __future__ import annotations

from typing import Any, NamedTuple

from autograder.hygiene.recording.sources.graph import Walk
from autograder.hygiene.trace.events import Leave, Place


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
        self.pending: dict[int, Any] = {}
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
