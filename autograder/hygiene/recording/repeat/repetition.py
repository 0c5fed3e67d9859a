"""Steps that repeat the step before, call by call: they are noted in short until a call is another one.

Most of a recording is the same step over and over. Once a step has been looked at in full, the next ones are compared
with it: as long as the same instructions make the same calls on the same leaves, the numbers (losses, values,
gradients) are noted as ever, but where they flow is known. The first call that differs ends it, and is looked at in
full.
"""

from __future__ import annotations

from weakref import ref

import torch

from autograder.hygiene.recording.effects.backward_passes import Backwards, Begun, Found, Pass
from autograder.hygiene.recording.effects.visits import note_visit
from autograder.hygiene.recording.notes.events import MOST_EVENTS
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.calls import Call
from autograder.hygiene.recording.repeat.catching_up import catch_up
from autograder.hygiene.recording.repeat.hook_calls import MODULE, OPTIMIZER
from autograder.hygiene.recording.repeat.residue import Residue
from autograder.hygiene.recording.repeat.rows import Begin, Row, repeated_pass
from autograder.hygiene.recording.repeat.stretch import Stretch
from autograder.hygiene.recording.repeat.template import Template
from autograder.hygiene.recording.sources import graph
from autograder.hygiene.recording.sources.values import state_of
from autograder.hygiene.trace.events import NO_GRADIENT

_Unwatched = torch._C.DisableTorchFunction
_WALK_EVERY = 3
"""The graph of a repeated pass is compared node by node in every third step, in the others by its size."""


class Repetition:
    """Steps that repeat one template, from the pass that was noted in full to the first call that differs."""

    def __init__(self, notes: Notes, backwards: Backwards, template: Template) -> None:
        self._notes = notes
        self._backwards = backwards
        self.template = template
        notes.flows.forgetful = True
        known = notes.flows.known
        for key in [key for key, (_, flow) in known.items() if flow.gradients or flow.update is not None]:
            del known[key]
        for slot in template.slots:
            slot.flow = None
        self._leaves = [leaf for leaf in (slot.ref() for slot in template.slots) if leaf is not None]
        """The leaves of the repeated step, alive until its last values are noted."""
        self._stretch = Stretch(notes, template)
        hooked = any(call.func is MODULE or call.func is OPTIMIZER for call in template.calls)
        limited = backwards.window.length is not None
        self._residue = Residue(template.slots, self._leaves, template.calls) if limited and not hooked else None
        """What steps are compared by that are not watched call by call; only in windows."""
        self._number, self._made, self._unwalked = template.root, 0, 0
        """The number of the latest loss's graph node, how many nodes each step makes, how many were not walked."""

    @property
    def known_by_residue(self) -> bool:
        """Whether the next step need not be watched call by call."""
        return self._residue is not None and self._residue.known

    def settled(self) -> Call | None:
        """What a step that nobody watched would do next, if it did what the repeated step does; else None."""
        made = None if self._residue is None else self._residue.made(self._notes)
        return None if made is None else self.template.call(made)

    def close(self, made: int) -> None:
        """Something else is going to be noted, after ``made`` calls of the running step."""
        self._stretch.close(made)

    def end(self, made: int) -> None:
        """Nothing is repeated any more, after ``made`` calls of the running step: whatever follows is looked at."""
        if not self._notes.events.closed:
            with _Unwatched():
                catch_up(self._notes, self.template, made)
        self._leaves, self._residue = [], None
        self.template.readings.release()

    # -- the backward pass that ends each step -------------------------------------------------------------------

    def begin(self, loss: torch.Tensor) -> Begin | None:
        """What is known before the ``loss.backward()`` that ends a repeated step; None if it is another one."""
        template, notes = self.template, self._notes
        root = loss.grad_fn
        if root is None or type(root) is not template.kinds[0] or notes.changes.exposed or loss.dim():
            return None
        number = root._sequence_nr()
        made, self._number = number - self._number, number
        if made != self._made or self._unwalked == _WALK_EVERY:
            self._made, self._unwalked = made, 0
            if not graph.same_graph(root, template.kinds, self._leaves):
                return None
        self._unwalked += 1
        if len(notes.events.noted) + notes.events.held + 2 * self._stretch.size > MOST_EVENTS:
            return None
        if template.readings.moved():
            return None
        for leaf, (state, _) in zip(self._leaves, template.before):
            gradient = leaf.grad
            if (NO_GRADIENT if gradient is None else state_of(gradient)) != state:
                return None
        self._stretch.open()
        if self._residue is not None and not self._residue.known:
            self._residue.learn()
        values = template.readings.now()
        if notes.flows.known:
            notes.flows.prune()
        if notes.steps.updated:
            notes.updates.next_step()
        notes.steps.passes += 1
        value = loss.item()
        notes.losses.append(value)
        nodes = graph.first_nodes(root, self._backwards.living.marked())
        alive = self._backwards.living.before(nodes, template.event.place)
        if notes.graphs.pending or notes.graphs.unused:
            note_visit(notes, (loss,), graph.walk([root]))
        return notes.steps.number, notes.steps.passes, value, number, alive, values

    def passed(self, row: Begin) -> None:
        """The pass is over: note it with the gradients that it has left."""
        template = self.template
        self._stretch.open()  # something else may have been noted in between
        number = row[1]
        found = [leaf.grad for leaf in self._leaves]
        made = template.readings.of(found)
        for position, (slot, gradient) in enumerate(zip(template.slots, found)):
            if gradient is not None:  # else the pass did not reach this leaf
                slot.backward = number
                slot.reads += 1
                slot.grad = ref(gradient)
                slot.version = gradient._version
                slot.after = slot.kept_state = template.readings.state(position, made[position])
        if self._residue is not None:
            self._residue.passed()
        self._stretch.add((*row, made))

    def failed(self, loss: torch.Tensor, begin: Begin) -> tuple[Pass, Begun]:
        """The pass raised an error: what was asked for, and what was there before it, as if noted in full."""
        template = self.template
        row = Row(*begin, ())
        event = repeated_pass(template, row, [])
        found = [
            Found(slot, leaf, state, kept, None, template.readings.value(position, row.values[position]))
            for position, (slot, leaf, (state, kept)) in enumerate(zip(template.slots, self._leaves, template.before))
        ]
        return Pass((loss,), None, False, False, False, event.place), Begun(event, found)
