"""What a diagnostic says of the length of a step is true: of several passes, and of the pass that was used."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from tests.hygiene.rules.sentences import found

pytestmark = pytest.mark.filterwarnings("ignore")


def quartic(passes: int, share: float) -> Callable[[], None]:
    def run() -> None:
        u = torch.tensor([1.0, -0.5], requires_grad=True)
        for _ in range(4):
            loss = (u**4).sum()
            for _ in range(passes):
                loss.backward(retain_graph=True)
            with torch.no_grad():
                u -= 0.01 * share * u.grad
            u.grad = None

    return run


@pytest.mark.parametrize(("passes", "share"), [(2, 0.5), (3, 1 / 3), (1, 1.0)])
def test_one_step_along_the_gradient_of_a_loss_is_as_asked(passes: int, share: float) -> None:
    assert "GH604" not in {item.code for item in found(quartic(passes, share), learning_rate=0.01)}


@pytest.mark.parametrize(("passes", "share", "times"), [(2, 1.0, "2.0000"), (3, 1.0, "3.0000"), (1, 0.5, "0.5000")])
def test_a_step_of_another_length_is_told_with_its_factor(passes: int, share: float, times: str) -> None:
    items = found(quartic(passes, share), learning_rate=0.01)
    item = next(item for item in items if item.code == "GH604")
    assert f"{times} times the step that was asked for" in item.message
    assert ("through the same loss a second time" in item.message) == (passes > 1)


@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_the_gradient_that_flowed_into_the_update_counts_not_the_latest(factor: float) -> None:
    def run() -> None:
        u = torch.tensor(1.0, requires_grad=True)
        for _ in range(3):
            (du,) = torch.autograd.grad(u**4, u, create_graph=True)
            torch.autograd.grad(du, u)
            with torch.no_grad():
                u -= 0.1 * factor * du

    codes = {item.code for item in found(run, learning_rate=0.1)}
    assert ("GH604" in codes) == (factor != 1)


@pytest.mark.parametrize("share", [1.0, 0.25])
def test_the_sum_and_the_mean_of_micro_batches_are_as_asked(share: float) -> None:
    def run() -> None:
        u = torch.tensor([1.0, 2.0], requires_grad=True)
        for _ in range(3):
            for _ in range(4):
                (u * torch.randn(2)).square().sum().backward()
            with torch.no_grad():
                u -= 0.01 * share * u.grad
            u.grad = None

    assert found(run, learning_rate=0.01) == ()
