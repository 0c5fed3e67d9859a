"""Checks for layers whose gradients all but vanish.

**Why is this bad?** If the gradient of one layer is 10⁸ times smaller than that of another, it does not learn: a deep
chain of sigmoids, saturated units or tiny weights are the usual reasons.

**Use instead:** ReLU or tanh with a suitable initialization, normalized inputs, fewer layers, skip connections.

**Severity:** warning; it may be what an exercise wants to show.

**Missed alarms:** gradients that are small, but not that small; exactly zero ones are GH205.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import torch

from autograder.hygiene.events import Backward
from autograder.hygiene.reporting import finding
from autograder.hygiene.wording import finite, grads, norm, number
from autograder.results import Diagnostic

if TYPE_CHECKING:
    from autograder.hygiene.trace import Trace

CODE = "GH602"
NAME = "vanishing-gradient"
SEVERITY = "W"
_RATIO = 1e-8
_STEPS = 3
_SOLVED = 1e-12


def check(trace: Trace) -> Iterable[Diagnostic]:
    """The same leaves, at three steps in a row."""
    rows = 0
    small: set[int] = set()
    for event in trace.of(Backward):
        norms = {
            item.leaf: norm(item.gradient)
            for item in event.reached
            if item.gradient is not None and finite(item.gradient)
        }
        largest = max(norms.values(), default=0.0)
        if event.loss is not None and abs(event.loss.numbers[0]) < _SOLVED:
            rows = 0
            continue
        now = {leaf for leaf, size in norms.items() if 0 < size < _RATIO * largest}
        small = now & small if rows else now
        rows = rows + 1 if small else 0
        if rows >= _STEPS:
            names = sorted({trace.name(leaf) for leaf in small})
            size = max(norms[leaf] for leaf in small)
            message = (
                f"The norm of {grads(names)} is at most {number(size)}, while the largest gradient has norm "
                f"{number(largest)}: {'this parameter hardly learns' if len(names) == 1 else 'these hardly learn'}. "
                "Look at the activations and the initialization."
            )
            yield finding(trace, __name__, message, place=event.place, step=event.step, leaves=sorted(small))
            return


def bad() -> None:
    """Twenty sigmoids in a row."""
    torch.manual_seed(0)
    w, v = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
    for _ in range(3):
        h = w
        for _ in range(20):
            h = torch.sigmoid(h)
        (h * v).sum().square().backward()
        with torch.no_grad():
            v.sub_(0.01 * v.grad), w.sub_(0.01 * w.grad)
        w.grad = v.grad = None


def good() -> None:
    """Two of them."""
    w, v = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
    for _ in range(3):
        h = torch.sigmoid(torch.sigmoid(w))
        (h * v).sum().square().backward()
        with torch.no_grad():
            v.sub_(0.01 * v.grad), w.sub_(0.01 * w.grad)
        w.grad = v.grad = None
