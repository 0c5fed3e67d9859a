"""The first step at which two runs part, both values, and the reason in a sentence."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from autograder.checks import assert_same_run
from autograder.errors import CheckFailure
from autograder.hygiene import Divergence, Trace, Window, first_divergence, record


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def demo(
    clear: bool = True, steps: int = 5, rate: float = 0.1, *, factor: float = 1.0, start: float = 0.5
) -> list[float]:
    a = torch.tensor(start, requires_grad=True)
    b = torch.tensor(0.5, requires_grad=True)
    history = []
    for _ in range(steps):
        loss = factor * (a * 1.5 + b - 2.5) ** 2
        history.append(loss.item())
        loss.backward()
        with torch.no_grad():
            a -= rate * a.grad
            b -= rate * b.grad
        if clear:
            a.grad = None
            b.grad = None
    return history


def run(train: Callable[..., Any], *args: Any, window: Window | None = None, **kwargs: Any) -> Trace:
    with record(window=window) as recording:
        value = train(*args, **kwargs)
    trace: Trace = recording.trace
    trace.value = value
    return trace


def parting(got: Trace, expected: Trace, atol: float = 1e-5) -> Divergence:
    found = first_divergence(got, expected, atol=atol)
    assert found is not None
    return found


def line_of(function: Callable[..., Any], text: str) -> int:
    lines, start = inspect.getsourcelines(function)
    return start + next(index for index, line in enumerate(lines) if text in line)


def test_equal_runs_do_not_part() -> None:
    assert first_divergence(run(demo), run(demo), atol=1e-6) is None


def test_the_excess_of_an_uncleared_gradient_is_the_earlier_gradient() -> None:
    found = parting(run(demo, clear=False), run(demo))
    assert (found.step, found.parameter, found.quantity, found.code) == (2, "a", "gradient", "GH101")
    assert found.got == pytest.approx(-5.0625) and found.expected == pytest.approx(-1.3125)
    line = line_of(demo, "a -= rate")
    assert found.sentence.startswith(
        "Step 2: your `a.grad` is −5.0625, the gradient there is −1.3125. The difference, −3.7500, is exactly the "
        f"gradient of step 1: it was never cleared. Clear `a.grad` after the update on line {line}."
    )
    assert "`b.grad`" in found.sentence
    assert [item.code for item in found.diagnostics] == ["GH101"]
    assert found.explained_by_own_run


def test_the_whole_sentence_on_the_uncleared_gradient_is_shown_in_hidden_checks() -> None:
    with pytest.raises(CheckFailure) as caught:
        assert_same_run(run(demo, clear=False), run(demo), atol=1e-5, what="run_accumulation_demo")
    assert caught.value.message.startswith("`run_accumulation_demo`: Step 2: your `a.grad` is −5.0625")
    assert caught.value.reveal == ""


def cleared_once() -> None:
    a = torch.tensor(1.0, requires_grad=True)
    for step in range(6):
        loss = (a - 3.0) ** 2
        loss.backward()
        with torch.no_grad():
            a -= 0.1 * a.grad
        if step < 2:
            a.grad = None


def always_cleared() -> None:
    a = torch.tensor(1.0, requires_grad=True)
    for _ in range(6):
        loss = (a - 3.0) ** 2
        loss.backward()
        with torch.no_grad():
            a -= 0.1 * a.grad
        a.grad = None


def test_a_later_leftover_names_its_own_step() -> None:
    found = parting(run(cleared_once), run(always_cleared))
    assert found.step == 4 and "is exactly the gradient of step 3" in found.sentence


def passes_without_update(clear: bool) -> None:
    w = torch.tensor(3.0, requires_grad=True)
    for _ in range(3):
        (2 * w).backward()
        if clear:
            w.grad = None


def test_backward_passes_without_update() -> None:
    found = parting(run(passes_without_update, False), run(passes_without_update, True))
    assert found.sentence.startswith(
        "Backward pass 2: your `w.grad` is 4.0000, the gradient there is 2.0000. The difference, 2.0000, is exactly "
        "the gradient of backward pass 1: it was never cleared."
    )


def test_a_loss_that_is_a_multiple() -> None:
    found = parting(run(demo, factor=2.0), run(demo))
    assert (found.step, found.quantity) == (1, "loss")
    assert "2 times the reference's" in found.sentence
    found = parting(run(demo, factor=0.5), run(demo))
    assert "half the reference's" in found.sentence


def fit(reduce: Callable[[torch.Tensor], torch.Tensor]) -> None:
    x = torch.linspace(-1, 1, 8)
    w = torch.tensor([0.0, 0.0], requires_grad=True)
    for _ in range(3):
        loss = reduce((w[0] + w[1] * x - 1 - 2 * x) ** 2)
        loss.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad = None


def test_a_sum_where_a_mean_was_asked_for() -> None:
    found = parting(run(fit, torch.sum), run(fit, torch.mean))
    assert "8 times the reference's" in found.sentence and "a sum where a mean was asked for" in found.sentence


def fit_scaled(scale: float, sign: float = 1.0) -> None:
    w = torch.tensor(1.0, requires_grad=True)
    for _ in range(3):
        loss = (w - 3.0) ** 2
        loss.backward()
        w.grad *= scale
        with torch.no_grad():
            w -= sign * 0.1 * w.grad
        w.grad = None


def test_another_learning_rate() -> None:
    found = parting(run(demo, rate=0.05), run(demo))
    assert (found.step, found.parameter, found.quantity) == (1, "a", "parameter")
    assert "−0.05 times its gradient" in found.sentence and "another learning rate" in found.sentence
    assert "0.1" not in found.safe and "−0.05" in found.safe
    found = parting(run(demo, rate=0.2), run(demo))
    assert "2 times as far" in found.sentence


def test_the_wrong_sign() -> None:
    found = parting(run(fit_scaled, 1.0, -1.0), run(fit_scaled, 1.0))
    assert found.step == 1 and found.quantity == "parameter" and "wrong sign" in found.safe


def test_expected_values_stay_in_reveal() -> None:
    with pytest.raises(CheckFailure) as caught:
        assert_same_run(run(demo, factor=3.0), run(demo), atol=1e-5)
    assert "4.6875" in caught.value.message and "1.5625" not in caught.value.message
    assert "1.5625" in caught.value.reveal


def test_another_start() -> None:
    found = parting(run(demo, start=0.75), run(demo))
    assert (found.step, found.parameter, found.got, found.expected) == (1, "a", 0.75, 0.5)


@pytest.mark.parametrize(("steps", "word"), [(4, "1 backward pass short"), (7, "2 backward passes too many")])
def test_a_run_of_another_length(steps: int, word: str) -> None:
    found = parting(run(demo, steps=steps), run(demo))
    assert found.quantity == "steps" and word in found.sentence


def late(steps: int = 5) -> list[float]:
    a = torch.tensor(0.5, requires_grad=True)
    b = torch.tensor(0.5, requires_grad=True)
    history = []
    for _ in range(steps):
        loss = (a * 1.5 + b - 2.5) ** 2
        loss.backward()
        with torch.no_grad():
            a -= 0.1 * a.grad
            b -= 0.1 * b.grad
            history.append(((a * 1.5 + b - 2.5) ** 2).item())
        a.grad = b.grad = None
    return history


def test_a_history_recorded_after_the_update() -> None:
    found = parting(run(late), run(demo))
    assert found.quantity == "loss" and "Record it before the update" in found.safe


def stacked(clear: bool = True) -> None:
    w = torch.tensor([0.5, 0.5], requires_grad=True)
    features = torch.tensor([1.5, 1.0])
    for _ in range(5):
        loss = (w @ features - 2.5) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        if clear:
            w.grad.zero_()


def renamed() -> None:
    slope = torch.tensor(0.5, requires_grad=True)
    intercept = torch.tensor(0.5, requires_grad=True)
    for _ in range(5):
        loss = (intercept + 1.5 * slope - 2.5) ** 2
        loss.backward()
        with torch.no_grad():
            slope -= 0.1 * slope.grad
            intercept -= 0.1 * intercept.grad
        slope.grad = intercept.grad = None


def test_other_names_and_a_stacked_vector_are_the_same_run() -> None:
    assert first_divergence(run(renamed), run(demo), atol=1e-5) is None
    assert first_divergence(run(stacked), run(demo), atol=1e-5) is None


def test_an_uncleared_vector_against_scalars() -> None:
    found = parting(run(stacked, clear=False), run(demo))
    assert found.step == 2 and found.parameter == "w"
    assert found.got == pytest.approx([-5.0625, -3.375]) and found.expected == pytest.approx([-1.3125, -0.875])
    assert "The difference, [−3.7500, −2.5000], is exactly the gradient of step 1" in found.sentence


def functional() -> None:
    a = torch.tensor(0.5, requires_grad=True)
    b = torch.tensor(0.5, requires_grad=True)
    for _ in range(5):
        loss = (a * 1.5 + b - 2.5) ** 2
        grad_a, grad_b = torch.autograd.grad(loss, (a, b))
        a = (a - 0.1 * grad_a).detach().requires_grad_()
        b = (b - 0.1 * grad_b).detach().requires_grad_()


def test_functional_updates_are_the_same_run() -> None:
    assert first_divergence(run(functional), run(demo), atol=1e-5) is None


def layer(rate: float) -> None:
    torch.manual_seed(0)
    model = torch.nn.Linear(100, 3)
    x = torch.randn(20, 100)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    for _ in range(3):
        loss = (model(x) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def test_large_parameters_are_compared_by_norm() -> None:
    assert first_divergence(run(layer, 0.1), run(layer, 0.1), atol=1e-6) is None
    found = parting(run(layer, 0.2), run(layer, 0.1))
    assert found.step in (1, 2)


def test_losses_outside_the_window_are_compared() -> None:
    def wobbly(bad: bool) -> None:
        w = torch.tensor(1.0, requires_grad=True)
        for step in range(12):
            loss = (w - 3.0) ** 2 * (2.0 if bad and step == 9 else 1.0)
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
            w.grad = None

    window = Window.first(3)
    found = parting(run(wobbly, True, window=window), run(wobbly, False, window=window))
    assert (found.step, found.quantity) == (10, "loss")


def detached() -> None:
    a = torch.tensor(0.5, requires_grad=True)
    b = torch.tensor(0.5, requires_grad=True)
    for _ in range(5):
        loss = (a.detach() * 1.5 + b - 2.5) ** 2 + 0 * a
        loss.backward()
        with torch.no_grad():
            a -= 0.1 * a.grad
            b -= 0.1 * b.grad
        a.grad = b.grad = None


def test_a_gradient_that_is_missing() -> None:
    found = parting(run(detached), run(demo))
    assert found.step == 1 and found.parameter == "a" and found.quantity == "gradient"
