"""Steps that repeat each other are noted in short, and the trace is the very one that a record of every call gives."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.hygiene import record
from autograder.hygiene.recording.repeat import repetition
from tests.hygiene.recording.repeat.comparing import WINDOWS, assert_same, recorded, rows

pytestmark = pytest.mark.filterwarnings("ignore")
STEPS, LATE = 60, 50
LINE = """
def run(steps=60, late=50):
    w = torch.tensor(1.0, requires_grad=True)
    for step in range(1, steps + 1):
        loss = (w * 2.0 - 1.0) ** 2
        {before}
        loss.backward()
        {after}
        with torch.no_grad():
            {update}
        {clear}
"""
PARTS = {
    "before": "pass",
    "after": "pass",
    "update": "w -= 0.01 * w.grad",
    "clear": "w.grad = None",
}
SOUND = {
    "plain": {},
    "zeroed": {"clear": "w.grad.zero_()"},
    "zeros": {"clear": "w.grad = torch.zeros_like(w)"},
    "printing": {"before": "step % 10 or loss.item()"},
    "projected now and then": {"update": "w -= 0.01 * w.grad; step % 7 or w.clamp_(-1, 1)"},
    "multiplied": {"update": "w.sub_(w.grad, alpha=0.01)"},
    "clipped late": {"after": "step > late and w.grad.clamp_(-1, 1)"},
    "slower late": {"update": "w -= (0.01 if step < late else 0.001) * w.grad"},
    "other style late": {"update": "w.copy_(w - 0.01 * w.grad) if step > late else w.sub_(w.grad, alpha=0.01)"},
    "converges": {"update": "w -= 0.1 * w.grad"},
    "stops": {"after": "\n        if step == late: break"},
}
FAULTS = {
    "GH101 once": ({"clear": "if step != late: w.grad = None"}, "GH101", LATE + 1),
    "GH101 from then on": ({"clear": "if step < late: w.grad = None"}, "GH101", LATE + 1),
    "GH101 zeroed before": ({"clear": "step == late or w.grad.zero_()"}, "GH101", LATE + 1),
    "GH103": ({"after": "if step >= late: w.grad = torch.zeros_like(w)"}, "GH103", LATE),
    "GH201": ({"update": "w.sub_(w.grad, alpha=0.01)\n        if step == late: w -= 0.01 * w.grad"}, "GH201", LATE),
    "GH203": ({"update": "w.data.sub_(0.01 * w.grad) if step == late else w.sub_(0.01 * w.grad)"}, "GH203", LATE),
    "GH301": ({"before": "if step == late: loss = loss.detach()"}, "GH301", LATE),
    "GH402": ({"after": "if step == late: loss.backward()"}, "GH402", LATE),
    "GH601": ({"before": "if step >= late: loss = loss * float('inf')"}, "GH601", LATE),
    "GH701": ({"after": "if step >= late: torch.manual_seed(0)"}, "GH701", LATE),
}


def program(**parts: str) -> Callable[[], Any]:
    space: dict[str, Any] = {"torch": torch}
    exec(compile(LINE.format(**{**PARTS, **parts}), "<program>", "exec"), space)
    run: Callable[[], Any] = space["run"]
    return run


def momentum() -> None:
    w, velocity = torch.ones(3, requires_grad=True), torch.zeros(3)
    for step in range(STEPS):
        ((w * 2.0 - 1.0) ** 2).sum().backward()
        with torch.no_grad():
            velocity.mul_(0.9).add_(w.grad)
            w.sub_(velocity, alpha=0.01)
            if step == LATE:
                w.add_(velocity, alpha=0.01)
        w.grad = None


def adam_by_hand() -> None:
    w, first, second = torch.ones(100, requires_grad=True), torch.zeros(100), torch.zeros(100)
    for _ in range(STEPS):
        ((w * 2.0 - 1.0) ** 2).mean().backward()
        with torch.no_grad():
            first.mul_(0.9).add_(0.1 * w.grad)
            second.mul_(0.99).add_(0.01 * w.grad**2)
            w -= 0.01 * first / (second.sqrt() + 1e-8)
        w.grad.zero_()


def optimizer() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    descent = torch.optim.SGD([w], lr=0.01)
    for _ in range(STEPS):
        descent.zero_grad()
        ((w * 2.0 - 1.0) ** 2).sum().backward()
        descent.step()


def other_graph_of_the_same_calls() -> None:
    a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    for step in range(STEPS):
        one, other = (a, a) if step == 40 else (a, b)
        ((one * 3.0 + other - 1.0) ** 2).backward()
        with torch.no_grad():
            for leaf in (a, b):
                if leaf.grad is not None:
                    leaf -= 0.01 * leaf.grad
        a.grad = b.grad = None


def losses_kept_late() -> None:
    w, kept = torch.tensor(1.0, requires_grad=True), []
    for step in range(STEPS):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad = None
        if step > 30:
            kept.append(loss)
    sum(loss.item() for loss in kept)


def interrupted() -> None:
    program(after="\n        if step == 31: raise ValueError")()


def backward_fails_late() -> None:
    w, passes = torch.tensor(1.0, requires_grad=True), []

    def refuse(gradient: torch.Tensor) -> None:
        passes.append(None)
        if len(passes) > 40:
            raise RuntimeError("no more")

    w.register_hook(refuse)
    for _ in range(STEPS):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad = None


def backward_fails_and_is_asked_for_again() -> None:
    w, passes = torch.tensor(1.0, requires_grad=True), []

    def refuse(gradient: torch.Tensor) -> None:
        passes.append(None)
        if len(passes) in (31, 32, 45):
            raise RuntimeError("not now")

    w.register_hook(refuse)
    for _ in range(STEPS):
        loss = (w * 2.0 - 1.0) ** 2
        for _ in range(3):
            try:
                loss.backward()
                break
            except RuntimeError:
                continue
        with torch.no_grad():
            if w.grad is not None:
                w -= 0.01 * w.grad
        w.grad = None


OTHERS = (
    momentum,
    adam_by_hand,
    optimizer,
    other_graph_of_the_same_calls,
    losses_kept_late,
    interrupted,
    backward_fails_late,
    backward_fails_and_is_asked_for_again,
)


UNSEEN = {"clipped late", "projected now and then"}
"""In a window these do something else where they are not watched call by call any more: see ``Residue``."""


@pytest.mark.parametrize("name", sorted(SOUND))
def test_the_trace_is_that_of_a_full_record(name: str) -> None:
    run = program(**SOUND[name])
    assert assert_same(run) >= 20
    for window in WINDOWS[1:] if name not in UNSEEN else ():
        assert assert_same(run, window=window) >= 2
    recording = recorded(run)
    assert recording.trace.diagnostics() == () and recording.trace.tampered == ()


@pytest.mark.parametrize("run", OTHERS, ids=lambda run: run.__name__)
def test_other_programs_too(run: Callable[[], None]) -> None:
    assert assert_same(run) >= 20


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_late_fault_is_found_at_its_step(name: str) -> None:
    parts, code, step = FAULTS[name]
    run = program(**parts)
    assert assert_same(run) >= 20
    (found,) = recorded(run).trace.diagnostics()
    assert found.code == code
    assert found.step is not None and step <= found.step <= step + 3


def test_losses_values_and_gradients_of_every_step_are_there() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    losses, values, gradients = [], [], []
    with record() as recording:
        for _ in range(STEPS):
            loss = (w * 2.0 - 1.0) ** 2
            loss.backward()
            with torch.no_grad():
                values.append(w.item())
                gradients.append(w.grad.item())
                w -= 0.01 * w.grad
            w.grad = None
            losses.append(loss.item())
    assert rows(recording) >= 20
    trace = recording.trace
    assert (trace.losses, trace.parameters["w"], trace.gradients["w"]) == (losses, values, gradients)
    assert trace.steps == STEPS


def test_a_full_trace_ends_the_record_there_and_not_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.hygiene.recording.notes import events

    for module in (events, repetition):
        monkeypatch.setattr(module, "MOST_EVENTS", 100)
    recording = recorded(program())
    assert recording.trace.truncated and len(recording.trace.losses) == STEPS
    assert 85 <= len(recording.trace.events) <= 100


def test_leaves_of_a_repeated_step_are_let_go() -> None:
    def trained() -> weakref.ref[torch.Tensor]:
        w = torch.tensor([1.0, 2.0], requires_grad=True)
        for _ in range(9):
            (w * 2.0 - 1.0).square().sum().backward()
            with torch.no_grad():
                w -= 0.01 * w.grad
            w.grad = None
        return weakref.ref(w)

    with record() as recording:
        w = trained()
        torch.zeros(2) + 1  # another call than the repeated step would make
        assert w() is None
    assert rows(recording) >= 6 and len(recording.trace.parameters["w"]) == 9


def test_a_loss_that_is_a_leaf_itself_is_no_step_to_repeat() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    with record() as recording:
        for step in range(8):
            (w if step < 4 else w * 2.0).backward()
            with torch.no_grad():
                w -= 0.01 * w.grad
            w.grad = None
    assert recording.trace.tampered == () and recording.trace.steps == 8


DEVIATIONS = (
    "loss.item()",
    "w.detach()",
    "w.grad",
    "w + 1",
    "torch.manual_seed(1)",
    "w.grad.clone()",
    "loss * 2",
    "w.data",
)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.integers(1, STEPS), st.sampled_from(DEVIATIONS), max_size=6),
    st.sampled_from(["before", "after", "clear"]),
    st.sampled_from(["w.grad = None", "w.grad.zero_()"]),
)
def test_deviations_anywhere_leave_the_trace_the_same(odd: dict[int, str], where: str, clear: str) -> None:
    lines = " ; ".join(f"step == {step} and {call}" for step, call in odd.items()) or "pass"
    parts = {"clear": clear, where: lines if where != "clear" else f"{clear} ; {lines}"}
    assert_same(program(**parts))
