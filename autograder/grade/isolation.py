"""Checks that share a worker, and those among them that are run again in a worker of their own.

What one check leaves behind in the interpreter may spoil the next one. So a shared worker's word counts where a check
passes; a check that fails there is decided by a run in which it has a worker for itself, as all have under
``isolation = "check"``. What changes libraries for checks to come is believed in no shared worker: there all checks
are run again. And whose source looks into the machinery shares none in the first place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from autograder.results import CheckResult, Outcome

_DECIDED = frozenset({Outcome.PASSED, Outcome.SKIPPED, Outcome.INTERNAL_ERROR})
"""Passed; not written yet, which shows without running it; or the grader's affair."""


def doubtful(checks: Sequence[CheckResult], replaced: Sequence[str]) -> frozenset[str]:
    """The names of the checks of a shared worker that are to be run again.

    ``replaced``: names of libraries that the submission has changed meanwhile.
    """
    decided = _DECIDED - {Outcome.PASSED} if replaced else _DECIDED
    return frozenset(check.check for check in checks if check.outcome not in decided)


def decided(checks: Sequence[CheckResult], again: Iterable[CheckResult]) -> list[CheckResult]:
    """The results in their order, those of a second run in the place of the first; its seconds are added."""
    second = {check.check: check for check in again}
    return [
        msgspec.structs.replace(found, student_seconds=found.student_seconds + check.student_seconds)
        if (found := second.get(check.check))
        else check
        for check in checks
    ]


def remarks_on(replaced: Sequence[str]) -> list[str]:
    """For a person: what a submission changed in libraries, where checks to come would have seen it."""
    if not replaced:
        return []
    named = ", ".join(f"`{name}`" for name in replaced[:3]) + (", …" if replaced[3:] else "")
    return [f"It put something else behind {named} and left it there, so its checks shared no worker."]
