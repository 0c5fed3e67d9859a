"""A recorded run as the judge sees it: plain data, checked on arrival, and what the rules say about it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import msgspec

from autograder.errors import CheckFailure
from autograder.hygiene.facts.progress import stalled, unreached
from autograder.hygiene.facts.training import trained, untrained
from autograder.hygiene.trace.arrival import TraceError, expect_sound
from autograder.hygiene.trace.consistency import consistency_problems
from autograder.hygiene.trace.events import Backward, Gap, TraceData, Value
from autograder.hygiene.trace.places import Places
from autograder.hygiene.trace.view import View
from autograder.hygiene.trace.wording import norm
from autograder.hygiene.verdict.catalogue import diagnose, rule
from autograder.results import Diagnostic

Numbers = Any
"""A float for a scalar, nested lists of floats for a small tensor, None for a large one."""


class Trace(View):
    """What one recorded run did, and the diagnostics of all rules over it."""

    def __init__(self, data: TraceData, places: Places | None = None) -> None:
        super().__init__(data, places)
        self.value: Any = None
        """What the traced function returned; set by whoever called it."""

    @classmethod
    def from_plain(cls, data: Any) -> Trace:
        """The trace in this plain data; raises TraceError when it is not one."""
        try:
            parsed = msgspec.convert(data, TraceData, strict=True)
        except (msgspec.ValidationError, RecursionError) as error:
            raise TraceError(f"The recorded trace is malformed: {error}.") from None
        expect_sound(parsed)
        return cls(parsed)

    @classmethod
    def from_bytes(cls, data: bytes, places: Places | None = None) -> Trace:
        """The same from msgpack, without making objects of what is no trace.

        ``places`` says where lines stand for a person, if the file is none that a person knows.
        """
        try:
            parsed = msgspec.msgpack.decode(data, type=TraceData, strict=True)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise TraceError(f"The recorded trace is malformed: {error}.") from None
        expect_sound(parsed)
        return cls(parsed, places)

    def plain(self) -> dict[str, Any]:
        """The plain data that this trace was made from."""
        data: dict[str, Any] = msgspec.to_builtins(self._data)
        return data

    @cached_property
    def parameters(self) -> dict[str, list[Numbers]]:
        """Parameter name to its value at every step, before the update."""
        return {name: [_nested(value) for value, _ in steps] for name, steps in self._series.items()}

    @cached_property
    def gradients(self) -> dict[str, list[Numbers]]:
        """Parameter name to its ``.grad`` at every step, as the update found it."""
        return {
            name: [None if gradient is None else _nested(gradient) for _, gradient in steps]
            for name, steps in self._series.items()
        }

    @cached_property
    def gradient_norms(self) -> dict[str, list[float]]:
        """Parameter name to the norm of its gradient at every step."""
        return {
            name: [math.nan if gradient is None else norm(gradient) for _, gradient in steps]
            for name, steps in self._series.items()
        }

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What the rules say about the run: at most one diagnostic per cause, in a fixed order."""
        return tuple(self._located(item) for item in diagnose(self))

    def expect_clean(self, ignore: Iterable[str] = (), severities: str = "EW", *, training: bool = True) -> None:
        """Fail the check if any rule speaks up, except those ignored, or if the run trained nothing.

        ``training=False`` is for runs that need no recorded training to be right: a measurement, a loop whose result
        shows that its gradients come from formulas or from ``torch.func``.
        """
        self.expect_trusted()
        ignored = frozenset(ignore)
        found = [item for item in self.diagnostics() if item.code not in ignored and item.severity in severities]
        if training and not trained(self):
            # A run without training has nothing to be clean, however little the findings in it would cost.
            said = untrained(self) if not found else f"{_explained(found)}\n{untrained(self)}"
            raise CheckFailure(said, diagnostics=found, forfeits=True)
        if found:
            raise CheckFailure(_explained(found), diagnostics=found)

    def expect_updates_to_the_end(self) -> None:
        """Fail the check if the run goes on computing gradients after its last update, and earn nothing.

        For tasks that ask for an update in every step; an incomplete window of micro-batches would be one, too.
        """
        self.expect_trusted()
        if said := stalled(self):
            raise CheckFailure(said, forfeits=True)

    def expect_all_reached(self) -> None:
        """Fail the check if a line of the submission cuts parameters of a model off from all backward passes.

        What was never used in the run is not looked at.
        """
        self.expect_trusted()
        if said := unreached(self):
            raise CheckFailure(said, forfeits=True)

    def expect(self, code: str) -> Diagnostic:
        """The diagnostic with this code; fails the check if the run does not show it."""
        self.expect_trusted()
        for item in self.diagnostics():
            if item.code == code:
                return item
        raise CheckFailure(f"This run was expected to show {code} ({rule(code).name}), but it does not.")

    def expect_trusted(self) -> None:
        """Fail the check if the recorder was tampered with, or if the events contradict each other."""
        problems = [*self.tampered, *consistency_problems(self)]
        if problems:
            raise CheckFailure(
                "The recording of this run could not be trusted: " + "; ".join(problems) + ". A person will look at it."
            )

    def _located(self, item: Diagnostic) -> Diagnostic:
        """The diagnostic with the place that a person knows."""
        if self._places is None or item.line is None:
            return item
        return msgspec.structs.replace(
            item,
            line=self._places.within(item.line),
            place=self._places.describe(item.line),
            source=self._places.text(item.file or "", item.line),
        )

    @cached_property
    def _series(self) -> dict[str, list[tuple[Value, Value | None]]]:
        last: dict[str, dict[int, tuple[Value, Value | None]]] = {}
        run = 0
        for event in self.events:
            if isinstance(event, Backward):
                for reached in event.reached:
                    last.setdefault(self.name(reached.leaf), {})[event.step] = (reached.value, reached.gradient)
            elif isinstance(event, Gap):
                run += 1
        return {name: [steps[step] for step in sorted(steps)] for name, steps in last.items()}


def _nested(value: Value) -> Numbers:
    if not value.shape:
        return value.numbers[0] if value.numbers else None
    if not value.numbers:
        return None
    flat: list[Any] = list(value.numbers)
    for size in reversed(value.shape[1:]):
        flat = [flat[start : start + size] for start in range(0, len(flat), size)]
    return flat


def _explained(found: Sequence[Diagnostic]) -> str:
    lines = []
    for item in found:
        source = f" (`{item.source}`)" if item.source and "`" not in item.source else ""
        place = f"{item.where[:1].upper()}{item.where[1:]}{source}: " if item.where else ""
        lines.append(f"{place}{item.message} ({item.code} {item.name})")
    return "\n".join(lines)
