"""Checks that share a worker, and those among them that are run again in a worker of their own.

What one check leaves behind in the interpreter may spoil the next one. So a shared worker's word counts where a check
passes; a check that fails there, or stops in its own code, is decided by a run in which it has a worker for itself, as
all have under ``isolation = "check"``. There, too, a check may have failed on an answer that another check was given,
at a later call than its own would have been: it is asked again, so that both ways come to the same. What changes
libraries for checks to come is believed in no shared worker: there all checks are run again. And whose source looks
into the machinery shares none in the first place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from autograder.results import CheckResult, Outcome


def doubtful(checks: Sequence[CheckResult], replaced: Sequence[str]) -> frozenset[str]:
    """The names of the checks that are to be run again: of a shared worker, or of shared answers.

    ``replaced``: names of libraries that the submission has changed meanwhile.
    """
    return frozenset(check.check for check in checks if _is_doubtful(check, believed=not replaced))


def _is_doubtful(check: CheckResult, *, believed: bool) -> bool:
    if check.outcome is Outcome.PASSED:
        return not believed
    if check.outcome is Outcome.INTERNAL_ERROR:
        return bool(check.fault)  # an author's fault may be what an earlier check left behind; a grader's is no verdict
    return check.outcome is not Outcome.SKIPPED  # not written yet, which shows without running it


def decided(
    checks: Sequence[CheckResult], again: Iterable[CheckResult], *, out_of_time: bool = False
) -> list[CheckResult]:
    """The results in their order, those of a second run in the place of the first; its seconds are added.

    ``out_of_time``: where the second run had no time to come to an end, what the first one found stands, but for
    points, which only a worker's own word earns then.
    """
    second = {check.check: check for check in again}
    return [_decided(check, second.get(check.check, check), out_of_time) for check in checks]


def _decided(first: CheckResult, second: CheckResult, out_of_time: bool) -> CheckResult:
    if first is second:
        return first
    unfinished = second.outcome is Outcome.INTERNAL_ERROR and not second.fault
    stands = first if out_of_time and unfinished and first.outcome is not Outcome.PASSED else second
    return msgspec.structs.replace(stands, student_seconds=first.student_seconds + second.student_seconds)


def faults(checks: Iterable[CheckResult]) -> list[str]:
    """For the author: what is wrong with the checks that could not be run."""
    return [f"{check.check}: {check.fault}" for check in checks if check.fault]


def remarks_on(replaced: Sequence[str]) -> list[str]:
    """For a person: what a submission changed in libraries, where checks to come would have seen it."""
    if not replaced:
        return []
    named = ", ".join(f"`{name}`" for name in replaced[:3]) + (", …" if replaced[3:] else "")
    return [f"It put something else behind {named} and left it there, so its checks shared no worker."]
