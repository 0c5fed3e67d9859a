"""Where the training is: its steps, each of which ends with an update, and its backward passes."""

from __future__ import annotations

EARLY_STEPS = 4
"""The expensive observations (who is behind a detach, which gradient was replaced) stop after these steps."""


class Steps:
    """The numbers of the running step and of the latest backward pass."""

    def __init__(self) -> None:
        self.number = 1
        """The number of the running step."""
        self.updated = False
        """The running step has made an update: the next backward pass begins another one."""
        self.passes = 0
        """How many backward passes there were, which is the number of the latest."""
        self.used_at = 0
        """The number of the last backward pass before the latest update."""
        self.tracing_cuts = True
        """The step is so early that the expensive observations are made."""

    def next(self) -> None:
        """The last step has ended, another one begins."""
        self.number += 1
        self.updated = False
        self.tracing_cuts = self.number <= EARLY_STEPS
