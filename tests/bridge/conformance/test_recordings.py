"""A recorded run is the same wherever it ran: its diagnostics, its losses and parameters, every event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import torch

from autograder.bridge.proxy import SubmissionProxy
from autograder.hygiene import Trace
from autograder.hygiene.trace.events import Backward

TRAINING = """
def train(x, y, *, steps=5, clear=True, fail=False):
    w = torch.zeros((), requires_grad=True)
    for step in range(steps):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        if clear:
            w.grad = None
        if fail and step == 2:
            raise ValueError("so far")
    return w.item()
"""
TRACES: dict[str, tuple[dict[str, Any], list[tuple[str, int | None]]]] = {
    "clean": ({}, []),
    "uncleared": ({"clear": False}, [("GH101", 7)]),
    "broken off": ({"clear": False, "fail": True}, [("GH101", 7)]),
}


@pytest.mark.parametrize("case", TRACES)
@pytest.mark.parametrize("options", [{}, {"learning_rate": 0.1, "first": 2}], ids=["all", "first"])
def test_recordings_are_the_same(
    everywhere: Callable[[str], list[SubmissionProxy]], case: str, options: dict[str, Any]
) -> None:
    keywords, found = TRACES[case]
    x, y = torch.tensor([1.0, 2.0]), torch.tensor([2.0, 5.0])
    traces = [one.traced(**options).train(x, y, **keywords) for one in everywhere(TRAINING)]
    for one in traces:
        assert [(diagnostic.code, diagnostic.line) for diagnostic in one.diagnostics()] == found
        assert one.losses == traces[0].losses and len(one.losses) >= 3
        assert one.parameters == traces[0].parameters and set(one.parameters) == {"w"}
        assert one.gradients == traces[0].gradients
        assert one.value == traces[0].value
        assert portable(one) == portable(traces[0])


def portable(trace: Trace) -> dict[str, Any]:
    """The whole recording but for what tells where it ran: the file, torch's threads, torch's count of graph nodes."""
    plain = trace.plain()
    assert len(plain.pop("files")) == 1
    switches = [msgspec.structs.replace(moment, threads=0) for moment in (trace.start, trace.end)]
    first = next(event.first_node for event in trace.of(Backward))

    def counted_anew(event: Any) -> Any:
        if not isinstance(event, Backward):
            return event
        return msgspec.structs.replace(event, first_node=event.first_node - first, last_node=event.last_node - first)

    return plain | {"start": switches[0], "end": switches[1], "events": [*map(counted_anew, trace.events)]}
