"""The student's variables are looked at and not kept."""

from __future__ import annotations

import weakref
from typing import Any

import pytest
import torch

from autograder.hygiene import record
from autograder.hygiene.trace.events import Backward

pytestmark = pytest.mark.filterwarnings("ignore")


def test_the_student_s_variables_are_not_kept_alive() -> None:
    def alive() -> list[bool]:
        w = torch.tensor(1.0, requires_grad=True)
        losses = []
        for _ in range(3):
            loss = (w * 2.0 - 1.0) ** 2
            losses.append(weakref.ref(loss))
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
            w.grad = None
        return [loss() is not None for loss in losses]

    with record() as recording:
        found = alive()
    assert found == [False, False, True]
    assert [event.alive for event in recording.trace.of(Backward)] == [0, 0, 0]


def test_the_student_s_own_copy_of_the_variables_stays() -> None:
    def train_with_locals() -> dict[str, Any]:
        w = torch.tensor(1.0, requires_grad=True)
        variables = locals()
        (w * 2.0).backward()
        return variables

    with record():
        assert set(train_with_locals()) >= {"w"}
