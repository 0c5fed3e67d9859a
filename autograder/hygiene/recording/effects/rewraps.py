"""Numbers that become tensors: ``torch.tensor`` and its like, arrays that come back from numpy."""

from __future__ import annotations

from typing import Any

import torch

from autograder.hygiene.recording.effects.arguments import Arguments, Function, Options
from autograder.hygiene.recording.effects.behind import behind
from autograder.hygiene.recording.effects.following import follow
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.flows import MOST_CUTS, TENSORS, Flow
from autograder.hygiene.trace.events import Rewrap


def came_back(notes: Notes, data: Any, out: Any) -> None:
    """Numbers came back from numpy: perhaps those of a leaf that left just before."""
    left = notes.flows.numpy_left
    if left is None or type(out) not in TENSORS or type(data).__module__ != "numpy":
        return
    if left[:2] == (notes.steps.passes, notes.steps.updated) and notes.steps.tracing_cuts:
        notes.flows.put(out, Flow(values=left[3], cuts=(("numpy()", left[2], "array"),)))


def as_tensor(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """``torch.as_tensor`` and ``torch.asarray``."""
    came_back(notes, args[0] if args else None, out)


def rewrap(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """``torch.tensor(…)``, perhaps around tensors."""
    data = args[0] if args else kwargs.get("data")
    came_back(notes, data, out)
    inside: list[torch.Tensor] = []
    _collect(data, inside, 3)
    if notes.flows.known or notes.flows.taken:
        follow(notes, func, (*inside, *_numbers(data)), {}, out)
    if not inside:
        return
    place = notes.lines.running()
    tracked = [item for item in inside if item.requires_grad]
    if not notes.events.often("rewrap", place):
        event = Rewrap(notes.steps.number, place, bool(tracked))
        position = notes.events.emit(event)
        if position >= 0 and not tracked and not out.requires_grad:
            flow = notes.flows.of(out) or Flow()
            notes.flows.put(out, flow._replace(forwards=(*flow.forwards, position)[-8:]))
        for item in tracked:
            if item.grad_fn is not None:
                notes.graphs.await_visit(item.grad_fn, event)
    if tracked and notes.steps.tracing_cuts:
        flow = notes.flows.of(out) or Flow()
        values = flow.values.union(*(behind(notes, item) for item in tracked))
        cuts = tuple(cut for cut in flow.cuts if cut[1] != place)
        flow = flow._replace(values=values, cuts=(*cuts, ("torch.tensor()", place, ""))[:MOST_CUTS])
        notes.flows.put(out, flow)


def _collect(data: Any, into: list[torch.Tensor], depth: int) -> None:
    if type(data) in TENSORS:
        into.append(data)
    elif depth and isinstance(data, (list, tuple)):
        for item in data[:256]:
            _collect(item, into, depth - 1)


def _numbers(data: Any) -> list[Any]:
    if isinstance(data, (list, tuple)):
        return [item for item in data[:256] if type(item) is float]
    return [data] if type(data) is float or type(data).__module__ == "numpy" else []
