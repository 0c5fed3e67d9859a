"""What counts as a training step: every update ends one, also the last one of a loop that makes new tensors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from autograder.hygiene import Window, record
from autograder.hygiene.trace.events import Update

pytestmark = pytest.mark.filterwarnings("ignore")
RATE = 0.1
LINES = (
    "w = (w - RATE * g).detach().requires_grad_()",
    "w = (w - RATE * g).detach(); w.requires_grad = True",
    "w = torch.sub(w, g, alpha=RATE).clone().detach().requires_grad_(True)",
    "w = w.add(g, alpha=-RATE).detach_().requires_grad_()",
    "with torch.no_grad(): w = (w - RATE * g).requires_grad_()",
    "w = torch.tensor((w - RATE * g).item(), requires_grad=True)",
    "w = torch.nn.Parameter(w - RATE * g)",
    "w = torch.nn.Parameter((w - RATE * g).detach())",
)


def square(w: torch.Tensor) -> torch.Tensor:
    return (w * 2.0 - 1.0) ** 2


def program(update: str) -> Callable[[int], float]:
    source = (
        "def run(steps):\n    w = torch.tensor(1.0, requires_grad=True)\n    for _ in range(steps):\n"
        f"        (g,) = torch.autograd.grad(square(w), w)\n        {update}\n    return w.item()\n"
    )
    space = {"torch": torch, "square": square, "RATE": RATE}
    exec(compile(source, "<program>", "exec"), space)
    run: Callable[[int], float] = space["run"]  # type: ignore[assignment]
    return run


def leaf_made_first(steps: int) -> float:
    w = torch.tensor(1.0)
    for _ in range(steps):
        w.requires_grad_()
        (g,) = torch.autograd.grad(square(w), w)
        with torch.no_grad():
            w = w - RATE * g
    return w.item()


def transformed(steps: int) -> float:
    w = torch.tensor(1.0)
    for _ in range(steps):
        w = w - RATE * torch.func.grad(square)(w)
    return w.item()


def transformed_tuple(steps: int) -> float:
    pair = (torch.tensor(1.0), torch.tensor(2.0))
    for _ in range(steps):
        gradients = torch.func.grad(lambda pair: (pair[0] * 2.0 - pair[1]) ** 2)(pair)
        pair = tuple(value - RATE * gradient for value, gradient in zip(pair, gradients))
    return pair[0].item()


class Descent:
    """Keeps its parameter as an attribute."""

    def __init__(self) -> None:
        self.w = torch.tensor(1.0, requires_grad=True)

    def step(self) -> None:
        square(self.w).backward()
        self.w = (self.w - RATE * self.w.grad).detach().requires_grad_()


def attribute(steps: int) -> float:
    run = Descent()
    for _ in range(steps):
        run.step()
    return float(run.w)


def line_search(steps: int) -> float:
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(steps):
        loss = square(w)
        (g,) = torch.autograd.grad(loss, w)
        rate = 1.0
        with torch.no_grad():
            trial = w - rate * g
            while square(trial) > loss and rate > 1e-9:
                rate /= 2
                trial = w - rate * g
        w = trial.detach().requires_grad_()
    return w.item()


RUNS = {
    **{line: program(line) for line in LINES},
    "leaf made first": leaf_made_first,
    "torch.func.grad": transformed,
    "torch.func.grad of a tuple": transformed_tuple,
    "attribute": attribute,
    "line search": line_search,
}


@pytest.mark.parametrize("steps", [1, 2, 7])
@pytest.mark.parametrize("name", sorted(RUNS))
def test_the_last_update_of_new_tensors_counts(name: str, steps: int) -> None:
    with record() as recording:
        RUNS[name](steps)
    assert recording.trace.steps == steps
    assert recording.trace.diagnostics() == ()


@pytest.mark.parametrize("name", sorted(RUNS))
def test_a_window_that_ends_earlier_counts_its_own_steps(name: str) -> None:
    with record(window=Window.first(3)) as recording:
        RUNS[name](7)
    assert recording.trace.steps == 3


def test_a_loop_that_stops_before_its_update_has_no_step_more() -> None:
    with record() as recording:
        w = torch.tensor(1.0, requires_grad=True)
        for step in range(5):
            (g,) = torch.autograd.grad(square(w), w)
            if step == 4:
                break
            w = (w - RATE * g).detach().requires_grad_()
    assert recording.trace.steps == 4 and len(recording.trace.losses) == 5


def test_a_gradient_without_an_update_is_no_step() -> None:
    with record() as recording:
        w = torch.tensor([1.0, 2.0], requires_grad=True)
        (g,) = torch.autograd.grad(square(w).sum(), w)
        (w * g).sum().item()
        (2.0 * g).norm().item()
    assert recording.trace.steps == 0


def test_trial_values_beside_the_update_are_no_steps() -> None:
    with record() as recording:
        w = torch.tensor(1.0, requires_grad=True)
        for _ in range(3):
            square(w).backward()
            with torch.no_grad():
                square(w - 10.0 * RATE * w.grad).item()
                w -= RATE * w.grad
                square(w - RATE * w.grad).item()
            w.grad = None
    assert recording.trace.steps == 3
    assert len(recording.trace.of(Update)) == 3


def test_fast_weights_of_an_inner_step_are_no_steps() -> None:
    with record() as recording:
        w = torch.tensor(1.0, requires_grad=True)
        for _ in range(4):
            (g,) = torch.autograd.grad(square(w), w, create_graph=True)
            square(w - RATE * g).backward()
            with torch.no_grad():
                w -= RATE * w.grad
            w.grad = None
    assert recording.trace.steps == 4
    assert recording.trace.diagnostics() == ()
