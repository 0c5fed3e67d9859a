"""Training that stops half way is seen, with its line; the ordinary kinds of training are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from autograder.checks import assert_clean_runs
from autograder.errors import CheckFailure
from autograder.hygiene import Trace, record

INPUTS = torch.tensor([[1.0, 2.0], [0.5, -1.0], [2.0, 0.0]])


def traced(run: Callable[[], object]) -> Trace:
    with record(files={__file__}) as recording:
        run()
    return recording.trace


class Network(torch.nn.Module):
    """Two layers; the graph between them may be cut."""

    def __init__(self, cut: bool) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.hidden, self.output, self.cut = torch.nn.Linear(2, 3), torch.nn.Linear(3, 1), cut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        features = torch.tanh(self.hidden(x))
        if self.cut:
            features = features.detach()
        return self.output(features)


LINE_OF_CUT = Network.forward.__code__.co_firstlineno + 3


def train(model: torch.nn.Module, steps: int = 4, *, once: bool = False, data: bool = False) -> None:
    parameters = iter(list(model.parameters()))
    for _ in range(steps):
        model(INPUTS).square().mean().backward()
        with torch.no_grad():
            for parameter in parameters if once else model.parameters():
                if parameter.grad is not None:
                    if data:
                        parameter.data -= 0.1 * parameter.grad
                    else:
                        parameter -= 0.1 * parameter.grad
        model.zero_grad()


LINE_OF_UPDATE = train.__code__.co_firstlineno + 10


def with_an_optimizer() -> None:
    model = Network(cut=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(4):
        optimizer.zero_grad()
        model(INPUTS).square().mean().backward()
        optimizer.step()


def with_new_leaves() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    for _ in range(4):
        (gradient,) = torch.autograd.grad((INPUTS @ w).square().mean(), w)
        w = (w - 0.1 * gradient).detach().requires_grad_()


def with_a_last_look() -> None:
    train(Network(cut=False))
    Network(cut=False)(INPUTS).square().mean().backward()  # one pass after the last update


def without_any() -> None:
    INPUTS.mean().item()


def measured() -> None:
    model = Network(cut=False)
    for _ in range(4):
        with torch.no_grad():
            model(INPUTS).mean().item()
        model(INPUTS).square().mean().detach().item()
        train(model, steps=1)


@pytest.mark.parametrize(
    "run",
    [lambda: train(Network(cut=False)), with_an_optimizer, with_new_leaves, with_a_last_look, without_any, measured],
)
def test_ordinary_training_passes(run: Callable[[], None]) -> None:
    trace = traced(run)
    trace.expect_updates_to_the_end()
    trace.expect_all_reached()


def test_an_iterator_that_is_used_up() -> None:
    with pytest.raises(CheckFailure) as caught:
        traced(lambda: train(Network(cut=False), once=True)).expect_updates_to_the_end()
    assert caught.value.message.startswith(
        f"The update on line {LINE_OF_UPDATE} was made for the last time in the first step; 3 more backward passes "
        "followed, and no parameter changed any more."
    )
    assert caught.value.forfeits


def test_a_layer_behind_a_cut() -> None:
    trace = traced(lambda: train(Network(cut=True)))
    with pytest.raises(CheckFailure) as caught:
        trace.expect_all_reached()
    assert f"`detach()` on line {LINE_OF_CUT} takes a part of the model out of the graph" in caught.value.message
    assert "`self.hidden.bias` and `self.hidden.weight`, so training can never change them." in caught.value.message
    trace.expect_updates_to_the_end()


def test_several_runs_are_one_verdict() -> None:
    clean = traced(lambda: train(Network(cut=False)))
    through_data = traced(lambda: train(Network(cut=False), data=True))
    used_up = traced(lambda: train(Network(cut=False), once=True))
    assert_clean_runs(clean, clean, to_the_end=True)
    with pytest.raises(CheckFailure) as caught:
        assert_clean_runs(clean, through_data, through_data, to_the_end=True)
    assert [item.code for item in caught.value.diagnostics] == ["GH203"]
    assert not caught.value.forfeits
    assert len(caught.value.message.split("\n")) == 1
    with pytest.raises(CheckFailure) as caught:
        assert_clean_runs(through_data, used_up, to_the_end=True)
    assert [item.code for item in caught.value.diagnostics] == ["GH203"]
    assert caught.value.forfeits
    first, second = caught.value.message.split("\n")
    assert "(GH203 " in first
    assert "for the last time in the first step" in second
    assert_clean_runs(traced(without_any), training=False)
    with pytest.raises(CheckFailure, match="No training was seen"):
        assert_clean_runs(traced(without_any), traced(without_any))
