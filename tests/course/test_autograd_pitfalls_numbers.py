"""The published numbers of autograd pitfalls, typed in by hand, from the reference solution."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch

from autograder.checking.trusted import load_trusted
from tests.course.conftest import close

FOLDER = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def repaired() -> ModuleType:
    return load_trusted(FOLDER / "solutions/autograd_pitfalls/autograd_pitfalls.py", "published_pitfalls")


@pytest.fixture(scope="module")
def faulty() -> ModuleType:
    return load_trusted(FOLDER / "assignments/autograd_pitfalls/autograd_pitfalls.py", "faulty_pitfalls")


def line() -> torch.nn.Linear:
    """The model 2x + 1."""
    model = torch.nn.Linear(1, 1)
    model.load_state_dict({"weight": torch.tensor([[2.0]]), "bias": torch.tensor([1.0])})
    return model


ROWS, TARGETS = torch.tensor([[1.0], [2.0]]), torch.tensor([3.0, 7.0])


def test_the_worked_examples(repaired: ModuleType) -> None:
    assert repaired.detached_chain(2.0) == close(192.0)
    assert repaired.inplace_update(0.0) == close(5.0)
    assert repaired.accumulated_gradient(1.0) == close((0.4, 2.0))
    assert repaired.vector_backward(torch.tensor([1.0, 2.0, 3.0])).tolist() == close([2.0, 4.0, 6.0])
    assert repaired.wasteful_evaluation(line(), ROWS, TARGETS) == close(2.0)
    assert repaired.double_backward(2.0) == close((12.0, 32.0))
    assert repaired.rewrapped_tensor(2.0, 3.0) == close((46.0, 34.0))


def test_the_tables_of_steps(repaired: ModuleType, faulty: ModuleType) -> None:
    walked = [repaired.accumulated_gradient(1.0, steps) for steps in (1, 2, 3)]
    assert [*map(list, walked)] == [close([0.8, 2.0]), close([0.6, 2.0]), close([0.4, 2.0])]
    piled_up = [faulty.accumulated_gradient(1.0, steps) for steps in (1, 2, 3)]
    assert [*map(list, piled_up)] == [close([0.8, 2.0]), close([0.4, 4.0]), close([-0.2, 6.0])]
    descended = [repaired.lost_leaf(0.0, steps) for steps in (0, 1, 2, 3, 10)]
    assert descended == close([0.0, 0.6, 1.08, 1.464, 2.6779])


@pytest.fixture
def every_warning() -> Iterator[None]:
    """torch gives some of its warnings once per process, and another test may have had it."""
    before = torch.is_warn_always_enabled()
    torch.set_warn_always(True)
    yield
    torch.set_warn_always(before)


def test_what_the_handout_says_of_the_faults(faulty: ModuleType, every_warning: None) -> None:
    """Five stop in backward(), one stops a step late, one returns a wrong number and one the right one."""
    for name, said, arguments in (
        ("detached_chain", "does not require grad", (2.0,)),
        ("inplace_update", "modified by an inplace operation", (0.0,)),
        ("vector_backward", "only for scalar outputs", (torch.tensor([1.0, 2.0]),)),
        ("double_backward", "backward through the graph a second time", (2.0,)),
    ):
        with pytest.raises(RuntimeError, match=said):
            getattr(faulty, name)(*arguments)
    with pytest.warns(UserWarning, match="to a scalar"), pytest.raises(RuntimeError, match="does not require grad"):
        faulty.rewrapped_tensor(2.0, 3.0)
    assert faulty.lost_leaf(0.0, 1) == close(0.6)
    with pytest.warns(UserWarning, match="not a leaf"), pytest.raises(TypeError, match="NoneType"):
        faulty.lost_leaf(0.0, 2)
    assert faulty.wasteful_evaluation(line(), ROWS, TARGETS) == close(2.0)
