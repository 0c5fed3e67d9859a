"""What a run must leave as it found it: torch's global switches, and the tensors that it was given."""

from __future__ import annotations

import gc
import random
from collections.abc import Sequence
from typing import Any

import torch

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.trace.events import GlobalState, Place

_MOST_INPUTS = 256


_was_frozen = False


def is_frozen() -> bool:
    """Whether somebody has frozen this process's objects; counting those takes long, and is done once."""
    global _was_frozen
    _was_frozen = _was_frozen or gc.get_freeze_count() > 0
    return _was_frozen


class GlobalSnapshot:
    """Torch's switches and random state at one moment, and the way back to them."""

    def __init__(self) -> None:
        self.start = _state()
        self._dtype = torch.get_default_dtype()
        self._warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
        self._check_nan = torch.is_anomaly_check_nan_enabled()
        self._random = torch.get_rng_state()
        self._python_random = random.getstate()
        # The events of a recording survive every collection, so that full ones would come often: let these not
        # walk through all of torch each time.
        self._froze = not is_frozen()
        if self._froze:
            gc.freeze()

    def restore(self) -> GlobalState:
        """The state now, before everything is put back."""
        end = _state()
        if self._froze:
            gc.unfreeze()
        if end.grad_mode != self.start.grad_mode:
            torch.set_grad_enabled(self.start.grad_mode)
        if (end.anomaly, torch.is_anomaly_check_nan_enabled()) != (self.start.anomaly, self._check_nan):
            torch.autograd.set_detect_anomaly(self.start.anomaly, self._check_nan)
        if torch.get_default_dtype() is not self._dtype:
            torch.set_default_dtype(self._dtype)
        if torch.get_num_threads() != self.start.threads:
            torch.set_num_threads(self.start.threads)
        if torch.are_deterministic_algorithms_enabled() != self.start.deterministic:
            torch.use_deterministic_algorithms(self.start.deterministic, warn_only=self._warn_only)
        torch.set_rng_state(self._random)
        random.setstate(self._python_random)
        return end


def _state() -> GlobalState:
    return GlobalState(
        torch.is_grad_enabled(),
        torch.is_anomaly_enabled(),
        str(torch.get_default_dtype()),
        torch.get_num_threads(),
        torch.are_deterministic_algorithms_enabled(),
    )


class InputSnapshot:
    """Copies of argument tensors, to see afterwards what the run did to them."""

    def __init__(self, inputs: Sequence[Any]) -> None:
        self._kept: list[tuple[int, torch.Tensor, torch.Tensor, bool, torch.Tensor | None]] = []
        for position, value in enumerate(inputs):
            for tensor in _tensors(value, 3):
                if len(self._kept) < _MOST_INPUTS:
                    gradient = tensor.grad if tensor.is_leaf else None
                    self._kept.append(
                        (
                            position,
                            tensor,
                            tensor.detach().clone(),
                            tensor.requires_grad,
                            None if gradient is None else gradient.detach().clone(),
                        )
                    )

    def watched(self) -> set[int]:
        """The identities of the tensors."""
        return {id(tensor) for _, tensor, *_ in self._kept}

    def changes(self, notes: Notes) -> list[tuple[int, str, Place | None]]:
        """(position, what, where) for every argument that is not as it was."""
        found: dict[tuple[int, str], Place | None] = {}
        for position, tensor, values, required, gradient in self._kept:
            if tensor.shape != values.shape or not _same(tensor.detach(), values):
                found.setdefault((position, "values"), notes.changes.touched.get(id(tensor)))
            if tensor.requires_grad != required:
                found.setdefault((position, "requires_grad"), notes.changes.touched.get(id(tensor)))
            now = tensor.grad if tensor.is_leaf else None
            if (now is None) != (gradient is None) or (
                now is not None and gradient is not None and not _same(now.detach(), gradient)
            ):
                found.setdefault((position, "grad"), notes.changes.touched.get(id(tensor)))
        return [(position, what, place) for (position, what), place in found.items()]


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.dtype != other.dtype:
        return False
    if one.is_floating_point() or one.is_complex():
        return torch.allclose(one, other, rtol=0.0, atol=0.0, equal_nan=True)
    return torch.equal(one, other)


def _tensors(value: Any, depth: int) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    if depth and isinstance(value, dict):
        value = list(value.values())
    if depth and isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _tensors(item, depth - 1)]
    return []
