"""What one recording notes when a replaced function is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.hygiene.recording.effects.custom_functions import check_function
from autograder.hygiene.recording.effects.rewraps import came_back
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.taps.functional import FunctionalGradients
from autograder.hygiene.trace.events import Seed, Switch


class Listener:
    """Hears of every call of the functions that all recordings replace together."""

    def __init__(
        self, notes: Notes, quiet: Callable[[Callable[[], Any]], Any], functional: FunctionalGradients
    ) -> None:
        self.notes = notes
        self.functional = functional
        """What ``torch.func.grad`` and ``grad_and_value`` tell."""
        self._quiet = quiet
        """Runs something with the watch off, or not at all if the watch is not on top."""

    def seeded(self, seed: Any) -> None:
        """``torch.manual_seed`` is called."""
        notes = self.notes
        if not notes.events.closed:
            notes.events.emit(
                Seed(notes.steps.number + int(notes.steps.updated), notes.lines.running(), int(seed) % (1 << 63))
            )

    def switched(self, what: str) -> None:
        """A global switch is set."""
        notes = self.notes
        if not notes.events.closed:
            notes.events.emit(Switch(notes.steps.number, notes.lines.running(), what))

    def from_numpy(self, array: Any, out: Any) -> None:
        """A tensor was made of an array."""
        if not self.notes.events.closed:
            came_back(self.notes, array, out)

    def optimizer(self, optimizer: Any) -> None:
        """An optimizer is made, or gets another group of parameters."""
        notes = self.notes
        if not notes.events.closed:
            notes.origins.put_optimizer(optimizer, notes.lines.running())

    def custom(self, function: Any, call: Callable[..., Any], args: Sequence[Any]) -> None:
        """``Function.apply``: the backward of a student's Function is compared with finite differences once."""
        notes = self.notes
        if not notes.events.closed and notes.files.defines(function):
            place = notes.lines.running()
            if not notes.events.often("custom" + function.__name__, place, 2):
                self._quiet(lambda: check_function(notes, function, call, args, place))
