"""Operations that take values out of the graph: ``.data``, ``detach``, ``item``, ``float``, ``numpy`` …"""

from __future__ import annotations

from typing import Any

import torch

from autograder.hygiene.recording.effects.arguments import Arguments, Function, Options
from autograder.hygiene.recording.effects.behind import behind, inside
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.flows import MOST_CUTS, TENSORS, Flow
from autograder.hygiene.trace.events import Forward, Leave, Place

_PER_LINE = 64
_NUMBERS = frozenset({float, int, bool, complex, list})


def data_read(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """``tensor.data``."""
    _alias(notes, args[0], out, "data")


def detach(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """``tensor.detach()``."""
    if type(args[0]) in TENSORS and type(out) in TENSORS:
        _alias(notes, args[0], out, "alias")


def _alias(notes: Notes, tensor: torch.Tensor, out: torch.Tensor, how: str) -> None:
    slot = notes.leaves.find(tensor)
    if slot is None and tensor.requires_grad and tensor.is_leaf and notes.steps.tracing_cuts:
        slot = notes.leaves.slot(tensor)
    op = ".data" if how == "data" else "detach()"
    if slot is not None:
        cuts = ((op, notes.lines.running(), ""),)
        notes.flows.put(out, Flow(values=frozenset({slot.index}), cuts=cuts, alias=slot.index, how=how))
        return
    flow = notes.flows.of(tensor)
    if tensor.requires_grad and notes.steps.tracing_cuts:
        flow = flow or Flow()
        place = notes.lines.running()
        if not notes.events.often("detach", place, _PER_LINE):
            forwards = _left(notes, op, tensor, place)
            flow = flow._replace(
                values=flow.values | behind(notes, tensor),
                cuts=(*flow.cuts, (op, place, ""))[:MOST_CUTS],
                alias=-1,
                how="",
                forwards=(*flow.forwards, *forwards)[-8:],
            )
    if how == "data" and not (flow is not None and flow.gradients):
        flow = (flow or Flow())._replace(how="memory")
    if flow is not None:
        notes.flows.put(out, flow)


def leaving(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """``item``, ``float``, ``numpy`` and the like."""
    tensor = args[0]
    if type(tensor) not in TENSORS:
        return
    if type(out) not in _NUMBERS:
        notes.changes.exposed = True
    flow = notes.flows.of(tensor)
    tracked = tensor.requires_grad
    if not tracked and flow is None:
        return
    _measured(notes, tensor, flow)
    name = func.__name__.strip("_")
    if tracked:
        place = notes.lines.running()
        if not _settled(notes, place):
            _left(notes, name, tensor, place, out if type(out) is float else None)
        if notes.steps.tracing_cuts:
            flow = flow or Flow()
            cuts = (*flow.cuts, (name + "()", place, ""))[:MOST_CUTS]
            flow = flow._replace(values=flow.values | behind(notes, tensor), cuts=cuts)
    if flow is None or not (notes.steps.tracing_cuts or flow.update is not None):
        return
    if name == "numpy" and flow.alias >= 0:
        notes.flows.numpy_left = (notes.steps.passes, notes.steps.updated, notes.lines.running(), flow.values)
    if name != "bool":
        notes.flows.put_taken(out, flow._replace(alias=-1, how=""))


def shown(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """``print(tensor)``, ``f"{tensor}"``."""
    if type(args[0]) in TENSORS:
        _measured(notes, args[0], notes.flows.of(args[0]))


def _measured(notes: Notes, tensor: torch.Tensor, flow: Flow | None) -> None:
    """Somebody looks at this tensor: tell the module calls that it came from."""
    for index in flow.forwards if flow is not None else ():
        waiting = notes.events.noted[index]
        if isinstance(waiting, Forward):
            if tensor.numel() > 1 and tensor.is_floating_point():
                waiting.shown = True
            else:
                waiting.measured = True


def _settled(notes: Notes, place: Place) -> bool:
    """Whether what leaves here is known well enough: leaves themselves, or values whose graph is used."""
    events = notes.graphs.left.get((place.file, place.line))
    return events is not None and all(event.used or not event.graph for event in events)


def _left(notes: Notes, op: str, tensor: torch.Tensor, place: Place, value: float | None = None) -> tuple[int, ...]:
    """Note that a value left its graph; the module calls in that graph, as places in the list of events."""
    if notes.events.often("leave", place, _PER_LINE):
        return ()
    node = tensor.grad_fn
    leaves = sorted(behind(notes, tensor)) if notes.steps.tracing_cuts else []
    flow = notes.flows.of(tensor)
    # The right-hand side of an update is no evaluation, even if it has a graph.
    updates = flow is not None and flow.update is not None
    visited = updates or (node is not None and node._sequence_nr() in notes.graphs.visited)
    event = Leave(notes.steps.number, place, op, leaves, node is not None, visited, value)
    notes.events.emit(event)
    notes.graphs.left.setdefault((place.file, place.line), []).append(event)
    if node is None or event.used:
        return ()
    numbers = inside(notes, node)[1]
    forwards = tuple(
        notes.events.positions[id(waiting)]
        for number in sorted(numbers & notes.graphs.pending.keys())
        for waiting in notes.graphs.pending[number]
        if isinstance(waiting, Forward)
    )
    if not numbers.isdisjoint(notes.graphs.visited):
        event.used = True
    else:
        notes.graphs.unused.append((numbers, event))
    return forwards
