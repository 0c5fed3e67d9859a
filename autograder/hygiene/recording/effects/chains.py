"""The operation that builds on graphs of earlier steps."""

from __future__ import annotations

import sys

import torch

from autograder.hygiene.recording.effects.arguments import Arguments, Function, flat, has_graph
from autograder.hygiene.recording.effects.operations import PRODUCTS, SUMS
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources import graph
from autograder.hygiene.recording.student.variables import name_of
from autograder.hygiene.trace.events import Kept

_NEAR = 6
"""How many nodes of a sum's graph are looked at for the losses in it."""
_CHAINING = SUMS | PRODUCTS | frozenset("stack cat lerp".split())


def hunt(notes: Notes, func: Function, args: Arguments, out: torch.Tensor) -> None:
    """Graphs pile up: is this the operation that builds on a graph which was differentiated already?"""
    if func.__name__ not in _CHAINING or out.dim() > 1:
        return
    for argument in flat(args):
        if has_graph(argument) and argument.grad_fn is not None:
            flow = notes.flows.of(argument)
            updated = flow is not None and flow.update is not None
            # A sum itself was perhaps never differentiated, but what was added to it last was.
            nodes = [argument.grad_fn] if updated else graph.first_nodes(argument.grad_fn, _NEAR)
            if any(node._sequence_nr() in notes.graphs.visited for node in nodes):
                name = name_of(args[0], notes.files.frames(sys._getframe(1))) if args else None
                notes.events.emit(
                    Kept(notes.steps.number, notes.lines.running(), name or "", "update" if updated else "chain")
                )
                notes.graphs.hunting = False
                return
