"""The gate before a class is graded and before anything is released: the reference solution gets full marks.

It is graded like a submission, in a process of its own, by the same judge and in a locked worker. Where it loses a
point or a check cannot be run on it, the fault is the author's, and nobody else's work is touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, assignment_problems, toml_line
from autograder.errors import AssignmentError, GraderError, SubmissionError
from autograder.grade.passed import has_passed, note_passed
from autograder.grade.start import start_judge
from autograder.results import CheckResult, GradeReport, Outcome


def expect_sound(
    assignments: Sequence[Assignment], consequence: str, on_wait: Callable[[str], None] = lambda sentence: None
) -> None:
    """Raises AssignmentError that lists every fault, one per line, unless each assignment's reference is right.

    ``consequence`` says what did not happen for it, for example "No submission was graded". ``on_wait`` is told where
    a reference has to be graded first; an assignment that has passed costs next to nothing.
    """
    faults = {one.slug: found for one in assignments if (found := assignment_problems(one))}
    unknown = [one for one in assignments if one.slug not in faults and not has_passed(one)]
    if unknown:
        on_wait(f"{', '.join(one.slug for one in unknown)}: grading the reference solution first …")
    for assignment, found in _graded(unknown):
        if found:
            faults[assignment.slug] = found
        else:
            note_passed(assignment)
    if faults:
        raise AssignmentError(_message(faults, consequence))


def expect_sound_files(assignments: Sequence[Assignment], consequence: str) -> None:
    """Raises AssignmentError that lists every fault which shows without running anything, one per line."""
    faults = {one.slug: found for one in assignments if (found := assignment_problems(one))}
    if faults:
        raise AssignmentError(_message(faults, consequence))


def reference_faults(assignment: Assignment, report: GradeReport) -> list[str]:
    """Why the reference's report is not what it should be, one sentence each; empty for full marks.

    Raises GraderError where it was the grader that failed.
    """
    ours = [check for check in report.checks if check.outcome is Outcome.INTERNAL_ERROR and not check.fault]
    if ours:
        raise GraderError(f"The reference could not be graded: {'; '.join(report.integrity) or ours[0].feedback}")
    return [*map(_check_fault, filter(_is_wrong, report.checks)), *_point_faults(assignment, report)]


def _is_wrong(check: CheckResult) -> bool:
    return check.outcome is not Outcome.PASSED or check.score < check.max_score


def _check_fault(check: CheckResult) -> str:
    if check.fault:
        place, _, said = check.fault.partition(": ")
        return f"{place}: {check.check} cannot be run on the reference solution: {said}"
    found = sorted({diagnostic.code for diagnostic in check.diagnostics})
    rules = f" ({', '.join(found)})" if found else ""
    verdict = check.outcome.value.replace("_", " ")
    said = " ".join(check.feedback.split())[:600]
    return f"{check.place}: {check.check} does not pass on the reference solution: {verdict}{rules}: {said}"


def _point_faults(assignment: Assignment, report: GradeReport) -> Iterator[str]:
    path = assignment.folder / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    for index, task in enumerate(assignment.tasks):
        worth: dict[str, float] = {}
        for check in report.checks:
            if check.task == task.id:
                name = check.check.split("[", 1)[0]
                worth[name] = worth.get(name, 0.0) + check.max_score
        total = sum(worth.values())
        line = toml_line(text, index, "points")
        place = f"assignment.toml, line {line}" if line else "assignment.toml"
        if not worth:
            yield f"{place}: task {task.id} has no check; its {task.points:g} points cannot be earned."
        elif abs(total - task.points) > 1e-6:
            listed = ", ".join(f"{name} {points:g}" for name, points in worth.items())
            yield f"{place}: task {task.id} has {task.points:g} points, but its checks are worth {total:g} ({listed})."


def _message(faults: dict[str, list[str]], consequence: str) -> str:
    lines = []
    for slug, found in faults.items():
        count = "a fault" if len(found) == 1 else f"{len(found)} faults"
        lines += [f"{slug} has {count} in its own files:", *(f"  {one}" for one in found)]
    return "\n".join([*lines, f"{consequence}. `autograder verify {' '.join(faults)}` says when all is well."])


def _graded(assignments: Sequence[Assignment]) -> Iterator[tuple[Assignment, list[str]]]:
    """The faults that grading each reference shows; raises GraderError where it was the grader that failed."""
    answers = _asked(assignments) if assignments else {}
    for assignment in assignments:
        # A process that was killed, or a worker that was lost, says nothing about the assignment: a second chance.
        answer = answers.get(assignment.slug) or {"broken": "no answer"}
        if answer.get("broken"):
            again = _asked([assignment])
            answer = again.get(assignment.slug) or {"broken": again[""]["broken"]}
        if answer.get("broken"):
            raise GraderError(f"{assignment.slug}: the reference solution could not be graded: {answer['broken']}")
        yield assignment, [str(one) for one in answer["faults"]]


def _asked(assignments: Sequence[Assignment]) -> dict[str, dict[str, Any]]:
    """The answers of a process of its own, by slug, for a reference may end it; "" has what it last said."""
    folders = [
        (one.slug, str(one.folder.resolve()), str((one.solution_folder or one.folder).resolve())) for one in assignments
    ]
    environment = dict(os.environ)
    if environment.get("AUTOGRADER_DATA"):
        environment["AUTOGRADER_DATA"] = str(Path(environment["AUTOGRADER_DATA"]).resolve())
    done = subprocess.run(
        [sys.executable, "-m", __name__, json.dumps(folders)],
        # Not the folder of whoever calls: what lies there could be imported.
        cwd=assignments[0].folder.resolve().parent.parent,
        env=environment,
        capture_output=True,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
    answers: dict[str, dict[str, Any]] = {
        "": {"broken": f"its process ended with code {done.returncode}. {said[0][:300]}".strip()}
    }
    for line in done.stdout.splitlines():
        with contextlib.suppress(ValueError):
            answer = json.loads(line)
            answers[answer["slug"]] = answer
    return answers


def main(arguments: list[str]) -> None:
    """Writes an answer to stdout, one line of JSON, for each (slug, folder, solution folder) of the argument's JSON."""
    # What is printed along the way must not end up in the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with answers:
        for slug, folder, solutions in json.loads(arguments[0]):
            answers.write(json.dumps(answer_on(Assignment(slug, Path(folder), Path(solutions)))) + "\n")
            answers.flush()


def answer_on(assignment: Assignment) -> dict[str, Any]:
    """The faults of one reference, or what of the grader is broken."""
    from autograder.submission import SubmissionFile, read_submission

    answer: dict[str, Any] = {"slug": assignment.slug, "faults": [], "broken": ""}
    try:
        path = assignment.solution
        with contextlib.closing(start_judge(assignment)) as judge:
            report = judge.grade(read_submission(SubmissionFile(path.stem, path), assignment.slug))
        answer["faults"] = reference_faults(assignment, report)
    except AssignmentError as error:
        answer["faults"] = str(error).splitlines()
    except SubmissionError as error:
        answer["faults"] = [f"The reference solution cannot be read: {error}"]
    except GraderError as error:
        answer["broken"] = str(error)
    return answer


if __name__ == "__main__":
    main(sys.argv[1:])
