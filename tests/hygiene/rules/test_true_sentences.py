"""What a diagnostic says is true: about names and data, earlier steps, the order of calls, and what was not seen."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from tests.hygiene.rules.sentences import found, only, trace_of

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_count_is_no_argument_of_a_layer(count: int) -> None:
    """A small int is one object for all: the frozen convolution's ``groups`` and the number of hits."""

    def run() -> None:
        conv, fc = nn.Conv1d(1, 4, 3, padding=1), nn.Linear(4, 3)
        conv.requires_grad_(False)
        optimizer = torch.optim.SGD([*conv.parameters(), *fc.parameters()], lr=0.1)
        x, y = torch.randn(3, 1, 6), torch.randint(3, (3,))
        for _ in range(8):
            optimizer.zero_grad()
            out = fc(conv(x).amax(-1))
            nn.functional.cross_entropy(out, y).backward()
            optimizer.step()
            assert isinstance((out.argmax(1) < count).sum().item(), int)

    assert found(run) == ()


def test_a_new_head_beside_a_frozen_trunk_is_the_stale_optimizer() -> None:
    def run() -> None:
        trunk, head = nn.Conv1d(1, 4, 3, padding=1).requires_grad_(False), nn.Linear(4, 3)
        optimizer = torch.optim.SGD([*trunk.parameters(), *head.parameters()], lr=0.1)
        head = nn.Linear(4, 2)
        x, y = torch.randn(8, 1, 6), torch.randint(2, (8,))
        for _ in range(6):
            optimizer.zero_grad()
            out = head(trunk(x).amax(-1))
            nn.functional.cross_entropy(out, y).backward()
            optimizer.step()
            print((out.argmax(1) == y).sum().item())

    assert only(run).code == "GH204"


def test_a_float_is_still_followed_to_where_it_left_the_graph() -> None:
    def run() -> None:
        w = torch.tensor(2.0, requires_grad=True)
        slope = w.item()
        (torch.tensor(slope, requires_grad=True) * 3).backward()
        with torch.no_grad():
            w -= 0.1 * w.grad

    assert "GH301" in {item.code for item in found(run)}


def test_two_losses_of_one_step_carry_nothing_over() -> None:
    def run() -> None:
        w = torch.tensor(1.0, requires_grad=True)
        square = w**2
        (3.0 * square).backward()
        (square**2).backward()

    item = only(run)
    assert item.code == "GH402"
    assert "Both need a part of the same graph: add the two and call `backward()` once" in item.message
    assert "earlier step" not in item.message


def test_inner_steps_are_no_earlier_steps() -> None:
    def run() -> None:
        w = torch.tensor([1.0, 2.0], requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.01)
        for _ in range(8):
            fast = w
            for _ in range(9):
                (g,) = torch.autograd.grad((fast**2).sum(), [fast], create_graph=True)
                fast = fast - 0.05 * g
            optimizer.zero_grad()
            ((fast - 1) ** 2).sum().backward()
            optimizer.step()

    trace = trace_of(run)
    assert trace.diagnostics() == ()
    assert trace.steps == 8


def test_a_loss_kept_now_and_then_is_named_with_its_list() -> None:
    def run() -> None:
        w = torch.tensor(1.0, requires_grad=True)
        curve = []
        for k in range(70):
            loss = (w * 2 - 1) ** 2
            if k % 7 == 0:
                curve.append(loss)
            loss.backward()
            with torch.no_grad():
                w -= 0.01 * w.grad
            w.grad = None

    item = only(run)
    assert item.code == "GH404" and item.message.startswith("`curve` keeps tensors of earlier steps")


def test_a_model_in_double_precision_keeps_its_names() -> None:
    def run() -> None:
        model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 1)).double()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            model(torch.ones(2, 3, dtype=torch.float64)).square().mean().backward()
            optimizer.step()

    assert only(run).parameter == "model.0.bias, model.0.weight, model.1.bias, model.1.weight"


def test_step_before_backward_is_a_matter_of_order() -> None:
    def run() -> None:
        model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            loss = model(torch.ones(2, 3)).square().mean()
            optimizer.step()
            optimizer.zero_grad()
            loss.backward()

    item = only(run)
    assert item.code == "GH401" and "The order is: loss, `backward()`, then the update." in item.message
    assert "y * 2" not in item.message


@pytest.mark.parametrize("shape", [(), (1,), (4,), (4, 1)])
def test_a_parameter_that_was_left_out_is_not_called_data(shape: tuple[int, ...]) -> None:
    def run() -> None:
        x = torch.randn(20, 4)
        w, left_out = torch.zeros(4, requires_grad=True), torch.zeros(shape, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        for _ in range(6):
            optimizer.zero_grad()
            ((x @ w + left_out.sum()) - 1).square().mean().backward()
            optimizer.step()

    assert "GH505" not in {item.code for item in found(run)}


def test_a_mean_of_earlier_gradients_is_no_formula() -> None:
    """Nobody follows the copies that are made while the steps repeat each other."""

    def run() -> None:
        w, x, kept = torch.zeros(3, requires_grad=True), torch.randn(8, 3), []
        optimizer = torch.optim.SGD([w], lr=0.1)
        for step in range(4):
            (x @ w - x[:, 0]).square().mean().backward()
            kept.append(w.grad.clone())
            if step == 3:
                w.grad = torch.stack(kept).mean(0)
            optimizer.step()
            optimizer.zero_grad()

    assert found(run) == ()
