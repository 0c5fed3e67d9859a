"""When a step is worth learning, and whether the learned one can be repeated."""

from __future__ import annotations

from types import CodeType, FrameType

from autograder.hygiene.recording.effects.backward_passes import Backwards
from autograder.hygiene.recording.notes.notes import Notes
from autograder.hygiene.recording.repeat.learning import Learning
from autograder.hygiene.recording.repeat.template import Template, template_of
from autograder.hygiene.recording.sources.graph import Walk
from autograder.hygiene.trace.events import Backward

_MOST_MISSES = 4
_MOST_WAITED = 512


class Attempts:
    """Has the step after each pass learned, less often where steps do not repeat each other."""

    def __init__(self, notes: Notes, backwards: Backwards, learning: Learning) -> None:
        self._notes = notes
        self._backwards = backwards
        self._learning = learning
        self._misses = 0
        """How many steps in a row were not repeated."""
        self._resume = 0
        """The step from which on it is worth trying again."""
        self._code: CodeType | None = None
        self._lasti = -1

    def succeeded(self) -> None:
        """A step was repeated."""
        self._misses = 0

    def template(self, event: Backward, seen: Walk, root: int, frame: FrameType) -> Template | None:
        """The step that this pass, noted in full, has ended, if it can be repeated; else the next one is learned."""
        notes = self._notes
        calls = self._learning.learned()
        if notes.events.closed or notes.graphs.hunting or notes.changes.exposed:
            return None
        found = None
        if calls is not None and self._plain(event) and (frame.f_code, frame.f_lasti) == (self._code, self._lasti):
            found = template_of(notes, calls, event, seen, root, frame)
        elif self._code is not None:
            self._misses += 1
            if self._misses > _MOST_MISSES:
                self._resume = notes.steps.number + min(1 << self._misses, _MOST_WAITED)
        self._code, self._lasti = frame.f_code, frame.f_lasti
        if found is None and notes.steps.number >= self._resume:
            self._learning.begin()
        return found

    def _plain(self, event: Backward) -> bool:
        special = event.functional or event.retain or event.failed or event.cuts or self._backwards.retained
        return not special and event.loss is not None and not event.loss.shape
