"""What a call costs the reference here: measured anew, without a trace in what the checks see."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from autograder.checking.trusted import TrustedModule

SOURCE = """\
import time
import torch

calls = []

def spend(seconds):
    calls.append(seconds)
    torch.rand(3)
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass

def change(x):
    x += 1
    return x

def fail():
    raise ValueError
"""


@pytest.fixture
def module(tmp_path: Path) -> TrustedModule:
    path = tmp_path / "costly.py"
    path.write_text(SOURCE)
    return TrustedModule(path, "tests_costly")


def test_it_is_the_processor_time_of_the_call(module: TrustedModule) -> None:
    module.spend(0.05)  # an earlier result says nothing of its cost
    before = torch.get_rng_state()
    cost = module.cost("spend", (0.05,), {})
    assert cost is not None and 0.05 <= cost < 0.5
    assert module.cost("spend", (0.05,), {}) == cost and module.calls == [0.05, 0.05]  # once
    assert torch.equal(torch.get_rng_state(), before)


def test_arguments_stay_as_they_are(module: TrustedModule) -> None:
    x = torch.zeros(2)
    assert module.cost("change", (x,), {}) is not None
    assert x.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("name", "arguments"), [("fail", ()), ("missing", ()), ("change", (object(),))])
def test_where_it_cannot_tell(module: TrustedModule, name: str, arguments: tuple[object, ...]) -> None:
    assert module.cost(name, arguments, {}) is None
