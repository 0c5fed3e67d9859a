"""Following values that have no graph: what gradients, leaves and cuts went into a tensor."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any
from weakref import ref

import torch

from autograder.hygiene.recording.notes.graphs import Walked
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources import graph
from autograder.hygiene.recording.sources.flows import TENSORS, Flow, merged
from autograder.hygiene.recording.student.variables import name_of
from autograder.hygiene.trace.events import Added, Broadcast, Dropout, Kept, Rewrap

Function = Callable[..., Any]
Arguments = Sequence[Any]
Options = dict[str, Any]

MOST_CUTS = 6
_FEW_NODES = 64
_NEAR = 6
"""How many nodes of a sum's graph are looked at for the losses in it."""
_DIVISIONS = frozenset("div true_divide divide mean __truediv__ __rtruediv__".split())
_SUMS = frozenset("add sub rsub __radd__ __rsub__ add_ sub_ subtract".split())
_PRODUCTS = frozenset("mul div true_divide divide multiply __rtruediv__ mul_ div_ reciprocal".split())
_LINEAR = _SUMS | _PRODUCTS | frozenset("neg mean sum clone".split())
_CHAINING = _SUMS | _PRODUCTS | frozenset("stack cat lerp".split())
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
    flow = merged(every, func.__name__ in _DIVISIONS) if every else Flow()
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
        notes.updates.rebinding.propose(flow, out, name in _SUMS)
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
    if scalar and name in _SUMS:
        kind = "term"
    elif not scalar and name in _PRODUCTS:
        kind = "scale"
    if kind == "term":
        untracked = [_constant(notes, flow) if flow.gradients and flow.update is None else flow for flow in untracked]
    if kind:
        untracked = [_returning(flow, kind) for flow in untracked]
    flow = merged(found + untracked, name in _DIVISIONS)
    if name not in _LINEAR or (name in _PRODUCTS and sum(_has_graph(item) for item in args) > 1):
        flow = flow._replace(cuts=tuple((op, at, "" if how == "term" else how) for op, at, how in flow.cuts))
    if flow.alias >= 0 or flow.how:
        flow = flow._replace(alias=-1, how="")
    if leaves:
        flow = _with_leaves(notes, name, flow, leaves, out)
    notes.flows.put(out, flow)


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


def addition(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """A sum; perhaps a number was added to a loss."""
    ordinary(notes, func, args, kwargs, out)
    if type(out) in TENSORS and out.requires_grad and out.dim() == 0:
        for argument in args:
            if type(argument) is float:
                place = notes.lines.running()
                if not notes.events.often("added", place, 16):
                    notes.events.emit(Added(notes.steps.number, place, argument))


def hunt(notes: Notes, func: Function, args: Arguments, out: torch.Tensor) -> None:
    """Graphs pile up: is this the operation that builds on a graph which was differentiated already?"""
    if func.__name__ not in _CHAINING or out.dim() > 1:
        return
    for argument in flat(args):
        if _has_graph(argument) and argument.grad_fn is not None:
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


def dropout(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """``torch.nn.functional.dropout``: is it on inside of a module that is in eval mode?"""
    training = kwargs.get("training", args[2] if len(args) > 2 else True)
    chance = kwargs.get("p", args[1] if len(args) > 1 else 0.5)
    if training and chance and notes.running.modes and not notes.running.modes[-1]:
        place = notes.lines.running()
        frame = notes.files.student_frame(sys._getframe(1))
        if not _says_training(frame) and not notes.events.often("dropout", place, 2):
            notes.events.emit(Dropout(notes.steps.number, place))
    ordinary(notes, func, args, kwargs, out)


def _says_training(frame: FrameType | None) -> bool:
    """Whether the running function gives a ``training=`` to anything: then dropout is on because it says so."""
    constants = () if frame is None else frame.f_code.co_consts
    return any(isinstance(names, tuple) and "training" in names for names in constants)


def difference(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """A difference of two tensors, perhaps of shapes (N, 1) and (N,)."""
    ordinary(notes, func, args, kwargs, out)
    if type(out) in TENSORS and out.grad_fn is not None:
        event = _broadcast(notes, func, args, kwargs)
        if event is not None:
            notes.graphs.pending.setdefault(out.grad_fn._sequence_nr(), []).append(event)


def transformed_difference(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """A difference inside of a function that torch.func differentiates: only its shapes can be looked at."""
    event = _broadcast(notes, func, args, kwargs)
    if event is not None:
        event.in_loss = True


def _broadcast(notes: Notes, func: Function, args: Arguments, kwargs: Options) -> Broadcast | None:
    tensors = [item for item in (*args, *kwargs.values()) if type(item) in TENSORS][:2]
    if len(tensors) != 2:
        return None
    row, column = sorted((tuple(item.shape) for item in tensors), key=len)
    if len(row) != 1 or row[0] < 2 or column != (row[0], 1):
        return None
    tracked = [item.requires_grad for item in tensors]
    if not any(tracked) or all(tracked):
        return None
    place = notes.lines.running()
    if notes.events.often("broadcast", place):
        return None
    prediction_column = tensors[tracked.index(True)].dim() == 2
    event = Broadcast(notes.steps.number, place, func.__name__, row[0], False, prediction_column)
    notes.events.emit(event)
    return event


def flattening(notes: Notes, func: Function, args: Arguments, kwargs: Options, out: Any) -> None:
    """Rounding and its like: a graph, but with derivative zero."""
    ordinary(notes, func, args, kwargs, out)
    if type(out) in TENSORS and out.requires_grad and notes.steps.tracing_cuts and type(args[0]) in TENSORS:
        flow = notes.flows.of(out) or Flow()
        cuts = (*flow.cuts, (func.__name__, notes.lines.running(), ""))
        notes.flows.put(out, flow._replace(values=flow.values | behind(notes, args[0]), cuts=cuts[:MOST_CUTS]))


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
                notes.graphs.pending.setdefault(item.grad_fn._sequence_nr(), []).append(event)
    if tracked and notes.steps.tracing_cuts:
        flow = notes.flows.of(out) or Flow()
        values = flow.values.union(*(behind(notes, item) for item in tracked))
        cuts = tuple(cut for cut in flow.cuts if cut[1] != place)
        flow = flow._replace(values=values, cuts=(*cuts, ("torch.tensor()", place, ""))[:MOST_CUTS])
        notes.flows.put(out, flow)


def flat(arguments: Arguments) -> Iterator[Any]:
    """The arguments, those in lists and tuples one by one."""
    for argument in arguments:
        if type(argument) is tuple or type(argument) is list:
            yield from argument[:256]
        else:
            yield argument


def _has_graph(argument: Any) -> bool:
    return type(argument) in TENSORS and argument.requires_grad


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
