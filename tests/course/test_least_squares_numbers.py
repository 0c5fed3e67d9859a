"""The published numbers of least squares, typed in by hand, from the reference solution."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
import torch

from autograder.checking.trusted import load_trusted
from tests.course.conftest import close

pytestmark = pytest.mark.usefixtures("one_thread")

SOLUTION = Path(__file__).parents[2] / "solutions" / "least_squares" / "least_squares.py"


@pytest.fixture(scope="module")
def least_squares() -> ModuleType:
    return load_trusted(SOLUTION, "published_least_squares")


def test_given_table(least_squares: ModuleType) -> None:
    state = torch.get_rng_state()
    torch.manual_seed(42)
    X = torch.randn(100, 2)
    torch.set_rng_state(state)
    table, y = least_squares.make_table()
    assert torch.equal(table, X)
    assert torch.allclose(y, X @ torch.tensor([1.0, -0.5]))


def test_gradient_of_the_example(least_squares: ModuleType) -> None:
    X, y = least_squares.X_EXAMPLE, least_squares.Y_EXAMPLE
    assert least_squares.manual_gradient(X, y, torch.zeros(2)).tolist() == close([-2, -6])
    assert least_squares.manual_gradient(X, y, torch.ones(2)).tolist() == close([-1, -2])
    assert least_squares.manual_gradient(X, y, torch.tensor([2.0, 1.5])).tolist() == close([0, 0])


def test_step_sizes(least_squares: ModuleType) -> None:
    assert least_squares.step_size(least_squares.X_EXAMPLE) == close(0.45)
    assert least_squares.step_size(least_squares.make_table()[0]) == close(1.6433)


@pytest.mark.parametrize("name", ["gradient_descent_manual", "gradient_descent_autograd"])
def test_walk_of_the_example(least_squares: ModuleType, name: str) -> None:
    X, y = least_squares.X_EXAMPLE, least_squares.Y_EXAMPLE
    w, losses, ws = getattr(least_squares, name)(X, y, 0.45, 4)
    assert losses == close([7.0, 3.985, 2.5262, 1.7350])
    assert [one.tolist() for one in ws] == [close(row) for row in ([0, 0], [0.9, 2.7], [1.395, 0.54], [1.66725, 2.268])]
    assert w.tolist() == close([1.8170, 0.8856])
    assert least_squares.manual_gradient(X, y, ws[3]).tolist() == close([-0.33275, 3.072])


@pytest.mark.parametrize("name", ["gradient_descent_manual", "gradient_descent_autograd"])
def test_walk_of_the_table(least_squares: ModuleType, name: str) -> None:
    X, y = least_squares.make_table()
    w, losses, ws = getattr(least_squares, name)(X, y, least_squares.step_size(X), 30)
    assert [losses[step - 1] for step in (1, 2, 3, 10, 30)] == close([0.612083, 0.276742, 0.161936, 0.006949, 0.000001])
    rows = {2: [1.7176, -0.5881], 3: [0.4558, -0.5428], 10: [1.1089, -0.4713], 30: [1.0013, -0.4997]}
    for step, row in rows.items():
        assert ws[step - 1].tolist() == close(row)
    assert w.tolist() == close([0.9990, -0.5003])


def test_both_walks_are_the_same(least_squares: ModuleType) -> None:
    X, y = least_squares.make_table()
    alpha = least_squares.step_size(X)
    manual, autograd = (
        getattr(least_squares, f"gradient_descent_{way}")(X, y, alpha, 100) for way in ("manual", "autograd")
    )
    assert torch.allclose(torch.stack(manual[2]), torch.stack(autograd[2]), atol=1e-6, rtol=0)
    assert torch.allclose(manual[0], autograd[0], atol=1e-6, rtol=0)


def test_line_of_the_example(least_squares: ModuleType) -> None:
    model = least_squares.LinearModel()
    x, y = torch.tensor([[1.0], [2.0]]), torch.tensor([[1.0], [3.0]])
    assert least_squares.train_linear_model(model, x, y, 0.1, 3) == close([5.0, 0.725, 0.29525])
    assert (model.weight.item(), model.bias.item()) == close((1.012, 0.529))


def test_line_by_default(least_squares: ModuleType) -> None:
    model, (x, y) = least_squares.LinearModel(), least_squares.make_line()
    assert len(least_squares.train_linear_model(model, x, y)) == 100
    assert (model.weight.item(), model.bias.item()) == close((1.9999, -0.8513))
    assert 2 * (x**2).mean().item() == pytest.approx(17.0, abs=0.05)
    least_squares.train_linear_model(model, x, y, num_epochs=400)
    assert (model.weight.item(), model.bias.item()) == pytest.approx((2, -1), abs=0.05)
