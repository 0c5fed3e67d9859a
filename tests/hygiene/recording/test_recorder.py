"""The recorder leaves no trace in the process, and its traces cannot be forged by accident."""

from __future__ import annotations

import contextlib
import gc
import weakref
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import optimizer as optimizers

from autograder.errors import CheckFailure
from autograder.hygiene import Trace, TraceError, Window, consistency_problems, record
from autograder.hygiene.trace.events import Backward

pytestmark = pytest.mark.filterwarnings("ignore")


def train(steps: int = 4, clear: bool = True) -> list[float]:
    w = torch.tensor(1.0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = (w * 2.0 - 1.0) ** 2
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        if clear:
            w.grad = None
        losses.append(loss.item())
    return losses


def optimize() -> None:
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Dropout(), torch.nn.Linear(3, 1))
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(2):
        optimizer.zero_grad()
        model(torch.randn(4, 2)).square().mean().backward()
        optimizer.step()


def broken_step() -> None:
    w = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    w.grad = torch.ones(2)
    optimizer.param_groups[0]["lr"] = "much"
    with contextlib.suppress(Exception):
        optimizer.step()


def state() -> dict[str, Any]:
    modules = torch.nn.modules.module
    return {
        "stack": torch._C._len_torch_function_stack(),
        "grad": torch.is_grad_enabled(),
        "anomaly": torch.is_anomaly_enabled(),
        "dtype": torch.get_default_dtype(),
        "threads": torch.get_num_threads(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "random": torch.get_rng_state().tolist(),
        "hooks": (
            list(optimizers._global_optimizer_pre_hooks),
            list(optimizers._global_optimizer_post_hooks),
            list(modules._global_forward_hooks),
            list(modules._global_forward_pre_hooks),
        ),
        "functions": (
            torch.Tensor.backward,
            torch.autograd.grad,
            torch.autograd.backward,
            torch.manual_seed,
            torch.set_default_dtype,
            torch.from_numpy,
            torch.autograd.Function.__dict__["apply"],
            torch.optim.Optimizer.add_param_group,
            torch.Tensor.__pow__,
        ),
        "frozen": gc.get_freeze_count(),
    }


ACTIONS = {
    "train": train,
    "optimize": optimize,
    "broken step": broken_step,
    "functional": lambda: torch.func.grad(lambda w: (w**2).sum())(torch.ones(3)),
    "grad off": lambda: torch.set_grad_enabled(False),
    "grad on": lambda: torch.set_grad_enabled(True),
    "dtype": lambda: torch.set_default_dtype(torch.float64),
    "anomaly": lambda: torch.autograd.set_detect_anomaly(True),
    "random": lambda: torch.randn(3),
    "seed": lambda: torch.manual_seed(5),
    "deterministic": lambda: torch.use_deterministic_algorithms(True),
    "nested": lambda: record().__enter__().__exit__(None, None, None),
    "error": lambda: torch.ones(2) @ torch.ones(3),
    "exit": lambda: (_ for _ in ()).throw(SystemExit(1)),
}
WINDOWS = st.one_of(
    st.just(Window.full()),
    st.integers(1, 3).map(Window.first),
    st.just(Window.every(3, 2)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(ACTIONS)), max_size=5), WINDOWS)
def test_everything_is_as_before(actions: list[str], window: Window) -> None:
    optimize()  # the first optimizer of a process makes torch import its compiler
    before = state()
    with contextlib.suppress(Exception, SystemExit), record(window=window) as recording:
        for action in actions:
            ACTIONS[action]()
    assert state() == before
    assert recording.trace.tampered == ()
    assert consistency_problems(recording.trace) == []


def test_the_results_are_those_of_an_unrecorded_run() -> None:
    plain = train(6)
    for window in (Window.full(), Window.first(2), Window.every(3, 1)):
        with record(window=window) as recording:
            assert train(6) == plain
        assert recording.trace.losses == plain


def test_a_window_holds_its_steps_only() -> None:
    with record(window=Window.first(3)) as recording:
        train(9)
    assert {event.step for event in recording.trace.of(Backward)} == {1, 2, 3}
    assert len(recording.trace.losses) == 9


def test_other_modes_on_the_stack_stay() -> None:
    with torch.device("cpu"):
        size = torch._C._len_torch_function_stack()
        with record(window=Window.first(2)) as recording:
            train(5)
        assert torch._C._len_torch_function_stack() == size
    with record() as recording, torch.device("cpu"):
        train(2)
    assert recording.trace.tampered == ()


def test_a_removed_recorder_is_noticed() -> None:
    with record() as recording:
        torch._C._pop_torch_function_stack()
        train(2)
    assert recording.trace.tampered
    with pytest.raises(CheckFailure, match="could not be trusted"):
        recording.trace.expect_clean()


def test_a_replaced_backward_is_noticed_and_put_back() -> None:
    before = torch.Tensor.backward
    with record() as recording:
        torch.Tensor.backward = lambda self: None  # type: ignore[method-assign, assignment]
    assert torch.Tensor.backward is before
    assert recording.trace.tampered


def test_an_error_of_the_recorder_never_reaches_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.hygiene.recording.notes.events import Events
    from autograder.hygiene.recording.notes.leaves import Leaves
    from autograder.hygiene.recording.notes.updates import Updates
    from autograder.hygiene.recording.student.lines import Lines

    def fail(*_: object, **__: object) -> None:
        raise ValueError("ours")

    for part, name in ((Leaves, "slot"), (Events, "emit"), (Updates, "after"), (Lines, "running")):
        with monkeypatch.context() as patch:
            patch.setattr(part, name, fail)
            with record() as recording:
                losses = train(3)
                optimize()
            assert len(losses) == 3
            assert "the recorder stopped" in recording.trace.tampered[0]


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
    assert item.message.endswith("Clear `w.grad` after the update on line 30.")


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


def plain() -> dict[str, Any]:
    with record() as recording:
        train(2)
    return recording.plain()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 99),
        ("events", "none"),
        ("events", [["Backward", 1]]),
        ("events", [["Clear", 1, [0, 3], 77, "None"]]),
        ("events", [["Clear", 1, [5, 3], 0, "None"]]),
        ("events", [["Explode", 1]]),
        ("losses", ["low"]),
        ("leaves", [["w" * 1000, []]]),
        ("files", 3),
    ],
)
def test_data_that_is_no_trace_is_refused(key: str, value: Any) -> None:
    with pytest.raises(TraceError):
        Trace.from_plain({**plain(), key: value})


def test_contradictions_are_found() -> None:
    data = plain()
    assert consistency_problems(Trace.from_plain(data)) == []
    assert consistency_problems(Trace.from_plain({**data, "losses": [7.0]}))
    with pytest.raises(CheckFailure, match="could not be trusted"):
        Trace.from_plain({**data, "losses": [7.0]}).expect_clean()


def test_the_trace_holds_parameters_and_gradients_by_step() -> None:
    with record() as recording:
        train(3)
    trace = recording.trace
    assert trace.parameters["w"] == pytest.approx([1.0, 0.6, 0.52])
    assert trace.gradients["w"] == pytest.approx([4.0, 0.8, 0.16])
    assert trace.steps == 3


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
