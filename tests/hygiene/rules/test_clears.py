"""What a diagnostic says of clears is true: gradients may be zero by themselves, clipped, assigned or cancelled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from tests.hygiene.rules.sentences import found, only

pytestmark = pytest.mark.filterwarnings("ignore")


def two_scalars(clear: Callable[[torch.Tensor, torch.Tensor], None], start: float = 0.0) -> Callable[[], None]:
    def run() -> None:
        w, b = torch.tensor(1.0, requires_grad=True), torch.tensor(start, requires_grad=True)
        for _ in range(6):
            ((w * (1 + b * b) - 3) ** 2 + (b - start) * w.detach() * 0).backward()
            with torch.no_grad():
                w -= 0.01 * w.grad
                b -= 0.01 * b.grad
            clear(w, b)

    return run


def test_a_gradient_that_is_zero_by_itself_was_not_cleared() -> None:
    item = next(item for item in found(two_scalars(lambda w, b: None)) if item.code.startswith("GH10"))
    assert item.code == "GH101" and "cleared" not in item.message


def test_a_gradient_that_was_cleared_was_cleared() -> None:
    def clear(w: torch.Tensor, b: torch.Tensor) -> None:
        b.grad = None

    item = only(two_scalars(clear, start=1.0))
    assert item.code == "GH102" and "The gradient of `b` was cleared, this one was not." in item.message


def test_one_diagnostic_for_leaves_that_are_left_over_one_after_the_other() -> None:
    def run() -> None:
        first, last = torch.ones(2, requires_grad=True), torch.zeros(2, requires_grad=True)
        for _ in range(6):
            ((first * last).sum() - 1).square().backward()
            with torch.no_grad():
                first -= 0.1 * first.grad
                last -= 0.1 * last.grad

    item = only(run)
    assert item.code == "GH101" and item.parameter == "first, last"
    assert item.message.startswith("`last.grad` still held") and "Clear `first.grad` and `last.grad`" in item.message


def test_a_gradient_that_was_clipped_to_nothing_was_not_cleared() -> None:
    def run() -> None:
        model = nn.Linear(3, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(6):
            optimizer.zero_grad()
            (model(torch.ones(4, 3)) - 1).square().mean().backward()
            nn.utils.clip_grad_norm_(model.parameters(), 0.0 if step < 3 else 1.0)
            optimizer.step()

    assert found(run) == ()


def test_slopes_that_cancel_were_not_cleared() -> None:
    def run() -> None:
        w = torch.tensor(0.5, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        for _ in range(6):
            optimizer.zero_grad()
            (w - 3).abs().backward()
            (w + 3).abs().backward()
            optimizer.step()

    assert found(run) == ()


@pytest.mark.parametrize("every", [2, 5])
def test_passes_that_are_cleared_in_between_do_not_add_up(every: int) -> None:
    def run() -> None:
        model = nn.Linear(3, 1)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
        for step in range(4 * every):
            optimizer.zero_grad()
            (model(torch.randn(4, 3)) - 1).square().mean().backward()
            if step % every == 0:
                optimizer.step()

    assert found(run) == ()


def test_a_gradient_that_is_assigned_again_is_no_second_use() -> None:
    def run() -> None:
        w = torch.zeros(2, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        for step in range(5):
            fast = w.detach().clone().requires_grad_()
            (g,) = torch.autograd.grad((fast - 1).square().sum(), fast)
            w.grad = g / (step + 1)
            optimizer.step()

    assert found(run) == ()
