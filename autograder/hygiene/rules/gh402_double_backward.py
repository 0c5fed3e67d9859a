"""Checks for a second backward pass through a graph that the first one has freed.

**Why is this bad?** ``backward()`` frees the values that it needed. A second pass through the same graph stops with
``RuntimeError: Trying to backward through the graph a second time``. Often the graph of an earlier step is still
attached to something that is used again (a hidden state, a running sum).

**Use instead:** compute the loss again, add the losses and call ``backward()`` once, or ``detach()`` what is carried
over from the step before. ``retain_graph=True`` is right only if two passes really belong to one forward pass.

**Severity:** error.

**Missed alarms:** programs that catch the error themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograder.hygiene.facts.ending import fatal
from autograder.hygiene.facts.finding import Finding
from autograder.hygiene.trace.events import Backward
from autograder.hygiene.trace.view import View

SEVERITY = "E"


def check(trace: View) -> Iterable[Finding]:
    """The second pass, if it ended the run."""
    event = fatal(trace, "freed-graph")
    if event is None:
        return
    passes = trace.of(Backward)
    failed = next((item for item in reversed(passes) if item.failed), None)
    earlier = [
        item for item in passes if failed is not None and not item.failed and item.last_node >= failed.first_node
    ]
    where = trace.at(earlier[-1].place) if earlier else ""
    same = bool(earlier) and failed is not None and earlier[-1].last_node == failed.last_node
    if same:
        advice = "Call `backward()` once per loss, or compute the loss again before the second call."
    elif earlier and failed is not None and earlier[-1].step == failed.step:
        advice = (
            "Both need a part of the same graph: add the two and call `backward()` once, compute that part again, or "
            "let the first call keep the graph (`retain_graph=True`)."
        )
    else:
        advice = (
            "A part of the graph of an earlier step is used again: compute it again in this step, "
            "or `detach()` what you carry over."
        )
    message = f"This `backward()` goes through a graph that the one{where} has already freed. {advice}"
    yield Finding(message, place=event.place, step=event.step)


def bad() -> None:
    """Twice through one graph."""
    w = torch.tensor(1.0, requires_grad=True)
    loss = (w * 2.0 - 1.0) ** 2
    loss.backward()
    loss.backward()  # <- fault


def good() -> None:
    """The loss is computed again."""
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(2):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()


def bad_shared_part() -> None:
    """Two results of one step have a part of the graph in common."""
    w = torch.tensor(1.0, requires_grad=True)
    square = w**2
    (3.0 * square).backward()
    (square**2).backward()  # <- fault


def good_shared_part() -> None:
    """The first pass leaves the graph to the second."""
    w = torch.tensor(1.0, requires_grad=True)
    square = w**2
    (3.0 * square).backward(retain_graph=True)
    (square**2).backward()


def bad_hidden_state() -> None:
    """The state carries the graph of the step before along."""
    w, state = torch.tensor(0.5, requires_grad=True), torch.tensor(0.0)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        state = torch.tanh(w * state + 1.0)
        loss = (state - 0.5) ** 2
        loss.backward()  # <- fault
        optimizer.step()


def good_hidden_state() -> None:
    """What is carried over is detached."""
    w, state = torch.tensor(0.5, requires_grad=True), torch.tensor(0.0)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        state = torch.tanh(w * state.detach() + 1.0)
        loss = (state - 0.5) ** 2
        loss.backward()
        optimizer.step()
