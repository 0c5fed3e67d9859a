"""The first step at which a recorded training run parts from the reference's, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from autograder.hygiene.comparison.alignment import Entry, Pass, agree, joined, near, pairs, passes
from autograder.hygiene.comparison.ratios import PARALLEL, compared_rates, factor, plain, rate, times
from autograder.hygiene.trace.events import Value
from autograder.hygiene.trace.wording import listed, number, numbers
from autograder.results import Diagnostic

if TYPE_CHECKING:
    from autograder.hygiene.verdict.trace import Trace

_EXPLAINING_WARNINGS = frozenset({"GH104"})


@dataclass(frozen=True)
class Divergence:
    """Where two runs part: the step, both values, and one or two sentences for the student."""

    step: int
    parameter: str | None
    got: Any
    expected: Any
    """A float, a list of floats, or None where only the norm of a large tensor is known."""
    sentence: str
    """The whole explanation; it may name the reference's values."""
    code: str | None
    """The rule that explains the difference, if one does."""
    diagnostics: tuple[Diagnostic, ...]
    quantity: str
    """``parameter``, ``gradient``, ``loss``, or ``steps`` where one run is longer than the other."""
    safe: str
    """The explanation from the student's own numbers alone, for hidden checks."""

    @property
    def explained_by_own_run(self) -> bool:
        """Whether the whole sentence needs nothing but the student's own numbers."""
        return self.safe == self.sentence


@dataclass(frozen=True)
class _Aligned:
    """One parameter (or one vector of all of them) at one pass, in both runs."""

    name: str
    got: Entry
    expected: Entry


def first_divergence(trace: Trace, reference_trace: Trace, *, atol: float, rtol: float = 0.0) -> Divergence | None:
    """The first step at which the run parts from the reference's in loss, gradient or parameter; None if nowhere."""
    got, expected = passes(trace), passes(reference_trace)
    groups = pairs(got, expected, atol) or []
    comparison = _Comparison(trace, got, expected, groups, atol, rtol)
    found = comparison.first() or _losses(trace, reference_trace, min(len(got), len(expected)), atol, rtol)
    found = found or _length(trace, reference_trace) or _history(trace.value, reference_trace.value, atol, rtol)
    return _with_diagnostics(found, trace) if found is not None else None


class _Comparison:
    def __init__(
        self,
        trace: Trace,
        got: list[Pass],
        expected: list[Pass],
        groups: list[tuple[list[str], list[str]]],
        atol: float,
        rtol: float,
    ) -> None:
        self.trace, self.got, self.expected, self.groups = trace, got, expected, groups
        self.atol, self.rtol = atol, rtol
        steps = [one.step for one in got]
        self.single = len(set(steps)) == len(steps)
        """Every step has one backward pass."""

    def first(self) -> Divergence | None:
        for index in range(min(len(self.got), len(self.expected))):
            found = self._start(index) if index == 0 else None
            found = found or self._loss(index) or self._gradient(index) or self._update(index)
            if found is not None:
                return found
        return None

    def label(self, index: int) -> str:
        return f"step {self.got[index].step}" if self.single else f"backward pass {index + 1}"

    def aligned(self, index: int) -> Iterator[_Aligned]:
        for ours, theirs in self.groups:
            got, expected = self.got[index].entries, self.expected[index].entries
            if all(name in got for name in ours) and all(name in expected for name in theirs):
                name = ours[0] if len(ours) == 1 else ", ".join(ours)
                yield _Aligned(name, _entry(got, ours), _entry(expected, theirs))

    def same(self, got: Value | None, expected: Value | None) -> bool:
        if got is None or expected is None:
            return True
        return agree(got, expected, self.atol, self.rtol)

    # -- the four places where runs part ------------------------------------------------------------------------

    def _start(self, index: int) -> Divergence | None:
        for item in self.aligned(index):
            if not self.same(item.got.value, item.expected.value):
                safe = f"Your run starts from {item.name} = {numbers(item.got.value)}, which is not right."
                return self._found(
                    index, "parameter", item.name, item.got.value, item.expected.value, safe,
                    f"Your run starts from {item.name} = {numbers(item.got.value)}, the reference from "
                    f"{numbers(item.expected.value)}.",
                )  # fmt: skip
        return None

    def _loss(self, index: int) -> Divergence | None:
        got, expected = self.got[index], self.expected[index]
        if got.loss is None or expected.loss is None or near(got.loss, expected.loss, self.atol, self.rtol):
            return None
        head = f"{_upper(self.label(index))}: your loss{self.trace.at(got.place)} is {number(got.loss)}"
        sentence = f"{head}, the reference's is {number(expected.loss)}, at the same parameters."
        relation = factor([got.loss], [expected.loss])
        summed, averaged = any("Sum" in name for name in got.roots[:2]), any("Mean" in n for n in expected.roots[:2])
        if relation:
            sentence = f"{head}, {relation} reference's, {number(expected.loss)}."
            if summed and averaged:
                sentence += " It is a sum where a mean was asked for."
        elif self._ahead(index):
            sentence += " It is the reference's loss of the next step: there is an update too many before it."
        return self._found(
            index,
            "loss",
            None,
            Value([], [got.loss]),
            Value([], [expected.loss]),
            f"{head}, which is not right.",
            sentence,
        )

    def _ahead(self, index: int) -> bool:
        losses = [item.loss for item in self.got[index:]]
        later = [item.loss for item in self.expected[index + 1 :]]
        together = list(zip(losses, later, strict=False))
        return len(together) > 1 and all(
            one is not None and other is not None and near(one, other, self.atol, self.rtol) for one, other in together
        )

    def _gradient(self, index: int) -> Divergence | None:
        differing = [item for item in self.aligned(index) if not self.same(item.got.gradient, item.expected.gradient)]
        if not differing:
            return self._no_gradient(index)
        uncleared = [item for item in differing if self._earlier(item, index) is not None]
        if uncleared:
            return self._uncleared(index, uncleared)
        item = differing[0]
        got, expected = item.got.gradient, item.expected.gradient
        assert got is not None and expected is not None
        head = f"{_upper(self.label(index))}: your {_grad(item.name)} is {numbers(got)}"
        sentence = f"{head}, the reference's is {numbers(expected)}, at the same parameters and the same loss."
        relation = factor(got.numbers, expected.numbers)
        if got.numbers and not any(got.numbers):
            sentence = f"{head}, the reference's is {numbers(expected)}: the loss does not reach {_quoted(item.name)}."
        elif relation:
            sentence = f"{head}, {relation} reference's, {numbers(expected)}, although the loss is the same."
        return self._found(index, "gradient", item.name, got, expected, f"{head}, which is not right.", sentence)

    def _no_gradient(self, index: int) -> Divergence | None:
        for item in self.aligned(index):
            if item.got.gradient is None and item.expected.gradient is not None:
                head = f"{_upper(self.label(index))}: your {_grad(item.name)} is None"
                return self._found(
                    index, "gradient", item.name, None, item.expected.gradient, f"{head}, where it needs a value.",
                    f"{head}, the reference's is {numbers(item.expected.gradient)}.",
                )  # fmt: skip
        return None

    def _update(self, index: int) -> Divergence | None:
        for item in self.aligned(index):
            if self.same(item.got.after, item.expected.after):
                continue
            assert item.got.after is not None and item.expected.after is not None
            name, at = _quoted(item.name), self.trace.at(item.got.place)
            values = f"{name} is {numbers(item.got.after)} after your update{at}"
            head = f"{_upper(self.label(index))}: {values}"
            safe = f"{head}, which is not right."
            sentence = f"{head}, and {numbers(item.expected.after)} in the reference, from the same gradient."
            ours, theirs = rate(item.got), rate(item.expected)
            if ours is not None and theirs is not None:
                moved = f"{head}: it moved by {times(ours)} its gradient"
                safe = f"{moved}, which is not right."
                if ours == 0:
                    sentence = safe = (
                        f"{_upper(self.label(index))}: {name} stays at {numbers(item.got.after)}; it is not updated."
                    )
                elif near(ours, -theirs, 1e-9, PARALLEL):
                    sentence = safe = f"{moved}, uphill: the update has the wrong sign. Subtract the gradient."
                else:
                    sentence = f"{moved}, the reference by {times(theirs)} it: {compared_rates(ours, theirs)}."
            return self._found(index, "parameter", item.name, item.got.after, item.expected.after, safe, sentence)
        return None

    # -- the uncleared gradient ---------------------------------------------------------------------------------

    def _earlier(self, item: _Aligned, index: int) -> int | None:
        """The first of the earlier passes whose own gradients, summed up to now, are the whole difference."""
        got, expected = item.got.gradient, item.expected.gradient
        if got is None or expected is None or not got.numbers or len(got.numbers) != len(expected.numbers):
            return None
        difference = [one - other for one, other in zip(got.numbers, expected.numbers, strict=True)]
        total = [0.0] * len(difference)
        for first in range(index - 1, -1, -1):
            fresh = self._fresh(first, item.name)
            if fresh is None or len(fresh) != len(total):
                return None
            total = [one + other for one, other in zip(total, fresh, strict=True)]
            if all(
                near(one, other, 2 * self.atol, max(self.rtol, 1e-6))
                for one, other in zip(difference, total, strict=True)
            ):
                return first
        return None

    def _fresh(self, index: int, name: str) -> list[float] | None:
        """What one pass alone added to ``.grad``, from the student's own run."""
        item = next((item for item in self.aligned(index) if item.name == name), None)
        if item is None or item.got.gradient is None or not item.got.gradient.numbers:
            return None
        before = item.got.previous
        if before is None:
            return item.got.gradient.numbers
        if len(before.numbers) != len(item.got.gradient.numbers):
            return None
        return [after - start for after, start in zip(item.got.gradient.numbers, before.numbers, strict=True)]

    def _uncleared(self, index: int, group: Sequence[_Aligned]) -> Divergence:
        item = group[0]
        got, expected, first = item.got.gradient, item.expected.gradient, self._earlier(item, index)
        assert got is not None and expected is not None and first is not None
        fresh = self._fresh(index, item.name)
        # What the student's own backward pass added; it says nothing that the student could not print.
        there = Value(got.shape, fresh) if fresh is not None else expected
        own = fresh is not None and agree(there, expected, 2 * self.atol, max(self.rtol, 1e-6))
        excess = Value(got.shape, [one - other for one, other in zip(got.numbers, there.numbers, strict=True)])
        if first == index - 1:
            what = f"is exactly the gradient of {self.label(first)}: it was never cleared"
        else:
            what = f"is exactly the sum of the gradients since {self.label(first)}: they were never cleared"
        grad = _grad(item.name)
        update = next(
            (one.got.place for one in self.aligned(index - 1) if one.name == item.name and one.got.updated), None
        )
        remedy = f"Clear {grad} after the update{self.trace.at(update)}."
        if update is None:
            remedy = f"Clear {grad} before the next `backward()`{self.trace.at(self.got[index].place)}."
        sentence = (
            f"{_upper(self.label(index))}: your {grad} is {numbers(got)}, the gradient there is {numbers(there)}. "
            f"The difference, {numbers(excess)}, {what}. {remedy}"
        )
        if len(group) > 1:
            sentence += f" The same holds for {listed([f'{other.name}.grad' for other in group[1:]])}."
        safe = sentence if own else f"{_upper(self.label(index))}: your {grad} is {numbers(got)}, which is not right."
        found = self._found(index, "gradient", item.name, got, expected, safe, sentence)
        return replace(found, code="GH101")

    # -- words ----------------------------------------------------------------------------------------------------

    def _found(
        self,
        index: int,
        quantity: str,
        name: str | None,
        got: Value | None,
        expected: Value | None,
        safe: str,
        sentence: str,
    ) -> Divergence:
        step = self.got[index].step
        return Divergence(step, name, plain(got), plain(expected), sentence, None, (), quantity, safe)


def _losses(trace: Trace, reference: Trace, start: int, atol: float, rtol: float) -> Divergence | None:
    """Losses outside the recording window, where nothing but the loss is known."""
    for index, (got, expected) in enumerate(zip(trace.losses, reference.losses, strict=False)):
        if index >= start and not near(got, expected, atol, rtol):
            head = f"Step {index + 1}: your loss is {number(got)}"
            sentence = f"{head}, the reference's is {number(expected)}."
            return Divergence(
                index + 1, None, got, expected, sentence, None, (), "loss", f"{head}, which is not right."
            )
    return None


def _length(trace: Trace, reference: Trace) -> Divergence | None:
    pairs_of_counts = [("backward passes", len(trace.losses), len(reference.losses))]
    if not trace.truncated and len(passes(trace)) == len(trace.losses):
        pairs_of_counts.append(("updates", trace.steps, reference.steps))
    for what, got, expected in pairs_of_counts:
        if got != expected and (what != "updates" or reference.steps):
            count = abs(got - expected)
            one = what[:-2] if what.endswith("sses") else what[:-1]
            missing = f"{count} {one if count == 1 else what} {'short' if got < expected else 'too many'}"
            safe = f"Your run makes {got} {what}, which is not right."
            sentence = f"Your run makes {got} {what}, the reference {expected}: {missing}."
            return Divergence(min(got, expected) + 1, None, got, expected, sentence, None, (), "steps", safe)
    return None


def _history(got: Any, expected: Any, atol: float, rtol: float) -> Divergence | None:
    """The runs agree, but a history that was returned does not: perhaps it was recorded after the update."""
    for ours, theirs in zip(_histories(got), _histories(expected), strict=False):
        wrong = [
            i for i, (one, other) in enumerate(zip(ours, theirs, strict=False)) if not near(one, other, atol, rtol)
        ]
        if not wrong and len(ours) == len(theirs):
            continue
        index = wrong[0] if wrong else min(len(ours), len(theirs))
        head = "The training is right, but the history that you return is not: "
        if not wrong:
            safe = f"{head}it has {len(ours)} entries."
            sentence = f"{head}it has {len(ours)} entries, the reference's {len(theirs)}."
            return Divergence(index + 1, None, len(ours), len(theirs), sentence, None, (), "steps", safe)
        safe = f"{head}entry {index} is {number(ours[index])}."
        sentence = f"{head}entry {index} is {number(ours[index])}, the reference's {number(theirs[index])}."
        later = list(zip(ours, theirs[1:], strict=False))
        earlier = list(zip(ours[1:], theirs, strict=False))
        if len(later) > 1 and all(near(one, other, atol, rtol) for one, other in later):
            sentence = safe = f"{head}every entry is the value after its step's update. Record it before the update."
        elif len(earlier) > 1 and all(near(one, other, atol, rtol) for one, other in earlier):
            sentence = safe = f"{head}every entry is one step late."
        return Divergence(index + 1, None, ours[index], theirs[index], sentence, None, (), "loss", safe)
    return None


def _histories(value: Any) -> list[list[float]]:
    if isinstance(value, list) and value and all(isinstance(item, float) for item in value):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [history for item in inside for history in _histories(item)]


def _with_diagnostics(found: Divergence, trace: Trace) -> Divergence:
    """The rules' word on it: those diagnostics that come at or before the step where the runs part."""
    names = set((found.parameter or "").split(", "))
    fitting = [
        item
        for item in trace.diagnostics()
        if (item.severity == "E" or item.code in _EXPLAINING_WARNINGS)
        and (item.step is None or item.step <= found.step + (found.quantity == "parameter"))
        and (found.parameter is None or item.parameter is None or names & set(item.parameter.split(", ")))
    ]
    if not fitting:
        return found
    fitting.sort(key=lambda item: (-(item.step or 0), item.code))
    if found.code is not None:
        exact = [item for item in fitting if item.code in (found.code, "GH102")]
        return replace(found, diagnostics=tuple(exact or fitting), code=exact[0].code if exact else found.code)
    first = fitting[0]
    at = f" on {first.where}" if first.where else ""
    reason = f" This is why{at}: {first.message} ({first.code} {first.name})"
    return replace(
        found,
        code=first.code,
        diagnostics=tuple(fitting),
        sentence=found.sentence + reason,
        safe=found.safe + reason,
    )


def _entry(entries: dict[str, Entry], names: Sequence[str]) -> Entry:
    if len(names) == 1:
        return entries[names[0]]
    parts = [entries[name] for name in names]
    befores = [part.previous for part in parts]
    previous = None if all(before is None for before in befores) else joined(befores)
    return Entry(
        joined([part.value for part in parts]) or Value([0], []),
        previous,
        joined([part.gradient for part in parts]),
        joined([part.after for part in parts]),
        any(part.updated for part in parts),
        parts[-1].place,
    )


def _quoted(name: str) -> str:
    return listed(name.split(", "))


def _grad(name: str) -> str:
    names = name.split(", ")
    return f"`{name}.grad`" if len(names) == 1 else f"gradient of {listed(names)}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
