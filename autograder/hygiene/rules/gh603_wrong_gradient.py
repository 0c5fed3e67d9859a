"""Checks for hand-written gradients that disagree with the function they belong to.

**Why is this bad?** A custom ``autograd.Function`` is believed as it is. If its ``backward`` is not the derivative of
its ``forward``, everything below it gets a wrong gradient, without any error.

**Use instead:** derive again, and test with ``torch.autograd.gradcheck``.

**Severity:** error. The backward is compared with central differences of the forward in double precision. Functions
whose forward is the identity or piecewise constant (gradient reversal, straight-through) differ on purpose and are not
reported; neither is a ``.grad`` that was made from autograd's own (clipping, averaging), nor one that no update uses
(who only measures puts back what was there before).

**Missed alarms:** gradients by hand without any autograd: the checks compare these with the reference; a gradient that
is assigned after several backward passes without an update, for it may be made of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import used
from autograder.hygiene.trace.events import Assigned, Backward, Clear, Mismatch, Update
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import begun, finite, grad, number, numbers

SEVERITY = "E"


def check(trace: View) -> Iterable[Finding]:
    """Custom functions, then assigned gradients."""
    for event in trace.of(Mismatch):
        message = (
            f"The `backward` of `{event.function}` does not fit its `forward`: along one direction of input "
            f"{event.position + 1} it gives {number(event.returned)}, but the function changes by "
            f"{number(event.measured)}. Check its formula with `torch.autograd.gradcheck`."
        )
        yield Finding(message, place=event.place, step=event.step)
        return
    for assigned in _by_hand(trace):
        if _differ(assigned):
            what = begun(grad(trace.name(assigned.leaf)))
            message = (
                f"{what} is replaced by {numbers(assigned.assigned)}, but the gradient of the loss, as `backward()` "
                f"had computed it, is {numbers(assigned.computed)}. Check the formula."
            )
            yield Finding(message, place=assigned.place, step=assigned.step, leaves=[assigned.leaf])
            return


def _by_hand(trace: View) -> Iterator[Assigned]:
    """The gradients that stand for the one of a single pass.

    After several passes without an update of the parameter, what is assigned is perhaps the mean of their gradients,
    brought there in a way that leaves no trace (copies, arrays, hooks). What no update uses stands for nothing.
    """
    passes: dict[int, int] = {}
    waiting: dict[int, Assigned] = {}
    for event in trace.events:
        if isinstance(event, Backward):
            for reached in event.reached:
                passes[reached.leaf] = passes.get(reached.leaf, 0) + 1
        elif isinstance(event, Update):
            passes.pop(event.leaf, None)
            assigned = waiting.pop(event.leaf, None)
            if assigned is not None and used(event):
                yield assigned
        elif isinstance(event, Clear):
            waiting.pop(event.leaf, None)
        elif isinstance(event, Assigned) and passes.get(event.leaf, 0) < 2:
            waiting[event.leaf] = event


def _differ(event: Assigned) -> bool:
    if event.computed.shape != event.assigned.shape or not finite(event.computed) or not finite(event.assigned):
        return False
    pairs = list(zip(event.computed.numbers, event.assigned.numbers))
    if not pairs:
        pairs = [(event.computed.norm, event.assigned.norm)]
    scale = max(max(abs(one), abs(other)) for one, other in pairs)
    return any(other != 0 for _, other in pairs) and any(abs(one - other) > 1e-2 * scale for one, other in pairs)


def bad() -> None:
    """A factor is missing in the backward of ``Cube``."""

    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx: Any, upstream: torch.Tensor) -> Any:
            return ctx.saved_tensors[0] ** 2 * upstream  # <- fault

    Cube.apply(torch.tensor(2.0, requires_grad=True)).backward()


def good() -> None:
    """Autograd differentiates by itself."""
    w = torch.tensor(2.0, requires_grad=True)
    loss = w**3
    loss.backward()


def bad_assigned() -> None:
    """The gradient by hand is that of the sum, the loss is a mean."""
    x, w = torch.arange(4.0), torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * x - 2.0).square().mean()
        loss.backward()
        with torch.no_grad():
            w.grad = 2.0 * (x * (w * x - 2.0)).sum()  # <- fault
            w -= 0.01 * w.grad
        w.grad = None


def good_assigned() -> None:
    """The mean of both."""
    x, w = torch.arange(4.0), torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w * x - 2.0).square().mean()
        loss.backward()
        with torch.no_grad():
            w.grad = 2.0 * (x * (w * x - 2.0)).mean()
            w -= 0.01 * w.grad
        w.grad = None


def good_put_back() -> None:
    """A measurement leaves every gradient as it was."""
    w = torch.tensor(1.0, requires_grad=True)
    w.grad = torch.tensor(5.0)
    before, w.grad = w.grad, None
    (w**3).backward()
    w.grad = before
    w.grad = None
    ((w - 3.0) ** 2).backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
