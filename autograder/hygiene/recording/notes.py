"""What the recorder remembers while it watches: leaves, steps and the growing list of events."""

from __future__ import annotations

import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from types import CodeType, FrameType
from typing import Any, NamedTuple

import torch

from autograder.hygiene.recording.sources.flows import Flow, Flows
from autograder.hygiene.recording.sources.graph import Walk
from autograder.hygiene.recording.sources.successors import Rebinding, updated_leaf
from autograder.hygiene.recording.sources.values import direction, state_of, value_of
from autograder.hygiene.recording.student.variables import Files, called_by_torch, divides, is_passing, name_of
from autograder.hygiene.trace.events import (
    FULL_VALUES,
    NO_GRADIENT,
    SOME_GRADIENT,
    Cut,
    Event,
    Fault,
    Gap,
    Leaf,
    Leave,
    Place,
    Update,
    Value,
)
from autograder.hygiene.trace.wording import is_known

MOST_EVENTS = 50_000
MOST_LEAVES = 20_000
EARLY_STEPS = 4
"""The expensive observations (who is behind a detach, which gradient was replaced) stop after these steps."""
DIRECTIONS = 2
"""In how many steps the directions of large updates are measured: momentum shows in the second."""
PER_PLACE = 8
NOWHERE = Place()


class Slot:
    """One leaf under observation."""

    __slots__ = (
        "after", "backward", "flow", "grad", "index", "kept_state", "last", "moved", "read", "reads", "ref",
        "shadow", "version", "version_of_last",
    )  # fmt: skip

    def __init__(self, index: int, tensor: torch.Tensor) -> None:
        self.index = index
        self.ref = weakref.ref(tensor)
        self.backward = -1
        self.after = NO_GRADIENT
        self.grad: weakref.ref[torch.Tensor] | None = None
        self.version = -1
        self.kept_state = NO_GRADIENT
        self.reads = 0
        self.read = False
        self.moved = False
        """An update has used its gradient."""
        self.flow: Flow | None = None
        self.last: Value | None = None
        self.version_of_last = -1
        self.shadow: torch.Tensor | None = None

    def keep(self, gradient: torch.Tensor | None, state: int) -> None:
        """Remember which gradient, in which version, is there now."""
        if gradient is None:
            self.grad, self.version = None, -1
        else:
            self.grad, self.version = weakref.ref(gradient), gradient._version
        self.kept_state = state

    def kept(self, gradient: torch.Tensor | None) -> bool:
        """Whether ``.grad`` is still that tensor in that version."""
        if gradient is None or self.grad is None:
            return False
        return self.grad() is gradient and gradient._version == self.version


class Walked(NamedTuple):
    """A graph that was looked at: the number of its first node, its leaves, the numbers of its nodes."""

    number: int
    leaves: frozenset[int]
    numbers: set[int]
    walk: Walk | None


class Notes:
    """Leaves, steps and events of one recording."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.step = 1
        self.updated = False
        self.closed = False
        self.broken: str | None = None
        self.truncated = False
        self.number = 0
        self.used_at = 0
        """The number of the last backward pass before the latest update."""
        self.slots: dict[int, Slot] = {}
        self.leaves: list[Leaf] = []
        self.events: list[Any] = []
        """Events, and runs of repeated steps that stand for many."""
        self.held = 0
        """How many events those runs stand for."""
        self.flush: Callable[[], None] | None = None
        """Closes the run of repeated steps that is being noted."""
        self.losses: list[float] = []
        self.flows = Flows()
        self.forgetful = False
        """Steps repeated each other: where copies of gradients are that were made meanwhile is not known."""
        self.rebinding = Rebinding(self.note_successor)
        self.tracing_cuts = True
        self.counts: dict[tuple[str, int, int], int] = {}
        self.left: dict[tuple[int, int], list[Leave]] = {}
        """The values that left a graph, by file and line."""
        self.pending: dict[int, Any] = {}
        """Graph node number to the events that wait to hear whether a backward pass visits it."""
        self.unused: list[tuple[set[int], Leave]] = []
        """Values that left a graph, with the numbers of its nodes, of which no backward pass has visited any so far."""
        self.positions: dict[int, int] = {}
        """Identity of a Forward event to its place in the list of events."""
        self.visited: set[int] = set()
        self.walked: Walked | None = None
        """The latest graph that was looked at before its backward pass."""
        self.none_read: tuple[int, Place, Place | None] | None = None
        self.changes: deque[tuple[list[int], int, Place]] = deque(maxlen=512)
        """The latest in-place changes: shape, version afterwards, place."""
        self.births: dict[int, tuple[weakref.ref[torch.Tensor], CodeType, int]] = {}
        """Which instruction made the tensors with a graph before the first backward pass."""
        self.data_writes: list[tuple[int, int, Place, str]] = []
        """Writes through ``.data``: the memory, the number of the next graph node, the place, the name."""
        self.hunting = False
        """Graphs pile up: look for the operation that chains them together."""
        self.numpy_left: tuple[int, bool, Place, frozenset[int]] | None = None
        self.made: weakref.WeakKeyDictionary[Any, Place] | None = None
        """Where optimizers were made; there are often none."""
        self.exposed = False
        """A numpy array shares memory with a tensor: values may change without a new version."""
        self.inputs: set[int] = set()
        self.touched: dict[int, Place] = {}
        """The first line that changed an argument in place."""
        self.grad_switch: Place | None = None
        self.higher_order = False
        """Some pass has made a graph of its gradients: updates may be meant to be differentiated."""
        self.constants: dict[int, tuple[Place, frozenset[int]]] = {}
        """Calls of ``autograd.grad`` without ``create_graph``, by number: the place, and which leaves are behind it."""
        self.differentiating = False
        """A backward pass is running: module calls in it repeat checkpointed ones."""
        self.modes: list[bool] = []
        """The training flags of the modules whose forward is running."""

    # -- places and names ---------------------------------------------------------------------------------

    def place(self) -> Place:
        """The student's innermost line that is running now."""
        return self.place_at(sys._getframe(3))  # the caller, and what has called it, are ours

    def place_at(self, frame: FrameType | None) -> Place:
        """The student's innermost line at or above this frame."""
        frame = self.files.student_frame(frame)
        if frame is None:
            return NOWHERE
        return Place(self.files.numbers[frame.f_code.co_filename], frame.f_lineno or 0)

    def decorator(self) -> Place | None:
        """The line of ``@torch.no_grad()``, if the student's innermost running function has such a decorator."""
        frame = self.files.student_frame(sys._getframe(2))
        if frame is None or frame.f_back is None or frame.f_back.f_code.co_name != "decorate_context":
            return None
        return Place(self.files.numbers[frame.f_code.co_filename], frame.f_code.co_firstlineno)

    def born_at(self, tensor: torch.Tensor) -> Place | None:
        """Where this tensor was made, if that is known."""
        born = self.births.get(id(tensor))
        if born is None or born[0]() is not tensor:
            return None
        _, code, instruction = born
        lines = (line for start, stop, line in code.co_lines() if start <= instruction < stop)
        return Place(self.files.number(code.co_filename), next(lines, None) or 0)

    def place_of(self, traceback: Any) -> Place:
        """The student's innermost line of a traceback."""
        place = NOWHERE
        while traceback is not None:
            index = self.files.number(traceback.tb_frame.f_code.co_filename)
            if index >= 0:
                place = Place(index, traceback.tb_lineno)
            traceback = traceback.tb_next
        return place

    def emit(self, event: Event) -> int:
        """Add an event; its place in the list, or -1 if the trace is full."""
        if self.flush is not None:
            self.flush()
        if len(self.events) + self.held >= MOST_EVENTS:
            self.truncated = True
            self.closed = True
            return -1
        self.events.append(event)
        return len(self.events) - 1

    def next_step(self) -> None:
        """The last step has ended with an update, another one begins."""
        self.step += 1
        self.updated = False
        self.rebinding.proposed.clear()
        self.tracing_cuts = self.step <= EARLY_STEPS

    def lose_sight(self, step: int) -> None:
        """Nobody has watched what changed the leaves; from this step on somebody does again."""
        for slot in self.slots.values():
            slot.last = None
        self.emit(Gap(step))

    # -- errors of our own ------------------------------------------------------------------------------------

    def break_off(self, error: Exception) -> None:
        """Stop recording: an error of the recorder must not become one of the student's program."""
        self.closed = True
        if self.broken is None:
            self.broken = f"the recorder stopped after {type(error).__name__}: {error}"[:300]

    def guarded(self, run: Callable[..., Any], *args: Any) -> Any:
        """What ``run`` returns; or None, and the end of the recording, if it raises an error."""
        try:
            return run(*args)
        except Exception as error:  # noqa: BLE001
            self.break_off(error)
            return None

    def often(self, kind: str, place: Place, most: int = PER_PLACE) -> bool:
        """Whether this kind of event was noted here often enough."""
        key = (kind, place.file, place.line)
        count = self.counts.get(key, 0) + 1
        self.counts[key] = count
        return count > most

    # -- leaves -------------------------------------------------------------------------------------------

    def find(self, tensor: Any) -> Slot | None:
        """The slot of this very tensor, or None."""
        slot = self.slots.get(id(tensor))
        if slot is not None and slot.ref() is tensor:
            return slot
        return None

    def slot(self, tensor: torch.Tensor) -> Slot:
        """The slot of this tensor, made when it is seen first."""
        slot = self.slots.get(id(tensor))
        if slot is not None and slot.ref() is tensor:
            return slot
        if len(self.leaves) >= MOST_LEAVES:
            self.truncated = True
            self.closed = True
        slot = Slot(len(self.leaves), tensor)
        flow = self.flows.of(tensor)
        if flow is None and self.rebinding.proposed and isinstance(tensor, torch.nn.Parameter):
            flow = self.rebinding.source_of(tensor)
        successor = -1 if flow is None else updated_leaf(flow)
        name = name_of(tensor, self.files.frames(sys._getframe(1)))
        if name is None and successor >= 0:
            name = self.leaves[successor].name
        self.leaves.append(
            Leaf(
                name or f"parameter {len(self.leaves) + 1}",
                list(tensor.shape),
                type(tensor) is not torch.Tensor and isinstance(tensor, torch.nn.Parameter),
                tensor.requires_grad,
                successor,
            )
        )
        self.slots[id(tensor)] = slot
        if len(self.slots) > 2 * 512 and len(self.leaves) % 256 == 0:
            self.slots = {key: known for key, known in self.slots.items() if known.ref() is not None}
        if flow is not None and successor >= 0:
            self.rebinding.confirm(successor, flow, value_of(tensor))
            self.flows.known.pop(id(tensor), None)
        return slot

    def name_again(self, slot: Slot, tensor: torch.Tensor) -> None:
        """A pass reaches this leaf for the first time. If it was met while its model was made, it has a name now."""
        leaf = self.leaves[slot.index]
        if not is_known(leaf.name) or is_passing(leaf.name):
            leaf.name = name_of(tensor, self.files.frames(sys._getframe(1))) or leaf.name

    def reborn(self, tensor: torch.Tensor) -> None:
        """A tensor has become a leaf: if an update made it, that update counts from now on."""
        flow = self.flows.of(tensor)
        if flow is not None and flow.update is not None and tensor.is_leaf and tensor.requires_grad:
            self.slot(tensor)

    def miss(self, index: int, place: Place) -> None:
        """The program looks for the gradient of a leaf, and there is none."""
        self.none_read = (index, place, None)
        leaf = self.leaves[index]
        if self.number and not leaf.missed and not called_by_torch():
            leaf.missed = True

    # -- updates ------------------------------------------------------------------------------------------

    def before_update(self, slot: Slot, target: torch.Tensor) -> None:
        """Keep the old values of a large leaf for a moment, so that the direction can be measured."""
        tensor = slot.ref()
        tensor = target if tensor is None else tensor
        if self.step <= DIRECTIONS and FULL_VALUES < tensor.numel() <= 1_000_000 and tensor.grad is not None:
            slot.shadow = tensor.detach().clone()

    def after_update(
        self, slot: Slot, tensor: torch.Tensor, place: Place, how: str, flows: Iterable[Flow], library: bool
    ) -> None:
        """Note that a leaf's values were changed, and from what."""
        uses: list[list[int]] = []
        scaled = self.number - self.used_at > 1 and divides(self.files.frames(sys._getframe(1)))
        for flow in flows:
            uses += [[leaf, *read] for leaf, read in flow.gradients.items()]
            scaled = scaled or flow.scaled
        self.note_update(slot, tensor, place, how, uses, scaled, library)

    def note_update(
        self,
        slot: Slot,
        tensor: torch.Tensor,
        place: Place,
        how: str,
        uses: list[list[int]],
        scaled: bool,
        library: bool,
    ) -> None:
        """Note that a leaf's values were changed by these uses of gradients, and what its gradient was then."""
        gradient = tensor.grad
        if gradient is None:
            kept, state = True, NO_GRADIENT
        else:
            kept = slot.kept(gradient)
            state = slot.kept_state if kept else state_of(gradient)
        along = cosine = None
        if slot.shadow is not None:
            if gradient is not None:
                along, cosine = direction(tensor.detach() - slot.shadow, gradient.detach())
            slot.shadow = None
        read = slot.read or (how == "optimizer" and state != NO_GRADIENT)
        value = value_of(tensor) if tensor.numel() <= FULL_VALUES else None
        if value is not None:
            slot.last = value
        else:
            slot.last = None
        slot.version_of_last = version = tensor._version
        self.changes.append((self.leaves[slot.index].shape, version, place))
        if id(tensor) in self.inputs:
            self.touched.setdefault(id(tensor), place)
        self.emit(
            Update(
                self.step, place, slot.index, how, torch.is_grad_enabled(), state, uses, read, value, library,
                scaled, along, cosine, kept,
            )
        )  # fmt: skip
        if uses or read:
            self.updated = slot.moved = True
            self.used_at = self.number
            slot.reads += 1
            slot.flow = None
        slot.read = False
        slot.keep(gradient, state)

    def note_successor(self, place: Place, leaf: int, uses: list[list[int]], value: Value | None, scaled: bool) -> None:
        """Note that an update made a new tensor in the place of a leaf."""
        self.emit(Update(self.step, place, leaf, "rebind", False, SOME_GRADIENT, uses, True, value, False, scaled))
        self.updated = True

    def finish(self) -> None:
        """The run is over: the update of its last step counts, too."""
        if not self.updated:
            self.rebinding.finish(alone=not any(isinstance(event, Update) for event in self.events))

    # -- cuts ---------------------------------------------------------------------------------------------

    def cuts_of(self, flow: Flow | None) -> list[Cut]:
        """The cuts that are behind a tensor, as events tell them."""
        if flow is None or not flow.cuts:
            return []
        return [Cut(op, place, sorted(flow.values), kind) for op, place, kind in flow.cuts]

    def failed(self, kind: str, op: str, error: BaseException, place: Place, **more: Any) -> None:
        """Note that an operation raised an error."""
        self.emit(Fault(self.step, place, kind, op, str(error)[:300], **more))
