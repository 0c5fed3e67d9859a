"""Checks for training loops that clear the gradients of some parameters and forget others.

**Why is this bad?** The forgotten parameters move along the sum of all their gradients so far, while the others
behave: the run looks almost right and converges to the wrong place, or late.

**Use instead:** clear all of them in one place: ``a.grad = b.grad = c.grad = None``, a loop over a list of
parameters, or ``optimizer.zero_grad()``.

**Severity:** error.

**Missed alarms:** as for GH101.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import leftovers
from autograder.hygiene.rules.gh101_uncleared_gradient import describe
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import listed

SEVERITY = "E"
SUPERSEDES = ("GH101",)


def check(trace: View) -> Iterable[Finding]:
    """Names the forgotten ones."""
    found, cleared = leftovers(trace)
    for number in sorted({item.backward.number for item in found}):
        others = cleared.get(number)
        if others:
            group = [item for item in found if item.backward.number == number]
            names = sorted({trace.name(leaf) for leaf in others})
            verb = "was" if len(names) == 1 else "were"
            extra = f" The gradient{'s' if len(names) > 1 else ''} of {listed(names)} {verb} cleared, this one was not."
            if len({item.leaf for item in group}) > 1:
                extra = extra.replace("this one was", "these were")
            yield describe(trace, group, extra)


def bad() -> None:
    """``b`` is forgotten."""
    a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(0.5, requires_grad=True)
    for _ in range(3):
        loss = (a * 2.0 + b - 1.0) ** 2
        loss.backward()  # <- fault
        with torch.no_grad():
            a -= 0.1 * a.grad
            b -= 0.1 * b.grad
        a.grad = None


def good() -> None:
    """Both are cleared."""
    a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(0.5, requires_grad=True)
    for _ in range(3):
        loss = (a * 2.0 + b - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            a -= 0.1 * a.grad
            b -= 0.1 * b.grad
        a.grad = b.grad = None


def bad_two_modules() -> None:
    """The head is trained too, but only the body is cleared."""
    body, head = torch.nn.Linear(2, 2), torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD([*body.parameters(), *head.parameters()], lr=0.1)
    for _ in range(3):
        body.zero_grad()
        loss = head(body(torch.ones(4, 2))).square().mean()
        loss.backward()  # <- fault
        optimizer.step()


def good_two_modules() -> None:
    """The optimizer holds the parameters of both, and clears them all."""
    body, head = torch.nn.Linear(2, 2), torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD([*body.parameters(), *head.parameters()], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = head(body(torch.ones(4, 2))).square().mean()
        loss.backward()
        optimizer.step()
