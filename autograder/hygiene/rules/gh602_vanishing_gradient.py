"""Checks for layers whose gradients all but vanish.

**Why is this bad?** If the gradient of one layer is 10⁸ times smaller than that of another, it does not learn: a deep
chain of sigmoids, saturated units or tiny weights are the usual reasons.

**Use instead:** ReLU or tanh with a suitable initialization, normalized inputs, fewer layers, skip connections.

**Severity:** warning; it may be what an exercise wants to show.

A gradient that cancels exactly (a bias before batch norm or before softmax, whatever is normalized away) is no small
gradient: what is left of it is rounding, which points in another direction at every step. It is not reported, nor is a
single parameter of a layer that learns otherwise.

**Missed alarms:** gradients that are small, but not that small; small ones that change from batch to batch. Exactly
zero ones are GH205.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.events import Backward, Value
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import finite, grads, norm, number

SEVERITY = "W"
_RATIO = 1e-8
_STEPS = 4
_ENOUGH = 12
_DIRECTION = 0.7
_SOLVED = 1e-12


def check(trace: View) -> Iterable[Finding]:
    """The same leaves, at several steps in a row."""
    streaks: dict[int, list[Value]] = {}
    """Of every leaf whose gradient is small: its gradients since it is, each of which goes on like the one before."""
    for event in trace.of(Backward):
        gradients = {
            item.leaf: item.gradient for item in event.reached if item.gradient is not None and finite(item.gradient)
        }
        norms = {leaf: norm(gradient) for leaf, gradient in gradients.items()}
        largest = max(norms.values(), default=0.0)
        if event.loss is not None and abs(event.loss.numbers[0]) < _SOLVED:
            streaks = {}
            continue
        now = {leaf for leaf, size in norms.items() if 0 < size < _RATIO * largest}
        streaks = {leaf: _longer(streaks.get(leaf, []), gradients[leaf]) for leaf in now}
        small = _layers(trace, {leaf for leaf, streak in streaks.items() if len(streak) >= _STEPS}, set(norms) - now)
        if small and sum(_evidence(streaks[leaf]) for leaf in small) >= _ENOUGH:
            names = sorted({trace.name(leaf) for leaf in small})
            size = max(norms[leaf] for leaf in small)
            message = (
                f"The norm of {grads(names)} is at most {number(size)}, while the largest gradient has norm "
                f"{number(largest)}: {'this parameter hardly learns' if len(names) == 1 else 'these hardly learn'}. "
                "Look at the activations and the initialization."
            )
            yield Finding(message, place=event.place, step=event.step, leaves=sorted(small))
            return


def _longer(streak: list[Value], gradient: Value) -> list[Value]:
    """The streak with this gradient, or a new one if it does not go on like the last: rounding has no direction."""
    return [*streak, gradient] if streak and _alike(streak[-1], gradient) else [gradient]


def _alike(one: Value, other: Value) -> bool:
    """Whether two gradients of a leaf point in the same direction and are of the same size."""
    sizes = norm(one), norm(other)
    if one.shape != other.shape or not 0.5 <= sizes[0] / sizes[1] <= 2:
        return False
    if one.numbers and other.numbers:
        dot = math.fsum(left * right for left, right in zip(one.numbers, other.numbers))
        return dot > _DIRECTION * sizes[0] * sizes[1]
    return one.checksum * other.checksum > 0 and 0.5 <= one.checksum / other.checksum <= 2


def _evidence(streak: list[Value]) -> int:
    """How many numbers went on as expected; of a large gradient, its sum alone is known."""
    return (len(streak) - 1) * max(len(streak[-1].numbers), 1)


def _layers(trace: View, small: set[int], others: set[int]) -> set[int]:
    """Those of the small leaves that are not parts of a layer of which another leaf learns.

    The parameters of a layer are known by their common name. Without such names, a vector among matrices of which
    none is small is the bias of a layer that learns.
    """
    learning = {trace.name(leaf).rpartition(".")[0] for leaf in others} - {""}
    small = {leaf for leaf in small if trace.name(leaf).rpartition(".")[0] not in learning}
    matrices = {leaf for leaf in small | others if len(trace.leaves[leaf].shape) > 1}
    return small if not matrices or matrices & small else set()


def bad() -> None:
    """Twenty sigmoids in a row."""
    torch.manual_seed(0)
    w, v = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
    for _ in range(5):
        h = w
        for _ in range(20):
            h = torch.sigmoid(h)
        (h * v).sum().square().backward()  # <- fault
        with torch.no_grad():
            v.sub_(0.01 * v.grad), w.sub_(0.01 * w.grad)
        w.grad = v.grad = None


def good() -> None:
    """Two of them."""
    w, v = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
    for _ in range(5):
        h = torch.sigmoid(torch.sigmoid(w))
        (h * v).sum().square().backward()
        with torch.no_grad():
            v.sub_(0.01 * v.grad), w.sub_(0.01 * w.grad)
        w.grad = v.grad = None


def bad_inputs() -> None:
    """Large inputs put every ``tanh`` where it is flat."""
    x = torch.tensor([12.0, 13.0, 14.0], dtype=torch.float64)
    w, v = (torch.ones(3, dtype=torch.float64, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([w, v], lr=0.01)
    for _ in range(6):
        optimizer.zero_grad()
        loss = ((torch.tanh(w * x) * v).sum() - 1.0).square()
        loss.backward()  # <- fault
        optimizer.step()


def good_inputs() -> None:
    """Standardized inputs do not."""
    x = torch.tensor([12.0, 13.0, 14.0], dtype=torch.float64)
    w, v = (torch.ones(3, dtype=torch.float64, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([w, v], lr=0.01)
    for _ in range(6):
        optimizer.zero_grad()
        loss = ((torch.tanh(w * (x - x.mean())) * v).sum() - 1.0).square()
        loss.backward()
        optimizer.step()
