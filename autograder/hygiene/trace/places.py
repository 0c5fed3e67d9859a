"""Where a line of a recorded run stands for a person: in a notebook, the cell and the line in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Places:
    """Lines of code that is shown to people otherwise than as one file."""

    describe: Callable[[int], str]
    """Words such as ``code cell 3, line 5``."""
    within: Callable[[int], int]
    """The line as it is counted there."""
    text: Callable[[str, int], str]
    """What stands in this line of this file; may be empty."""
