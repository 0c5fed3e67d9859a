"""The published numbers of the curriculum, typed in by hand, from the reference solutions."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from types import ModuleType

import pytest
import torch

from autograder.checking.trusted import load_trusted
from tests.course.conftest import close

pytestmark = pytest.mark.usefixtures("one_thread")

SOLUTIONS = Path(__file__).parents[2] / "solutions"
NAN = float("nan")


def solution(slug: str) -> ModuleType:
    return load_trusted(SOLUTIONS / slug / f"{slug}.py", f"published_{slug}")


# Polynomial regression


@pytest.fixture(scope="module")
def polynomial() -> ModuleType:
    return solution("polynomial_regression")


@pytest.fixture(scope="module")
def pairs(polynomial: ModuleType) -> tuple[torch.Tensor, torch.Tensor]:
    return polynomial.generate_training_pairs()


def test_given_pairs(pairs: tuple[torch.Tensor, torch.Tensor]) -> None:
    state = torch.get_rng_state()
    torch.manual_seed(0)
    x = 2 * torch.rand(100)
    y = x + 2 * (x - 0.9) ** 2 + 0.3 * torch.cos(20 * x) + 0.1 * torch.randn(100)
    torch.set_rng_state(state)
    assert torch.equal(pairs[0], x)
    assert torch.allclose(pairs[1], y, atol=1e-6)


def test_closed_form(polynomial: ModuleType, pairs: tuple[torch.Tensor, torch.Tensor]) -> None:
    assert polynomial.regression_polynomial_second_order(*pairs) == close((1.8195, -3.0787, 2.2214, 0.0503))


def test_manual_gradients(polynomial: ModuleType, pairs: tuple[torch.Tensor, torch.Tensor]) -> None:
    start = torch.randn(3, generator=torch.Generator().manual_seed(0)).tolist()
    fit = polynomial.regression_polynomial_second_order_manual(*pairs, *start)
    assert fit == close((1.4275, -1.9894, 1.6990, 0.0749))


@pytest.mark.parametrize(
    ("iterations", "fit"),
    [
        (1, (2.1946, 0.7463, -0.4698, 24.0801)),
        (2, (2.0708, 0.7250, -0.3897, 1.7673)),
        (7, (1.5770, 0.6202, -0.0813, 0.9693)),
    ],
)
def test_manual_gradients_at_a_larger_rate(
    polynomial: ModuleType, pairs: tuple[torch.Tensor, torch.Tensor], iterations: int, fit: tuple[float, ...]
) -> None:
    start = torch.randn(3, generator=torch.Generator().manual_seed(0)).tolist()
    assert polynomial.regression_polynomial_second_order_manual(*pairs, *start, 1e-1, iterations) == close(fit)


def test_manual_gradients_of_three_points(polynomial: ModuleType) -> None:
    x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 2.0, 5.0])
    assert polynomial.regression_polynomial_second_order(x, y) == close((1.0, 0.0, 1.0, 0.0))
    one, two = (polynomial.regression_polynomial_second_order_manual(x, y, 0.0, 0.0, 0.0, 0.1, n) for n in (1, 2))
    assert one == close((0.5333, 0.8, 1.4667, 10.0))
    assert [number / -0.1 for number in one[:3]] == close([-5.3333, -8.0, -14.6667])
    assert two[3] == close(3.2859)


def test_curvature_of_the_given_data(pairs: tuple[torch.Tensor, torch.Tensor]) -> None:
    x = pairs[0].double()
    matrix = torch.stack([torch.ones_like(x), x, x**2], dim=1)
    flat, middle, steep = torch.linalg.eigvalsh(2 / len(x) * matrix.T @ matrix).tolist()
    assert (flat, middle, steep) == pytest.approx((0.0304, 0.764, 9.98), rel=1e-2)
    assert (2 / steep, 1 - steep, 1 - 1e-2 * flat) == pytest.approx((0.2004, -8.98, 0.9997), abs=1e-2)
    assert 2 / steep == close(0.2004)
    assert (1 - 1e-2 * flat) ** 4000 == pytest.approx(0.30, abs=0.01)


@pytest.mark.parametrize(
    ("learning_rate", "iterations", "fit"),
    [
        (1e-1, 1, (0.7999, 0.4633, 0.3975, 1.1946)),
        (1e-1, 2, (0.7852, 0.4512, 0.4137, 0.3367)),
        (1e-1, 7, (0.7294, 0.3910, 0.4802, 0.3123)),
        (1e0, 4000, (NAN, NAN, NAN, NAN)),
        (1e-1, 4000, (1.8195, -3.0786, 2.2214, 0.0503)),
        (1e-3, 4000, (0.7073, 0.0478, 0.7156, 0.2522)),
        (1e-1, 100, (0.8828, -0.4756, 0.9729, 0.1912)),
        (1e-1, 2000, (1.8166, -3.0707, 2.2175, 0.0503)),
        (1e-2, 100, (0.7115, 0.3569, 0.5112, 0.3005)),
        (1e-2, 2000, (1.1279, -1.1572, 1.2998, 0.1267)),
        (1e-2, 6000, (1.6145, -2.5091, 1.9482, 0.0570)),
        (1e-2, 8000, (1.7079, -2.7686, 2.0727, 0.0523)),
    ],
)
def test_gradient_descent(
    polynomial: ModuleType,
    pairs: tuple[torch.Tensor, torch.Tensor],
    learning_rate: float,
    iterations: int,
    fit: tuple[float, ...],
) -> None:
    got = polynomial.regression_polynomial_second_order_via_gradient(*pairs, learning_rate, iterations)
    assert got == close(fit)
    assert all(type(number) is float for number in got)


def test_defaults_of_gradient_descent(polynomial: ModuleType, pairs: tuple[torch.Tensor, torch.Tensor]) -> None:
    assert polynomial.regression_polynomial_second_order_via_gradient(*pairs) == close(
        (1.4430, -2.0325, 1.7196, 0.0730)
    )


@pytest.mark.parametrize(("iterations", "finite"), [(20, True), (30, False), (50, False)])
def test_divergence_at_rate_one(
    polynomial: ModuleType, pairs: tuple[torch.Tensor, torch.Tensor], iterations: int, finite: bool
) -> None:
    fit = torch.tensor(polynomial.regression_polynomial_second_order_via_gradient(*pairs, 1e0, iterations))
    assert bool(torch.isfinite(fit).all()) is finite
    assert bool(torch.isnan(fit).any()) is (iterations == 50)


def test_comparison(polynomial: ModuleType, pairs: tuple[torch.Tensor, torch.Tensor]) -> None:
    fits = polynomial.compare_learning_rates(*pairs, num_iterations=100)
    assert list(fits) == [1e0, 1e-1, 1e-2, 1e-3]
    assert fits[1e-1] == close((0.8828, -0.4756, 0.9729, 0.1912))


# Gradient accumulation


@pytest.fixture(scope="module")
def accumulation() -> ModuleType:
    return solution("gradient_accumulation")


@pytest.mark.parametrize(
    ("clear", "losses", "gradients"),
    [
        (
            False,
            [1.562500, 0.191406, 0.434776, 1.762671, 1.283600, 0.040740, 0.740418, 1.859085, 0.960844, 0.001614],
            [-3.7500, -5.0625, -3.0844, 0.8986, 4.2975, 4.9030, 2.3216, -1.7689, -4.7096],
        ),
        (
            True,
            [1.562500, 0.191406, 0.023447, 0.002872, 0.000352, 0.000043, 0.000005, 0.000001, 0.000000, 0.000000],
            [-3.7500, -1.3125, -0.4594, -0.1608, -0.0563, -0.0197, -0.0069, -0.0024, -0.0008],
        ),
    ],
)
def test_accumulation_demo(accumulation: ModuleType, clear: bool, losses: list[float], gradients: list[float]) -> None:
    a, b, got = accumulation.run_accumulation_demo(clear_grad=clear)
    assert got == pytest.approx(losses, abs=1e-5)
    assert (a[0], b[0], len(a), len(b)) == (0.5, 0.5, 10, 10)
    steps = [(before - after) / 0.1 for before, after in itertools.pairwise(a)]
    assert steps[: len(gradients)] == close(gradients)


def test_accumulated_gradients(accumulation: ModuleType) -> None:
    assert accumulation.accumulated_gradients(1.0, 3, False) == [2.0, 4.0, 6.0]
    assert accumulation.accumulated_gradients(1.0, 3, True) == [2.0, 2.0, 2.0]


def test_the_worked_example_of_accumulation(accumulation: ModuleType) -> None:
    model, x = torch.nn.Linear(1, 1), torch.tensor([[1.0], [2.0], [3.0], [4.0]])
    model.load_state_dict({"weight": torch.zeros(1, 1), "bias": torch.zeros(1)})
    losses = accumulation.train_with_accumulation(model, x[:2], 2 * x[:2, 0], 1, 2, 0.1)
    assert (model.weight.item(), model.bias.item(), losses) == (close(1.0), close(0.6), close([4.0, 16.0]))
    losses = accumulation.train_with_accumulation(model, x[2:], 2 * x[2:, 0], 1, 2, 0.1)
    assert (model.weight.item(), model.bias.item(), losses) == (close(3.08), close(1.18), close([5.76, 11.56]))


def test_accumulating_equals_one_large_batch(accumulation: ModuleType) -> None:
    generator = torch.Generator().manual_seed(0)
    inputs, targets = torch.randn(8, 3, generator=generator), torch.randn(8, generator=generator)
    model, other = torch.nn.Linear(3, 1), torch.nn.Linear(3, 1)
    other.load_state_dict(model.state_dict())
    losses = accumulation.train_with_accumulation(model, inputs, targets, 2, 4, 0.1)
    loss = torch.nn.functional.mse_loss(other(inputs), targets[:, None])
    assert len(losses) == 4 and sum(losses) / 4 == close(loss.item())
    gradients = torch.autograd.grad(loss, list(other.parameters()))
    for moved, start, gradient in zip(model.parameters(), other.parameters(), gradients, strict=True):
        assert torch.allclose(moved, start - 0.1 * gradient, atol=1e-6)


# Himmelblau


@pytest.fixture(scope="module")
def himmelblau() -> ModuleType:
    return solution("himmelblau")


def test_the_four_minima(himmelblau: ModuleType) -> None:
    u = torch.tensor([3.0, -2.805118, -3.779310, 3.584428])
    v = torch.tensor([2.0, 3.131312, -3.283186, -1.848126])
    assert himmelblau.himmelblau(u, v).tolist() == close([0.0] * 4)


def test_values_by_hand(himmelblau: ModuleType) -> None:
    side = torch.tensor([-6.0, 0.0, 6.0])
    rows = himmelblau.himmelblau(side[None, :], side[:, None]).tolist()
    assert rows == [[890.0, 1130.0, 1586.0], [794.0, 170.0, 626.0], [1490.0, 866.0, 2186.0]]
    _, _, losses, path = himmelblau.optimize_himmelblau(1.0, 1.0, num_steps=2, verbose=False)
    assert (path[1], losses) == (close((1.046, 1.038)), pytest.approx([106.0, 102.42], abs=5e-3))


def test_drawn_start(himmelblau: ModuleType) -> None:
    _, _, losses, path = himmelblau.optimize_himmelblau(verbose=False)
    assert path[0] == close((1.5410, -0.2934))
    assert len(losses) == 300


def test_from_the_upper_right(himmelblau: ModuleType) -> None:
    u, v, losses, path = himmelblau.optimize_himmelblau(1.0, 1.0, learning_rate=5e-4, verbose=False)
    assert (len(losses), len(path), path[0]) == (300, 300, (1.0, 1.0))
    assert (*path[99], losses[99]) == close((2.8298, 2.0261, 0.938195))
    assert (*path[199], losses[199]) == close((2.9880, 2.0220, 0.008313))
    assert (*path[299], losses[299]) == close((2.9974, 2.0062, 0.000588))
    assert (u, v) == close((2.9974, 2.0061))


def test_from_the_lower_left(himmelblau: ModuleType) -> None:
    u, v, losses, path = himmelblau.optimize_himmelblau(-1.0, -1.0, learning_rate=5e-4, verbose=False)
    assert (*path[99], losses[99]) == close((-3.1413, -2.1422, 41.550198))
    assert (*path[199], losses[199]) == close((-3.7448, -3.2243, 0.161758))
    assert (*path[299], losses[299]) == close((-3.7783, -3.2816, 0.000130))
    assert (u, v, losses[-1]) == close((-3.7783, -3.2816, 0.000130))


def test_early_stop(himmelblau: ModuleType) -> None:
    u, v, losses, path = himmelblau.optimize_himmelblau(-1.0, 1.0, learning_rate=5e-4, loss_tol=1e-4, verbose=False)
    assert len(losses) == len(path) == 233
    assert abs(losses[-1] - losses[-2]) == pytest.approx(0.000098, abs=1e-6)
    assert (u, v, losses[-1]) == close((-2.7986, 3.1301, 0.001436))
    assert (u, v) == path[-1]


def test_printed_every_hundred_steps(himmelblau: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    himmelblau.optimize_himmelblau(1.0, 1.0, learning_rate=5e-4)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 3
    assert all(number in printed[0] for number in ("100", "2.8298", "2.0261", "0.938195"))


# MNIST parity


@pytest.fixture(scope="module")
def parity() -> ModuleType:
    return solution("mnist_parity")


def test_the_three_rows(parity: ModuleType) -> None:
    model = parity.Logistic(2)
    model.load_state_dict({"linear.weight": torch.tensor([[1.0, -1.0]])})
    x, y = torch.tensor([[2.0, 1.0], [0.0, 1.0], [2.0, 0.0]]), torch.tensor([1.0, 1.0, 0.0])
    assert model(x).flatten().tolist() == close([0.7311, 0.2689, 0.8808])
    assert parity.compute_metrics(model, x, y) == close((1.2512, 1 / 3))
    parity.train_model(model, x, y, x, y, alpha=0.3, n_steps=1)
    assert model.linear.weight.flatten().tolist() == close([0.8776, -0.9])


def test_sizes_of_the_two_models(parity: ModuleType) -> None:
    counts = [sum(p.numel() for p in model.parameters()) for model in (parity.Logistic(784), parity.SimpleNN())]
    assert counts == [784, 25153]


def test_small_digits(parity: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    data = parity.load_parity_data(str(tmp_path))
    assert [tuple(part.shape) for part in data] == [(1438, 784), (1438,), (359, 784), (359,)]
    assert set(data[1].tolist()) == {0.0, 1.0}


# Seeds and splits move the accuracies, so they are bands: tests/course/mnist_spread.py prints them


@pytest.mark.skipif(
    not os.environ.get("AUTOGRADER_DATA"), reason="AUTOGRADER_DATA names no folder with the real MNIST digits"
)
def test_mnist_bands() -> None:
    mnist = solution("mnist_parity")
    data = mnist.load_parity_data()
    assert [tuple(part.shape) for part in data] == [(4000, 784), (4000,), (1000, 784), (1000,)]
    accuracies = {}
    for name, model in (("line", mnist.Logistic(784)), ("network", mnist.SimpleNN())):
        torch.manual_seed(0)
        history = mnist.train_model(model, *data, alpha=0.01, n_steps=1000)
        assert history["iterations"] == list(range(0, 1000, 10))
        accuracies[name] = mnist.compute_metrics(model, data[2], data[3])[1]
    assert accuracies["line"] >= 0.86
    assert accuracies["network"] >= 0.89
    assert accuracies["network"] >= accuracies["line"] + 0.01
