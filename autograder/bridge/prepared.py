"""A submission that is ready to be run: compiled, a notebook cut to what is needed.

Reading and cutting a notebook takes some 10 ms. The first worker of a submission does it and hands the result to the
later ones, by way of the judge, who passes the bytes on unread. They are as untrusted as the submission, and run where
only its own code runs.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import CodeType, ModuleType

from autograder.bridge.messages import MAX_PREPARED
from autograder.notebook.running import Ran, Step, run_steps
from autograder.notebook.stand_ins import builtins_for


@dataclass(frozen=True)
class Prepared:
    """The code of one submission."""

    caught: frozenset[int]
    """Lines of imports that may fail."""
    code: CodeType | list[Step]
    """A module's; of a notebook that of each statement."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """Names that only cells bind which are no Python, with what is wrong with them."""

    def encoded(self) -> bytes:
        """For another process with the same Python; empty where that is not possible."""
        steps = [tuple(step) for step in self.code] if isinstance(self.code, list) else self.code
        try:
            made = marshal.dumps((self.caught, steps, dict(self.unread)))
        except ValueError:  # a statement that the compiler did not take
            return b""
        return made if len(made) <= MAX_PREPARED else b""

    @classmethod
    def decoded(cls, data: bytes) -> Prepared:
        """What was encoded."""
        caught, steps, unread = marshal.loads(data)
        return cls(caught, [Step(*step) for step in steps] if isinstance(steps, list) else steps, unread)

    def run(self, module: ModuleType, source: str, filename: str, seconds: float) -> Ran:
        """Fills the module; of a notebook nothing is raised, of a module whatever the student's code raises.

        ``seconds``: the processor time that loading a notebook may take.
        """
        names = vars(module)
        names["__builtins__"] = builtins_for(self.caught, filename)
        if isinstance(self.code, list):
            return run_steps(self.code, names, source, filename, seconds, self.unread)
        exec(self.code, names)
        return Ran((), {})
