"""A stretch of steps that repeat each other, kept as rows of numbers until somebody reads the trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import structs

from autograder.hygiene.recording.repeat.readings import Number
from autograder.hygiene.recording.repeat.template import Template
from autograder.hygiene.trace.events import Backward, Clear, Event, Forward, OptimizerStep, Reached, Update, Value


class Row(NamedTuple):
    """The numbers of one repeated backward pass."""

    step: int
    number: int
    loss: float
    root: int
    alive: int
    values: tuple[Number, ...]
    gradients: tuple[Number, ...]


Begin = tuple[int, int, float, int, int, tuple[Number, ...]]
"""A Row without its gradients."""


class Run:
    """Rows of one template. The calls from ``head`` on come before the first row, those up to ``tail`` after the last.

    ``final`` are the values of the leaves at the end.
    """

    __slots__ = ("final", "head", "number", "reads", "rows", "states", "step", "tail", "template")

    def __init__(
        self, template: Template, head: int, step: int, number: int, reads: list[int], states: list[int]
    ) -> None:
        self.template = template
        self.head = head
        self.step = step
        self.number = number
        self.reads = reads
        self.states = states
        self.rows: list[tuple[Any, ...]] = []
        """As in Row."""
        self.tail = 0
        self.final: tuple[Number, ...] = ()

    def events(self) -> Iterator[Event]:
        """What would have been noted without the shortcut."""
        template, rows = self.template, [Row._make(row) for row in self.rows]
        reads = {slot.index: count for slot, count in zip(template.slots, self.reads)}
        value = template.readings.value
        values = [
            [value(*item) for item in enumerate(numbers)] for numbers in (*(row.values for row in rows), self.final)
        ]
        stop = len(template.calls) if rows else self.tail
        states = {slot.index: state for slot, state in zip(template.slots, self.states)}
        yield from self._calls(self.head, stop, self.step, self.number, values[0], reads, states)
        for position, row in enumerate(rows):
            event = repeated_pass(template, row, values[position])
            yield event
            states = {item.leaf: item.after for item in event.reached}
            for item in event.reached:
                reads[item.leaf] += 1
            stop = len(template.calls) if position + 1 < len(rows) else self.tail
            yield from self._calls(0, stop, row.step, row.number, values[position + 1], reads, states)

    def _calls(
        self,
        start: int,
        stop: int,
        step: int,
        number: int,
        values: list[Value | None],
        reads: dict[int, int],
        states: dict[int, int],
    ) -> Iterator[Event]:
        after = {slot.index: value for slot, value in zip(self.template.slots, values)}
        updated = any(isinstance(call.event, Update) for call in self.template.calls[:start])
        for call in self.template.calls[start:stop]:
            noted = call.event
            if isinstance(noted, Clear):
                yield Clear(step, noted.place, noted.leaf, noted.how)
            elif isinstance(noted, Forward):
                yield structs.replace(noted, step=step + int(updated))
            elif isinstance(noted, OptimizerStep):
                gradients = [states.get(leaf, known) for leaf, known in zip(noted.leaves, noted.gradients)]
                yield structs.replace(noted, step=step, gradients=gradients)
            elif isinstance(noted, Update):
                updated = True
                uses = [[leaf, number - passes, reads[leaf] - ago] for leaf, passes, ago in call.uses]
                value = after[noted.leaf]
                yield Update(
                    step, noted.place, noted.leaf, noted.how, noted.tracked, states.get(noted.leaf, noted.gradient),
                    uses, noted.read,
                    value if value is not None and value.numbers else None, noted.library, noted.scaled,
                )  # fmt: skip
                reads[noted.leaf] += 1


def repeated_pass(template: Template, row: Row, values: list[Value | None]) -> Backward:
    """The backward pass that a row stands for; ``values`` are those of the leaves before it."""
    known = template.event
    last = row.root + known.last_node - template.root
    reached = []
    readings = template.readings
    for position, (made, value, (state, kept)) in enumerate(zip(row.gradients, values, template.before)):
        gradient = readings.value(position, made)
        if gradient is not None:
            slot, after = template.slots[position], readings.state(position, made)
            reached.append(Reached(slot.index, state, kept, value or Value([], []), None, gradient, after))
    return Backward(
        row.step, known.place, row.number, False, Value([], [row.loss]), known.roots, reached, [], False, False,
        known.nodes, last - known.last_node + known.first_node, last, row.alive,
    )  # fmt: skip


def expanded(events: list[Any]) -> list[Event]:
    """All events, those of repeated steps one by one."""
    found: list[Event] = []
    for event in events:
        if isinstance(event, Run):
            found.extend(event.events())
        else:
            found.append(event)
    return found
