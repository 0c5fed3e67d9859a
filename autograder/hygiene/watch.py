"""The torch function mode: sees every torch call of the student's code and tells the notes what matters."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import ref

import torch
from torch.overrides import TorchFunctionMode

from autograder.hygiene import graph
from autograder.hygiene.backward import OVER, Backwards
from autograder.hygiene.events import (
    SOME_GRADIENT,
    ZERO_GRADIENT,
    Added,
    Assigned,
    Broadcast,
    Clear,
    Dropout,
    Forward,
    Kept,
    Leave,
    LostLeaf,
    Place,
    Rewrap,
)
from autograder.hygiene.flows import TENSORS, Flow, merged
from autograder.hygiene.names import TORCH, name_of
from autograder.hygiene.notes import Notes, Slot, state_of, value_of

Action = Callable[["Watch", Callable[..., Any], Sequence[Any], dict[str, Any]], Any]

_PASS = frozenset(
    "size dim shape numel stride storage_offset data_ptr element_size get_device type nelement ndimension "
    "register_hook register_post_accumulate_grad_hook retain_grad __len__ __repr__ __format__ __hash__ __dir__ "
    "_set_grad_enabled is_contiguous is_floating_point is_complex is_signed has_names "
    "__reduce_ex__ __deepcopy__ __contains__ untyped_storage _is_view is_same_size is_inference allclose equal "
    "dtype device layout grad_fn requires_grad is_leaf ndim itemsize nbytes is_sparse is_cuda is_cpu is_meta is_mps "
    "is_quantized is_mkldnn output_nr _version _base names retains_grad is_nested is_conj is_neg share_memory_ "
    "is_shared pin_memory is_pinned record_stream __setstate__ set_printoptions backward_hooks _backward_hooks "
    "_post_accumulate_grad_hooks is_xla is_xpu is_ipu is_vulkan is_maia is_mtia _grad grad_dtype name "
    "_record_function_enter_new _RecordFunction __dlpack_device__".split()
)
_LEAVING = frozenset(
    "item __float__ __int__ __bool__ __index__ __complex__ tolist numpy __array__ __iter__unbind".split()
)
_NUMBERS = frozenset({"item", "__float__", "__int__"})
_DIFFERENCES = frozenset("sub rsub __rsub__ subtract mse_loss l1_loss smooth_l1_loss huber_loss".split())
_FLAT = frozenset("round floor ceil trunc sign sgn heaviside fix".split())
"""Operations that keep the graph but whose derivative is zero."""
_DIVISIONS = frozenset("div true_divide divide mean __truediv__ __rtruediv__".split())
_SUMS = frozenset("add sub rsub __radd__ __rsub__ add_ sub_ subtract".split())
_PRODUCTS = frozenset("mul div true_divide divide multiply __rtruediv__ mul_ div_ reciprocal".split())
_LINEAR = _SUMS | _PRODUCTS | frozenset("neg mean sum clone".split())
_CHAINING = _SUMS | _PRODUCTS | frozenset("stack cat lerp".split())
_MOST_CUTS = 6
_FACTORS = frozenset({"item()", "float()"})
_TERMS = frozenset({"item()", "float()", "tolist()", "numpy()", "torch.no_grad()", "torch.tensor()"})
"""Ways out of the graph that change the gradient silently when the value comes back as a factor or as a term of the
loss. An explicit detach() is a decision."""


class Watch(TorchFunctionMode):
    """Passes every call on, and notes what the rules need to know."""

    def __init__(self, notes: Notes, backwards: Backwards) -> None:
        super().__init__()
        self.notes = notes
        self.backwards = backwards
        self.actions: dict[Any, Action | None] = {}
        self.transformed: dict[Any, Action | None] = _Transformed()
        self.slots = notes.slots
        self.by_library = False
        """The running backward pass was asked for by torch itself (vjp, jacobian), not by the student's code."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        try:
            action = self.actions[func]
        except KeyError:
            action = self.actions[func] = _classify(func)
        except TypeError:
            action = None
        if action is None or self.notes.closed:
            return func(*args, **kwargs) if kwargs else func(*args)
        return action(self, func, args, kwargs or {})

    @contextmanager
    def transforming(self) -> Iterator[None]:
        """While torch.func differentiates a function: its tensors are wrapped, so only shapes are looked at."""
        everything = self.actions
        self.actions = self.transformed
        try:
            yield
        finally:
            self.actions = everything

    def wrapped_difference(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """A difference inside of a function that torch.func differentiates."""
        out = func(*args, **kwargs)
        tensors = [item for item in (*args, *kwargs.values()) if type(item) in TENSORS][:2]
        pair = _column_and_row(tensors)
        if pair is not None:
            tracked = [torch._C._functorch.is_gradtrackingtensor(item) for item in tensors]
            if any(tracked) and not all(tracked):
                place = self.notes.place()
                if not self.notes.often("broadcast", place):
                    column = tensors[tracked.index(True)].dim() == 2
                    self.notes.emit(Broadcast(self.notes.step, place, func.__name__, pair, True, column))
        return out

    # -- ordinary operations ------------------------------------------------------------------------------

    def ordinary(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """An operation that makes a new tensor."""
        out = func(*args, **kwargs) if kwargs else func(*args)
        notes = self.notes
        if type(out) in TENSORS:
            if out.requires_grad:
                if not notes.number:
                    notes.births[id(out)] = (ref(out), notes.place())
                if notes.hunting:
                    self.hunt(func, args, out)
                if not notes.flows.known and not notes.flows.numbers:
                    return out
            self.follow(func, args, kwargs, out)
        elif isinstance(out, (tuple, list)):
            for part in out:
                if type(part) in TENSORS:
                    self.follow(func, args, kwargs, part)
        return out

    def follow(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], out: torch.Tensor) -> None:
        """Give the result the flows of what went in."""
        notes = self.notes
        tracked = out.requires_grad
        flows = notes.flows
        known, numbers = flows.known, flows.numbers
        found: list[Flow] = []
        untracked: list[Flow] = []
        leaves: list[int] = []
        lost = gradients = False
        for argument in _flat((*args, *kwargs.values()) if kwargs else args):
            if type(argument) in TENSORS:
                needs = argument.requires_grad
                if needs and argument.is_leaf:
                    # Also the result of an update that was made a leaf again: it speaks for itself now.
                    if known or not tracked:
                        leaves.append(notes.slot(argument).index)
                    lost = lost or not tracked
                    continue
                entry = known.get(id(argument))
                if entry is not None and entry[0]() is argument:
                    flow = entry[1]
                    gradients = gradients or bool(flow.gradients)
                    (found if needs else untracked).append(flow)
                    lost = lost or (needs and not tracked)
                elif needs and not tracked:
                    lost = True
                    if notes.tracing_cuts:
                        found.append(Flow(values=self.behind(argument)))
                elif not needs and known:
                    slot = self.slots.get(id(argument))
                    if slot is not None and slot.ref() is argument:
                        leaves.append(slot.index)
            elif numbers and id(argument) in numbers:
                untracked.append(numbers[id(argument)][1])
        if not found and not untracked and not lost:
            return
        name = func.__name__
        if tracked:
            if (found or untracked) and not _inside_functorch():
                self._follow_tracked(name, args, out, found, untracked, leaves if gradients else [])
            return
        if _inside_functorch():
            return
        every = found + untracked
        flow = merged(every, name in _DIVISIONS) if every else Flow()
        if leaves:
            flow = flow._replace(values=flow.values.union(leaves))
        if lost and not flow.gradients and len(flow.cuts) < _MOST_CUTS:
            op = "torch.no_grad()" if not torch.is_grad_enabled() else name
            if not any(cut[0] == op for cut in flow.cuts):
                flow = flow._replace(cuts=(*flow.cuts, (op, notes.place(), "")))
        if flow.gradients and flow.update is None and not flow.values.isdisjoint(flow.gradients):
            flow = flow._replace(update=notes.place())
        flows.put(out, flow)

    def _follow_tracked(
        self, name: str, args: Sequence[Any], out: torch.Tensor, found: list[Flow], untracked: list[Flow], leaves: list[int]
    ) -> None:
        """The flow of a result that has a graph: what came in besides the graph."""
        notes = self.notes
        scalar = out.dim() == 0
        kind = ""
        if scalar and name in _SUMS:
            kind = "term"
        elif not scalar and name in _PRODUCTS:
            kind = "scale"
        if kind:
            untracked = [_returning(flow, kind) for flow in untracked]
        every = found + untracked
        flow = merged(every, name in _DIVISIONS)
        if name not in _LINEAR or (name in _PRODUCTS and sum(_has_graph(item) for item in args) > 1):
            flow = flow._replace(cuts=tuple((op, at, "" if how == "term" else how) for op, at, how in flow.cuts))
        if flow.alias >= 0 or flow.how:
            flow = flow._replace(alias=-1, how="")
        if leaves:
            flow = flow._replace(values=flow.values.union(leaves))
            if flow.gradients and flow.update is None and not flow.values.isdisjoint(flow.gradients):
                flow = flow._replace(update=notes.place())
        notes.flows.put(out, flow)

    def addition(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """A sum; perhaps a number is added to a loss."""
        out = self.ordinary(func, args, kwargs)
        if type(out) in TENSORS and out.requires_grad and out.dim() == 0:
            for argument in args:
                if type(argument) is float:
                    place = self.notes.place()
                    if not self.notes.often("added", place, 16):
                        self.notes.emit(Added(self.notes.step, place, argument))
        return out

    def hunt(self, func: Callable[..., Any], args: Sequence[Any], out: torch.Tensor) -> None:
        """Graphs pile up: is this the operation that builds on a graph which was differentiated already?"""
        if func.__name__ not in _CHAINING or out.dim() > 1:
            return
        for argument in _flat(args):
            if _has_graph(argument) and argument.grad_fn is not None:
                if argument.grad_fn._sequence_nr() in self.notes.visited:
                    place = self.notes.place()
                    name = name_of(args[0], self.notes.files.frames(sys._getframe(1))) if args else None
                    self.notes.emit(Kept(self.notes.step, place, name or "", "chain"))
                    self.notes.hunting = False
                    return

    def requires_grad_(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``tensor.requires_grad_()``: remembered for arguments, which should stay as they are."""
        if self.notes.inputs:
            self._note_input(args[0])
        return func(*args, **kwargs)

    def switch(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Grad mode is switched; only the outermost function's switches matter at the end."""
        self.notes.grad_switch = None if args[0] else self.notes.place()
        return func(*args)

    def dropout(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``torch.nn.functional.dropout``: is it on inside of a module that is in eval mode?"""
        notes = self.notes
        training = kwargs.get("training", args[2] if len(args) > 2 else True)
        chance = kwargs.get("p", args[1] if len(args) > 1 else 0.5)
        if training and chance and notes.modes and not notes.modes[-1]:
            place = notes.place()
            if not notes.often("dropout", place, 2):
                notes.emit(Dropout(notes.step, place))
        return self.ordinary(func, args, kwargs)

    def from_numpy(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``torch.from_numpy`` and ``torch.as_tensor``: do values of a leaf come back?"""
        out = func(*args, **kwargs)
        self.came_back(args[0] if args else None, out)
        return out

    def came_back(self, data: Any, out: Any) -> None:
        """Numbers came back from numpy: perhaps those of a leaf that left just before."""
        notes = self.notes
        left = notes.numpy_left
        if left is None or type(out) not in TENSORS or type(data).__module__ != "numpy":
            return
        if left[:2] == (notes.number, notes.updated) and notes.tracing_cuts:
            notes.flows.put(out, Flow(values=left[3], cuts=(("numpy()", left[2], "array"),)))

    def behind(self, tensor: torch.Tensor) -> frozenset[int]:
        """The leaves that a tensor's graph goes back to."""
        seen = graph.walk([tensor.grad_fn], 400)
        return frozenset(self.notes.slot(leaf).index for leaf in seen.leaves)

    def difference(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """A difference of two tensors, perhaps of shapes (N, 1) and (N,)."""
        out = self.ordinary(func, args, kwargs)
        tensors = [item for item in (*args, *kwargs.values()) if type(item) in TENSORS][:2]
        if len(tensors) == 2 and type(out) in TENSORS and out.grad_fn is not None:
            size = _column_and_row(tensors)
            if size is not None:
                tracked = [item.requires_grad for item in tensors]
                if any(tracked) and not all(tracked):
                    prediction = tensors[tracked.index(True)]
                    place = self.notes.place()
                    if not self.notes.often("broadcast", place):
                        event = Broadcast(
                            self.notes.step, place, func.__name__, size, False, prediction.dim() == 2
                        )
                        self.notes.emit(event)
                        self.notes.pending.setdefault(out.grad_fn._sequence_nr(), []).append(event)
        return out

    def flat(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Rounding and its like: a graph, but with derivative zero."""
        out = self.ordinary(func, args, kwargs)
        if type(out) in TENSORS and out.requires_grad and self.notes.tracing_cuts and type(args[0]) in TENSORS:
            flow = self.notes.flows.of(out) or Flow()
            values = self.behind(args[0]) if not args[0].is_leaf else frozenset({self.notes.slot(args[0]).index})
            cuts = (*flow.cuts, (func.__name__, self.notes.place(), ""))
            self.notes.flows.put(out, flow._replace(values=flow.values | values, cuts=cuts[:6]))
        return out

    # -- gradients ----------------------------------------------------------------------------------------

    def grad_read(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``tensor.grad``."""
        tensor = args[0]
        gradient = func(tensor)
        notes = self.notes
        slot = self.slots.get(id(tensor))
        if slot is not None and slot.ref() is tensor:
            if gradient is None:
                notes.none_read = (slot.index, notes.place(), None)
                return None
            slot.read = True
            leaf = notes.leaves[slot.index]
            if not leaf.read and not sys._getframe(2).f_code.co_filename.startswith(TORCH):
                leaf.read = True
            flow = slot.flow
            if flow is None:
                flow = slot.flow = Flow({slot.index: (slot.backward, slot.reads)}, how="gradient")
            entry = notes.flows.known.get(id(gradient))
            if entry is None or entry[1] is not flow or entry[0]() is not gradient:
                notes.flows.put(gradient, flow)
        elif gradient is None:
            flow = notes.flows.of(tensor)
            if flow is not None and flow.update is not None:
                leaf = next((leaf for leaf in sorted(flow.values) if leaf in flow.gradients), -1)
                if not tensor.is_leaf or not tensor.requires_grad:
                    notes.none_read = (leaf, notes.place(), flow.update)
                    if leaf >= 0 and not notes.often("lost", flow.update, 1):
                        name = name_of(tensor, notes.files.frames(sys._getframe(1)))
                        notes.emit(
                            LostLeaf(notes.step, flow.update, leaf, name or notes.leaves[leaf].name, tensor.requires_grad)
                        )
            elif tensor.is_leaf and tensor.requires_grad:
                notes.none_read = (notes.slot(tensor).index, notes.place(), None)
            else:
                self._never_a_leaf(tensor)
        return gradient

    def _never_a_leaf(self, tensor: torch.Tensor) -> None:
        notes = self.notes
        notes.none_read = (-1, notes.place(), None)
        born = notes.births.get(id(tensor))
        if born is None or born[0]() is not tensor:
            return
        leaves = sorted(self.behind(tensor))
        if leaves and not notes.often("lost", born[1], 1):
            notes.none_read = (leaves[0], notes.place(), born[1])
            name = name_of(tensor, notes.files.frames(sys._getframe(1)))
            notes.emit(LostLeaf(notes.step, born[1], leaves[0], name or notes.leaves[leaves[0]].name, True))

    def grad_write(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``tensor.grad = …`` or ``del tensor.grad``."""
        notes = self.notes
        slot = notes.find(args[0])
        before = args[0].grad if slot is not None else None
        fresh = slot is not None and slot.kept(before) and slot.kept_state == SOME_GRADIENT and not notes.updated
        computed = value_of(before) if fresh and before is not None and notes.step <= 4 else None
        result = func(*args)
        if slot is not None:
            value = args[1] if len(args) > 1 else None
            if computed is not None and isinstance(value, torch.Tensor):
                flow = notes.flows.of(value)
                assigned = value_of(value)
                if assigned is not None and not (flow is not None and flow.gradients):
                    notes.emit(Assigned(notes.step, notes.place(), slot.index, computed, assigned))
            if value is None:
                notes.emit(Clear(notes.step, notes.place(), slot.index, "None"))
            elif isinstance(value, torch.Tensor) and state_of(value) == ZERO_GRADIENT:
                notes.emit(Clear(notes.step, notes.place(), slot.index, "zeros"))
            slot.flow = None
        return result

    # -- in-place changes ---------------------------------------------------------------------------------

    def inplace(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """An operation that changes its first argument (or its first list of arguments)."""
        target = args[0] if args else kwargs.get("input", kwargs.get("self"))
        if isinstance(target, (list, tuple)):
            return self._inplace_list(func, args, kwargs, target)
        notes = self.notes
        slot, how = self._owner(target)
        if slot is not None:
            notes.before_update(slot, target)
        try:
            out = func(*args, **kwargs) if kwargs else func(*args)
        except RuntimeError as error:
            self._inplace_failed(func, target, error)
            raise
        if slot is not None:
            self._changed(slot, how, (*args[1:], *kwargs.values()))
        elif type(target) in TENSORS:
            self._note_input(target)
            if target.requires_grad or notes.step <= 4:
                notes.changes.append((list(target.shape), target._version, notes.place()))
            if notes.hunting and target.requires_grad:
                self.hunt(func, args, target)
            self._touched(func, target, args, kwargs)
        return out

    def _note_input(self, target: torch.Tensor) -> None:
        notes = self.notes
        if notes.inputs:
            for tensor in (target, target._base):
                if tensor is not None and id(tensor) in notes.inputs:
                    notes.touched.setdefault(id(tensor), notes.place())

    def _inplace_list(
        self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], targets: Sequence[Any]
    ) -> Any:
        owners = [self._owner(target) for target in targets]
        for (slot, _), target in zip(owners, targets):
            if slot is not None:
                self.notes.before_update(slot, target)
        try:
            out = func(*args, **kwargs) if kwargs else func(*args)
        except RuntimeError as error:
            self._inplace_failed(func, targets[0] if targets else None, error)
            raise
        for position, ((slot, how), target) in enumerate(zip(owners, targets)):
            sources = tuple(
                item[position] if isinstance(item, (list, tuple)) and len(item) == len(targets) else item
                for item in (*args[1:], *kwargs.values())
            )
            if slot is not None:
                self._changed(slot, how, sources)
            elif type(target) in TENSORS:
                self._touched(func, target, (target, *sources), {})
        return out

    def _owner(self, target: Any) -> tuple[Slot | None, str]:
        slot = self.slots.get(id(target))
        if slot is not None and slot.ref() is target:
            return slot, "inplace"
        flow = self.notes.flows.of(target)
        if flow is not None and flow.alias >= 0:
            for slot in self.slots.values():
                if slot.index == flow.alias and slot.ref() is not None:
                    return slot, flow.how
        return None, ""

    def _changed(self, slot: Slot, how: str, sources: Sequence[Any]) -> None:
        notes = self.notes
        known = notes.flows.known
        found = []
        for source in sources:
            entry = known.get(id(source))
            if entry is not None and entry[0]() is source:
                found.append(entry[1])
        tensor = slot.ref()
        if tensor is not None:
            library = sys._getframe(3).f_code.co_filename.startswith(TORCH)
            notes.after_update(slot, tensor, notes.place(), how, found, library)

    def _touched(
        self, func: Callable[..., Any], target: torch.Tensor, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> None:
        notes = self.notes
        flow = notes.flows.of(target)
        if flow is not None and flow.how == "gradient":
            name = func.__name__
            if (name in ("zero_", "fill_", "mul_", "copy_", "_foreach_zero_")) and state_of(target) == ZERO_GRADIENT:
                (leaf,) = flow.gradients
                notes.emit(Clear(notes.step, notes.place(), leaf, name))
            return
        if flow is not None and flow.how == "memory":
            self._note_hidden_write(target)
        if notes.flows.known:
            self.follow(func, args, kwargs, target)

    def _note_hidden_write(self, target: torch.Tensor) -> None:
        writes = self.backwards.data_writes
        if len(writes) < 64:
            writes.append(
                (
                    target.untyped_storage().data_ptr(),
                    torch._C._autograd._get_sequence_nr(),
                    self.notes.place(),
                    "",
                )
            )

    def _inplace_failed(self, func: Callable[..., Any], target: Any, error: RuntimeError) -> None:
        if "leaf Variable that requires grad" not in str(error):
            return
        leaf = -1
        if isinstance(target, torch.Tensor):
            base = target._base if target._base is not None else target
            if base.is_leaf:
                leaf = self.notes.slot(base).index
        self.notes.failed("tracked-inplace", func.__name__, error, self.notes.place(), leaf=leaf)

    # -- .data, detach, and everything that leaves the graph --------------------------------------------------

    def data_read(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``tensor.data``."""
        tensor = args[0]
        out = func(tensor)
        self._alias(tensor, out, "data")
        return out

    def _alias(self, tensor: torch.Tensor, out: torch.Tensor, how: str) -> None:
        notes = self.notes
        slot = notes.find(tensor)
        if slot is None and tensor.requires_grad and tensor.is_leaf and notes.tracing_cuts:
            slot = notes.slot(tensor)
        op = ".data" if how == "data" else "detach()"
        if slot is not None:
            notes.flows.put(
                out, Flow(values=frozenset({slot.index}), cuts=((op, notes.place(), ""),), alias=slot.index, how=how)
            )
            return
        flow = notes.flows.of(tensor)
        if tensor.requires_grad:
            if notes.tracing_cuts:
                flow = flow or Flow()
                place = notes.place()
                if not notes.often("detach", place, 64):
                    forwards = self._left(op, tensor, place)
                    flow = flow._replace(
                        values=flow.values | self.behind(tensor),
                        cuts=(*flow.cuts, (op, place, ""))[:_MOST_CUTS],
                        alias=-1,
                        how="",
                        forwards=(*flow.forwards, *forwards)[-8:],
                    )
        if how == "data" and not (flow is not None and flow.gradients):
            flow = (flow or Flow())._replace(how="memory")
        if flow is not None:
            notes.flows.put(out, flow)

    def data_write(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``tensor.data = …``."""
        tensor, value = args
        slot = self.notes.find(tensor)
        flow = self.notes.flows.of(value)
        same = slot is not None and flow is not None and flow.alias == slot.index
        if slot is not None and not same:
            self.notes.before_update(slot, tensor)
        result = func(*args)
        if slot is not None and not same:
            self._changed(slot, "data", (value,))
        return result

    def detach(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``tensor.detach()``."""
        out = func(*args, **kwargs)
        if type(args[0]) in TENSORS and type(out) in TENSORS:
            self._alias(args[0], out, "alias")
        return out

    def leaving(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``item``, ``float``, ``numpy`` and the like."""
        tensor = args[0]
        notes = self.notes
        out = func(*args, **kwargs)
        if type(tensor) not in TENSORS:
            return out
        flow = notes.flows.of(tensor)
        tracked = tensor.requires_grad
        if flow is not None:
            for index in flow.forwards:
                waiting = notes.events[index]
                if isinstance(waiting, Forward):
                    waiting.measured = True
        if not tracked and flow is None:
            return out
        name = func.__name__.strip("_")
        if tracked:
            place = notes.place()
            self._left(name, tensor, place, out if type(out) is float else None)
            if not notes.tracing_cuts:
                return out
            if tensor.is_leaf:
                values = frozenset({notes.slot(tensor).index})
            else:
                values = self.behind(tensor)
            flow = flow or Flow()
            flow = flow._replace(values=flow.values | values, cuts=(*flow.cuts, (name + "()", place, ""))[:6])
        if name == "numpy" and flow is not None and flow.alias >= 0 and notes.tracing_cuts:
            notes.numpy_left = (notes.number, notes.updated, notes.place(), flow.values)
        if flow is not None and notes.tracing_cuts and name != "bool":
            notes.flows.put_number(out, flow._replace(alias=-1, how=""))
        return out

    def _left(self, op: str, tensor: torch.Tensor, place: Place, value: float | None = None) -> tuple[int, ...]:
        """Note that a value left its graph; the module calls in that graph, as places in the list of events."""
        notes = self.notes
        if notes.often("leave", place):
            return ()
        node = tensor.grad_fn
        number = node._sequence_nr() if node is not None else -1
        leaves = sorted(self.behind(tensor)) if notes.tracing_cuts and node is not None else []
        if node is None and tensor.is_leaf and notes.tracing_cuts:
            leaves = [notes.slot(tensor).index]
        event = Leave(notes.step, place, op, leaves, node is not None, number in notes.visited, value)
        notes.emit(event)
        forwards: list[int] = []
        if node is not None and not event.used:
            inside = graph.walk([node], 400).numbers
            forwards = [
                notes.positions[id(waiting)]
                for number in inside & notes.pending.keys()
                for waiting in notes.pending[number]
                if isinstance(waiting, Forward)
            ]
            if inside & notes.visited:
                event.used = True
            else:
                for number in inside:
                    notes.pending.setdefault(number, []).append(event)
        return tuple(forwards)

    def rewrap(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``torch.tensor(…)`` around tensors."""
        out = func(*args, **kwargs)
        data = args[0] if args else kwargs.get("data")
        self.came_back(data, out)
        inside: list[torch.Tensor] = []
        _collect(data, inside, 3)
        notes = self.notes
        if notes.flows.known or notes.flows.numbers:
            self.follow(func, (*inside, *_floats(data)), {}, out)
        if inside:
            place = notes.place()
            tracked = [item for item in inside if item.requires_grad]
            if not notes.often("rewrap", place):
                event = Rewrap(notes.step, place, bool(tracked))
                size = len(notes.events)
                notes.emit(event)
                if len(notes.events) > size and not tracked and not out.requires_grad:
                    flow = notes.flows.of(out) or Flow()
                    notes.flows.put(out, flow._replace(forwards=(*flow.forwards, size)[-8:]))
                for item in tracked:
                    if item.grad_fn is not None:
                        notes.pending.setdefault(item.grad_fn._sequence_nr(), []).append(event)
            if tracked and notes.tracing_cuts:
                flow = notes.flows.of(out) or Flow()
                values: frozenset[int] = flow.values
                for item in tracked:
                    values |= frozenset({notes.slot(item).index}) if item.is_leaf else self.behind(item)
                cuts = tuple(cut for cut in flow.cuts if cut[1] != place)
                flow = flow._replace(values=values, cuts=(*cuts, ("torch.tensor()", place, ""))[:6])
                notes.flows.put(out, flow)
        return out

    # -- backward passes --------------------------------------------------------------------------------------

    def backward(self, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """``loss.backward()`` or ``torch.autograd.backward(losses)``."""
        return self.run_backward(func, args, kwargs)

    def run_backward(self, original: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Observe and run one accumulating backward pass."""
        outputs = args[0] if args else kwargs.get("tensors")
        outputs = tuple(outputs) if isinstance(outputs, (list, tuple)) else (outputs,)
        method = getattr(original, "__name__", "") == "backward" and isinstance(args[0] if args else None, torch.Tensor)
        inputs = kwargs.get("inputs")
        if inputs is None and method and len(args) > 4:
            inputs = args[4]
        if isinstance(inputs, torch.Tensor):
            inputs = (inputs,)
        retain = kwargs.get("retain_graph", args[2] if len(args) > 2 else None)
        create = bool(kwargs.get("create_graph", args[3] if len(args) > 3 else False))
        return self._observe(outputs, inputs or None, False, retain, create, original, args, kwargs)

    def run_grad(self, original: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Observe and run one ``torch.autograd.grad``."""
        outputs = args[0] if args else kwargs.get("outputs")
        inputs = args[1] if len(args) > 1 else kwargs.get("inputs")
        outputs = tuple(outputs) if isinstance(outputs, (list, tuple)) else (outputs,)
        inputs = tuple(inputs) if isinstance(inputs, (list, tuple)) else (inputs,)
        retain = kwargs.get("retain_graph", args[3] if len(args) > 3 else None)
        create = bool(kwargs.get("create_graph", args[4] if len(args) > 4 else False))
        return self._observe(outputs, inputs, True, retain, create, original, args, kwargs)

    def _observe(
        self,
        outputs: Sequence[Any],
        inputs: Sequence[Any] | None,
        functional: bool,
        retain: bool | None,
        create: bool,
        original: Callable[..., Any],
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> Any:
        plain = all(type(item) in TENSORS for item in (*outputs, *(inputs or ())))
        if self.notes.closed or not plain or _inside_functorch():
            return original(*args, **kwargs)
        result = self.backwards.run(
            outputs, inputs, functional, retain and not self.by_library, create and not self.by_library, self.notes.place(), lambda: original(*args, **kwargs)
        )
        if result is OVER:
            self.notes.closed = True
            return original(*args, **kwargs)
        return result


def _inside_functorch() -> bool:
    return torch._C._functorch.maybe_current_level() is not None


def _flat(arguments: Sequence[Any]) -> Iterator[Any]:
    for argument in arguments:
        if type(argument) is tuple or type(argument) is list:
            yield from argument[:256]
        else:
            yield argument


def _has_graph(argument: Any) -> bool:
    return type(argument) in TENSORS and argument.requires_grad


def _column_and_row(tensors: Sequence[torch.Tensor]) -> int | None:
    """N, if one tensor has shape (N, 1) and the other (N,), with N > 1."""
    if len(tensors) != 2:
        return None
    row, column = sorted((tuple(item.shape) for item in tensors), key=len)
    return row[0] if len(row) == 1 and row[0] > 1 and column == (row[0], 1) else None


def _returning(flow: Flow, kind: str) -> Flow:
    """The flow of a value without a graph that is combined with one that has a graph."""
    loud = _TERMS if kind == "term" else _FACTORS
    cuts = tuple((op, at, kind if not how and op in loud else how) for op, at, how in flow.cuts)
    return flow._replace(cuts=cuts)


def _collect(data: Any, into: list[torch.Tensor], depth: int) -> None:
    if type(data) in TENSORS:
        into.append(data)
    elif depth and isinstance(data, (list, tuple)):
        for item in data[:256]:
            _collect(item, into, depth - 1)


def _floats(data: Any) -> list[float]:
    if isinstance(data, float):
        return [data]
    if isinstance(data, (list, tuple)):
        return [item for item in data[:256] if type(item) is float]
    return [data] if data is not None and type(data).__module__ == "numpy" else []


def _grad(self: Watch, func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    return self.run_grad(func, args, kwargs)


class _Transformed(dict[Any, "Action | None"]):
    def __missing__(self, func: Any) -> Action | None:
        action = Watch.wrapped_difference if getattr(func, "__name__", "") in _DIFFERENCES else None
        self[func] = action
        return action


def _classify(func: Callable[..., Any]) -> Action | None:
    """What to do when this function is called; None: nothing."""
    name = getattr(func, "__name__", "")
    if name in ("__get__", "__set__", "__delete__"):
        descriptor = getattr(getattr(func, "__self__", None), "__name__", "")
        if descriptor == "grad":
            return Watch.grad_read if name == "__get__" else Watch.grad_write
        if descriptor == "data":
            return Watch.data_read if name == "__get__" else Watch.data_write
        if descriptor in ("T", "mT", "H", "mH", "real", "imag") and name == "__get__":
            return Watch.ordinary
        return None
    if name == "requires_grad_":
        return Watch.requires_grad_
    if name == "_set_grad_enabled":
        return Watch.switch
    if name in _PASS or not name:
        return None
    if func is torch.Tensor.backward or func is torch.autograd.backward or name == "backward":
        return Watch.backward
    if name == "grad" and getattr(func, "__module__", "").startswith("torch.autograd"):
        return _grad
    if name in _LEAVING:
        return Watch.leaving
    if name == "detach":
        return Watch.detach
    if name == "tensor":
        return Watch.rewrap
    if name == "__setitem__" or (name.startswith("__i") and name.endswith("__") and name not in ("__invert__", "__index__")):
        return Watch.inplace
    if name.endswith("_") and not name.endswith("__"):
        return None if getattr(func, "__module__", "") == "torch.nn.init" else Watch.inplace
    if name in _DIFFERENCES:
        return Watch.difference
    if name in ("add", "__radd__"):
        return Watch.addition
    if name in ("from_numpy", "as_tensor", "asarray"):
        return Watch.from_numpy
    if "dropout" in name and getattr(func, "__module__", "") == "torch.nn.functional":
        return Watch.dropout
    if name in _FLAT:
        return Watch.flat
    return Watch.ordinary


