"""Repeated steps as they are noted: rows of numbers, interrupted where anything else is noted."""

from __future__ import annotations

from typing import Any

import torch
from msgspec import structs

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.rows import Run
from autograder.hygiene.recording.repeat.template import Template
from autograder.hygiene.trace.events import Forward, Update

_Unwatched = torch._C.DisableTorchFunction
_MOST_VISITED = 20_000


class Stretch:
    """The runs of rows of one template, one after the other."""

    def __init__(self, notes: Notes, template: Template) -> None:
        self._notes = notes
        self._template = template
        self._run: Run | None = None
        self._head = 0
        """How many calls of the running step are noted."""
        self._step = notes.steps.number
        """The number of the step of the latest backward pass."""
        self.size = sum(call.event is not None for call in template.calls) + 1
        """How many events one repeated step stands for."""

    def open(self) -> None:
        """Begin a run, if none is open, where all calls of the running step have been made."""
        if self._run is None:
            self._run = self._opened(len(self._template.calls))

    def add(self, row: tuple[Any, ...]) -> None:
        """Note one pass; ``row`` is as in Row, but a plain tuple, which the garbage collector soon leaves alone."""
        assert self._run is not None
        self._step = row[0]
        self._run.rows.append(row)
        self._notes.events.held += self.size

    def close(self, made: int) -> None:
        """Something else is going to be noted, after ``made`` calls of the running step: end the run."""
        first = self._head if self._run is None else 0
        for call in self._template.calls[first:made]:
            if isinstance(call.event, Forward) and call.event.graph:
                self._close_run(call.index, made)
                self._forward(call.number, call.index, call.event)
                self._head += 1
        self._close_run(made, made)

    def _close_run(self, stop: int, made: int) -> None:
        """Close the run before call ``stop`` of the running step, of which ``made`` calls have been made."""
        if self._run is None:
            if stop <= self._head:
                return
            self._run = self._opened(made)
        self._run.tail = stop
        nodes = self._template.nodes
        with _Unwatched():
            self._run.final = self._template.readings.now()
        for row in self._run.rows[-_MOST_VISITED // len(nodes) :]:
            self._notes.graphs.visited.update([row[3] + node for node in nodes])
        self._run, self._head = None, stop

    def _forward(self, node: int, index: int, known: Forward) -> None:
        """Note the call of a module in the running step: no backward pass has used its graph so far."""
        notes = self._notes
        updated = any(isinstance(call.event, Update) for call in self._template.calls[:index])
        event = structs.replace(known, step=self._step + int(updated), used=False)
        notes.events.positions[id(event)] = len(notes.events.noted)
        notes.events.noted.append(event)
        notes.graphs.pending.setdefault(node, []).append(event)

    def _opened(self, made: int) -> Run:
        """A new run; ``made`` calls of the running step have been made."""
        notes, template = self._notes, self._template
        updated = {call.slot for call in template.calls[self._head : made] if isinstance(call.event, Update)}
        reads = [slot.reads - (slot in updated) for slot in template.slots]
        states = [slot.kept_state for slot in template.slots]
        run = Run(template, self._head, self._step, notes.steps.passes, reads, states)
        notes.events.noted.append(run)
        notes.events.held += self.size
        return run
