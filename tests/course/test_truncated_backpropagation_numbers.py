"""The numbers that the handout of truncated backpropagation publishes, typed in by hand, from the reference."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
import torch

from autograder.checking.trusted import load_trusted
from tests.course.conftest import close

pytestmark = pytest.mark.usefixtures("one_thread")

SOLUTION = Path(__file__).parents[2] / "solutions/truncated_backpropagation/truncated_backpropagation.py"
INPUTS = torch.tensor([[1.0], [-1.0], [-1.0], [1.0]])
TARGETS = torch.tensor([[0.0], [1.0], [-1.0], [-1.0]])


@pytest.fixture(scope="module")
def page() -> ModuleType:
    return load_trusted(SOLUTION, "published_truncated_backpropagation")


def cell(page: ModuleType, *numbers: list[list[float]] | list[float]) -> torch.nn.Module:
    """A cell with these W, U, b, V and c."""
    made: torch.nn.Module = page.RecurrentCell(len(numbers[2]))
    names = ("input_weight", "recurrent_weight", "hidden_bias", "output_weight", "output_bias")
    made.load_state_dict({name: torch.tensor(value) for name, value in zip(names, numbers, strict=True)})
    return made


def unit(page: ModuleType, v: float = 1.0) -> torch.nn.Module:
    """One hidden unit with W = 1 and U = 0.5."""
    return cell(page, [[1.0]], [[0.5]], [0.0], [[v]], [0.0])


@pytest.mark.parametrize("lag", [1, 3])
def test_given_signal(page: ModuleType, lag: int) -> None:
    inputs, targets = page.make_signal(lag=lag)
    assert inputs.shape == targets.shape == (40, 1)
    assert torch.equal(targets[lag:], inputs[:-lag]) and not targets[:lag].any()
    assert set(inputs.flatten().tolist()) == {1.0, -1.0}
    assert (targets**2).mean().item() == close(1 - lag / 40)


def test_cell_that_passes_a_number_on(page: ModuleType) -> None:
    made = cell(page, [[1.0], [0.0]], [[0.0, 0.0], [1.0, 0.0]], [0.0, 0.0], [[0.0, 1.0]], [0.0])
    output, state = made(torch.tensor([0.5]), torch.tensor([0.2, 0.0]))
    assert output.tolist() == close([0.1974]) and state.tolist() == close([0.4621, 0.1974])
    outputs, _ = page.run(made, torch.tensor([[0.5], [0.0], [0.0]]), torch.zeros(2))
    assert outputs.flatten().tolist() == close([0.0, 0.4318, 0.0])


def test_reach(page: ModuleType) -> None:
    assert page.gradient_reach(unit(page, 2.0), torch.zeros(4, 1)) == close([0.25, 0.5, 1.0, 2.0])


@pytest.mark.parametrize(
    ("window", "losses", "numbers"),
    [
        (2, [1.4922, 1.1784], [0.8164, 0.6793, -0.0324, 0.8178, -0.1087]),
        (3, [1.0018, 2.1707], [0.7159, 0.7345, -0.1470, 0.7737, -0.2517]),
        (4, [1.3267], [0.8978, 0.5914, -0.0196, 0.8953, -0.0436]),
    ],
)
def test_training(page: ModuleType, window: int, losses: list[float], numbers: list[float]) -> None:
    model = unit(page)
    assert page.train_truncated(model, INPUTS, TARGETS, window, 0.1, 1) == close(losses)
    assert [parameter.item() for parameter in model.parameters()] == close(numbers)


def test_first_window_of_the_training(page: ModuleType) -> None:
    model = unit(page)
    outputs, state = page.run(model, INPUTS[:2], torch.zeros(1))
    assert outputs.flatten().tolist() == close([0.7616, -0.5506]) and state.item() == close(-0.5506)
    page.train_truncated(model, INPUTS[:2], TARGETS[:2], 2, 0.1, 1)
    assert [parameter.item() for parameter in model.parameters()] == close([0.8827, 0.5823, 0.0988, 0.8566, 0.0789])
    outputs, _ = page.run(model, INPUTS[2:], state.detach())
    assert outputs.flatten().tolist() == close([-0.6082, 0.4844])


def test_comparison_of_the_default_windows(page: ModuleType) -> None:
    torch.manual_seed(0)
    losses = page.compare_windows(page.RecurrentCell(), *page.make_signal())
    # 1600 updates with windows of one step do not settle: last digits grow, to 0.56 or to 1.03 on the same machine.
    assert 0.3 < losses[1] < 3.2 and 0.15 < losses[2] < 1.2
    assert losses[10] == pytest.approx(0.0088, abs=5e-3, rel=0)
