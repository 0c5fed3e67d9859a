"""Following values that have no graph: what gradients, leaves and cuts went into a tensor."""

from __future__ import annotations

import sys
from typing import Any
from weakref import ref

import torch

from autograder.hygiene.recording.effects.arguments import Arguments, Function, Options, flat, has_graph
from autograder.hygiene.recording.effects.behind import behind
from autograder.hygiene.recording.effects.chains import hunt
from autograder.hygiene.recording.effects.operations import DIVISIONS, LINEAR, PRODUCTS, SUMS
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.flows import MOST_CUTS, TENSORS, Flow, merged
from autograder.hygiene.trace.events import Added

_SEQUENCES = frozenset({list, tuple})
_FACTORS = frozenset({"item()", "float()"})
_TERMS = frozenset({"item()", "float()", "tolist()", "numpy()", "torch.no_grad()", "torch.tensor()", "autograd.grad()"})
"""Ways out of the graph that change the gradient silently when the value comes back as a factor or as a term of the
loss. An explicit detach() is a decision."""


def inside_functorch() -> bool:
    """Whether torch.func is transforming a function: its tensors are wrapped and have no numbers to read."""
    return torch._C._functorch.maybe_current_level() is not None


def ordinary(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """An operation made a new tensor, or several."""
    if type(out) in TENSORS:
        if out.requires_grad:
            if not notes.steps.passes:
                frame = notes.files.student_frame(sys._getframe(2))
                if frame is not None:
                    notes.origins.births[id(out)] = (ref(out), frame.f_code, frame.f_lasti)
            if notes.graphs.hunting:
                hunt(notes, func, args, out)
            known, taken = notes.flows.known, notes.flows.taken
            # Nearly every operation of a forward pass ends here: nothing but the graph went in.
            for argument in args:
                key = id(argument)
                entry = known.get(key)
                if entry is not None and entry[0]() is argument:
                    break
                if key in taken or type(argument) in _SEQUENCES:
                    break
            else:
                if not kwargs:
                    return
        follow(notes, func, args, kwargs, out)
    elif isinstance(out, (tuple, list)):
        for part in out:
            if type(part) in TENSORS:
                follow(notes, func, args, kwargs, part)


def follow(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: torch.Tensor) -> None:
    """Give a result the flows of what went in."""
    tracked = out.requires_grad
    flows = notes.flows
    known, taken = flows.known, flows.taken
    found: list[Flow] = []
    untracked: list[Flow] = []
    leaves: list[int] = []
    lost = gradients = False
    simple = not kwargs
    for argument in args:
        if type(argument) in _SEQUENCES:
            simple = False
    for argument in args if simple else flat((*args, *kwargs.values())):
        if type(argument) in TENSORS:
            needs = argument.requires_grad
            if needs and argument.is_leaf:
                # Also the result of an update that was made a leaf again: it speaks for itself now.
                if known or not tracked:
                    leaves.append(notes.leaves.slot(argument).index)
                lost = lost or not tracked
                continue
            entry = known.get(id(argument))
            if entry is not None and entry[0]() is argument:
                flow = entry[1]
                gradients = gradients or bool(flow.gradients)
                (found if needs else untracked).append(flow)
                lost = lost or (needs and not tracked)
            elif needs and not tracked:
                lost = True
                if notes.steps.tracing_cuts:
                    found.append(Flow(values=behind(notes, argument)))
            elif not needs and known:
                slot = notes.leaves.find(argument)
                if slot is not None:
                    leaves.append(slot.index)
        elif taken and id(argument) in taken:
            number = flows.of_taken(argument)
            if number is not None:
                untracked.append(number)
    if not (found or untracked or lost) or inside_functorch():
        return
    if tracked:
        if found or untracked:
            _follow_tracked(notes, func.__name__, args, out, found, untracked, leaves if gradients else [])
        return
    every = found + untracked
    flow = merged(every, func.__name__ in DIVISIONS) if every else Flow()
    if leaves or flow.gradients:
        flow = _with_leaves(notes, func.__name__, flow, leaves, out)
    if lost and not flow.gradients and len(flow.cuts) < MOST_CUTS:
        off = not torch.is_grad_enabled()
        op = "torch.no_grad()" if off else func.__name__
        if not any(cut[0] == op for cut in flow.cuts):
            place = (notes.lines.decorator() if off else None) or notes.lines.running()
            flow = flow._replace(cuts=(*flow.cuts, (op, place, "")))
    flows.put(out, flow)


def _with_leaves(notes: Notes, name: str, flow: Flow, leaves: list[int], out: torch.Tensor) -> Flow:
    if leaves:
        flow = flow._replace(values=flow.values.union(leaves))
    if flow.gradients and flow.update is None and not flow.values.isdisjoint(flow.gradients):
        flow = flow._replace(update=notes.lines.running())
        notes.updates.rebinding.propose(flow, out, name in SUMS)
    return flow


def _follow_tracked(
    notes: Notes,
    name: str,
    args: Arguments,
    out: torch.Tensor,
    found: list[Flow],
    untracked: list[Flow],
    leaves: list[int],
) -> None:
    """The flow of a result that has a graph: what came in besides the graph."""
    scalar = out.dim() == 0
    kind = ""
    if scalar and name in SUMS:
        kind = "term"
    elif not scalar and name in PRODUCTS:
        kind = "scale"
    if kind == "term":
        untracked = [_constant(notes, flow) if flow.gradients and flow.update is None else flow for flow in untracked]
    if kind:
        untracked = [_returning(flow, kind) for flow in untracked]
    flow = merged(found + untracked, name in DIVISIONS)
    if name not in LINEAR or (name in PRODUCTS and sum(has_graph(item) for item in args) > 1):
        flow = flow._replace(cuts=tuple((op, at, "" if how == "term" else how) for op, at, how in flow.cuts))
    if flow.alias >= 0 or flow.how:
        flow = flow._replace(alias=-1, how="")
    if leaves:
        flow = _with_leaves(notes, name, flow, leaves, out)
    notes.flows.put(out, flow)


def addition(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """A sum; perhaps a number was added to a loss."""
    ordinary(notes, func, args, kwargs, out)
    if type(out) in TENSORS and out.requires_grad and out.dim() == 0:
        for argument in args:
            if type(argument) is float:
                place = notes.lines.running()
                if not notes.events.often("added", place, 16):
                    notes.events.emit(Added(notes.steps.number, place, argument))


def flattening(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """Rounding and its like: a graph, but with derivative zero."""
    ordinary(notes, func, args, kwargs, out)
    if type(out) in TENSORS and out.requires_grad and notes.steps.tracing_cuts and type(args[0]) in TENSORS:
        flow = notes.flows.of(out) or Flow()
        cuts = (*flow.cuts, (func.__name__, notes.lines.running(), ""))
        notes.flows.put(out, flow._replace(values=flow.values | behind(notes, args[0]), cuts=cuts[:MOST_CUTS]))


def _constant(notes: Notes, flow: Flow) -> Flow:
    """The flow of what was made of gradients, with the call that made them numbers that nobody can differentiate."""
    for number, _ in flow.gradients.values():
        made = notes.graphs.constants.get(number)
        if made is not None:
            cuts = (*flow.cuts, ("autograd.grad()", made[0], ""))[:MOST_CUTS]
            flow = flow._replace(values=flow.values | made[1], cuts=cuts)
    return flow


def _returning(flow: Flow, kind: str) -> Flow:
    """The flow of a value without a graph that is combined with one that has a graph."""
    loud = _TERMS if kind == "term" else _FACTORS
    cuts = tuple((op, at, kind if not how and op in loud else how) for op, at, how in flow.cuts)
    return flow._replace(cuts=cuts)
