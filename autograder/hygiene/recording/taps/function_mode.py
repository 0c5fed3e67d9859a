"""The torch function mode: sees every torch call of the student's code and tells the notes what matters."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple

import torch
from torch.overrides import TorchFunctionMode, is_tensor_like

from autograder.hygiene.recording.effects import differences, dropouts, exits, following, gradients, inplace, rewraps
from autograder.hygiene.recording.effects.backward_passes import Backwards, Pass
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.calls import OTHER, Call
from autograder.hygiene.recording.repeat.repetition import Repetition
from autograder.hygiene.recording.sources.flows import TENSORS


class Action(NamedTuple):
    """What to do around a call. An error in here never reaches the student's program."""

    after: Callable[..., None]
    before: Callable[..., Any] | None = None
    """Its result is handed on to ``after``."""
    failed: Callable[..., None] | None = None


_frame = sys._getframe
_PASS = frozenset(
    "size dim shape numel stride storage_offset data_ptr element_size get_device type nelement ndimension "
    "register_hook register_post_accumulate_grad_hook __len__ __hash__ __dir__ "
    "is_contiguous is_floating_point is_complex is_signed has_names __reduce_ex__ __deepcopy__ __contains__ "
    "untyped_storage _is_view is_same_size is_inference allclose equal dtype device layout grad_fn requires_grad "
    "is_leaf ndim itemsize nbytes is_sparse is_cuda is_cpu is_meta is_mps is_quantized is_mkldnn output_nr _version "
    "_base names retains_grad is_nested is_conj is_neg share_memory_ is_shared pin_memory is_pinned record_stream "
    "__setstate__ set_printoptions backward_hooks _backward_hooks _post_accumulate_grad_hooks is_xla is_xpu is_ipu "
    "is_vulkan is_maia is_mtia _grad grad_dtype name _record_function_enter_new _RecordFunction "
    "__dlpack_device__".split()
)
_LEAVING = frozenset("item __float__ __int__ __bool__ __index__ __complex__ tolist numpy __array__".split())
_DIFFERENCES = frozenset("sub rsub __rsub__ subtract mse_loss l1_loss smooth_l1_loss huber_loss".split())
_FLAT = frozenset("round floor ceil trunc sign sgn heaviside fix".split())
"""Operations that keep the graph but whose derivative is zero."""
_VIEWS = ("T", "mT", "H", "mH", "real", "imag")

_ORDINARY = Action(following.ordinary)
_INPLACE = Action(inplace.inplace, inplace.before_inplace, inplace.inplace_failed)
_TRANSFORMED = Action(differences.transformed_difference)


_ACTIONS: dict[Any, Action | None] = {}
"""What to do around the functions that were called so far."""


class Watch(TorchFunctionMode):
    """Passes every call on, and notes what the rules need to know."""

    def __init__(self, notes: Notes, backwards: Backwards) -> None:
        super().__init__()
        self.notes = notes
        self.backwards = backwards
        self.actions: dict[Any, Action | None] = _ACTIONS
        self.classify: Callable[[Any], Action | None] = _classify
        self.repetition = Repetition(notes, backwards)
        self.repetition.current = lambda: self.call
        self.learning = self.repetition.learning
        self.call: Call | None = None
        """The call that is expected next, while steps repeat each other."""
        self.away = False
        """The watch is off between two passes of a step that repeats."""
        self.repeats = True
        """Steps that repeat each other are noted in short."""
        self.caller: FrameType | None = None
        """The frame that asked for the running backward pass."""
        self.by_library = False
        """The running backward pass was asked for by torch itself (vjp, jacobian), not by the student's code."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        call = self.call
        if call is not None:
            frame = _frame(1)
            if call.lasti == frame.f_lasti and call.code is frame.f_code and call.func == func:
                act = call.act
                if act is None:
                    self.call = call.next
                    return func(*args, **kwargs) if kwargs else func(*args)
                if call.caller is None or self._called_by(call, frame):
                    out = act(self.notes, call, func, args, kwargs)
                    if out is not OTHER:
                        self.call = call.next
                        return out
            self.deviate()
        notes = self.notes
        try:
            action = self.actions[func]
        except KeyError:
            action = self.actions[func] = self.classify(func)
        except TypeError:
            action = None
        learning = self.learning.calls is not None
        if action is None or notes.events.closed:
            if learning:
                self.learning.note(func, _frame(1), None, args, None, len(notes.events.noted))
            return func(*args, **kwargs) if kwargs else func(*args)
        after, before, failed = action
        events = len(notes.events.noted)
        if after is _BACKWARD or after is _GRAD:
            return (self.run_backward if after is _BACKWARD else self.run_grad)(func, args, kwargs or {})
        state = None
        if before is not None:
            try:
                state = before(notes, func, args, kwargs or {})
            except Exception as error:  # noqa: BLE001 - whatever is wrong here is ours, not the student's
                notes.errors.break_off(error)
                return func(*args, **kwargs) if kwargs else func(*args)
        try:
            out = func(*args, **kwargs) if kwargs else func(*args)
        except RuntimeError as error:
            if failed is not None:
                notes.errors.guarded(failed, notes, func, args, kwargs or {}, error)
            raise
        try:
            if before is not None:
                after(notes, func, args, kwargs or {}, out, state)
            else:
                after(notes, func, args, kwargs or {}, out)
            if learning:
                if after is _switch:
                    self.learning.note_switch(func, _frame(1))
                else:
                    self.learning.note(func, _frame(1), after, args, out, events)
        except Exception as error:  # noqa: BLE001
            notes.errors.break_off(error)
        return out

    def _called_by(self, call: Call, frame: FrameType) -> bool:
        student = self.notes.files.student_frame(frame)
        return student is not None and student.f_lasti == call.caller_lasti and student.f_code is call.caller

    def deviate(self) -> None:
        """The running step is not like the one before: look at everything again."""
        if self.call is not None:
            self.notes.errors.guarded(self.repetition.deviate)
            self.call = None

    def come_back(self) -> None:
        """The watch is on again. If the step is not the expected one, nobody knows what has happened in it."""
        self.away = False
        notes = self.notes
        if self.call is not None:
            settled = notes.errors.guarded(self.repetition.settled)
            if settled is not None:
                self.call = settled
                return
        self.deviate()
        notes.steps.updated = True
        notes.leaves.lose_sight(notes.steps.number + 1)

    def repeat_backward(self, original: Callable[..., Any], loss: torch.Tensor) -> Any:
        """Observe and run the ``loss.backward()`` that ends a repeated step."""
        result = self.repetition.run(original, loss)
        if result is OTHER:
            self.deviate()
            return self.run_backward(original, (loss,), {})
        self.call = self.repetition.first
        if self.notes.graphs.hunting or self.notes.events.closed:
            self.deviate()
        else:
            residue = self.repetition.residue
            self.away = residue is not None and residue.known
        return result

    @contextmanager
    def transforming(self) -> Iterator[None]:
        """While torch.func differentiates a function: its tensors are wrapped, so only shapes are looked at."""
        self.deviate()
        self.learning.spoil()
        actions, classify = self.actions, self.classify
        self.actions, self.classify = {}, _classify_transformed
        try:
            yield
        finally:
            self.actions, self.classify = actions, classify

    # -- backward passes --------------------------------------------------------------------------------------

    def run_backward(self, original: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Observe and run ``loss.backward()`` or ``torch.autograd.backward(losses)``."""
        args, kwargs = list(args), dict(kwargs)
        outputs = _several(args, kwargs, 0, "tensors")
        inputs = _several(args, kwargs, 4, "inputs")
        retain = kwargs.get("retain_graph", args[2] if len(args) > 2 else None)
        create = kwargs.get("create_graph", args[3] if len(args) > 3 else False)
        return self._observe(outputs, inputs or None, False, retain, create, original, args, kwargs)

    def run_grad(self, original: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Observe and run ``torch.autograd.grad``."""
        args, kwargs = list(args), dict(kwargs)
        outputs = _several(args, kwargs, 0, "outputs")
        inputs = _several(args, kwargs, 1, "inputs")
        retain = kwargs.get("retain_graph", args[3] if len(args) > 3 else None)
        create = kwargs.get("create_graph", args[4] if len(args) > 4 else False)
        return self._observe(outputs, inputs, True, retain, create, original, args, kwargs)

    def _observe(
        self,
        outputs: tuple[Any, ...],
        inputs: tuple[Any, ...] | None,
        functional: bool,
        retain: Any,
        create: Any,
        original: Callable[..., Any],
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> Any:
        notes = self.notes
        plain = bool(outputs) and inputs != () and TENSORS.issuperset(map(type, (*outputs, *(inputs or ()))))
        if notes.events.closed or not plain or following.inside_functorch():
            return original(*args, **kwargs)
        self.deviate()
        place = notes.errors.guarded(notes.lines.running)
        if place is None:
            return original(*args, **kwargs)
        own = not self.by_library
        asked = Pass(outputs, inputs, functional, bool(retain) and own, bool(create) and own, place)
        begun = notes.errors.guarded(self.backwards.begin, asked)
        if begun is None:
            return original(*args, **kwargs)
        notes.running.differentiating = True
        try:
            result = original(*args, **kwargs)
        except RuntimeError as error:
            notes.errors.guarded(self.backwards.failed, asked, begun, error)
            raise
        finally:
            notes.running.differentiating = False
        gradients = tuple(result.values()) if type(result) is dict else result
        notes.errors.guarded(self.backwards.end, asked, begun, gradients)
        if self.repeats and len(outputs) == 1 and self.backwards.seen is not None:
            node = outputs[0].grad_fn
            root = -1 if node is None else node._sequence_nr()
            self.call = notes.errors.guarded(
                self.repetition.boundary, begun.event, self.backwards.seen, root, self.caller
            )
        self.backwards.seen = None
        return result


def _several(args: list[Any], kwargs: dict[str, Any], position: int, name: str) -> tuple[Any, ...]:
    """The tensors of one argument. A generator can be read only once: what it gave takes its place."""
    place: Any = args if position < len(args) else kwargs
    key: Any = position if position < len(args) else name
    given = args[position] if position < len(args) else kwargs.get(name)
    if given is None:
        return ()
    if isinstance(given, dict):
        return tuple(given.values())
    if isinstance(given, (list, tuple)):
        return tuple(given)
    if is_tensor_like(given) or not hasattr(given, "__iter__"):
        return (given,)
    place[key] = once = tuple(given)
    return once


def _BACKWARD() -> None:
    """Marks the functions that run a backward pass."""


def _GRAD() -> None:
    """Marks ``torch.autograd.grad``."""


def _switch(notes: Notes, func: Any, args: Sequence[Any], kwargs: dict[str, Any], out: Any) -> None:
    """Grad mode is switched; only a switch that is never taken back matters."""
    notes.running.grad_switch = None if args[0] else notes.lines.running()


def _classify_transformed(func: Any) -> Action | None:
    return _TRANSFORMED if getattr(func, "__name__", "") in _DIFFERENCES else None


_BY_NAME = {
    "requires_grad_": Action(inplace.requires_grad),
    "_set_grad_enabled": Action(_switch),
    "backward": Action(_BACKWARD),
    "detach": Action(exits.detach),
    "retain_grad": Action(gradients.retained),
    "tensor": Action(rewraps.rewrap),
    "__repr__": Action(exits.shown),
    "__format__": Action(exits.shown),
    "__setitem__": _INPLACE,
    "add": Action(following.addition),
    "__radd__": Action(following.addition),
    "as_tensor": Action(rewraps.as_tensor),
    "asarray": Action(rewraps.as_tensor),
    **dict.fromkeys(_LEAVING, Action(exits.leaving)),
    **dict.fromkeys(_DIFFERENCES, Action(differences.difference)),
    **dict.fromkeys(_FLAT, Action(following.flattening)),
}
_DESCRIPTORS = {
    ("grad", "__get__"): Action(gradients.grad_read),
    ("grad", "__set__"): Action(gradients.grad_write, gradients.before_grad_write),
    ("grad", "__delete__"): Action(gradients.grad_write, gradients.before_grad_write),
    ("data", "__get__"): Action(exits.data_read),
    ("requires_grad", "__set__"): Action(inplace.requires_grad),
    ("data", "__set__"): Action(inplace.data_write, inplace.before_data_write),
    **{(name, "__get__"): _ORDINARY for name in _VIEWS},
}


def _classify(func: Any) -> Action | None:
    """What to do when this function is called; None: nothing."""
    name = getattr(func, "__name__", "")
    if name in ("__get__", "__set__", "__delete__"):
        return _DESCRIPTORS.get((getattr(getattr(func, "__self__", None), "__name__", ""), name))
    if name in _PASS or not name:
        return None
    if name in _BY_NAME:
        return _BY_NAME[name]
    module = getattr(func, "__module__", None) or ""
    if name == "grad":
        return Action(_GRAD) if module.startswith("torch.autograd") else None
    if name.startswith("__i") and name.endswith("__") and name != "__invert__":
        return _INPLACE
    if name.endswith("_") and not name.endswith("__"):
        return None if module == "torch.nn.init" else _INPLACE
    if "dropout" in name and module == "torch.nn.functional":
        return Action(dropouts.dropout)
    return _ORDINARY
