"""A run in which nothing was trained is not clean: ``expect_clean`` says what was seen instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from autograder.errors import CheckFailure
from autograder.hygiene import Trace, record


def recorded(run: Callable[[], object]) -> Trace:
    with record() as recording:
        run()
    return recording.trace


def refused(trace: Trace) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        trace.expect_clean()
    return caught.value


def nothing() -> None:
    torch.ones(3).sum()


def passes_without_updates() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(2):
        w.grad = None
        (w**2).backward()


def updates_by_nothing() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    (w * 0.0).backward()
    with torch.no_grad():
        w -= 0.1 * w.grad  # type: ignore[operator]


def parameters_only_renamed() -> None:
    model = torch.nn.Linear(2, 1)
    for _ in range(5):
        model(torch.ones(3, 2)).square().mean().backward()
        with torch.no_grad():
            for p in model.parameters():
                p = p - 0.1 * p.grad  # type: ignore[assignment,operator]
        model.zero_grad()


LINE_OF_RENAMING = parameters_only_renamed.__code__.co_firstlineno + 6


def parameters_only_renamed_and_never_cleared() -> None:
    model = torch.nn.Linear(2, 1)
    for _ in range(5):
        model(torch.ones(3, 2)).square().mean().backward()
        with torch.no_grad():
            for p in model.parameters():
                p = p - 0.1 * p.grad  # type: ignore[assignment,operator]


def in_one_step_with_new_leaves() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    for factor in (1.0, 2.0):  # one step of two passes
        (factor * w**2).backward()
    w = (w - 0.1 * w.grad).detach().requires_grad_()  # type: ignore[operator]


def by_hand() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        (w**2).backward()
        with torch.no_grad():
            w -= 0.1 * w.grad  # type: ignore[operator]
        w.grad = None


def by_an_optimizer() -> None:
    model = torch.nn.Linear(40, 40)
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(8):
        optimizer.zero_grad()
        model(torch.ones(2, 40)).square().mean().backward()
        optimizer.step()


def with_new_leaves() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        (gradient,) = torch.autograd.grad(w**2, w)
        w = (w - 0.1 * gradient).detach().requires_grad_()


@pytest.mark.parametrize("run", [by_hand, by_an_optimizer, with_new_leaves, in_one_step_with_new_leaves])
def test_training_is_seen(run: Callable[[], None]) -> None:
    assert recorded(run).expect_clean() is None


@pytest.mark.parametrize(
    ("run", "seen"),
    [
        (nothing, "No training was seen: the recorded run has no backward pass."),
        (
            passes_without_updates,
            "No training was seen: the recorded run has 2 backward passes, but no update that moved a parameter by its "
            "gradient.",
        ),
        (
            parameters_only_renamed,
            "No training was seen: the recorded run has 5 backward passes, but no update that moved a parameter by its "
            f"gradient. What is computed on line {LINE_OF_RENAMING} is a new tensor, and the parameter stays as it "
            "was: change the parameter itself, as `-=` and `copy_()` do.",
        ),
        (
            parameters_only_renamed_and_never_cleared,
            "No training was seen: the recorded run has 5 backward passes, but no update that moved a parameter by its "
            "gradient.",
        ),
        (
            updates_by_nothing,
            "No training was seen: the recorded run has one backward pass, but no update that moved a parameter by its "
            "gradient.",
        ),
    ],
)
def test_no_training_is_said(run: Callable[[], None], seen: str) -> None:
    trace = recorded(run)
    failure = refused(trace)
    assert failure.message.splitlines()[-1] == seen
    assert failure.forfeits
    assert trace.expect_clean(training=False, severities="E") is None


def test_findings_are_said_before_it() -> None:
    def evaluates_with_a_graph() -> None:
        model = torch.nn.Linear(2, 1)
        for _ in range(4):
            model(torch.ones(3, 2)).mean().item()

    trace = recorded(evaluates_with_a_graph)
    found = trace.diagnostics()
    failure = refused(trace)
    assert failure.diagnostics == found
    assert len(failure.message.splitlines()) == len(found) + 1
