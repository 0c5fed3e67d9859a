"""Checks for evaluation in training mode, and training in evaluation mode, where it matters.

**Why is this bad?** Dropout is random in training mode, and batch norm uses (and changes) the statistics of the batch.
Evaluation in training mode gives noisy numbers and lets test data into the model; training in evaluation mode
switches dropout off and never learns the statistics.

**Use instead:** ``model.eval()`` before evaluation and ``model.train()`` before going on with training;
``F.dropout(x, training=self.training)``.

**Severity:** error; a warning where an evaluation in training mode only makes samples or pictures. It speaks only for
models with dropout or batch norm that are trained in this run. Many answers to one question (Monte Carlo dropout),
training passes that are skipped and batch norms that are kept in evaluation mode on purpose are not reported.

**Missed alarms:** models that are evaluated in another run than the one that trains them; an evaluation that records a
graph on the very line that also trains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import torch

from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.facts.gradient_life import used
from autograder.hygiene.trace.events import Backward, Clear, Dropout, Forward, OptimizerStep, Update
from autograder.hygiene.trace.view import View

SEVERITY = "E"
SUPERSEDES = ("GH501",)


def check(trace: View) -> Iterable[Finding]:
    """One diagnostic per kind of mistake."""
    if not trace.of(Update):
        return
    lessons = list(_lessons(trace))
    yield from _evaluated_in_training_mode(trace)
    yield from _never_back(trace, lessons) or _trained_in_evaluation_mode(trace, lessons)
    for event in trace.of(Dropout):
        message = (
            "This dropout is on although the module is in evaluation mode. "
            "Give it the mode: `F.dropout(x, p, training=self.training)`."
        )
        yield Finding(message, place=event.place, step=event.step)
        return


class _Lesson(NamedTuple):
    """A call of a module that an update learned from."""

    position: int
    call: Forward
    optimizer: int
    """The number of the optimizer that made the update, or -1."""


def _lessons(trace: View) -> Iterator[_Lesson]:
    """The calls whose gradients an update of some parameter used.

    A pass that is cleared again, or that changes the input alone (an adversarial example), teaches the module nothing.
    """
    called: list[tuple[int, Forward]] = []
    passed: list[tuple[int, Forward]] = []
    optimizer = -1
    for position, event in enumerate(trace.events):
        if isinstance(event, Forward):
            if event.used:
                called.append((position, event))
        elif isinstance(event, Backward):
            passed, called = passed + called, []
        elif isinstance(event, Clear):
            passed = []
        elif isinstance(event, OptimizerStep):
            optimizer = event.optimizer
        elif isinstance(event, Update) and used(event) and trace.leaves[event.leaf].module_parameter:
            for where, call in passed:
                yield _Lesson(where, call, optimizer if event.how == "optimizer" else -1)
            passed = []


def _evaluated_in_training_mode(trace: View) -> Iterable[Finding]:
    calls = trace.of(Forward)
    learning = {call.module for call in calls if call.used}
    # The mean of many answers to the same question: dropout is on because it is meant to be.
    sampled = {_line(call) for call in calls if call.again}
    # The same line has taught the module: a training pass that was skipped, or the last one before the loop was left.
    teaching = {_line(call) for call in calls if call.used}
    # So are those to a batch of copies, if it was not trained with copies too.
    varied = {call.module for call in calls if call.used and not call.copies}
    for position, call in enumerate(trace.events):
        if not isinstance(call, Forward) or not call.training or not call.sensitive or call.module not in learning:
            continue
        if call.copies and call.module in varied and all("Dropout" in kind for kind in call.sensitive):
            continue
        if _line(call) in sampled or (call.graph and _line(call) in teaching):
            continue
        if not (call.measured or call.shown) or call.used or call.feeds_loss:
            continue
        kinds = " and ".join(call.sensitive)
        message = (
            f"`{call.name}` is evaluated in training mode, where {kinds} does not behave as in use. "
            "Call `.eval()` before evaluation and `.train()` afterwards."
        )
        sample = not call.measured or _draws(trace, position, call)
        yield Finding(message, place=call.place, step=call.step, severity="W" if sample else None)
        return


def _line(call: Forward) -> tuple[int, int, int]:
    return call.module, call.place.file, call.place.line


def _draws(trace: View, position: int, call: Forward) -> bool:
    """Whether this is a sample of a module that in training speaks to another one only: a generator's picture."""
    if _next_module(trace, position) not in (None, call.module):
        return False
    lessons = [index for index, event in enumerate(trace.events) if isinstance(event, Forward) and event.used]
    mine = [index for index in lessons if trace.events[index].module == call.module]
    return all(_next_module(trace, index) not in (None, call.module) for index in mine)


def _next_module(trace: View, position: int) -> int | None:
    """The module that is called next, before any backward pass."""
    for event in trace.events[position + 1 :]:
        if isinstance(event, Forward):
            return event.module
        if isinstance(event, Backward):
            return None
    return None


def _trained_in_evaluation_mode(trace: View, lessons: list[_Lesson]) -> list[Finding]:
    for number in sorted({lesson.call.module for lesson in lessons}):
        mine = [lesson.call for lesson in lessons if lesson.call.module == number and lesson.call.learns]
        wrong = [call for call in mine if not call.training and call.sensitive]
        if len(wrong) >= 2 and len(wrong) >= len(mine) - 1:
            call = wrong[0]
            message = (
                f"`{call.name}` is trained in evaluation mode, where {_off(call)}. "
                "Call `.train()` before the training step."
            )
            return [Finding(message, place=call.place, step=call.step)]
    return []


def _never_back(trace: View, lessons: list[_Lesson]) -> list[Finding]:
    """A line that trained in training mode goes on in evaluation mode after an evaluation."""
    evaluations = [
        (position, event.module)
        for position, event in enumerate(trace.events)
        if isinstance(event, Forward) and not event.training and not event.used and not event.feeds_loss
    ]
    wrong: dict[tuple[int, int, int], list[_Lesson]] = {}
    taught: dict[tuple[int, int, int], _Lesson] = {}
    for lesson in lessons:
        call = lesson.call
        key = _line(call)
        before = taught.get(key)
        if call.training and call.sensitive:
            taught[key] = lesson
        elif before is None or call.training or not call.sensitive or not call.learns:
            continue
        elif before.optimizer == lesson.optimizer:
            if any(module == call.module and before.position < at < lesson.position for at, module in evaluations):
                wrong.setdefault(key, []).append(lesson)
    for found in wrong.values():
        if len(found) >= 2:
            call = found[0].call
            message = (
                f"From step {call.step} on `{call.name}` is trained in evaluation mode, where {_off(call)}: it was put "
                "into it for an evaluation and not back. Call `.train()` after the evaluation, or before every step."
            )
            return [Finding(message, place=call.place, step=call.step)]
    return []


def _off(call: Forward) -> str:
    """What the layers of a module do not do in evaluation mode."""
    dropout = [kind for kind in call.sensitive if "Dropout" in kind]
    norms = [kind for kind in call.sensitive if "Dropout" not in kind]
    said = [f"{' and '.join(dropout)} {'is' if len(dropout) == 1 else 'are'} switched off"] if dropout else []
    said += [f"{' and '.join(norms)} {'does' if len(norms) == 1 else 'do'} not learn the statistics"] if norms else []
    return " and ".join(said)


def bad() -> None:
    """Dropout is on in the evaluation."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Dropout(), torch.nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.ones(4, 2)).square().mean().backward()
        optimizer.step()
        with torch.no_grad():
            print(model(torch.ones(4, 2)).mean().item())  # <- fault


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


def bad_never_back() -> None:
    """After the first evaluation the model is trained in evaluation mode."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Dropout(), torch.nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(4):
        optimizer.zero_grad()
        model(torch.ones(4, 2)).square().mean().backward()  # <- fault
        optimizer.step()
        model.eval()
        with torch.no_grad():
            print(model(torch.ones(4, 2)).mean().item())


def good_never_back() -> None:
    """Every step puts it back into training mode."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Dropout(), torch.nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(4):
        model.train()
        optimizer.zero_grad()
        model(torch.ones(4, 2)).square().mean().backward()
        optimizer.step()
        model.eval()
        with torch.no_grad():
            print(model(torch.ones(4, 2)).mean().item())
