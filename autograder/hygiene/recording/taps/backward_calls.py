"""Calls of ``backward()`` and ``autograd.grad()``: what was asked for, noted around the pass that they run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import torch
from torch.overrides import is_tensor_like

from autograder.hygiene.recording.effects import following
from autograder.hygiene.recording.effects.backward_passes import Backwards, Pass
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.calls import OTHER
from autograder.hygiene.recording.repeat.expected import Expected
from autograder.hygiene.recording.sources.flows import TENSORS


class BackwardCalls:
    """Observes and runs the calls that make gradients."""

    def __init__(self, notes: Notes, backwards: Backwards, expected: Expected) -> None:
        self._notes = notes
        self._backwards = backwards
        self._expected = expected
        self.repeats = True
        """Steps that repeat each other are noted in short."""
        self.caller: FrameType | None = None
        """The frame that asked for the running backward pass."""
        self.by_library = False
        """The running backward pass was asked for by torch itself (vjp, jacobian), not by the student's code."""

    def repeat(self, original: Callable[..., Any], loss: torch.Tensor) -> Any:
        """Observe and run the ``loss.backward()`` that is expected at the end of a repeated step."""
        result = self._expected.run_pass(original, loss)
        return self.run_backward(original, (loss,), {}) if result is OTHER else result

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
        notes = self._notes
        plain = bool(outputs) and inputs != () and TENSORS.issuperset(map(type, (*outputs, *(inputs or ()))))
        if notes.events.closed or not plain or following.inside_functorch():
            return original(*args, **kwargs)
        self._expected.deviate()
        place = notes.errors.guarded(notes.lines.running)
        if place is None:
            return original(*args, **kwargs)
        own = not self.by_library
        asked = Pass(outputs, inputs, functional, bool(retain) and own, bool(create) and own, place)
        begun = notes.errors.guarded(self._backwards.begin, asked)
        if begun is None:
            return original(*args, **kwargs)
        notes.running.differentiating = True
        try:
            result = original(*args, **kwargs)
        except RuntimeError as error:
            notes.errors.guarded(self._backwards.failed, asked, begun, error)
            raise
        finally:
            notes.running.differentiating = False
        gradients = tuple(result.values()) if type(result) is dict else result
        notes.errors.guarded(self._backwards.end, asked, begun, gradients)
        # A `grad` that was imported before the recording is seen from inside: who called it is not known.
        known = self.caller is not None and self._backwards.seen is not None
        if self.repeats and len(outputs) == 1 and known:
            node = outputs[0].grad_fn
            root = -1 if node is None else node._sequence_nr()
            notes.errors.guarded(self._expected.passed, begun.event, self._backwards.seen, root, self.caller)
        self._backwards.seen = None
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
