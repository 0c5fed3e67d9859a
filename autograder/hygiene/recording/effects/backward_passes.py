"""What the recorder does around a backward pass: which leaves it reaches, what it finds and leaves there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import torch

from autograder.hygiene.recording.effects.failures import note_failure
from autograder.hygiene.recording.effects.growth import Marks
from autograder.hygiene.recording.effects.kept_graphs import holder_of_graphs
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.sources import graph
from autograder.hygiene.recording.sources.flows import Flow, cuts_of
from autograder.hygiene.recording.sources.values import state_of, state_of_value, value_of
from autograder.hygiene.trace.events import (
    FULL_VALUES,
    NO_GRADIENT,
    SOME_GRADIENT,
    Backward,
    Broadcast,
    Cut,
    Forward,
    Kept,
    Leave,
    Place,
    Reached,
    Rewrap,
    SavedChange,
    Update,
    Value,
)
from autograder.hygiene.trace.growth import Growth
from autograder.hygiene.trace.window import Window

_MODIFIED = re.compile(r"\[torch\.[\w.]+ \[([\d, ]*)\]\].*?expected version (\d+)", re.DOTALL)
_TOKEN_NODES = 8
_FEW_CONSTANTS = 64
_EARLY_TOKENS = 24
_MANY_ALIVE = 4
_MOST_VISITED = 20_000
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
        self.marks = Marks()
        self.growth = Growth()
        self.reported = False
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
            self._unseen_changes()
        if notes.steps.updated:
            notes.updates.next_step()
            if not self.window.holds(notes.steps.number):
                self.mark(asked.outputs, seen)  # what the last step began may end here
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
        self._saved_changes(seen)
        self.mark(asked.outputs, seen)
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
        cause, leaf = self._rebinding(asked.outputs)
        if cause is None:
            cause = self._culprit(str(error))
        bare = any(output.is_leaf and output.requires_grad for output in asked.outputs)
        kind = _kind_of(error)
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

    def _rebinding(self, outputs: Sequence[torch.Tensor]) -> tuple[Place | None, int]:
        """Where an update made the tensor that the loss came from, if that is why it has no graph."""
        for output in outputs:
            flow = self.notes.flows.of(output)
            if flow is not None and flow.update is not None:
                return flow.update, next((leaf for leaf in sorted(flow.values) if leaf in flow.gradients), -1)
        return None, -1

    def _culprit(self, text: str) -> Place | None:
        """The in-place change that autograd complains about, found by its shape and version."""
        match = _MODIFIED.search(text)
        if match is None:
            return None
        shape = [int(size) for size in match[1].split(",") if size.strip()]
        expected = int(match[2])
        candidates = [change for change in self.notes.changes.latest if change[0] == shape and change[1] > expected]
        if not candidates:
            # The saved tensor is a transposed view of the one that was changed.
            candidates = [
                change
                for change in self.notes.changes.latest
                if sorted(change[0]) == sorted(shape) and change[1] > expected
            ]
        if not candidates:
            # A view was saved, of a tensor that was changed as a whole: they count versions together.
            candidates = [change for change in self.notes.changes.latest if change[1] > expected]
        exact = [change for change in candidates if change[1] == expected + 1]
        chosen = exact or candidates
        return chosen[-1][2] if chosen else None

    def _unseen_changes(self) -> None:
        """Updates that no operation showed (numpy, other threads): the values are not what they were."""
        notes = self.notes
        for slot in notes.leaves.slots.values():
            if slot.last is None or slot.after != SOME_GRADIENT or not slot.read:
                continue
            tensor = slot.ref()
            if tensor is None or tensor.numel() > FULL_VALUES:
                continue
            value = value_of(tensor)
            if value is not None and value.numbers != slot.last.numbers and slot.last.numbers == slot.last.numbers:
                notes.events.emit(
                    Update(
                        notes.steps.number, Place(), slot.index, "unseen", torch.is_grad_enabled(),
                        state_of(tensor.grad), [], True, value,
                    )
                )  # fmt: skip
                slot.read = False
                slot.last = value
                slot.keep(tensor.grad, state_of(tensor.grad))
                notes.steps.updated = True

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
            [_name(node) for node in seen.nodes[:_TOKEN_NODES]],
            [],
            cuts,
            asked.retain or asked.create,
            asked.create,
            len(seen.nodes),
            min(numbers, default=0),
            max(numbers, default=0),
            self.alive_before(seen.nodes, asked.place),
        )
        if self.retained:
            event.reused = [number for number, nodes in self.retained if not nodes.isdisjoint(numbers)]
        notes.graphs.higher_order = notes.graphs.higher_order or asked.create
        if event.retain:
            self.retained.append((notes.steps.passes, set(numbers)))
            del self.retained[:-32]
        return event

    def marked(self) -> int:
        """How many nodes of this step's graphs are marked: predictions that are kept hold only a part of them."""
        return _TOKEN_NODES if self.notes.steps.number <= _EARLY_TOKENS else 1

    def alive_before(self, nodes: Sequence[Any], place: Place) -> int:
        """Of how many earlier steps graphs are alive; then mark this one, which has these nodes, breadth first.

        Passes of the same step are no earlier ones: second derivatives and inner steps go through each other's graphs.
        """
        alive = self.marks.earlier(self.notes.steps.number)
        if self.growth.follow(alive) >= _MANY_ALIVE and not self.reported:
            self.report_growth(place)
        self.marks.put(self.notes.steps.number, nodes[: self.marked()])
        return alive

    def report_growth(self, place: Place) -> None:
        """Graphs pile up: find the container that holds them, or ask the watch for the chain."""
        self.reported = True
        found = holder_of_graphs(self.notes)
        if found is not None:
            self.notes.events.emit(Kept(self.notes.steps.number, found[1], found[0], "container"))
        else:
            self.notes.graphs.hunting = True

    def _saved_changes(self, seen: graph.Walk) -> None:
        writes = self.notes.changes.data_writes
        if not writes:
            return
        oldest = min(seen.numbers, default=1 << 62)
        for pointer, number, where, name in writes:
            if oldest >= number:
                continue
            for node in seen.nodes:
                if node._sequence_nr() < number and pointer in _saved_pointers(node):
                    self.notes.events.emit(SavedChange(self.notes.steps.number, where, name, "data"))
                    break
        writes.clear()

    def mark(self, outputs: Sequence[torch.Tensor], seen: graph.Walk) -> None:
        """Tell the events that waited for it that a backward pass visited their graph."""
        notes = self.notes
        if len(notes.graphs.visited) > _MOST_VISITED:
            notes.graphs.visited = set()
        notes.graphs.visited |= seen.numbers
        if notes.graphs.pending:
            for number in notes.graphs.pending.keys() & seen.numbers:
                for waiting in notes.graphs.pending.pop(number):
                    if isinstance(waiting, Broadcast):
                        waiting.in_loss = True
                    elif isinstance(waiting, (Forward, Rewrap)):
                        waiting.used = True
        if notes.graphs.unused:
            notes.graphs.unused = [
                (numbers, left) for numbers, left in notes.graphs.unused if not _used(left, numbers, seen)
            ]
        for output in outputs:
            flow = notes.flows.of(output)
            if flow is not None:
                for index in flow.forwards:
                    waiting = notes.events.noted[index]
                    if isinstance(waiting, Forward):
                        waiting.feeds_loss = True
                    elif isinstance(waiting, Rewrap):
                        waiting.used = True


def _index(pair: tuple[Slot, torch.Tensor]) -> int:
    return pair[0].index


def _used(left: Leave, numbers: set[int], seen: graph.Walk) -> bool:
    left.used = not numbers.isdisjoint(seen.numbers)
    return left.used


def _name(node: Any) -> str:
    kind = type(node)
    if kind in _NAMES:
        return _NAMES[kind]
    name = str(node.name())
    if kind.__name__ == name and not hasattr(kind, "_saved_reduction"):
        _NAMES[kind] = name
    return name + ":sum" if getattr(node, "_saved_reduction", None) == 2 else name


def _kind_of(error: RuntimeError) -> str:
    text = str(error)
    if "a second time" in text:
        return "freed-graph"
    if "modified by an inplace operation" in text:
        return "saved-modified"
    if "does not require grad" in text:
        return "no-graph"
    if "not have been used in the graph" in text:
        return "unused"
    return "other"


def _saved_pointers(node: Any) -> set[int]:
    pointers = set()
    for name in dir(node):
        if name.startswith("_raw_saved_"):
            try:
                saved = getattr(node, "_saved_" + name[len("_raw_saved_") :])
            except RuntimeError:
                continue
            for tensor in saved if isinstance(saved, tuple) else (saved,):
                if isinstance(tensor, torch.Tensor):
                    pointers.add(tensor.untyped_storage().data_ptr())
    return pointers
