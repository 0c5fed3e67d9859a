"""Steps that repeat the step before, call by call: they are noted in short until a call is another one.

Most of a recording is the same step over and over. Once a step has been looked at in full, the next ones are compared
with it: as long as the same instructions make the same calls on the same leaves, the numbers (losses, values,
gradients) are noted as ever, but where they flow is known. The first call that differs ends it, and is looked at in
full.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from types import CodeType, FrameType
from typing import Any
from weakref import ref

import torch
from msgspec import structs

from autograder.hygiene.recording.effects.backward_passes import Backwards, Begun, Found, Pass
from autograder.hygiene.recording.effects.visits import note_visit
from autograder.hygiene.recording.notes.events import MOST_EVENTS
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.notes.slot import Slot
from autograder.hygiene.recording.repeat.calls import OTHER, Call
from autograder.hygiene.recording.repeat.hook_calls import MODULE, OPTIMIZER
from autograder.hygiene.recording.repeat.readings import Readings
from autograder.hygiene.recording.repeat.residue import Residue
from autograder.hygiene.recording.repeat.rows import Begin, Row, Run, Template, repeated_pass
from autograder.hygiene.recording.repeat.template import Learning
from autograder.hygiene.recording.sources import graph
from autograder.hygiene.recording.sources.flows import Flow
from autograder.hygiene.recording.sources.values import state_of
from autograder.hygiene.trace.events import (
    NO_GRADIENT,
    SOME_GRADIENT,
    Backward,
    Forward,
    Place,
    Update,
)

_Unwatched = torch._C.DisableTorchFunction
_MOST_VISITED = 20_000
_WALK_EVERY = 3
"""The graph of a repeated pass is compared node by node in every third step, in the others by its size."""


class Repetition:
    """Compares each step with the one before."""

    def __init__(self, notes: Notes, backwards: Backwards) -> None:
        self.notes = notes
        self.backwards = backwards
        self.learning = Learning(notes)
        self.template: Template | None = None
        self.misses = 0
        """How many steps in a row were not repeated."""
        self.resume = 0
        """The step from which on it is worth trying again."""
        self.code: CodeType | None = None
        self.lasti = -1
        self.current: Callable[[], Call | None] = lambda: None
        """The call that is expected next."""
        self._leaves: list[torch.Tensor] = []
        """The leaves of the repeated step, alive until its last values are noted."""
        self._run: Run | None = None
        self._head = 0
        self._step = 0
        """The number of the step of the latest backward pass."""
        self._size = 0
        """How many events one repeated step stands for."""
        self.first: Call | None = None
        """The first call of the repeated step."""
        self.last: Call | None = None
        """The backward pass that ends it."""
        self.residue: Residue | None = None
        """What steps are compared by that are not watched call by call; only in windows."""
        self._number = self._made = 0
        """The number of the latest loss's graph node, and how many nodes each step makes."""
        self._unwalked = 0

    # -- learning ------------------------------------------------------------------------------------------------

    def boundary(self, event: Backward, seen: graph.Walk, root: int, frame: FrameType) -> Call | None:
        """A backward pass was noted in full. If the step before it can be repeated: its first call."""
        notes = self.notes
        calls = self.learning.learned()
        if notes.events.closed or notes.graphs.hunting or notes.changes.exposed:
            return None
        good = (
            calls is not None
            and not (event.functional or event.retain or event.failed or event.cuts or self.backwards.retained)
            and event.loss is not None
            and not event.loss.shape
            and (frame.f_code, frame.f_lasti) == (self.code, self.lasti)
        )
        found = None
        if good and calls is not None:
            found = self._template(calls, event, seen, root)
        elif self.code is not None:
            self.misses += 1
            if self.misses > 4:
                self.resume = self.notes.steps.number + min(1 << self.misses, 512)
        self.code, self.lasti = frame.f_code, frame.f_lasti
        if found is None and notes.steps.number >= self.resume:
            self.learning.begin()
        return found

    def _template(self, calls: list[Call], event: Backward, seen: graph.Walk, root: int) -> Call | None:
        notes = self.notes
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
        self.template = template = Template(calls, kinds, nodes, slots, event, root, Readings(leaves), before)
        return self._arm(template)

    def _arm(self, template: Template) -> Call:
        """From now on steps are compared with this one."""
        notes = self.notes
        notes.flows.forgetful = True
        known = notes.flows.known
        for key in [key for key, (_, flow) in known.items() if flow.gradients or flow.update is not None]:
            del known[key]
        for slot in template.slots:
            slot.flow = None
        self._number, self._unwalked = template.root, 0
        end = Call(None, self.code, self.lasti)
        end.index = len(template.calls)
        self.last = first = end
        for index in range(len(template.calls) - 1, -1, -1):
            call = template.calls[index]
            call.index, call.next = index, first
            first = call
        self.first = first
        self._leaves = [leaf for leaf in (slot.ref() for slot in template.slots) if leaf is not None]
        self._run, self._head, self._step = None, 0, notes.steps.number
        self._size = sum(call.event is not None for call in template.calls) + 1
        notes.events.flush = self.flush
        hooked = any(call.func is MODULE or call.func is OPTIMIZER for call in template.calls)
        limited = self.backwards.window.length is not None
        self.residue = Residue(template.slots, self._leaves, template.calls) if limited and not hooked else None
        return first

    # -- repeating -----------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Something else is going to be noted: close the run of rows."""
        template = self.template
        call = self.current()
        if template is None or call is None:
            return
        first = self._head if self._run is None else 0
        for made in template.calls[first : call.index]:
            if isinstance(made.event, Forward) and made.event.graph:
                self._close_run(template, made.index, call.index)
                self._forward(made, made.event)
                self._head += 1
        self._close_run(template, call.index, call.index)

    def _close_run(self, template: Template, stop: int, made: int) -> None:
        """Close the run before call ``stop`` of the running step, of which ``made`` calls have been made."""
        if self._run is None:
            if stop <= self._head:
                return
            self._run = self._opened(template, made)
        self._run.tail = stop
        with _Unwatched():
            self._run.final = template.readings.now()
        for row in self._run.rows[-_MOST_VISITED // len(template.nodes) :]:
            self.notes.graphs.visited.update([row[3] + node for node in template.nodes])
        self._run, self._head = None, stop

    def _forward(self, call: Call, known: Forward) -> None:
        """Note the call of a module in the running step: no backward pass has used its graph so far."""
        notes, template = self.notes, self.template
        assert template is not None
        updated = any(isinstance(made.event, Update) for made in template.calls[: call.index])
        event = structs.replace(known, step=self._step + int(updated), used=False)
        notes.events.positions[id(event)] = len(notes.events.noted)
        notes.events.noted.append(event)
        notes.graphs.pending.setdefault(call.number, []).append(event)

    def _opened(self, template: Template, made: int) -> Run:
        """A new run; ``made`` calls of the running step have been made."""
        notes = self.notes
        updated = {call.slot for call in template.calls[self._head : made] if isinstance(call.event, Update)}
        reads = [slot.reads - (slot in updated) for slot in template.slots]
        states = [slot.kept_state for slot in template.slots]
        run = Run(template, self._head, self._step, notes.steps.passes, reads, states)
        notes.events.noted.append(run)
        notes.events.held += self._size
        return run

    def deviate(self) -> None:
        """A call was another one than expected: whatever follows in this step is looked at in full."""
        notes = self.notes
        self.flush()
        notes.events.flush = None
        self.learning.spoil()
        if not notes.events.closed:
            with _Unwatched():
                self._resume()
        self._leaves, self.residue = [], None
        if self.template is not None:
            self.template.readings.release()

    def settled(self) -> Call | None:
        """What a step that nobody watched would do next, if it did what the repeated step does; else None."""
        made = None if self.residue is None else self.residue.made(self.notes)
        if self.template is None or made is None:
            return None
        return self.template.calls[made] if made < len(self.template.calls) else self.last

    def _resume(self) -> None:
        """Make up for what was left out while steps were repeated: flows of gradients, visited graphs, changes."""
        notes, template = self.notes, self.template
        if template is None:
            return
        call = self.current()
        self._restore_flows(template.calls[: 0 if call is None else call.index])
        for slot in template.slots:
            tensor = slot.ref()
            if tensor is not None:
                notes.changes.latest.append((list(tensor.shape), tensor._version, self._place_of(slot)))
                if slot.read and tensor.grad is not None:
                    slot.flow = Flow({slot.index: (slot.backward, slot.reads)}, how="gradient")
                    notes.flows.put(tensor.grad, slot.flow)

    def _restore_flows(self, made: list[Call]) -> None:
        """The flows of tensors that live on, such as velocities, after these calls."""
        reads = {slot.index: slot.reads for slot in self.template.slots} if self.template is not None else {}
        for call in reversed(made):
            if isinstance(call.event, Update):
                reads[call.event.leaf] -= 1  # back to what it was before this call
            target = None if call.target is None or not call.uses else call.target()
            if target is not None and self.notes.flows.of(target) is None:
                gradients = {
                    leaf: (self.notes.steps.passes - passes, reads[leaf] - ago)
                    for leaf, passes, ago in call.uses
                    if leaf in reads
                }
                self.notes.flows.put(target, Flow(gradients))

    def _place_of(self, slot: Slot) -> Place:
        """Where this leaf is updated in the repeated step."""
        calls = self.template.calls if self.template is not None else []
        return next((call.place for call in calls if call.slot is slot and isinstance(call.event, Update)), Place())

    def run(self, original: Callable[..., Any], loss: torch.Tensor) -> Any:
        """Run and note the ``loss.backward()`` that ends a repeated step; OTHER, not run, if it is another one."""
        notes = self.notes
        if notes.steps.updated and not self.backwards.window.holds(notes.steps.number + 1):
            if not self.backwards.window.final(notes.steps.number + 1):
                return OTHER
            notes.errors.guarded(self._close, loss)
            return original(loss)
        try:
            row = self._begin(loss)
        except Exception as error:  # noqa: BLE001 - ours, not the student's
            notes.errors.break_off(error)
            return OTHER
        if row is None:
            return OTHER
        notes.running.differentiating = True
        try:
            result = original(loss)
        except RuntimeError as error:
            notes.errors.guarded(self._failed, loss, row, error)
            raise
        finally:
            notes.running.differentiating = False
        try:
            self._end(row)
        except Exception as error:  # noqa: BLE001
            notes.errors.break_off(error)
        return result

    def _close(self, loss: torch.Tensor) -> None:
        """The window is over for good: note the end of its last step, and the loss of this one."""
        notes = self.notes
        self.flush()
        if notes.graphs.pending or notes.graphs.unused:
            note_visit(notes, (loss,), graph.walk([loss.grad_fn]))
        notes.updates.next_step()
        notes.events.closed = True
        if loss.numel() == 1:
            notes.losses.append(loss.item())

    def _begin(self, loss: torch.Tensor) -> Begin | None:
        template, notes = self.template, self.notes
        root = loss.grad_fn
        if (
            template is None
            or root is None
            or type(root) is not template.kinds[0]
            or notes.changes.exposed
            or loss.dim()
        ):
            return None
        number = root._sequence_nr()
        made, self._number = number - self._number, number
        if made != self._made or self._unwalked == _WALK_EVERY:
            self._made, self._unwalked = made, 0
            if not graph.same_graph(root, template.kinds, self._leaves):
                return None
        self._unwalked += 1
        if len(notes.events.noted) + notes.events.held + 2 * self._size > MOST_EVENTS:
            return None
        if template.readings.moved():
            return None
        for leaf, (state, _) in zip(self._leaves, template.before):
            gradient = leaf.grad
            if (NO_GRADIENT if gradient is None else state_of(gradient)) != state:
                return None
        if self._run is None:
            self._run = self._opened(template, len(template.calls))
        if self.residue is not None and not self.residue.known:
            self.residue.learn()
        values = template.readings.now()
        if notes.flows.known:
            notes.flows.prune()
        if notes.steps.updated:
            notes.updates.next_step()
        notes.steps.passes += 1
        value = loss.item()
        notes.losses.append(value)
        nodes = graph.first_nodes(root, self.backwards.living.marked())
        alive = self.backwards.living.before(nodes, template.event.place)
        if notes.graphs.pending or notes.graphs.unused:
            note_visit(notes, (loss,), graph.walk([root]))
        return notes.steps.number, notes.steps.passes, value, number, alive, values

    def _end(self, row: Begin) -> None:
        template, notes = self.template, self.notes
        assert template is not None
        if self._run is None:  # something else was noted in between
            self._run = self._opened(template, len(template.calls))
        self._step, number = row[0], row[1]
        found = [leaf.grad for leaf in self._leaves]
        made = template.readings.of(found)
        for position, (slot, gradient) in enumerate(zip(template.slots, found)):
            if gradient is not None:  # else the pass did not reach this leaf
                slot.backward = number
                slot.reads += 1
                slot.grad = ref(gradient)
                slot.version = gradient._version
                slot.after = slot.kept_state = template.readings.state(position, made[position])
        self.misses = 0
        if self.residue is not None:
            self.residue.passed()
        # Plain tuples of numbers, which the garbage collector soon leaves alone.
        self._run.rows.append((*row, made))
        notes.events.held += self._size

    def _failed(self, loss: torch.Tensor, begin: Begin, error: RuntimeError) -> None:
        """The repeated backward pass raised an error."""
        template = self.template
        assert template is not None
        row = Row(*begin, ())
        event = repeated_pass(template, row, [])
        asked = Pass((loss,), None, False, False, False, event.place)
        found = [
            Found(slot, leaf, state, kept, None, template.readings.value(position, row.values[position]))
            for position, (slot, leaf, (state, kept)) in enumerate(zip(template.slots, self._leaves, template.before))
        ]
        self.deviate()
        self.backwards.failed(asked, Begun(event, found), error)
