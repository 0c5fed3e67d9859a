"""A custom ``autograd.Function`` against finite differences of its own forward."""

from __future__ import annotations

import contextlib
import dis
import io
import math
from collections.abc import Callable, Sequence
from typing import Any

import torch

from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.sources.flows import TENSORS
from autograder.hygiene.trace.events import Mismatch, Place

_STEP = 1e-6
_TOLERANCE = 1e-2
_MOST_NUMBERS = 100_000
_FLAT = 1e-9


def check_function(notes: Notes, cls: Any, call: Callable[..., Any], args: Sequence[Any], place: Place) -> None:
    """Compare the Function's backward with central differences along one direction per input.

    Functions that lie on purpose stay unreported: a forward that is the identity (gradient reversal) or has
    derivative zero (straight-through estimators).
    """
    inputs = [item for item in args if type(item) in TENSORS and item.is_floating_point()]
    wanted = [position for position, item in enumerate(args) if type(item) in TENSORS and item.requires_grad]
    if not wanted or sum(item.numel() for item in inputs) > _MOST_NUMBERS:
        return
    state = torch.get_rng_state()
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            _compare(notes, cls, call, args, wanted, place, state)
    except Exception:  # noqa: BLE001 - the student's own code runs here, on inputs that it may not be made for
        return
    finally:
        torch.set_rng_state(state)


def _compare(
    notes: Notes, cls: Any, call: Callable[..., Any], args: Sequence[Any], wanted: list[int], place: Place, state: Any
) -> None:
    def plain() -> list[Any]:
        return [
            item.detach().double().clone() if type(item) in TENSORS and item.is_floating_point() else item
            for item in args
        ]

    def forward(values: Sequence[Any]) -> torch.Tensor | None:
        torch.set_rng_state(state)
        out = call(*values)
        return out if isinstance(out, torch.Tensor) else None

    generator = torch.Generator().manual_seed(7)
    tracked = plain()
    for position in wanted:
        tracked[position].requires_grad_()
    with torch.enable_grad():
        out = forward(tracked)
        if out is None or out.dtype != torch.float64 or not out.requires_grad:
            return
        if any(out.shape == tracked[at].shape and torch.equal(out.detach(), tracked[at].detach()) for at in wanted):
            return
        weights = torch.randn(out.shape, generator=generator, dtype=torch.float64)
        gradients = torch.autograd.grad(out, [tracked[at] for at in wanted], weights, allow_unused=True)
    for position, gradient in zip(wanted, gradients):
        direction = torch.randn(tracked[position].shape, generator=generator, dtype=torch.float64)
        sides = []
        for sign in (1.0, -1.0):
            moved = plain()
            moved[position] = moved[position] + sign * _STEP * direction
            with torch.no_grad():
                value = forward(moved)
            if value is None:
                return
            sides.append(float((value * weights).sum()))
        measured = (sides[0] - sides[1]) / (2 * _STEP)
        returned = 0.0 if gradient is None else float((gradient * direction).sum())
        scale = max(abs(measured), abs(returned))
        if abs(measured) < _FLAT or not math.isfinite(scale):
            continue
        if abs(measured - returned) > _TOLERANCE * scale + 1e-6:
            notes.events.emit(
                Mismatch(
                    notes.steps.number, _returning(notes, cls) or place, cls.__name__, position, measured, returned
                )
            )
            return


def _returning(notes: Notes, cls: Any) -> Place | None:
    """The line of the backward's last return, where its formula usually stands."""
    code = getattr(getattr(cls, "backward", None), "__code__", None)
    file = -1 if code is None else notes.files.number(code.co_filename)
    if code is None or file < 0:
        return None
    returns = [step.offset for step in dis.get_instructions(code) if step.opname.startswith("RETURN_")]
    lines = [line for start, stop, line in code.co_lines() if line and returns and start <= returns[-1] < stop]
    return Place(file, lines[0]) if lines else None
