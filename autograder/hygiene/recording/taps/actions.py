"""What to do around a call of torch, by the name of the function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograder.hygiene.recording.effects import differences, dropouts, exits, following, gradients, inplace, rewraps
from autograder.hygiene.recording.notes.notes import Notes


class Action(NamedTuple):
    """What to do around a call. An error in here never reaches the student's program."""

    after: Callable[..., None]
    before: Callable[..., Any] | None = None
    """Its result is handed on to ``after``."""
    failed: Callable[..., None] | None = None


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


def BACKWARD() -> None:
    """Marks the functions that run a backward pass."""


def GRAD() -> None:
    """Marks ``torch.autograd.grad``."""


def switch(notes: Notes, func: Any, args: Sequence[Any], kwargs: dict[str, Any], out: Any) -> None:
    """Grad mode is switched; only a switch that is never taken back matters."""
    notes.running.grad_switch = None if args[0] else notes.lines.running()


_BY_NAME = {
    "requires_grad_": Action(inplace.requires_grad),
    "_set_grad_enabled": Action(switch),
    "backward": Action(BACKWARD),
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


def classify(func: Any) -> Action | None:
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
        return Action(GRAD) if module.startswith("torch.autograd") else None
    if name.startswith("__i") and name.endswith("__") and name != "__invert__":
        return _INPLACE
    if name.endswith("_") and not name.endswith("__"):
        return None if module == "torch.nn.init" else _INPLACE
    if "dropout" in name and module == "torch.nn.functional":
        return Action(dropouts.dropout)
    return _ORDINARY


def classify_transformed(func: Any) -> Action | None:
    """The same inside a function that torch.func differentiates."""
    return _TRANSFORMED if getattr(func, "__name__", "") in _DIFFERENCES else None
