"""What an author and a student read in a trace: the same diagnostics every time, with numbers."""

from __future__ import annotations

import pytest
import torch

from autograder.hygiene import Trace, record
from tests.hygiene.trainings import train

pytestmark = pytest.mark.filterwarnings("ignore")


def test_twenty_runs_give_the_same_diagnostics() -> None:
    found = []
    for _ in range(20):
        with record() as recording:
            train(4, clear=False)
        found.append(Trace.from_plain(recording.plain()).diagnostics())
    assert len(set(found)) == 1 and found[0][0].code == "GH101"


def test_the_message_has_the_step_and_the_numbers() -> None:
    with record() as recording:
        train(2, clear=False)
    (item,) = recording.trace.diagnostics()
    assert item.step == 2 and item.parameter == "w"
    assert "`w.grad` still held 4.0000 from step 1" in item.message
    assert "the gradient there is 0.8000, but `w.grad` became 4.8000." in item.message
    assert "The difference, 4.0000, is exactly the gradient of step 1." in item.message
    assert item.message.endswith("Clear `w.grad` after the update on line 15.")


def test_a_leftover_of_several_passes_is_not_called_one_gradient() -> None:
    with record() as recording:
        w = torch.tensor(1.0, requires_grad=True)
        for _ in range(2):
            for part in (3.0, 2.0):
                ((w * part - 1.0) ** 2 / 2).backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
    (item,) = recording.trace.diagnostics()
    assert item.code == "GH101"
    assert "is what the backward passes of step 1 had left there" in item.message


def test_the_trace_holds_parameters_and_gradients_by_step() -> None:
    with record() as recording:
        train(3)
    trace = recording.trace
    assert trace.parameters["w"] == pytest.approx([1.0, 0.6, 0.52])
    assert trace.gradients["w"] == pytest.approx([4.0, 0.8, 0.16])
    assert trace.steps == 3
