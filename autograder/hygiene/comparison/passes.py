"""One recorded run as a list of backward passes, each with what it and the updates after it did to the parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from autograder.hygiene.facts.gradient_life import trained
from autograder.hygiene.trace.events import Backward, Gap, Place, Update, Value

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View


@dataclass
class Entry:
    """What one backward pass and the updates after it did to one parameter."""

    value: Value
    previous: Value | None
    gradient: Value | None
    after: Value | None = None
    updated: bool = False
    place: Place | None = None
    """Where the update was."""


@dataclass
class Pass:
    """One backward pass (of one step) with everything that it reached."""

    step: int
    place: Place
    loss: float | None
    roots: list[str]
    entries: dict[str, Entry] = field(default_factory=dict)


def passes(trace: View) -> list[Pass]:
    """The backward passes of a run in order, up to the first gap of its recording window."""
    wanted = {_root(trace, leaf) for leaf in trained(trace)}
    found: list[Pass] = []
    current: dict[int, Entry] = {}
    for event in trace.events:
        if isinstance(event, Gap):
            break
        if isinstance(event, Backward) and not event.failed:
            loss = event.loss.numbers[0] if event.loss is not None and event.loss.numbers else None
            found.append(Pass(event.step, event.place, loss, event.roots))
            for reached in event.reached:
                leaf = _root(trace, reached.leaf)
                if wanted and leaf not in wanted:
                    continue
                entry = Entry(reached.value, reached.previous, reached.gradient)
                found[-1].entries[trace.name(leaf)] = current[leaf] = entry
        elif isinstance(event, Update):
            known = current.get(_root(trace, event.leaf))
            if known is not None and (event.uses or event.read or known.updated):
                known.after, known.updated, known.place = event.value, True, event.place
    _fill(found)
    return found


def _root(trace: View, leaf: int) -> int:
    """The first leaf of a chain of successors (functional updates make a new leaf every step)."""
    while (before := trace.leaves[leaf].successor_of) >= 0 and before < leaf:
        leaf = before
    return leaf


def _fill(found: list[Pass]) -> None:
    """Values after an update that were not recorded there are the next pass's values before it."""
    for one, following in pairwise(found):
        for name, entry in one.entries.items():
            if name in following.entries and (entry.after is None or not entry.updated):
                entry.after = following.entries[name].value


def joined_entry(entries: Sequence[Entry]) -> Entry:
    """Several parameters of one pass as one long vector; a single one as it is."""
    if len(entries) == 1:
        return entries[0]
    befores = [entry.previous for entry in entries]
    return Entry(
        joined([entry.value for entry in entries]) or Value([0], []),
        None if all(before is None for before in befores) else joined(befores),
        joined([entry.gradient for entry in entries]),
        joined([entry.after for entry in entries]),
        any(entry.updated for entry in entries),
        entries[-1].place,
    )


def joined(values: Sequence[Value | None]) -> Value | None:
    """Several recorded values as one long vector; a single one as it is; None if one is not known in full."""
    if len(values) == 1:
        return values[0]
    if any(value is None or not value.numbers for value in values):
        return None
    numbers = [number for value in values if value is not None for number in value.numbers]
    return Value([len(numbers)], numbers)
