"""``run``: an assignment's checks on a source text in this process, without the seconds that a judge takes to start."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.checking.plugin import CheckPlugin
    from autograder.grade.settle import RightCalls
    from autograder.results import CheckResult


class Run(dict[str, "CheckResult"]):
    """The results by the checks' names, and the problems for a person."""

    problems: list[str]


@pytest.fixture
def run() -> Iterator[Callable[..., Run]]:
    """Runs an assignment's checks on a source text, in this process."""
    import torch

    from autograder.bridge.local_channel import LocalChannel
    from autograder.bridge.proxy import SubmissionCode, SubmissionProxy
    from autograder.checking.bench import Bench
    from autograder.checking.plugin import CheckPlugin
    from autograder.checking.submitted import signatures
    from autograder.checking.trusted import TrustedModule
    from autograder.grade.judge import run_checks
    from autograder.grade.settle import right_calls, settle

    random_state = torch.get_rng_state()
    modules = set(sys.modules)

    def judged(
        assignment: Assignment, source: str, open_channel: Callable[[], Any], only: frozenset[str] | None = None
    ) -> tuple[list[CheckResult], CheckPlugin]:
        results: list[CheckResult] = []
        proxy = SubmissionProxy(
            SubmissionCode(source, f"{assignment.slug}.py", assignment.slug),
            open_channel,
            assignment.limits,
            signatures=signatures(assignment.stub.read_text()),
        )
        given = TrustedModule(assignment.stub, f"given_{assignment.slug}")
        reference = TrustedModule(assignment.solution, f"reference_{assignment.slug}")
        plugin = CheckPlugin(Bench(assignment, proxy, given, reference), results.append, only)
        run_checks(assignment, plugin)
        return results, plugin

    def run_on(assignment: Assignment, source: str, open_channel: Callable[[], Any] = LocalChannel) -> Run:
        def rerun(names: frozenset[str]) -> RightCalls:
            results, plugin = judged(assignment, assignment.solution.read_text(), LocalChannel, names)
            return right_calls(plugin, results)

        results, plugin = judged(assignment, source, open_channel)
        finished = Run((result.check, result) for result in settle(results, plugin, rerun))
        finished.problems = plugin.problems
        return finished

    yield run_on
    torch.set_rng_state(random_state)
    for name in set(sys.modules) - modules:
        if "tiny" in name:
            del sys.modules[name]
