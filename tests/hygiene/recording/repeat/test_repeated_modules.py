"""Modules and optimizers in steps that repeat: the trace is that of a record that looks at every step in full."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hygiene.recording.repeat.comparing import WINDOWS, assert_same, recorded

STEPS = 14
PROGRAM = """
import torch
def run():
    torch.manual_seed(0)
    x, y = torch.randn(12, 3), torch.randn(12, 1)
    model = torch.nn.Sequential({layers})
    other = torch.nn.Linear(3, 1)
    optimizer = torch.optim.{optimizer}
    loss_of = torch.nn.MSELoss()
    history = []
    for step in range({steps}):
        {before}
        {clear}
        output = model(x)
        loss = loss_of(output, y)
        {middle}
        loss.backward()
        {update}
        history.append(loss.item())
        {after}
    return history
"""
LAYERS = (
    "torch.nn.Linear(3, 1)",
    "torch.nn.Linear(3, 2), torch.nn.Tanh(), torch.nn.Linear(2, 1)",
    "torch.nn.Linear(3, 40), torch.nn.ReLU(), torch.nn.Linear(40, 1)",
    "torch.nn.Linear(3, 2), torch.nn.Dropout(0.2), torch.nn.Linear(2, 1)",
)
OPTIMIZERS = (
    "SGD(model.parameters(), lr=0.05)",
    "SGD(model.parameters(), lr=0.05, momentum=0.9)",
    "Adam(model.parameters(), lr=0.01)",
    "SGD([{'params': model[:1].parameters()}, {'params': model[1:].parameters(), 'lr': 0.01}], lr=0.05)",
    "SGD([*model.parameters(), *other.parameters()], lr=0.05)",
)
DEVIATIONS = (
    "model.eval()",
    "model.train()",
    "model(x)",
    "model(x).detach()",
    "other(x)",
    "model(x).sum().item()",
    "optimizer.step()",
    "optimizer.zero_grad()",
    "torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)",
    "optimizer.param_groups[0].update(lr=0.001)",
    "optimizer.param_groups[0].update(weight_decay=0.1)",
    "model[0].bias.requires_grad_(False)",
    "model[0].weight.data.mul_(0.9)",
    "loss.item()",
    "history.append(loss)",
    "torch.manual_seed(1)",
    "[model(x) for _ in range(2)]",
    "model[0](x)",
    "model.zero_grad()",
    "loss_of(model(x), y).backward()",
    "model[0].weight.grad is None or model[0].weight.grad.mul_(0.5)",
    "torch.set_grad_enabled(True)",
    "model.append(torch.nn.Identity())",
)
DEVIATION = st.dictionaries(st.integers(1, STEPS - 1), st.sampled_from(DEVIATIONS), max_size=4)
BY_HAND = """with torch.no_grad():
            for p in model.parameters():
                if p.grad is not None:
                    p -= 0.05 * p.grad"""


def program(**parts: Any) -> Callable[[], Any]:
    """The program; its source is there for whoever looks a line up."""
    source = PROGRAM.format(steps=STEPS, **parts)
    name = "<modules>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    space: dict[str, Any] = {"__name__": "modules"}
    exec(compile(source, name, "exec"), space)
    run: Callable[[], Any] = space["run"]
    return run


def lines(odd: dict[int, str]) -> str:
    return " ; ".join(f"step == {step} and {call}" for step, call in odd.items()) or "pass"


@pytest.mark.parametrize("layers", LAYERS[:3])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("update", ["optimizer.step()", BY_HAND])
def test_most_steps_are_noted_in_short(layers: str, optimizer: str, update: str) -> None:
    parts = {"before": "pass", "middle": "pass", "after": "pass", "clear": "optimizer.zero_grad()"}
    run = program(layers=layers, optimizer=optimizer, update=update, **parts)
    assert assert_same(run) >= STEPS - 6
    assert not recorded(run).trace.tampered


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(LAYERS),
    st.sampled_from(OPTIMIZERS),
    st.sampled_from(["optimizer.step()", BY_HAND]),
    st.sampled_from(["optimizer.zero_grad()", "optimizer.zero_grad(set_to_none=False)", "model.zero_grad()"]),
    DEVIATION,
    DEVIATION,
    DEVIATION,
)
def test_deviations_anywhere_leave_the_trace_the_same(
    layers: str,
    optimizer: str,
    update: str,
    clear: str,
    before: dict[int, str],
    middle: dict[int, str],
    after: dict[int, str],
) -> None:
    parts = {"before": lines(before), "middle": lines(middle), "after": lines(after)}
    run = program(layers=layers, optimizer=optimizer, update=update, clear=clear, **parts)
    assert_same(run)
    for window in WINDOWS[1:]:
        short, full = (recorded(run, window=window, short=short).trace for short in (True, False))
        assert short.tampered == full.tampered == ()
        assert short.losses == full.losses
