"""The recorder leaves nothing behind in the process, and notices what takes it away."""

from __future__ import annotations

import contextlib
import gc
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import optimizer as optimizers

from autograder.errors import CheckFailure
from autograder.hygiene import Window, consistency_problems, record
from autograder.hygiene.trace.events import Backward
from tests.hygiene.trainings import train

pytestmark = pytest.mark.filterwarnings("ignore")


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


IMPORTED_BEFORE = torch.autograd.grad
"""As `from torch.autograd import grad` keeps it."""


def test_a_function_that_was_imported_before_the_recording_is_seen() -> None:
    w = torch.tensor(1.0, requires_grad=True)
    with record() as recording:
        for _ in range(4):
            (gradient,) = IMPORTED_BEFORE((3 * w - 1) ** 2, w)
            with torch.no_grad():
                w -= 0.01 * gradient
    assert len(recording.trace.of(Backward)) == 4
    assert not recording.trace.diagnostics()
    recording.trace.expect_clean()


def test_tensors_of_inference_mode_may_be_changed() -> None:
    model = torch.nn.Linear(1, 1)
    with record() as recording, torch.inference_mode():
        error = model(torch.ones(3, 1)) - 1
        error *= error.clone()
        error.mean()
    recording.trace.expect_clean(training=False)
