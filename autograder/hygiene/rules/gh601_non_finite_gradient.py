"""Checks for gradients that become NaN or infinite.

**Why is this bad?** From the next update on the parameters are NaN or infinite too, and nothing brings them back.

**Use instead:** a smaller learning rate; no ``log(0)``, ``sqrt(0)``, ``0 / 0`` or overflow in the forward pass (add
a small constant, or use a stable function such as ``binary_cross_entropy_with_logits``).

**Severity:** error. A run that is *meant* to diverge shows it too; the assignment can ignore it there.

**Missed alarms:** steps outside the recording window.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.events import Backward
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import finite, grads, number, numbers

SEVERITY = "E"


def check(trace: View) -> Iterable[Finding]:
    """The first step at which it happens."""
    last: Backward | None = None
    for event in trace.of(Backward):
        broken = [item for item in event.reached if item.gradient is not None and not finite(item.gradient)]
        if broken:
            first = min(broken, key=lambda item: trace.name(item.leaf))
            names = [trace.name(item.leaf) for item in broken]
            loss = "" if event.loss is None else f" (the loss is {number(event.loss.numbers[0])})"
            before = "from the first step on" if last is None else f"for the first time; step {last.step} was finite"
            message = (
                f"At step {event.step}{loss} {grads(sorted(names))} became {numbers(first.gradient)}, {before}. "
                "Try a smaller learning rate, and look for log(0), sqrt(0) or a division by zero in the loss."
            )
            leaves = [item.leaf for item in broken]
            yield Finding(message, place=event.place, step=event.step, leaves=leaves)
            return
        last = event


def bad() -> None:
    """The derivative of the square root at zero is infinite."""
    w = torch.tensor(0.0, requires_grad=True)
    loss = torch.sqrt(w)
    loss.backward()  # <- fault


def good() -> None:
    """A small constant keeps it finite."""
    w = torch.tensor(0.0, requires_grad=True)
    loss = torch.sqrt(w + 1e-6)
    loss.backward()


def bad_log() -> None:
    """The probability of the second class is rounded to zero."""
    w = torch.tensor(200.0, requires_grad=True)
    logits = torch.stack([w, -w])
    loss = -torch.log(torch.softmax(logits, 0)[1])
    loss.backward()  # <- fault


def good_log() -> None:
    """The logarithm is computed without the probability."""
    w = torch.tensor(200.0, requires_grad=True)
    logits = torch.stack([w, -w])
    loss = -torch.log_softmax(logits, 0)[1]
    loss.backward()
