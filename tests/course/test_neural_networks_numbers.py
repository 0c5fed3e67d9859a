"""The published numbers of neural networks, typed in by hand, from the reference solution."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
import torch
from torch import nn

from autograder.checking.trusted import load_trusted
from tests.course.conftest import close

pytestmark = pytest.mark.usefixtures("one_thread")

SOLUTION = Path(__file__).parents[2] / "solutions" / "neural_networks" / "neural_networks.py"


@pytest.fixture(scope="module")
def networks() -> ModuleType:
    return load_trusted(SOLUTION, "published_neural_networks")


def zeros(inputs: int) -> nn.Linear:
    layer = nn.Linear(inputs, 1)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
    return layer


def accuracy(model: nn.Module, X: torch.Tensor, y: torch.Tensor) -> float:
    with torch.no_grad():
        return ((model(X) >= 0.5).float() == y).double().mean().item()


def test_sizes(networks: ModuleType) -> None:
    models = (networks.NonlinearModel(), networks.NeuralClassifier(), networks.NeuralClassifier(3))
    assert [sum(parameter.numel() for parameter in model.parameters()) for model in models] == [31, 41, 13]


def test_regression_example(networks: ModuleType) -> None:
    model = zeros(1)
    x, y = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([1.0, 3.0, 5.0])
    assert networks.train_regression(model, x, y, 0.1, 3) == close([11.6667, 3.2074, 0.8954])
    assert (model.weight.item(), model.bias.item()) == close((1.5683, 1.0604))


def test_classifier_example(networks: ModuleType) -> None:
    layer = zeros(2)
    X, y = torch.tensor([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), torch.tensor([[1.0], [0.0], [1.0]])
    losses = networks.train_classifier(nn.Sequential(layer, nn.Sigmoid()), X, y, 0.6, 3)
    assert losses == close([0.6931, 0.5990, 0.5247])
    assert [*layer.weight[0].tolist(), layer.bias.item()] == close([0.5305, -0.2957, 0.2464])


def test_the_best_line_on_the_wave(networks: ModuleType) -> None:
    x, y = networks.make_wave()
    design = torch.cat([x, torch.ones_like(x)], dim=1)
    line = design @ torch.linalg.lstsq(design, y.reshape(-1, 1)).solution
    assert (line[:, 0] - y).square().mean().item() == close(0.4392)


def test_spirals(networks: ModuleType) -> None:
    X, y = networks.make_spirals()
    assert (tuple(X.shape), tuple(y.shape), y.sum().item()) == ((400, 2), (400, 1), 200.0)
    torch.manual_seed(0)
    line, network = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()), networks.NeuralClassifier()
    networks.train_classifier(line, X, y, 0.5, 300)
    networks.train_classifier(network, X, y, 0.5, 3000)
    assert accuracy(line, X, y) == close(0.7225)
    assert accuracy(network, X, y) == pytest.approx(0.9925, abs=0.005)
