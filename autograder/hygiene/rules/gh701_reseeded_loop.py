"""Checks for ``torch.manual_seed`` inside of the training loop.

**Why is this bad?** Every step then draws the same random numbers: the same batch, the same noise, the same dropout
mask. The model sees much less than it seems to.

**Use instead:** seed once, before the loop.

**Severity:** warning; now and then the same numbers are wanted at every step.

**Missed alarms:** generators of their own; seeds that change from step to step.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import used
from autograder.hygiene.trace.events import Gap, Seed, Update
from autograder.hygiene.trace.view import View

SEVERITY = "W"
_TIMES = 3


def check(trace: View) -> Iterable[Finding]:
    """The same seed from the same line, with steps of the same parameters before and after it, again and again."""
    counts: dict[tuple[int, int, int], int] = {}
    before: dict[tuple[int, int, int], set[int]] = {}
    moved: set[int] = set()
    for event in trace.events:
        if isinstance(event, Gap):
            before.clear()
            moved = set()
        elif isinstance(event, Update) and used(event):
            moved.add(event.leaf)
            moved.update(leaf for leaf in (trace.leaves[event.leaf].successor_of,) if leaf >= 0)
        elif isinstance(event, Seed):
            key = (event.place.file, event.place.line, event.seed)
            earlier = before.get(key)
            if earlier is not None and moved and (not earlier or earlier & moved):
                counts[key] = counts.get(key, 0) + 1
                if counts[key] >= _TIMES:
                    message = (
                        f"`torch.manual_seed({event.seed})` runs at every step, so every step draws the same random "
                        "numbers. Seed once, before the loop."
                    )
                    yield Finding(message, place=event.place, step=event.step)
                    return
            elif earlier is not None:
                counts[key] = 0
            before[key] = moved
            moved = set()


def bad() -> None:
    """The same noise at every step."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(5):
        torch.manual_seed(0)  # <- fault
        loss = (w * 2.0 - torch.randn(())) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def good() -> None:
    """Seeded once."""
    torch.manual_seed(0)
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(5):
        loss = (w * 2.0 - torch.randn(())) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None


def bad_batch() -> None:
    """The function that draws a batch sets the seed."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)

    def draw() -> torch.Tensor:
        torch.manual_seed(0)  # <- fault
        return torch.rand(4)

    for _ in range(5):
        optimizer.zero_grad()
        loss = (w * draw() - 2.0).square().mean()
        loss.backward()
        optimizer.step()


def good_batch() -> None:
    """It draws from a generator that was seeded once."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    generator = torch.Generator().manual_seed(0)

    def draw() -> torch.Tensor:
        return torch.rand(4, generator=generator)

    for _ in range(5):
        optimizer.zero_grad()
        loss = (w * draw() - 2.0).square().mean()
        loss.backward()
        optimizer.step()
