"""What belongs to one check: the objects of its worker, and the switches that the submission turns in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from autograder.assignment import Limits
from autograder.bridge.handle import Handle
from autograder.bridge.proxy import SubmissionProxy

Load = Callable[..., SubmissionProxy]
Told = Callable[[Callable[[], Any]], tuple[str, str]]
COMPUTING = Limits(call_seconds=0.2, load_seconds=20, idle_seconds=60, memory_mb=512)


MODELS = """
class Net(torch.nn.Module):
    def __init__(self, size=2):
        super().__init__()
        self.layer = torch.nn.Linear(size, 1)

    def forward(self, x):
        return self.layer(x)

def apply(model, x):
    return model(x)

def two():
    return [Net(), {1}]

def hangs():
    while True:
        pass
"""


def test_objects_stay_and_can_be_used(load: Load, told: Told) -> None:
    submission = load(MODELS)
    net, x = submission.Net(3), torch.ones(2, 3)
    assert (repr(net), net.layer.in_features.get()) == ("<Net of the submission>", 3)
    net.load_state_dict({"layer.weight": torch.ones(1, 3), "layer.bias": torch.zeros(1)})
    assert net(x).tolist() == submission.apply(net, x).tolist() == [[3.0], [3.0]]
    assert [repr(one) for one in submission.two()] == ["<Net of the submission>", "<set of the submission>"]
    made = submission.make("torch.nn.Linear", 3, 1, bias=False)
    assert isinstance(made, Handle) and list(made.state_dict()) == ["weight"]
    assert submission.apply(submission.function("lambda x: x**3"), 2.0) == 8.0
    assert told(lambda: net.nothing.get())[1] == (
        "This check needs `nothing` of what your code returned, but that is a `Net` object, which has none."
    )


GONE = ("error", "The process that ran your code is gone, so this check could not go on.")


def test_objects_end_with_their_check_and_with_a_closed_channel(load: Load, told: Told) -> None:
    submission = load(MODELS, COMPUTING)
    net = submission.Net()
    submission.end_check()
    assert told(lambda: net(torch.ones(1, 2))) == GONE
    net = submission.Net()
    assert told(submission.hangs)[0] == "timed_out"
    assert told(lambda: net(torch.ones(1, 2))) == GONE
    assert submission.Net()(torch.ones(1, 2)).shape == (1, 1)


def test_switches_hold_for_the_submission_s_own_check_only(load: Load) -> None:
    submission = load(
        "def change():\n    torch.set_default_dtype(torch.float64)\n    torch.set_grad_enabled(False)\n\n\n"
        "def switches(again):\n    return str(torch.get_default_dtype()), torch.is_grad_enabled()\n"
    )
    submission.change()
    assert submission.switches(1) == ("torch.float64", False)
    assert (torch.get_default_dtype(), torch.is_grad_enabled()) == (torch.float32, True)
    submission.end_check()
    assert submission.switches(2) == ("torch.float32", True)


UNLOADABLE = {
    "x = 1\n1 / x - 1 / 0\n": (
        "error",
        "Your file cannot be imported: ZeroDivisionError on line 3: division by zero.\n    1 / x - 1 / 0",
    ),
    "def f(x:\n    return x\n": (
        "error",
        "Python cannot read your file: SyntaxError on line 2: '(' was never closed.\n    def f(x:",
    ),
    "exit()\n": (
        "error",
        "Your file ends the program on line 2 while it is imported. Take that line out.\n    exit()",
    ),
    "while True:\n    pass\n": (
        "timed_out",
        "Your file used more than 0.2 seconds of processor time while it was imported and was stopped in the loop on "
        'line 2. Move experiments below `if __name__ == "__main__":`.\n    while True:',
    ),
}


@pytest.mark.parametrize("source", UNLOADABLE)
@pytest.mark.parametrize("where", ["graded", "folder"])  # in a notebook, the cell itself has failed
def test_a_file_that_cannot_be_imported(load_in: Load, told: Told, where: str, source: str) -> None:
    submission = load_in(where, source, Limits(call_seconds=0.2, load_seconds=0.2, memory_mb=512))
    for _ in range(2):
        assert told(lambda: submission.f(1)) == UNLOADABLE[source]
        submission.end_check()


@pytest.mark.parametrize("where", ["graded", "folder"])
def test_every_check_finds_the_module_as_it_was_loaded(load_in: Load, where: str) -> None:
    submission = load_in(where, "kept = []\ndef f(again):\n    kept.append(again)\n    return kept\n")
    for again in range(3):
        assert submission.f(again) == [again]
        submission.end_check()
