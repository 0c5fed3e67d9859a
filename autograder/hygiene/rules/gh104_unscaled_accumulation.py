"""Checks for accumulation of mean losses that are not divided by the number of backward passes.

**Why is this bad?** The mean over a large batch is the mean of the means of its parts, not their sum. Without the
division the gradient is k times that of the large batch, and the learning rate means something else.

**Use instead:** ``loss = loss_function(...) / k``, or divide the gradients by k before the update.

**Severity:** warning. A sum of several losses of one model looks the same, and dividing the learning rate is right too.

**Missed alarms:** losses that are averaged in other ways than by ``mean`` or a loss function of PyTorch.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import used
from autograder.hygiene.trace.events import SOME_GRADIENT, Backward, Gap, Update
from autograder.hygiene.trace.view import View

SEVERITY = "W"
_MEANS = ("Mean", "MseLoss", "NllLoss", "BinaryCrossEntropy", "L1Loss", "SmoothL1Loss", "HuberLoss")


def check(trace: View) -> Iterable[Finding]:
    """Two windows with the same number of passes from the same line."""
    window: list[Backward] = []
    full: list[tuple[list[Backward], Update]] = []
    for event in trace.events:
        if isinstance(event, Gap):
            window = []
        elif isinstance(event, Backward):
            window.append(event)
        elif isinstance(event, Update) and used(event) and window:
            full.append((window, event))
            window = []
    suspect = [(passes, update) for passes, update in full if _unscaled(passes, update)]
    if len(suspect) < 2 or len(suspect) < len(full) - 1:
        return
    passes, update = suspect[0]
    count = len(passes)
    message = (
        f"{count} backward passes, each of a mean loss, add up before the update{trace.at(update.place)}: the gradient "
        f"is {count} times that of one batch of all the data. Divide the loss by {count}: `loss / {count}`."
    )
    leaves = [item.leaf for item in passes[0].reached]
    yield Finding(message, place=passes[0].place, step=passes[0].step, leaves=leaves)


def _unscaled(passes: list[Backward], update: Update) -> bool:
    """Whether these are passes of the same mean losses, each of which found the gradient of those before it."""
    if len(passes) < 2 or update.scaled or not update.kept or any(event.functional for event in passes):
        return False
    first = passes[0]
    leaves = {item.leaf for item in first.reached}
    return all(
        event.place == first.place
        and not event.retain
        and event.roots[:1] == first.roots[:1]
        and {item.leaf for item in event.reached} == leaves
        and _is_mean(event.roots)
        for event in passes
    ) and all(any(item.before == SOME_GRADIENT for item in event.reached) for event in passes[1:])


def _is_mean(roots: list[str]) -> bool:
    return bool(roots) and roots[0].startswith(_MEANS) and not roots[0].endswith(":sum")


def bad() -> None:
    """Two means are added."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        for batch in torch.arange(4.0).split(2):
            loss = ((w * batch - 2.0) ** 2).mean()
            loss.backward()  # <- fault
        optimizer.step()
        optimizer.zero_grad()


def good() -> None:
    """Each is divided by their number."""
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        for batch in torch.arange(4.0).split(2):
            loss = ((w * batch - 2.0) ** 2).mean() / 2
            loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def bad_loss_function() -> None:
    """The loss functions of PyTorch average over their batch."""
    x, y, model = torch.rand(8, 2), torch.rand(8, 1), torch.nn.Linear(2, 1)
    optimizer, criterion = torch.optim.SGD(model.parameters(), lr=0.1), torch.nn.MSELoss()
    for _ in range(3):
        for batch, target in zip(x.split(2), y.split(2)):
            loss = criterion(model(batch), target)
            loss.backward()  # <- fault
        optimizer.step()
        optimizer.zero_grad()


def good_loss_function() -> None:
    """Sums over the batches, divided by the number of all rows."""
    x, y, model = torch.rand(8, 2), torch.rand(8, 1), torch.nn.Linear(2, 1)
    optimizer, criterion = torch.optim.SGD(model.parameters(), lr=0.1), torch.nn.MSELoss(reduction="sum")
    for _ in range(3):
        for batch, target in zip(x.split(2), y.split(2)):
            loss = criterion(model(batch), target) / len(x)
            loss.backward()
        optimizer.step()
        optimizer.zero_grad()
