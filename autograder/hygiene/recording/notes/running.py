"""What the program is in the middle of."""

from __future__ import annotations

from autograder.hygiene.trace.events import Place


class Running:
    """The backward pass, the module calls and the grad mode of the moment."""

    def __init__(self) -> None:
        self.differentiating = False
        """A backward pass is running: module calls in it repeat checkpointed ones."""
        self.modes: list[bool] = []
        """The training flags of the modules whose forward is running."""
        self.grad_switch: Place | None = None
        """The line that has switched grad mode off."""
