"""The leaves behind a tensor."""

from __future__ import annotations

from typing import Any

import torch

from autograder.hygiene.recording.notes.graphs import Walked
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources import graph

_FEW_NODES = 64


def behind(notes: Notes, tensor: torch.Tensor) -> frozenset[int]:
    """The leaves that a tensor's graph goes back to (or itself, if it is one)."""
    if tensor.is_leaf:
        return frozenset({notes.leaves.slot(tensor).index})
    return inside(notes, tensor.grad_fn)[0]


def inside(notes: Notes, node: Any) -> tuple[frozenset[int], set[int]]:
    """The leaves and the numbers of the nodes behind a node; the latest answer is remembered."""
    number = node._sequence_nr()
    known = notes.graphs.walked
    if known is None or known.number != number:
        seen = graph.walk([node], 400)
        leaves = seen.leaves if notes.steps.tracing_cuts else []
        # A backward pass often follows: it need not walk again. Larger graphs are not kept alive for that.
        kept = seen if len(seen.nodes) <= _FEW_NODES else None
        known = Walked(number, frozenset([notes.leaves.slot(leaf).index for leaf in leaves]), seen.numbers, kept)
        notes.graphs.walked = known
    return known.leaves, known.numbers
