"""Checks for a loss that is not connected to the parameters.

**Why is this bad?** A gradient flows only along the operations that autograd has recorded. ``item()``, ``float()``,
``detach()``, ``.data``, ``numpy()``, ``torch.tensor(...)``, a forward pass under ``no_grad``, ``argmax`` and
comparisons end the record: ``backward()`` fails, or a parameter behind the cut never gets a gradient.

**Use instead:** stay with tensors and torch operations from the parameters to the loss; convert to numbers only for
printing, after ``backward()``.

**Severity:** error. For a parameter that is only partly cut off, it speaks only if the program tries to train it, or
looks for its gradient after a backward pass (``if w.grad is not None``) when the cut is not an explicit ``detach()``.

**Missed alarms:** cuts in a library; a parameter that is cut off on purpose but given to the optimizer is reported.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.ending import fatal
from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import fed, trained
from autograder.hygiene.trace.events import SOME_GRADIENT, Backward, Cut, Fault, Leave, OptimizerStep, Outcome
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import listed, named

SEVERITY = "E"
SUPERSEDES = ("GH302", "GH303")
OUTRANKS = ("GH204", "GH205", "GH501", "GH505")
_FLAT = frozenset({"round", "floor", "ceil", "trunc", "sign", "sgn", "heaviside", "fix"})
_DECISIONS = frozenset({"detach()", ".data"})
"""Ways out of the graph that nobody takes by accident."""
_WAYS_OUT = frozenset({"numpy", "tolist", "item", "float", "detach()"})


def check(trace: View) -> Iterable[Finding]:
    """The cut that made backward fail, else the cut that hides a trained parameter."""
    fault = fatal(trace, "no-graph", "unused")
    if fault is not None:
        yield _no_graph(trace, fault)
        return
    if trace.outcome is not None:
        yield from _number_as_loss(trace, trace.outcome)
    found = list(_behind_a_cut(trace)) or list(_bare_loss(trace)) or list(_left_as_number(trace))
    yield from found


def _number_as_loss(trace: View, outcome: Outcome) -> Iterable[Finding]:
    """``backward()`` of what is no tensor any more."""
    if outcome.kind != "AttributeError" or not outcome.message.endswith("object has no attribute 'backward'"):
        return
    left = next((event for event in reversed(trace.of(Leave)) if event.graph and event.op in _WAYS_OUT), None)
    if left is None or trace.line(left.place) is None:
        return
    op = left.op if left.op.endswith(")") else left.op + "()"
    message = (
        f"`{op}` makes a plain number of the loss here, and numbers have no graph: `backward()`"
        f"{trace.at(outcome.place)} has nothing to differentiate. {_advice(op)}"
    )
    yield Finding(message, place=left.place, step=left.step, leaves=left.leaves)


def _no_graph(trace: View, fault: Fault) -> Finding:
    cut = _likely(trace, fault)
    if cut is None:
        message = (
            "The loss does not depend on any tensor that requires a gradient. Create the parameters with "
            "`requires_grad=True`, and compute the loss from them with torch operations."
        )
        return Finding(message, place=fault.place, step=fault.step)
    names = sorted({trace.name(leaf) for leaf in cut.leaves})
    behind = f" {listed(names)}" if names else " the parameters"
    message = (
        f"`{cut.op}` cuts the graph here, so the loss is not connected to{behind} and `backward()`"
        f"{trace.at(fault.place)} has nothing to differentiate. {_advice(cut.op)}"
    )
    return Finding(message, place=cut.place, step=fault.step, leaves=cut.leaves)


def _likely(trace: View, fault: Fault) -> Cut | None:
    known = [cut for cut in fault.cuts if trace.line(cut.place) is not None]
    if known:
        return known[0]
    for event in reversed(trace.of(Leave)):
        if event.step == fault.step and trace.line(event.place) is not None and event.op in _WAYS_OUT:
            return Cut(event.op + ("" if event.op.endswith(")") else "()"), event.place, event.leaves)
    return None


def _behind_a_cut(trace: View) -> Iterable[Finding]:
    passes = trace.of(Backward)
    reached = {item.leaf for event in passes for item in event.reached}
    moving = {item.leaf for event in passes for item in event.reached if item.after == SOME_GRADIENT}
    wanted = trained(trace) | _read_in_vain(trace)
    provided = fed(trace)
    missed = {index for index, leaf in enumerate(trace.leaves) if leaf.missed}
    seen: set[int] = set()
    for event in passes:
        for cut in event.cuts:
            flat = cut.op in _FLAT
            hidden = [
                leaf
                for leaf in cut.leaves
                if leaf in (wanted if cut.op in _DECISIONS else wanted | missed)
                and trace.leaves[leaf].requires_grad
                and leaf not in provided
                and leaf not in (moving if flat else reached)
                and leaf not in seen
            ]
            if hidden:
                seen.update(hidden)
                names = sorted({trace.name(leaf) for leaf in hidden})
                message = (
                    f"`{cut.op}` cuts the graph here, so no gradient of the loss reaches {listed(names)}, and "
                    f"`backward()`{trace.at(event.place)} gives {'it' if len(names) == 1 else 'them'} none. "
                    f"{_advice(cut.op)}"
                )
                yield Finding(message, place=cut.place, step=event.step, leaves=hidden)


def _bare_loss(trace: View) -> Iterable[Finding]:
    """The loss is itself a new leaf: nothing is behind it."""
    for event in trace.of(Backward):
        if event.nodes == 0 and not event.functional and not event.failed and len(event.reached) == 1:
            held = {leaf for leaf in trained(trace) - fed(trace) if trace.leaves[leaf].requires_grad}
            hidden = sorted(held - {item.leaf for other in trace.of(Backward) for item in other.reached})
            cut = _taken_out(trace, event.step, None)
            if not hidden or cut is None:
                continue
            names = sorted({trace.name(leaf) for leaf in cut.leaves or hidden})
            message = (
                f"`{cut.op}` cuts the graph here. The loss is made anew from numbers, so `backward()`"
                f"{trace.at(event.place)} gives {listed(names)} no gradient. {_advice(cut.op)}"
            )
            yield Finding(message, place=cut.place, step=event.step, leaves=cut.leaves)
            return


def _left_as_number(trace: View) -> Iterable[Finding]:
    """A parameter that is trained, never reached, and was read as a number before the first backward pass."""
    passes = [event for event in trace.of(Backward) if not event.failed]
    reached = {item.leaf for event in passes for item in event.reached}
    for leaf in sorted(leaf for leaf in trained(trace) - reached - fed(trace) if trace.leaves[leaf].requires_grad):
        cut = _taken_out(trace, passes[0].step, leaf) if passes else None
        if cut is not None:
            message = (
                f"`{cut.op}` takes {named(trace.name(leaf))} out of the graph here, so no gradient of the loss "
                f"reaches it, and `backward()`{trace.at(passes[0].place)} gives it none. {_advice(cut.op)}"
            )
            yield Finding(message, place=cut.place, step=passes[0].step, leaves=[leaf])


def _taken_out(trace: View, step: int, leaf: int | None) -> Cut | None:
    """The last value that left a graph in this step before its backward pass."""
    last: Cut | None = None
    for event in trace.events:
        if isinstance(event, Backward) and event.step == step:
            break
        if isinstance(event, Leave) and event.step == step and event.op != "bool":
            if (leaf is None or leaf in event.leaves) and trace.line(event.place) is not None:
                last = Cut(event.op if event.op.endswith(")") else event.op + "()", event.place, event.leaves)
    return last


def _read_in_vain(trace: View) -> set[int]:
    return {event.leaf for event in trace.of(Fault) if event.kind == "none-gradient" and event.leaf >= 0} | {
        leaf for event in trace.of(OptimizerStep) for leaf in event.leaves
    }


def _advice(op: str) -> str:
    if op in ("item()", "float()", "int()", "tolist()", "numpy()"):
        return "Keep the tensor in the computation, and convert to a number only after `backward()`."
    if op == "torch.tensor()":
        return "To put tensors together use `torch.stack` or `torch.cat`; to keep one, use it as it is."
    if op == "torch.no_grad()":
        return "Compute the loss outside of `torch.no_grad()`."
    if op in ("detach()", ".data"):
        return "Leave it out where the gradient has to flow."
    return "This operation has no useful derivative: use a smooth one for the loss."


def bad() -> None:
    """``item`` ends the graph."""
    w = torch.tensor(1.0, requires_grad=True)
    x = torch.arange(4.0)
    prediction = w.item() * x  # <- fault
    loss = ((prediction - 2.0) ** 2).mean()
    loss.backward()


def good() -> None:
    """Tensors all the way; numbers only for printing."""
    w = torch.tensor(1.0, requires_grad=True)
    x = torch.arange(4.0)
    prediction = w * x
    loss = ((prediction - 2.0) ** 2).mean()
    loss.backward()
    print(loss.item())


def bad_list() -> None:
    """``torch.tensor`` copies the numbers of a list of losses."""
    w = torch.tensor(1.0, requires_grad=True)
    losses = [(w * x - 2.0) ** 2 for x in (1.0, 2.0, 3.0)]
    loss = torch.tensor(losses).mean()  # <- fault
    loss.backward()


def good_list() -> None:
    """``torch.stack`` keeps their graphs."""
    w = torch.tensor(1.0, requires_grad=True)
    losses = [(w * x - 2.0) ** 2 for x in (1.0, 2.0, 3.0)]
    loss = torch.stack(losses).mean()
    loss.backward()


def bad_unrecorded_step() -> None:
    """Nothing of the training step is recorded."""
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        with torch.no_grad():
            loss = model(torch.ones(4, 2)).square().mean()  # <- fault
        loss.backward()
        optimizer.step()


def good_unrecorded_step() -> None:
    """The loss is recorded; ``step`` needs no ``no_grad``."""
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = model(torch.ones(4, 2)).square().mean()
        loss.backward()
        optimizer.step()


def bad_copies() -> None:
    """The one is cut off, and takes its update from the gradient of the other."""
    w, v = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
    for _ in range(3):
        v.grad = None
        loss = ((w.detach() * v).sum() - 1.0) ** 2  # <- fault
        loss.backward()
        with torch.no_grad():
            for parameter in (w, v):
                parameter -= 0.1 * v.grad


def good_copies() -> None:
    """New leaves for every step; the model takes its update from their gradients."""
    model = torch.nn.Linear(2, 1)
    names, owners = zip(*model.named_parameters())
    for _ in range(3):
        leaves = [owner.detach().clone().requires_grad_() for owner in owners]
        out = torch.func.functional_call(model, dict(zip(names, leaves)), (torch.ones(4, 2),))
        gradients = torch.autograd.grad(out.square().mean(), leaves)
        with torch.no_grad():
            for owner, gradient in zip(owners, gradients):
                owner -= 0.1 * gradient
