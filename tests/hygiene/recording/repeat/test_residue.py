"""The later steps of a window, which are watched at their backward passes only."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import torch

from autograder.hygiene import Recording, Window, record
from autograder.hygiene.trace.events import Backward, Clear, Gap, Update

watching = torch._C._len_torch_function_stack


def descent(recording: Recording, steps: int = 12, odd: Callable[[int, torch.Tensor], None] | None = None) -> list[int]:
    """How many function modes are on in each step; ``odd`` may do something between update and clear."""
    found = []
    w = torch.tensor(1.0, requires_grad=True)
    with recording:
        for step in range(1, steps + 1):
            loss = (w * 2.0 - 1.0) ** 2
            loss.backward()
            found.append(watching())
            with torch.no_grad():
                w -= 0.01 * w.grad
            if odd is not None:
                odd(step, w)
            w.grad = None
    return found


def kinds(recording: Recording, step: int) -> list[type[Any]]:
    return [type(event) for event in recording.trace.events if event.step == step]


def test_the_watch_is_off_once_a_step_has_repeated_and_after_the_window() -> None:
    recording = record(window=Window.first(6))
    assert descent(recording) == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    for step in range(1, 7):
        assert kinds(recording, step) == [Backward, Update, Clear]
    assert recording.trace.tampered == () and len(recording.trace.losses) == 12


def test_a_full_record_watches_every_step() -> None:
    assert descent(record()) == [1] * 12


def test_what_nobody_saw_is_a_gap_and_the_watch_is_on_again() -> None:
    def odd(step: int, w: torch.Tensor) -> None:
        if step == 5:
            with torch.no_grad():
                w.clamp_(max=0.7)

    recording = record(window=Window.first(10))
    assert descent(recording, odd=odd) == [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    assert kinds(recording, 5) == [Backward]
    assert kinds(recording, 6) == [Gap, Backward, Update, Clear]
    assert recording.trace.tampered == () and recording.trace.diagnostics() == ()


def test_a_fault_that_begins_where_nobody_watches_is_found_at_its_step() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    with record(window=Window.first(10)) as recording:
        for step in range(1, 11):
            loss = (w * 2.0 - 1.0) ** 2
            loss.backward()
            with torch.no_grad():
                w -= 0.01 * w.grad
            if step < 5:
                w.grad = None
    (found,) = recording.trace.diagnostics()
    assert (found.code, found.step, found.parameter) == ("GH101", 6, "w")
    assert kinds(recording, 5) == [Backward, Update] and not recording.trace.of(Gap)


def test_a_program_that_ends_in_the_middle_of_a_step_is_noted_as_far_as_it_went() -> None:
    class Stop(Exception):
        pass

    def odd(step: int, w: torch.Tensor) -> None:
        if step == 5:
            raise Stop

    recording = record(window=Window.first(10))
    with contextlib.suppress(Stop):
        descent(recording, odd=odd)
    assert kinds(recording, 5) == [Backward, Update]
    assert recording.trace.tampered == () and watching() == 0


def test_another_recording_may_begin_where_nobody_watches() -> None:
    inner: list[Recording] = []

    def odd(step: int, w: torch.Tensor) -> None:
        if step == 5:
            inner.append(record(window=Window.first(4)))
            descent(inner[0])

    outer = record(window=Window.first(10))
    descent(outer, odd=odd)
    assert outer.trace.tampered == () and inner[0].trace.tampered == () and watching() == 0
    assert [len(inner[0].trace.of(kind)) for kind in (Backward, Update, Clear)] == [4, 4, 4]


def test_other_kinds_of_passes_bring_the_watch_back() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    with record(window=Window.first(10)) as recording:
        for step in range(1, 11):
            loss = (w * 2.0 - 1.0) ** 2
            if step < 6:
                loss.backward()
                gradient = w.grad
            else:
                (gradient,) = torch.autograd.grad(loss, [w])
            with torch.no_grad():
                w -= 0.01 * gradient
            w.grad = None
    assert [event.functional for event in recording.trace.of(Backward)] == [False] * 5 + [True] * 5
    assert recording.trace.diagnostics() == () and recording.trace.tampered == ()
