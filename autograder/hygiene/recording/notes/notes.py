"""Everything that one recording remembers, part by part."""

from __future__ import annotations

from autograder.hygiene.recording.notes.changes import Changes
from autograder.hygiene.recording.notes.errors import Errors
from autograder.hygiene.recording.notes.events import Events
from autograder.hygiene.recording.notes.graphs import Graphs
from autograder.hygiene.recording.notes.leaves import Leaves
from autograder.hygiene.recording.notes.origins import Origins
from autograder.hygiene.recording.notes.running import Running
from autograder.hygiene.recording.notes.steps import Steps
from autograder.hygiene.recording.notes.updates import Updates
from autograder.hygiene.recording.sources.flows import Flows
from autograder.hygiene.recording.student.files import Files
from autograder.hygiene.recording.student.lines import Lines


class Notes:
    """The notes of one recording. What a part needs of the others stands in its ``__init__``."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.lines = Lines(files)
        self.flows = Flows()
        self.events = Events()
        self.errors = Errors(self.events)
        self.losses: list[float] = []
        self.steps = Steps()
        self.running = Running()
        self.changes = Changes()
        self.updates = Updates(files, self.events, self.steps, self.changes)
        self.leaves = Leaves(files, self.events, self.steps, self.flows, self.updates.rebinding)
        self.graphs = Graphs()
        self.origins = Origins(files)
