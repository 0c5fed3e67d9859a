"""Reading an autograd graph without touching it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import torch

LARGEST_WALK = 50_000


def _accumulate_type() -> type:
    leaf = torch.zeros((), requires_grad=True)
    with torch.enable_grad():
        return type(leaf.clone().grad_fn.next_functions[0][0])  # type: ignore[union-attr]


ACCUMULATE: Any = _accumulate_type()


class Walk(NamedTuple):
    """The leaves and the node numbers of one graph, and how many nodes it has."""

    leaves: list[torch.Tensor]
    numbers: set[int]
    nodes: list[Any]


def walk(roots: Iterable[Any], largest: int = LARGEST_WALK) -> Walk:
    """The part of the graph that is reachable from ``roots``, breadth first, leaves in order of discovery."""
    queue: list[Any] = [root for root in roots if root is not None]
    seen = set(queue)
    leaves: list[torch.Tensor] = []
    nodes: list[Any] = []
    numbers: set[int] = set()
    for node in queue:
        if type(node) is ACCUMULATE:
            leaves.append(node.variable)
            continue
        nodes.append(node)
        numbers.add(node._sequence_nr())
        for following, _ in node.next_functions:
            if following is not None and following not in seen:
                seen.add(following)
                queue.append(following)
        if len(queue) > largest:
            break
    return Walk(leaves, numbers, nodes)


def first_nodes(root: Any, count: int) -> list[Any]:
    """The first ``count`` nodes of a graph, breadth first, without its leaves."""
    queue = [root]
    seen = {root}
    nodes: list[Any] = []
    for node in queue:
        if type(node) is not ACCUMULATE:
            nodes.append(node)
            if len(nodes) == count:
                break
            for following, _ in node.next_functions:
                if following is not None and following not in seen:
                    seen.add(following)
                    queue.append(following)
    return nodes


def same_graph(root: Any, kinds: list[type], leaves: list[torch.Tensor]) -> bool:
    """Whether this graph has nodes of these types, breadth first, and goes back to just these leaves."""
    queue = [root]
    seen = {root}
    count = found = 0
    for node in queue:
        kind = type(node)
        if kind is ACCUMULATE:
            variable = node.variable
            if not any(variable is leaf for leaf in leaves):
                return False
            found += 1
            continue
        if count == len(kinds) or kind is not kinds[count]:
            return False
        count += 1
        for following, _ in node.next_functions:
            if following is not None and following not in seen:
                seen.add(following)
                queue.append(following)
    return count == len(kinds) and found == len(leaves)


def root_of(tensor: torch.Tensor) -> Any:
    """The graph node of a tensor: its ``grad_fn``, or for a leaf the node that accumulates into it."""
    node = tensor.grad_fn
    if node is None and tensor.requires_grad:
        with torch.enable_grad():
            node = tensor.view_as(tensor).grad_fn.next_functions[0][0]  # type: ignore[union-attr]
    return node


def first_names(root: Any, count: int = 6) -> list[str]:
    """The names of the nodes from the loss downwards, following the first input that has a graph."""
    names: list[str] = []
    node = root
    while node is not None and len(names) < count:
        names.append(node.name())
        node = next((following for following, _ in node.next_functions if following is not None), None)
    return names
