"""The step that others are compared with: its calls, its graph, its leaves, and what its pass found in them."""

from __future__ import annotations

from operator import attrgetter
from types import FrameType
from typing import NamedTuple

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.repeat.calls import Call
from autograder.hygiene.recording.repeat.readings import Readings
from autograder.hygiene.recording.sources.graph import Walk
from autograder.hygiene.trace.events import SOME_GRADIENT, Backward, Forward, Update


class Template(NamedTuple):
    """One step, from one backward pass to the next."""

    calls: list[Call]
    end: Call
    """The backward pass that ends the step."""
    kinds: list[type]
    """The types of the graph's nodes, in the order of the walk."""
    nodes: list[int]
    """The numbers of those nodes, relative to that of the loss."""
    slots: list[Slot]
    event: Backward
    root: int
    """The number of the loss's graph node."""
    readings: Readings
    """Reads the leaves and their gradients."""
    before: list[tuple[int, bool]]
    """What the pass found in the leaves' ``.grad``: the state, and whether it was kept."""

    def call(self, index: int) -> Call:
        """The call at this position; the backward pass comes after all others."""
        return self.calls[index] if index < len(self.calls) else self.end


def template_of(
    notes: Notes, calls: list[Call], event: Backward, seen: Walk, root: int, frame: FrameType
) -> Template | None:
    """The step of these calls and of the pass that ``frame`` has asked for, if it can be repeated in short."""
    slots = sorted([notes.leaves.slot(leaf) for leaf in seen.leaves], key=attrgetter("index"))
    before = [(item.before, item.kept) for item in event.reached]
    updated = [call.slot for call in calls if isinstance(call.event, Update)]
    if len(before) != len(slots) or any(state == SOME_GRADIENT for state, _ in before):
        return None
    if not seen.nodes or any(item.gradient is None for item in event.reached):
        return None
    leaves = [leaf for leaf in (slot.ref() for slot in slots) if leaf is not None and not leaf.is_complex()]
    if len(leaves) != len(slots):
        return None
    if len(set(updated)) != len(updated) or not set(updated) <= set(slots):
        return None
    forwards = [call.event for call in calls if isinstance(call.event, Forward)]
    if any(forward.graph and not forward.used for forward in forwards):
        return None
    kinds = [type(node) for node in seen.nodes]
    nodes = sorted(number - root for number in seen.numbers)
    end = _chained(calls, frame)
    return Template(calls, end, kinds, nodes, slots, event, root, Readings(leaves), before)


def _chained(calls: list[Call], frame: FrameType) -> Call:
    """The backward pass, to which the calls lead one by one."""
    end = following = Call(None, frame.f_code, frame.f_lasti)
    end.index = len(calls)
    for index in range(len(calls) - 1, -1, -1):
        call = calls[index]
        call.index, call.next = index, following
        following = call
    return end
