"""What a recorded training run must do: the steps of the reference's, an update in each of them, all parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from autograder.errors import CheckFailure

if TYPE_CHECKING:
    from autograder.hygiene import Trace
    from autograder.results import Diagnostic


def assert_same_run(trace: Trace, reference_trace: Trace, *, atol: float, rtol: float = 0.0, what: str = "") -> None:
    """Passes if the run has the losses, gradients and parameters of the reference's, at every step.

    Both are what ``submission.traced.f(...)`` and ``reference.traced.f(...)`` return. The failure names the first
    step at which they part and, where it can be told, why. What needs the reference's numbers is in ``reveal``.
    """
    from autograder.hygiene import first_divergence

    trace.expect_trusted()
    found = first_divergence(trace, reference_trace, atol=atol, rtol=rtol)
    if found is None:
        return
    title = f"`{what}`: " if what else ""
    reveal = "" if found.explained_by_own_run else title + found.sentence
    raise CheckFailure(title + found.safe, reveal=reveal)


def assert_clean_runs(
    *traces: Trace, ignore: Iterable[str] = (), training: bool = True, to_the_end: bool = False
) -> None:
    """Passes if no rule speaks up in any of the runs; the failure holds what was found in all of them.

    Some faults show in a long run only, or where the loss rises: one check looks at several runs of the same code.
    ``ignore`` and ``training`` are those of ``trace.expect_clean``; ``to_the_end`` also asks for
    ``trace.expect_updates_to_the_end``.
    """
    found: dict[str, Diagnostic] = {}
    explained: list[str] = []
    forfeited = ""
    for trace in traces:
        for failure in _failures(trace, ignore, training, to_the_end):
            lines = failure.message.split("\n")
            new = {item.code: item for item in failure.diagnostics if item.code not in found}
            explained += [line for line in lines if any(f"({code} " in line for code in new)]
            found |= new
            if (failure.forfeits or not failure.diagnostics) and not forfeited:
                forfeited = lines[-1]
    if found or forfeited:
        text = "\n".join([*explained, *filter(None, [forfeited])])
        raise CheckFailure(text, diagnostics=tuple(found.values()), forfeits=bool(forfeited))


def _failures(trace: Trace, ignore: Iterable[str], training: bool, to_the_end: bool) -> Iterator[CheckFailure]:
    try:
        trace.expect_clean(ignore=ignore, training=training)
    except CheckFailure as failure:
        yield failure
    try:
        if to_the_end:
            trace.expect_updates_to_the_end()
    except CheckFailure as failure:
        yield failure
