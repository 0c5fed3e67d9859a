"""Checks for evaluation in training mode, and training in evaluation mode, where it matters.

**Why is this bad?** Dropout is random in training mode, and batch norm uses (and changes) the statistics of the batch.
Evaluation in training mode gives noisy numbers and lets test data into the model; training in evaluation mode
switches dropout off and never learns the statistics.

**Use instead:** ``model.eval()`` before evaluation and ``model.train()`` before going on with training;
``F.dropout(x, training=self.training)``.

**Severity:** error. It speaks only for models with dropout or batch norm that are trained in this run.

**Missed alarms:** models that are evaluated in another run than the one that trains them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import torch

from autograder.hygiene.events import Dropout, Forward, Update
from autograder.hygiene.reporting import finding
from autograder.results import Diagnostic

if TYPE_CHECKING:
    from autograder.hygiene.trace import Trace

CODE = "GH502"
NAME = "wrong-module-mode"
SEVERITY = "E"
SUPERSEDES = ("GH501",)


def check(trace: Trace) -> Iterable[Diagnostic]:
    """One diagnostic per kind of mistake."""
    calls = trace.of(Forward)
    learning = {call.module for call in calls if call.used}
    if not trace.of(Update):
        return
    for call in calls:
        if call.training and call.sensitive and call.module in learning and _evaluates(call):
            kinds = " and ".join(call.sensitive)
            message = (
                f"`{call.name}` is evaluated in training mode, where {kinds} does not behave as in use. "
                "Call `.eval()` before evaluation and `.train()` afterwards."
            )
            yield finding(trace, __name__, message, place=call.place, step=call.step)
            break
    trained = [call for call in calls if call.used]
    for number in sorted({call.module for call in trained}):
        wrong = [call for call in trained if call.module == number and not call.training and call.sensitive]
        mine = [call for call in trained if call.module == number]
        if len(wrong) >= 2 and len(wrong) >= len(mine) - 1:
            call = wrong[0]
            kinds = " and ".join(call.sensitive)
            message = (
                f"`{call.name}` is trained in evaluation mode, where {kinds} is switched off or frozen. "
                "Call `.train()` before the training step."
            )
            yield finding(trace, __name__, message, place=call.place, step=call.step)
            return
    for event in trace.of(Dropout):
        message = (
            "This dropout is on although the module is in evaluation mode. "
            "Give it the mode: `F.dropout(x, p, training=self.training)`."
        )
        yield finding(trace, __name__, message, place=event.place, step=event.step)
        return


def _evaluates(call: Forward) -> bool:
    return call.measured and not call.used and not call.feeds_loss


def bad() -> None:
    """Dropout is on in the evaluation."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Dropout(), torch.nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.ones(4, 2)).square().mean().backward()
        optimizer.step()
        with torch.no_grad():
            print(model(torch.ones(4, 2)).mean().item())


def good() -> None:
    """Dropout is off in the evaluation."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Dropout(), torch.nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        model.train()(torch.ones(4, 2)).square().mean().backward()
        optimizer.step()
        with torch.no_grad():
            print(model.eval()(torch.ones(4, 2)).mean().item())
