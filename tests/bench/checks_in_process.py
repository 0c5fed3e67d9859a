"""A grader as somebody makes by hand: pytest in one fresh process per submission, no sandbox, no warmed worker.

    python tests/bench/checks_in_process.py COURSE SLUG FILE

Runs all checks, public and hidden, on the file in this process and prints the points.
"""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.assignment import Course
from autograder.bridge.proxy import SubmissionProxy
from autograder.checking.bench import Bench
from autograder.checking.plugin import CheckPlugin
from autograder.checking.situation import InFolder, channels_of
from autograder.checking.submitted import submission_code
from autograder.checking.trusted import TrustedModule
from autograder.grade.judge import run_checks
from autograder.results import CheckResult
from autograder.submission import SubmissionFile, read_submission


def main(course: str, slug: str, file: str) -> None:
    """Prints the points."""
    assignment = Course(Path(course)).assignment(slug)
    code = submission_code(read_submission(SubmissionFile("student", Path(file)), slug), assignment)
    proxy = SubmissionProxy(code, channels_of(InFolder(), assignment.limits), assignment.limits)
    given = TrustedModule(assignment.stub, f"given_{slug}")
    reference = TrustedModule(assignment.solution, f"reference_{slug}")
    results: list[CheckResult] = []
    run_checks(assignment, CheckPlugin(Bench(assignment, proxy, given, reference), results.append))
    print(sum(result.score for result in results))


if __name__ == "__main__":
    main(*sys.argv[1:])
