"""What a diagnostic says is true: about clears, earlier steps, the pass that was used, names, and what was not seen."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from autograder.hygiene import Trace, record
from autograder.hygiene.trace.growth import Growth
from autograder.hygiene.trace.wording import code, grads, listed
from autograder.results import Diagnostic

pytestmark = pytest.mark.filterwarnings("ignore")


def trace_of(run: Callable[[], object], **options: float) -> Trace:
    torch.manual_seed(0)
    recording = record(files={str(Path(__file__))}, **options)
    with contextlib.suppress(RuntimeError, TypeError), contextlib.redirect_stdout(io.StringIO()), recording:
        run()
    return recording.trace


def found(run: Callable[[], object], **options: float) -> tuple[Diagnostic, ...]:
    return trace_of(run, **options).diagnostics()


def only(run: Callable[[], object], **options: float) -> Diagnostic:
    (item,) = found(run, **options)
    return item


# -- values have no identity -----------------------------------------------------------------------------------------


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


# -- clears ----------------------------------------------------------------------------------------------------------


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


# -- earlier steps ---------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("amounts", "grown"),
    [([0, 0, 1, 0, 1, 0], 0), ([1, 2, 3, 4], 4), ([1, 1, 1, 2, 2, 3], 3), ([3, 4, 5, 0], 0), ([1, 2, 5, 2, 3], 3)],
)
def test_growth_counts_what_does_not_go_away_again(amounts: list[int], grown: int) -> None:
    growth = Growth()
    assert [growth.follow(amount) for amount in amounts][-1] == grown


# -- which pass ------------------------------------------------------------------------------------------------------


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


# -- modes -----------------------------------------------------------------------------------------------------------


def gan(look: Callable[[nn.Module], object]) -> Callable[[], None]:
    def run() -> None:
        maker = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))
        judge, bce = nn.Linear(1, 1), nn.BCEWithLogitsLoss()
        one, two = torch.optim.Adam(maker.parameters(), lr=0.01), torch.optim.Adam(judge.parameters(), lr=0.01)
        for _ in range(6):
            fake = maker(torch.randn(16, 2))
            two.zero_grad()
            (
                bce(judge(torch.ones(16, 1)), torch.ones(16, 1)) + bce(judge(fake.detach()), torch.zeros(16, 1))
            ).backward()
            two.step()
            one.zero_grad()
            bce(judge(fake), torch.ones(16, 1)).backward()
            one.step()
            with torch.no_grad():
                look(maker)

    return run


def test_the_picture_of_a_generator_is_a_warning_at_most() -> None:
    assert only(gan(lambda maker: maker(torch.ones(4, 2)).numpy())).severity == "W"
    assert only(gan(lambda maker: print(maker(torch.ones(4, 2)).mean().item()))).severity == "W"
    assert found(gan(lambda maker: maker.eval()(torch.ones(4, 2)).numpy() is maker.train())) == ()


def test_a_model_that_is_not_put_back_is_told_with_the_step_from_which_on() -> None:
    def run() -> None:
        model = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.2), nn.Linear(8, 1))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for step in range(9):
            optimizer.zero_grad()
            model(torch.ones(4, 3)).square().mean().backward()
            optimizer.step()
            if step == 4:
                model.eval()
                with torch.no_grad():
                    print(model(torch.ones(4, 3)).mean())

    item = only(run)
    assert (item.code, item.severity, item.step) == ("GH502", "E", 6)
    assert item.message.startswith("From step 6 on `Sequential` is trained in evaluation mode")


# -- names, order, data ----------------------------------------------------------------------------------------------


def test_what_has_no_name_in_the_code_is_not_proposed_as_code() -> None:
    assert (code("net.w"), code("parameter 78")) == ("net.w", "p")
    assert listed(["a", "parameter 3"]) == "`a` and parameter 3"
    assert grads(["parameter 3"]) == "the gradient of parameter 3"


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
