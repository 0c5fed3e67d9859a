"""The published numbers of autograd's basics, typed in by hand, from the reference solution."""

from __future__ import annotations

import math
from pathlib import Path
from types import ModuleType

import pytest
import torch

from autograder.checking.trusted import load_trusted
from tests.course.conftest import close

SOLUTION = Path(__file__).parents[2] / "solutions" / "autograd_basics" / "autograd_basics.py"


@pytest.fixture(scope="module")
def basics() -> ModuleType:
    return load_trusted(SOLUTION, "published_autograd_basics")


def cubic(x: torch.Tensor) -> torch.Tensor:
    return x**3 - 3 * x


@pytest.mark.parametrize("name", ["derivative", "derivative_functional"])
@pytest.mark.parametrize(("x", "slope"), [(-1.0, 0.0), (0.0, -3.0), (1.0, 0.0), (2.0, 9.0)])
def test_slopes(basics: ModuleType, name: str, x: float, slope: float) -> None:
    assert getattr(basics, name)(cubic, x) == close(slope)


@pytest.mark.parametrize(("name", "left"), [("derivative", 36.0), ("derivative_functional", None)])
def test_what_is_left_in_a_weight(basics: ModuleType, name: str, left: float | None) -> None:
    w = torch.tensor(2.0, requires_grad=True)
    assert getattr(basics, name)(lambda x: (w * x) ** 2, 3.0) == close(24.0)
    assert (w.grad is None) if left is None else w.grad is not None and w.grad.item() == close(left)


def test_partial_derivatives(basics: ModuleType) -> None:
    assert basics.partial_derivatives(lambda x, y: x**2 * y + y**3, 2.0, 3.0) == close((12.0, 31.0))
    assert basics.partial_derivatives(lambda x, y: x**2 + y**3, 2.0, 3.0) == close((4.0, 27.0))
    assert basics.partial_derivatives(lambda x, y: x**2, 2.0, 3.0) == (4.0, 0.0)


@pytest.mark.parametrize(
    ("x", "y", "loss", "grad_w", "grad_b"),
    [
        ([[2.0, 3.0]], [3.0], 9.0, [[12.0], [18.0]], [[6.0]]),
        ([[1.0, 0.0], [0.0, 2.0]], [3.0, 1.0], 2.5, [[-1.0], [4.0]], [[1.0]]),
    ],
)
def test_linear_layer(
    basics: ModuleType,
    x: list[list[float]],
    y: list[float],
    loss: float,
    grad_w: list[list[float]],
    grad_b: list[list[float]],
) -> None:
    got = basics.linear_layer_gradients(torch.tensor(x), torch.ones(2, 1), torch.ones(1, 1), torch.tensor(y))
    assert got[0] == close(loss)
    torch.testing.assert_close(got[1], torch.tensor(grad_w), atol=1e-3, rtol=0)
    torch.testing.assert_close(got[2], torch.tensor(grad_b), atol=1e-3, rtol=0)


def test_the_loss_over_all_pairs() -> None:
    z, y = torch.tensor([[2.0], [3.0]]), torch.tensor([3.0, 1.0])
    assert (z - y).square().mean().item() == close(1.5)


@pytest.mark.parametrize("shape", [(3, 3), (4,), (2, 3, 2)])
def test_gradient_of_sum(basics: ModuleType, shape: tuple[int, ...]) -> None:
    assert torch.equal(basics.gradient_of_sum(torch.full(shape, 7.0)), torch.ones(shape))


def test_vector_jacobian_products(basics: ModuleType) -> None:
    def mixed(x: torch.Tensor) -> torch.Tensor:
        return torch.stack([x[0] * x[1], x[0] + x[1], x[1] ** 2])

    x = torch.tensor([2.0, 3.0])
    assert basics.vector_jacobian_product(torch.square, x, torch.ones(2)).tolist() == close([4.0, 6.0])
    assert basics.vector_jacobian_product(torch.square, x, torch.tensor([1.0, 0.0])).tolist() == close([4.0, 0.0])
    assert basics.vector_jacobian_product(mixed, x, torch.tensor([1.0, 2.0, -1.0])).tolist() == close([5.0, -2.0])


def test_higher_derivatives(basics: ModuleType) -> None:
    polynomial = [basics.nth_derivative(lambda x: x**3 + x**2, 2.0, n) for n in (1, 2, 3, 4, 5)]
    assert polynomial == close([16.0, 14.0, 6.0, 0.0, 0.0])
    for x in (0.0, 0.8, -2.5):
        sine = [basics.nth_derivative(torch.sin, x, n) for n in (1, 2, 3, 4)]
        assert sine == close([math.cos(x), -math.sin(x), -math.cos(x), math.sin(x)])


@pytest.mark.parametrize(("x", "gradients"), [(1.0, (6.0, 3.0)), (2.0, (192.0, 48.0))])
def test_intermediate_gradient(basics: ModuleType, x: float, gradients: tuple[float, float]) -> None:
    assert basics.intermediate_gradient(x) == close(gradients)


def test_my_square(basics: ModuleType) -> None:
    x = torch.tensor(3.0, requires_grad=True)
    loss = 5 * basics.MySquare.apply(x)
    loss.backward()
    assert (loss.item(), x.grad.item()) == (45.0, 30.0)
    points = torch.linspace(-2, 2, 6, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(basics.MySquare.apply, points)
