"""Whether the student's code divides."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from types import CodeType, FrameType

_DIVIDES: dict[CodeType, bool] = {}


def divides(frames: Iterator[FrameType]) -> bool:
    """Whether the student's running functions divide anything: perhaps the learning rate or the loss."""
    for frame in frames:
        code = frame.f_code
        if code not in _DIVIDES:
            _DIVIDES[code] = _divides(list(dis.get_instructions(code)))
        if _DIVIDES[code]:
            return True
    return False


def _divides(steps: list[dis.Instruction]) -> bool:
    """Whether there is a division, other than that of a logged number: ``loss.item() / 4``, ``return total / 4``."""
    for position, step in enumerate(steps):
        if step.opname == "BINARY_TRUE_DIVIDE" or (step.opname == "BINARY_OP" and step.argrepr in ("/", "/=")):
            before = [earlier for earlier in steps[max(position - 5, 0) : position - 1] if earlier.opname != "PRECALL"]
            calls = before[-1:] and before[-1].opname.startswith("CALL")
            logged = calls and len(before) > 1 and before[-2].argval == "item"
            after = [later.opname for later in steps[position + 1 : position + 3]]
            told = after[:1] == ["RETURN_VALUE"] or any(name.startswith("FORMAT_") for name in after)
            if not logged and not told:
                return True
    return False
