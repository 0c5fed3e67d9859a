"""What the recorder does around a backward pass: which leaves it reaches, what it finds and leaves there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import torch

from autograder.hygiene.recording.effects.causes import cause_of, kind_of
from autograder.hygiene.recording.effects.failures import note_failure
from autograder.hygiene.recording.effects.living_graphs import LivingGraphs
from autograder.hygiene.recording.effects.saved_tensors import note_saved_changes
from autograder.hygiene.recording.effects.unseen_updates import note_unseen_updates
from autograder.hygiene.recording.effects.visits import note_visit
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.sources import graph
from autograder.hygiene.recording.sources.flows import Flow, cuts_of
from autograder.hygiene.recording.sources.values import state_of, state_of_value, value_of
from autograder.hygiene.trace.events import (
    NO_GRADIENT,
    SOME_GRADIENT,
    Backward,
    Cut,
    Place,
    Reached,
    Value,
)
from autograder.hygiene.trace.window import Window

_NAMED_NODES = 8
_FEW_CONSTANTS = 64
_NAMES: dict[type, str] = {}
"""Names of graph nodes that depend on nothing but the type of the node."""


class Pass(NamedTuple):
    """A backward pass that was asked for."""

    outputs: tuple[torch.Tensor, ...]
    inputs: tuple[torch.Tensor, ...] | None
    functional: bool
    retain: bool
    create: bool
    place: Place


class Found(NamedTuple):
    """One leaf, as a backward pass finds it."""

    slot: Slot
    leaf: torch.Tensor
    state: int
    kept: bool
    previous: Value | None
    value: Value | None

    def reached(self, gradient: Value | None, after: int) -> Reached:
        """The same with what the pass left there."""
        value = self.value or Value([], [])
        return Reached(self.slot.index, self.state, self.kept, value, self.previous, gradient, after)


class Begun(NamedTuple):
    """A backward pass that is running."""

    event: Backward
    before: list[Found]


class Backwards:
    """Observes backward passes for one recording."""

    def __init__(self, notes: Notes, window: Window) -> None:
        self.notes = notes
        self.window = window
        self.retained: list[tuple[int, set[int]]] = []
        """The passes that kept their graphs, and the numbers of the nodes of these."""
        self.living = LivingGraphs(notes)
        self.seen: graph.Walk | None = None
        """The graph of the running pass."""

    def begin(self, asked: Pass) -> Begun | None:
        """Note what a backward pass is going to find; None, untouched, if its step is not wanted."""
        notes = self.notes
        notes.flows.prune()
        seen = self._walk(asked.outputs)
        leaves = seen.leaves
        if asked.inputs is not None:
            wanted = {id(tensor) for tensor in asked.inputs}
            leaves = [leaf for leaf in leaves if id(leaf) in wanted]
        pairs = [(notes.leaves.slot(leaf), leaf) for leaf in leaves]
        if notes.changes.exposed:
            note_unseen_updates(notes)
        if notes.steps.updated:
            notes.updates.next_step()
            if not self.window.holds(notes.steps.number):
                note_visit(notes, asked.outputs, seen)  # what the last step began may end here
                notes.events.closed = True
                if asked.outputs[0].numel() == 1:
                    notes.losses.append(float(asked.outputs[0].item()))
                return None
        notes.steps.passes += 1
        event = self._describe(asked, seen)
        if asked.functional and not asked.create:
            behind = frozenset(slot.index for slot in map(notes.leaves.find, seen.leaves) if slot is not None)
            notes.graphs.constants[notes.steps.passes] = (asked.place, behind)
            notes.graphs.constants.pop(notes.steps.passes - _FEW_CONSTANTS, None)
        found = self.found(event, pairs)
        if notes.flows.known:
            for leaf in leaves:
                flow = notes.flows.of(leaf)
                if flow is not None and flow.update is None:
                    event.cuts += cuts_of(flow)
        note_saved_changes(notes, seen)
        note_visit(notes, asked.outputs, seen)
        self.seen = seen
        return found

    def _walk(self, outputs: Sequence[torch.Tensor]) -> graph.Walk:
        roots = [graph.root_of(output) for output in outputs]
        known, self.notes.graphs.walked = self.notes.graphs.walked, None
        if known is not None and known.walk is not None and len(roots) == 1 and known.walk.nodes[0] is roots[0]:
            return known.walk
        return graph.walk(roots)

    def found(self, event: Backward, leaves: Iterable[tuple[Slot, torch.Tensor]]) -> Begun:
        """The pass with the values and gradients that it finds in these leaves."""
        notes = self.notes
        before = []
        for slot, leaf in sorted(leaves, key=_index):
            if slot.backward < 0:
                notes.leaves.name_again(slot, leaf)
            gradient = leaf.grad
            kept = slot.kept(gradient)
            if gradient is None:
                state = NO_GRADIENT
            else:
                state = slot.kept_state if kept and slot.kept_state != SOME_GRADIENT else state_of(gradient)
            previous = value_of(gradient) if gradient is not None and state == SOME_GRADIENT else None
            value = slot.last
            if value is None or notes.changes.exposed or slot.version_of_last != leaf._version:
                value = value_of(leaf)
            before.append(Found(slot, leaf, state, kept, previous, value))
        return Begun(event, before)

    def failed(self, asked: Pass, begun: Begun, error: RuntimeError) -> None:
        """Note that the pass raised an error, and what may have caused it."""
        notes, event = self.notes, begun.event
        event.failed = True
        event.reached = [item.reached(None, item.state) for item in begun.before]
        notes.events.emit(event)
        cause, leaf = cause_of(notes, asked.outputs, error)
        bare = any(output.is_leaf and output.requires_grad for output in asked.outputs)
        kind = kind_of(error)
        note_failure(
            notes, kind, "backward", error, asked.place, leaf=leaf, cause=cause, cuts=event.cuts, loss_is_leaf=bare
        )

    def end(self, asked: Pass, begun: Begun, result: Any) -> None:
        """Note what the pass left in the leaves."""
        notes, event = self.notes, begun.event
        made = dict(zip(map(id, asked.inputs or ()), result)) if asked.functional else {}
        for item in begun.before:
            slot, leaf = item.slot, item.leaf
            gradient = made.get(id(leaf)) if asked.functional else leaf.grad
            numbers = value_of(gradient) if isinstance(gradient, torch.Tensor) else None
            ends = NO_GRADIENT if gradient is None else state_of_value(numbers)
            event.reached.append(item.reached(numbers, ends))
            slot.last = item.value if item.value is not None and item.value.numbers else None
            slot.version_of_last = leaf._version
            slot.backward = notes.steps.passes
            slot.flow = None
            slot.reads += 1
            if not asked.functional:
                slot.after = ends
                slot.keep(gradient, ends)
            elif isinstance(gradient, torch.Tensor):
                notes.flows.put(gradient, Flow({slot.index: (notes.steps.passes, slot.reads)}))
        notes.events.emit(event)
        if asked.create and self.retained and self.retained[-1][0] == event.number:
            gradients = result if asked.functional else [item.leaf.grad for item in begun.before]
            roots = [item.grad_fn for item in gradients if isinstance(item, torch.Tensor)]
            self.retained[-1][1].update(graph.walk(roots).numbers)

    def _describe(self, asked: Pass, seen: graph.Walk) -> Backward:
        notes = self.notes
        loss = asked.outputs[0]
        value = value_of(loss) if loss.numel() == 1 else None
        if value is not None:
            notes.losses.append(value.numbers[0])
        cuts: list[Cut] = []
        for output in asked.outputs:
            cuts += cuts_of(notes.flows.of(output))
        numbers = seen.numbers
        event = Backward(
            notes.steps.number,
            asked.place,
            notes.steps.passes,
            asked.functional,
            value,
            [_name(node) for node in seen.nodes[:_NAMED_NODES]],
            [],
            cuts,
            asked.retain or asked.create,
            asked.create,
            len(seen.nodes),
            min(numbers, default=0),
            max(numbers, default=0),
            self.living.before(seen.nodes, asked.place),
        )
        if self.retained:
            event.reused = [number for number, nodes in self.retained if not nodes.isdisjoint(numbers)]
        notes.graphs.higher_order = notes.graphs.higher_order or asked.create
        if event.retain:
            self.retained.append((notes.steps.passes, set(numbers)))
            del self.retained[:-32]
        return event


def _index(pair: tuple[Slot, torch.Tensor]) -> int:
    return pair[0].index


def _name(node: Any) -> str:
    kind = type(node)
    if kind in _NAMES:
        return _NAMES[kind]
    name = str(node.name())
    if kind.__name__ == name and not hasattr(kind, "_saved_reduction"):
        _NAMES[kind] = name
    return name + ":sum" if getattr(node, "_saved_reduction", None) == 2 else name
