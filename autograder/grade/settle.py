"""Settles whose fault it is where a check stopped in its own code: the same check is run on the reference.

This happens after a submission's run, and only for checks that stopped: what a reference answered is nothing that a
submission's own run has to wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from autograder.blame import Call, students_fault
from autograder.checking.plugin import CheckPlugin
from autograder.results import CheckResult, Outcome

RightCalls = Mapping[str, tuple[Call, ...]]
"""By check, what the reference answered it; nothing for checks that the reference does not pass."""


def settle(
    checks: list[CheckResult], plugin: CheckPlugin, rerun: Callable[[frozenset[str]], RightCalls]
) -> Iterator[CheckResult]:
    """The results of a run with every stopped check decided; the author's faults go to ``plugin.problems``.

    ``rerun`` runs the named checks on the reference solution.
    """
    right = rerun(frozenset(plugin.trips)) if plugin.trips else {}
    for check in checks:
        trip = plugin.trips.get(check.check)
        if trip is None:
            yield check
            continue
        theirs = students_fault(trip, right.get(check.check))
        if theirs:
            yield msgspec.structs.replace(check, outcome=Outcome.FAILED, feedback=theirs, fault="")
        else:
            plugin.problems.append(f"{check.check}: {check.fault}")
            yield check


def right_calls(plugin: CheckPlugin, checks: list[CheckResult]) -> RightCalls:
    """What a run on the reference says of the checks that it passed."""
    return {check.check: plugin.calls[check.check] for check in checks if check.outcome is Outcome.PASSED}
