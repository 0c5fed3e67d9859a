"""Reading the same few tensors step after step, at the cost of copying their memory."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import torch

from autograder.hygiene.recording.sources.values import state_of_value, value_of
from autograder.hygiene.trace.events import FULL_VALUES, SOME_GRADIENT, ZERO_GRADIENT, Value

Number = Any
"""What was read of one tensor: a float (of a scalar), its bytes, a Value, or None where there was none."""
_CODES = {torch.float32: "f", torch.float64: "d"}
_ZEROS = b"\x00\x80"
"""The bytes of which 0.0 and -0.0 consist."""


class Readings:
    """Reads these tensors, or others of the same shapes and types, and tells later what the numbers were.

    Calls of torch cost most of what they cost because its code is not in the processor's cache at that moment; numpy
    views of small tensors need none.
    """

    def __init__(self, tensors: Sequence[torch.Tensor]) -> None:
        self._tensors = list(tensors)
        self._shapes = [list(tensor.shape) for tensor in tensors]
        self._codes = [_code(tensor) for tensor in tensors]
        self._views = [tensor.detach().numpy() if code else None for tensor, code in zip(tensors, self._codes)]
        self._pointers = [tensor.data_ptr() for tensor in tensors]

    def release(self) -> None:
        """Nothing is read any more: let go of the tensors. What was read can still be told."""
        self._tensors, self._views = [], []

    def moved(self) -> bool:
        """Whether one of the tensors has got other memory."""
        return any(tensor.data_ptr() != known for tensor, known in zip(self._tensors, self._pointers))

    def now(self) -> tuple[Number, ...]:
        """What the tensors hold now."""
        pairs = zip(self._tensors, self._views)
        return tuple([_read(tensor, "") if view is None else view.tobytes() for tensor, view in pairs])

    def of(self, tensors: Sequence[torch.Tensor | None]) -> tuple[Number, ...]:
        """What others like them hold: their gradients."""
        return tuple([None if tensor is None else _read(tensor, code) for tensor, code in zip(tensors, self._codes)])

    def value(self, position: int, number: Number) -> Value | None:
        """What was read of the tensor at this position, as a Value."""
        if type(number) is float:
            return Value([], [number])
        if type(number) is bytes:
            numbers: list[Any] = array(self._codes[position], number).tolist()
            return Value(self._shapes[position], numbers)
        found: Value | None = number
        return found

    def state(self, position: int, number: Number) -> int:
        """ZERO_GRADIENT or SOME_GRADIENT."""
        if type(number) is float:
            return SOME_GRADIENT if number else ZERO_GRADIENT
        if type(number) is bytes and number.translate(None, _ZEROS):
            return SOME_GRADIENT
        return state_of_value(self.value(position, number))


def _code(tensor: torch.Tensor) -> str:
    small = tensor.dim() > 0 and tensor.numel() <= FULL_VALUES
    plain = small and tensor.layout is torch.strided and tensor.device.type == "cpu" and not tensor.is_neg()
    return _CODES.get(tensor.dtype, "") if plain else ""


def _read(tensor: torch.Tensor, code: str) -> Number:
    if code and not tensor.is_sparse:
        return tensor.numpy(force=True).tobytes()  # by force: also of a lazily negated gradient
    return value_of(tensor) if tensor.dim() else tensor.item()
