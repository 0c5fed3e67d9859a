"""How much a grading costs beyond the student's own code, side by side in one run.

Prints, per assignment, for its reference solution: the judge's start, seconds per submission, seconds of the
student's own code in them, their ratio, and the peak memory of judge, warmed worker and child.

    python tests/grade/bench_grading.py [SLUG...]
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from pathlib import Path

from autograder.assignment import find_course
from autograder.grade.judge import Judge
from autograder.submission import SubmissionFile, read_submission

_RUNS = 3
_COLUMNS = ("start s", "submission s", "student s", "ratio", "judge MB", "worker MB")


def main(slugs: list[str]) -> None:
    """Prints the table."""
    course = find_course(Path(__file__).parent)
    print(f"{'assignment':26}" + "".join(f"{column:>14}" for column in _COLUMNS))
    for slug in slugs or course.slugs:
        assignment = course.assignment(slug)
        started = time.monotonic()
        with Judge(assignment) as judge:
            start = time.monotonic() - started
            submission = read_submission(SubmissionFile("reference", assignment.solution), slug)
            judge.grade(submission)  # fills the reference's results, as the first submission of a class does
            reports = [judge.grade(submission) for _ in range(_RUNS)]
        wall = statistics.median(report.seconds for report in reports)
        own = statistics.median(report.student_seconds for report in reports)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        figures = (f"{start:.1f}", f"{wall:.2f}", f"{own:.2f}", f"{wall / own:.2f}", f"{peak:.0f}", f"{worker:.0f}")
        print(f"{slug[:26]:26}" + "".join(f"{figure:>14}" for figure in figures))


if __name__ == "__main__":
    main(sys.argv[1:])
