"""Two recorded runs side by side: which backward pass and which parameter of one belongs to which of the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from autograder.hygiene.comparison.matching import matched
from autograder.hygiene.comparison.passes import Entry, Pass, joined_entry, passes
from autograder.hygiene.comparison.tolerance import Tolerance
from autograder.hygiene.trace.events import Place, Value
from autograder.hygiene.trace.wording import begun, listed

if TYPE_CHECKING:
    from autograder.hygiene.trace.view import View


class Aligned(NamedTuple):
    """One parameter (or one vector of all of them) at one pass, in both runs."""

    name: str
    got: Entry
    expected: Entry

    @property
    def quoted(self) -> str:
        """The parameter in a sentence."""
        return listed(self.name.split(", "))

    @property
    def grad(self) -> str:
        """Its gradient in a sentence."""
        return f"gradient of {self.quoted}" if ", " in self.name else f"`{self.name}.grad`"


class Alignment:
    """The backward passes of a run beside the reference's, one by one, and the words for each of them."""

    def __init__(self, trace: View, reference: View, tolerance: Tolerance) -> None:
        self.tolerance = tolerance
        self.got: list[Pass] = passes(trace)
        self.expected: list[Pass] = passes(reference)
        self._trace = trace
        steps = [one.step for one in self.got]
        self._one_pass_a_step = len(set(steps)) == len(steps)
        self._groups = []
        if len(self):
            self._groups = matched(self.got[0].entries, self.expected[0].entries, tolerance.atol)

    def __len__(self) -> int:
        """How many passes both runs have."""
        return min(len(self.got), len(self.expected))

    def parameters(self, index: int) -> Iterator[Aligned]:
        """The parameters that both runs have at this pass."""
        got, expected = self.got[index].entries, self.expected[index].entries
        for ours, theirs in self._groups:
            if all(name in got for name in ours) and all(name in expected for name in theirs):
                yield Aligned(
                    ", ".join(ours),
                    joined_entry([got[name] for name in ours]),
                    joined_entry([expected[name] for name in theirs]),
                )

    def same(self, got: Value | None, expected: Value | None) -> bool:
        """Whether two values agree, or one of them is not known."""
        return got is None or expected is None or self.tolerance.agree(got, expected)

    def label(self, index: int) -> str:
        """``step 3``; ``backward pass 3`` where a step has several."""
        return f"step {self.got[index].step}" if self._one_pass_a_step else f"backward pass {index + 1}"

    def begun(self, index: int) -> str:
        """The same at the beginning of a sentence."""
        return begun(self.label(index))

    def at(self, place: Place | None) -> str:
        """``on line 14`` of the student's code."""
        return self._trace.at(place)
