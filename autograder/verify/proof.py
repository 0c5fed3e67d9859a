"""Grades an assignment's own samples and compares each verdict with what the sample says of itself."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from autograder.assignment import Assignment, assignment_problems, to_repair
from autograder.errors import AssignmentError, SubmissionError
from autograder.grade.reference_gate import reference_faults
from autograder.grade.start import start_judge
from autograder.pairs import pair_problems
from autograder.results import CheckResult, GradeReport, Outcome
from autograder.submission import SubmissionFile, read_submission
from autograder.verify.headers import Header, read_header
from autograder.verify.promises import PROMISES_FILE, promise_problems
from autograder.verify.trivial import TRIVIAL_FILE, answered, read_trivial, trivial_kinds, unearned

if TYPE_CHECKING:
    from autograder.grade.judge import Judge

TRIVIAL = "trivial/"
"""How a trivial answer is named among the subjects."""


@dataclass(frozen=True)
class Finding:
    """The verdict on one sample: ``problems`` is empty where it behaves as it should."""

    subject: str
    problems: tuple[str, ...]
    report: GradeReport | None = None
    said: tuple[str, ...] = ()
    """What else an author may want to read of it: no problems."""


def verify_assignment(assignment: Assignment) -> Iterator[Finding]:
    """One finding per promise: files, pair, the reference with its points, the stub, each sample, trivial answers."""
    problems = assignment_problems(assignment)
    yield Finding("the assignment's files", tuple(problems))
    if problems:
        return  # what follows needs them, and would only say the same in other words
    yield verify_pair(assignment)
    for name, verify in ((TRIVIAL_FILE, verify_trivial_file), (PROMISES_FILE, verify_promises)):
        if (assignment.solution.parent / name).is_file():
            yield verify(assignment)
    with start_judge(assignment) as judge:
        for subject in subjects(assignment):
            yield verify_subject(judge, subject)


def subjects(assignment: Assignment) -> list[str]:
    """What is graded to verify an assignment: ``reference``, ``stub``, ``wrong/x.py``, …, ``right/y.py``, …

    Where there is a sound ``trivial.toml``, ``trivial/nothing`` and the other kinds of trivial answers as well.
    """
    named = [f"{kind}/{path.name}" for kind in ("wrong", "right") for path in samples(assignment, kind)]
    return ["reference", "stub", *named, *(f"{TRIVIAL}{kind}" for kind in trivial_kinds(assignment))]


def verify_trivial_file(assignment: Assignment) -> Finding:
    """Whether ``trivial.toml`` says of every blank what an answer without thought is."""
    try:
        read_trivial(assignment)
    except AssignmentError as error:
        return Finding(TRIVIAL_FILE, tuple(str(error).splitlines()))
    return Finding(TRIVIAL_FILE, ())


def verify_pair(assignment: Assignment) -> Finding:
    """Whether the solution differs from the stub in the blanks and in what is to be repaired only."""
    stub, solution = (path.read_text(encoding="utf-8") for path in (assignment.stub, assignment.solution))
    problems = pair_problems(stub, solution, to_repair(assignment.tasks))
    return Finding("stub and solution are a pair", tuple(problems))


def verify_promises(assignment: Assignment) -> Finding:
    """Whether ``promises.toml`` names a check, or a reason, for every promise of the handout."""
    try:
        return Finding(PROMISES_FILE, tuple(promise_problems(assignment)))
    except AssignmentError as error:
        return Finding(PROMISES_FILE, tuple(str(error).splitlines()))


def verify_subject(judge: Judge, subject: str) -> Finding:
    """The verdict on one of :func:`subjects`."""
    assignment = judge.assignment
    if subject == "reference":
        report = grade_sample(judge, assignment.solution)
        problems = [*reference_faults(assignment, report), *_remarks(report)]
        return Finding("the reference solution", tuple(problems), report)
    if subject == "stub":
        report = grade_sample(judge, assignment.stub)
        said = tuple(_faults_in_the_stub(assignment, report))
        return Finding("the stub", tuple(_stub_problems(assignment, report)), report, said)
    if subject.startswith(TRIVIAL):
        report = _grade_trivial(judge, subject.removeprefix(TRIVIAL))
        return Finding(subject, tuple(unearned(report)), report)
    path = assignment.solution.parent / subject
    try:
        header = read_header(path)
        report = grade_sample(judge, path)
    except (AssignmentError, SubmissionError) as error:
        return Finding(subject, tuple(str(error).splitlines()))
    wrong = subject.startswith("wrong/")
    return Finding(subject, tuple(_wrong_problems(report, header, path) if wrong else _right_problems(report)), report)


def _grade_trivial(judge: Judge, kind: str) -> GradeReport:
    stub = judge.assignment.stub
    with TemporaryDirectory() as folder:
        path = Path(folder) / stub.name
        filled = answered(
            stub.read_text(encoding="utf-8"), read_trivial(judge.assignment), kind, to_repair(judge.assignment.tasks)
        )
        path.write_text(filled, encoding="utf-8")
        return grade_sample(judge, path)


def samples(assignment: Assignment, kind: str) -> list[Path]:
    """The sample submissions of one kind, ``wrong`` or ``right``, in order of their names."""
    if assignment.solution_folder is None:
        raise AssignmentError(f"{assignment.slug}: there is no solutions folder to verify against.")
    return sorted((assignment.solution_folder / kind).glob("*.py"))


def grade_sample(judge: Judge, path: Path) -> GradeReport:
    """The report of one file, read as a submission is read."""
    return judge.grade(read_submission(SubmissionFile(path.stem, path), judge.assignment.slug))


def _remarks(reference: GradeReport) -> Iterator[str]:
    """What costs the reference no points, but should not be said of it either."""
    for check in reference.checks:
        if check.diagnostics and check.outcome is Outcome.PASSED and check.score >= check.max_score:
            yield _said(check)
    if reference.status == "graded":  # else they are the faults of the checks
        yield from reference.integrity


def _right_problems(report: GradeReport) -> Iterator[str]:
    for check in report.checks:
        if check.outcome is not Outcome.PASSED or check.score < check.max_score or check.diagnostics:
            yield _said(check)
    yield from report.integrity


def _stub_problems(assignment: Assignment, report: GradeReport) -> Iterator[str]:
    if report.score:
        yield f"it scores {report.score:g} points, where an empty submission should score none"
    for task in assignment.tasks:
        own = [check for check in report.checks if check.task == task.id]
        if task.kind == "repair":
            if not any(_names_the_fault(check) for check in own):
                yield f"no check of task {task.id} says which fault is still there: a rule's code, or an exception"
        elif not any("not implemented yet" in check.feedback for check in own):
            yield f"no check of task {task.id} says that it is not implemented yet"
    repaired = {task.id for task in assignment.tasks if task.kind == "repair"}
    for check in report.checks:
        stopped = check.outcome is Outcome.ERROR and check.task in repaired  # faulty code may well stop
        if check.outcome not in (Outcome.FAILED, Outcome.SKIPPED) and not stopped:
            yield _said(check)
    if not any(check.fault for check in report.checks):  # else it is said already
        yield from report.integrity


def _names_the_fault(check: CheckResult) -> bool:
    return bool(check.diagnostics) or check.outcome is Outcome.ERROR


def _faults_in_the_stub(assignment: Assignment, report: GradeReport) -> Iterator[str]:
    """Of each repair task, what its checks find in the body that students are handed."""
    for task in assignment.tasks:
        own = [check for check in report.checks if check.task == task.id]
        if task.kind == "repair" and own:
            rules = sorted({f"{found.code} {found.name}" for check in own for found in check.diagnostics})
            found = ", ".join(rules) or next((check.feedback.split(": ")[-1] for check in own if check.feedback), "")
            yield f"to repair in task {task.id}, {', '.join(task.functions)}: {found}"


def _wrong_problems(report: GradeReport, header: Header, path: Path) -> Iterator[str]:
    known = {name: check for check in report.checks for name in (check.check, check.check.split("[", 1)[0])}
    for name in header.fails:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            advice = f"; did you mean {near[0]}?" if near else ""
            yield f"{path}, line {header.lines.get('fails', 1)}: its header names {name}, which is not a check{advice}"
    for check in report.checks:
        if check.outcome is Outcome.INTERNAL_ERROR:
            continue  # said below
        failed = check.score < check.max_score
        if failed and not header.expects_failure(check.check):
            yield f"fails, though its header does not say so: {_said(check)}"
        elif not failed and header.expects_failure(check.check):
            yield f"{check.check} passes, though its header says that it fails"
    fired = {diagnostic.code for check in report.checks for diagnostic in check.diagnostics}
    if fired != set(header.hygiene):
        yield (
            f"the hygiene rules that fire are {', '.join(sorted(fired)) or 'none'}; "
            f"its header says {', '.join(header.hygiene) or 'none'}"
        )
    if report.status != "graded":  # else they are remarks on the faulty code, which may well look unusual
        yield from report.integrity


def _said(check: CheckResult) -> str:
    found = ", ".join(sorted({diagnostic.code for diagnostic in check.diagnostics}))
    if check.fault:
        return f"{check.check}: {check.fault}"
    return f"{check.check}: {check.outcome.value}{f' with {found}' if found else ''}: {check.feedback}"
