"""Calls of modules, as torch's own hooks show them."""

from __future__ import annotations

import sys
from types import CodeType, FrameType
from typing import Any

import torch
from torch.nn.utils.parametrize import ParametrizationList

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.expected import Expected
from autograder.hygiene.recording.sources.flows import TENSORS, Flow
from autograder.hygiene.recording.taps.module_modes import has_statistics, sensitive_layers
from autograder.hygiene.recording.taps.numbering import Numbers
from autograder.hygiene.recording.taps.sampling import Sampling, copies
from autograder.hygiene.trace.events import Forward

_Unwatched = torch._C.DisableTorchFunction
_PER_PLACE = 64


class ModuleObserver:
    """Notes every call of an outermost module that has parameters."""

    def __init__(self, notes: Notes, expected: Expected) -> None:
        self.notes = notes
        self.expected = expected
        self.inside: list[int] = []
        self.over: set[tuple[int, bool, CodeType, int]] = set()
        """Calls that were noted often enough, of modules for which the mode does not matter."""
        self.numbers = Numbers()
        self.taught: set[int] = set()
        """The modules that were seen in training mode."""
        self.sampling = Sampling(notes)

    def before(self, module: Any, args: Any) -> None:
        """Remember that a module's forward is running."""
        self.inside.append(id(module))
        self.notes.running.modes.append(bool(module.training))

    def after(self, module: Any, args: Any, output: Any) -> None:
        """Note the call, if no other module made it."""
        inside = self.inside
        if len(inside) > 1 and inside[-1] == id(module):
            inside.pop()
            self.notes.running.modes.pop()
            return
        with _Unwatched():
            self.notes.errors.guarded(self._after, module, args, output)

    def _after(self, module: Any, args: Any, output: Any) -> None:
        notes = self.notes
        while self.inside:
            # More than one at a time only after an exception that the program caught.
            notes.running.modes.pop()
            if self.inside.pop() == id(module):
                break
        if (
            self.inside
            or notes.events.closed
            or notes.running.differentiating
            or torch._C._functorch.maybe_current_level() is not None
        ):
            return
        if isinstance(module, ParametrizationList):  # torch computes a weight, in whatever mode the program is then
            return
        tensor = _first_tensor(output)
        frame = notes.files.student_frame(sys._getframe(2))
        if tensor is None or frame is None or self._repeats(module, tensor, frame):
            return
        if next(module.parameters(), None) is None:
            return
        call = (id(module), module.training, frame.f_code, frame.f_lasti)
        if call in self.over:
            return
        place = notes.lines.at(frame)
        sensitive, in_mode = sensitive_layers(module)
        number = self.numbers.of(module)
        if in_mode:
            self.taught.add(number)
        elif number not in self.taught and has_statistics(module):
            sensitive = []
        if notes.events.often(_kind(module.training, in_mode), place, _PER_PLACE):
            if not sensitive:
                self.over.add(call)
            return
        self.expected.deviate()
        event = Forward(
            notes.steps.number + int(notes.steps.updated),
            place,
            number,
            type(module).__name__,
            module.training,
            in_mode if module.training else sensitive if not in_mode else [],
            torch.is_grad_enabled(),
            tensor.grad_fn is not None,
            learns=bool(sensitive)
            and any(slot is not None and slot.moved for slot in map(notes.leaves.find, module.parameters())),
            again=bool(sensitive) and self.sampling.again(module, args, frame),
            copies=any("Dropout" in kind for kind in in_mode) and copies(args),
        )
        size = notes.events.emit(event)
        self.expected.learning.note_module(module, event, frame, bool(sensitive))
        if size >= 0:
            notes.events.positions[id(event)] = size
            if tensor.grad_fn is not None:
                notes.graphs.await_visit(tensor.grad_fn, event)
            if (event.sensitive or sensitive) and type(tensor) in TENSORS:
                flow = notes.flows.of(tensor) or Flow()
                notes.flows.put(tensor, flow._replace(forwards=(*flow.forwards, size)[-8:]))

    def _repeats(self, module: Any, tensor: torch.Tensor, frame: FrameType) -> bool:
        """Whether this is the call that the repeated step makes here."""
        call = self.expected.module_call(module, tensor, frame)
        if call is None or self.notes.events.often(_kind(module.training, []), call.place, _PER_PLACE):
            return False
        node = tensor.grad_fn
        call.number = -1 if node is None else node._sequence_nr()
        self.expected.go_on(call)
        return True


def _kind(training: bool, in_mode: list[str]) -> str:
    return f"forward{int(training)}{int(bool(in_mode))}"


def _first_tensor(output: Any) -> torch.Tensor | None:
    if isinstance(output, torch.Tensor):
        return output
    if isinstance(output, dict):
        output = list(output.values())
    if isinstance(output, (list, tuple)):
        return next((item for item in output if isinstance(item, torch.Tensor)), None)
    return None
