"""The numbers that the handout of the optimizers publishes, from the reference solution."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch

from autograder.checking.trusted import load_trusted

SOLUTION = Path(__file__).parents[2] / "solutions" / "optimizers" / "optimizers.py"


@pytest.fixture(scope="module")
def optimizers() -> Iterator[ModuleType]:
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    yield load_trusted(SOLUTION, "published_optimizers")
    torch.set_num_threads(threads)
    torch.set_rng_state(state)


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("sgd_step", [(0.95, 0.5), (0.9025, 0.25), (0.857375, 0.125)]),
        ("momentum_step", [(0.95, 0.5), (0.8575, -0.2), (0.731375, -0.73)]),
        ("rmsprop_step", [(0.5, 0.5), (0.275493, 0.275493), (0.154844, 0.154844)]),
        ("adam_step", [(0.95, 0.95), (0.900083, 0.900083), (0.850312, 0.850312)]),
    ],
)
def test_walks_down_the_valley(optimizers: ModuleType, name: str, points: list[tuple[float, float]]) -> None:
    walk = optimizers.walk(getattr(optimizers, name), 3, lr=0.05)
    assert walk[0] == [1.0, 1.0]
    for got, expected in zip(walk[1:], points, strict=True):
        assert got == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize(
    ("name", "optimizer", "settings"),
    [
        ("sgd_step", torch.optim.SGD, {}),
        ("momentum_step", torch.optim.SGD, {"momentum": 0.9}),
        ("rmsprop_step", torch.optim.RMSprop, {}),
        ("adam_step", torch.optim.Adam, {}),
    ],
)
def test_two_hundred_steps_of_torch(
    optimizers: ModuleType, name: str, optimizer: type[torch.optim.Optimizer], settings: dict[str, float]
) -> None:
    generator = torch.Generator().manual_seed(0)
    start, state = torch.randn(2, 3, generator=generator), {}
    own, theirs = start.clone(), torch.nn.Parameter(start.clone())
    steps = optimizer([theirs], **settings)  # type: ignore[call-arg]
    for _ in range(200):
        theirs.grad = torch.randn(2, 3, generator=generator)
        getattr(optimizers, name)([own], [theirs.grad], state)
        steps.step()
        assert torch.allclose(own, theirs, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize(("max_norm", "expected"), [(1.0, [[0.6, 0.0], [0.0, 0.8]]), (10.0, [[3.0, 0.0], [0.0, 4.0]])])
def test_clipping_is_that_of_torch(optimizers: ModuleType, max_norm: float, expected: list[list[float]]) -> None:
    gradients = [torch.tensor([3.0, 0.0]), torch.tensor([0.0, 4.0])]
    own, theirs = ([torch.nn.Parameter(torch.zeros(2)) for _ in gradients] for _ in range(2))
    for parameters in (own, theirs):
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient.clone()
    norm = optimizers.clip_gradients(iter(own), max_norm)
    assert type(norm) is float
    assert norm == pytest.approx(5.0) == torch.nn.utils.clip_grad_norm_(theirs, max_norm).item()
    for mine, other, wanted in zip(own, theirs, expected, strict=True):
        assert mine.grad is not None and other.grad is not None
        assert mine.grad.tolist() == pytest.approx(wanted, abs=1e-5)
        assert torch.allclose(mine.grad, other.grad, atol=1e-6)


def test_race_of_the_example(optimizers: ModuleType) -> None:
    def factory() -> torch.nn.Module:
        model = torch.nn.Linear(1, 1)
        torch.nn.init.zeros_(model.weight)
        torch.nn.init.zeros_(model.bias)
        return model

    def descent(parameters: list[torch.Tensor], gradients: list[torch.Tensor], state: dict[str, object]) -> None:
        optimizers.sgd_step(parameters, gradients, state, lr=0.1)

    race = optimizers.compare_optimizers(
        factory, torch.tensor([[1.0], [2.0]]), torch.tensor([2.0, 4.0]), {"sgd": descent}, 2
    )
    assert race == {"sgd": pytest.approx([10.0, 1.06], abs=1e-5)}


def test_race_of_the_defaults(optimizers: ModuleType) -> None:
    torch.manual_seed(0)
    race = optimizers.compare_optimizers(optimizers.small_network, *optimizers.make_wave_data(), num_steps=300)
    assert list(race) == ["sgd", "momentum", "rmsprop", "adam"]
    assert race["sgd"][-1] > race["sgd"][0] / 2
    assert min(race, key=lambda name: race[name][-1]) == "rmsprop"


def test_flow(optimizers: ModuleType) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1))
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), (2.0, 3.0, 0.0), strict=True):
            parameter.fill_(value)
    norms, ax = optimizers.gradient_flow(model, model(torch.ones(1, 1)).square().sum())
    assert norms == {"0": 36.0, "1": pytest.approx(math.hypot(24, 12), abs=1e-3)}
    assert [bar.get_height() for bar in ax.patches] == list(norms.values())
    assert ax.get_yscale() == "log"


@pytest.mark.parametrize(("activation", "low", "high"), [("Sigmoid", 0.0, 1e-5), ("ReLU", 1e-3, 1.0)])
def test_what_vanishes(optimizers: ModuleType, activation: str, low: float, high: float) -> None:
    torch.manual_seed(0)
    model, (x, y) = optimizers.deep_network(activation), optimizers.make_wave_data()
    norms, _ = optimizers.gradient_flow(model, ((model(x)[:, 0] - y) ** 2).mean())
    assert list(norms) == ["0", "2", "4", "6", "8", "10", "12", "14"]
    assert low <= norms["0"] / norms["14"] <= high
