"""A judge: one process that grades submissions of one assignment, one after the other."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import pytest
import torch

from autograder.assignment import Assignment
from autograder.bridge.allowance import Timekeeper
from autograder.bridge.code import SubmissionCode
from autograder.bridge.proxy import SubmissionProxy
from autograder.bridge.spelling import forms
from autograder.checking.bench import Bench
from autograder.checking.plugin import CheckPlugin
from autograder.checking.situation import Graded, channels_of
from autograder.checking.submitted import signatures, submission_code
from autograder.checking.trusted import TrustedModule
from autograder.errors import AssignmentError, GraderError
from autograder.grade.ahead import parts_needed, parts_needed_by_checks
from autograder.grade.budget import Budget
from autograder.grade.computed import Computed
from autograder.grade.integrity import copied_results, peculiar_lines
from autograder.grade.isolation import decided, doubtful, faults, remarks_on
from autograder.grade.ordinary import is_ordinary
from autograder.grade.patience import Patience
from autograder.grade.settle import RightCalls, right_calls, settle
from autograder.results import CheckResult, GradeReport, Outcome
from autograder.sandbox.client import Zygote
from autograder.sandbox.launch import Launched
from autograder.scoring import category_scores, rounded, task_scores
from autograder.submission import Submission, SubmissionFile, read_submission

Publish = Callable[[GradeReport], None]

_OPTIONS_ONLY = ("pastebin", "stepwise", "setuponly", "setupplan", "faulthandler")
"""Plugins of pytest that bring options of its command line, and no fixture or mark that a check may use."""


class Judge:
    """Grades submissions; a context manager that holds the warmed worker and the reference's results."""

    def __init__(self, assignment: Assignment, launched: Launched | None = None) -> None:
        """``launched``: the process of the warmed worker, where it was started before torch was imported here."""
        self.assignment = assignment
        torch.set_num_threads(1)  # the same arithmetic as in the worker
        self._reference = _trusted(assignment, assignment.solution, "reference")
        self._given = _trusted(assignment, assignment.stub, "given")
        self._stub = assignment.stub.read_text(encoding="utf-8")
        self._signatures = signatures(self._stub)
        self._forms = forms(self._stub)
        tests = (assignment.public_tests, assignment.hidden_tests)
        self._parts = parts_needed_by_checks(*(path.read_text(encoding="utf-8") for path in tests))
        self._right: dict[str, RightCalls] = {}
        self._zygote = Zygote(launched)  # last of what can fail: it may not be left running
        self._open_channel = channels_of(Graded(self._zygote), assignment.limits)

    @property
    def is_lost(self) -> bool:
        """Whether the warmed worker failed: what was graded last is worth another judge's try."""
        return not self._zygote.is_sound

    def close(self) -> None:
        """Ends the warmed worker and everything that it forked."""
        self._zygote.close()

    def __enter__(self) -> Judge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def grade(
        self, submission: Submission, publish: Publish | None = None, budget: Budget | None = None
    ) -> GradeReport:
        """The report of one submission; ``publish`` gets an incomplete one at once and after every check.

        Without it none is made on the way: what grades a class keeps whole submissions.
        ``budget``: the time on the clock that all checks have together, in a container that ends with it.
        """
        started = time.monotonic()
        checks: list[CheckResult] = []
        code = submission_code(submission, self.assignment)
        peculiar = peculiar_lines(code.source, self._stub, code.locate)
        share = self.assignment.isolation == "submission" and not peculiar and is_ordinary(code.source, self._stub)
        proxy = self._proxy(code, budget, share=share)

        def report(status: str, problems: list[str]) -> GradeReport:
            return summarize(
                self.assignment,
                submission.name,
                checks,
                status=status,
                notes=(*submission.notes, *_worker_notes(proxy)),
                seconds=time.monotonic() - started,
                isolation=", ".join(self._zygote.locks),
                integrity=tuple(problems),
            )

        def tell() -> None:
            if publish is not None:
                publish(report("incomplete", []))

        def add(result: CheckResult) -> None:
            checks.append(result)
            tell()

        tell()
        plugin = CheckPlugin(Bench(self.assignment, proxy, self._given, self._reference), add)
        try:
            run_checks(self.assignment, plugin, *([budget] if budget else []))
        finally:
            proxy.close()
        checks[:] = settle(checks, plugin, self._right_calls)
        problems = plugin.problems
        if proxy.shared and (names := doubtful(checks, proxy.replaced)):
            again, told = self._alone(code, budget, names)
            broken = [one for one in (*problems, *told) if one not in faults((*checks, *again))]
            checks[:] = decided(checks, again, out_of_time=budget is not None and not broken)
            problems = [*broken, *faults(checks)]
        failed = any(map(_is_ours, checks))
        remarks = [] if failed else self._remarks(proxy, checks, peculiar)
        problems = problems or [f"{check.check}: {check.feedback}" for check in checks if _is_ours(check)][:1]
        final = report("internal_error" if failed else "graded", [*problems, *remarks])
        if publish is not None:
            publish(final)
        return final

    def _alone(
        self, code: SubmissionCode, budget: Budget | None, names: frozenset[str]
    ) -> tuple[list[CheckResult], list[str]]:
        """The results of these checks, each with a worker of its own; and what a person has to be told."""
        proxy = self._proxy(code, budget, only_first=True)
        checks: list[CheckResult] = []
        plugin = CheckPlugin(Bench(self.assignment, proxy, self._given, self._reference), checks.append, names)
        try:
            run_checks(self.assignment, plugin, *([budget] if budget else []))
        finally:
            proxy.close()
        return list(settle(checks, plugin, self._right_calls)), plugin.problems

    def _right_calls(self, names: frozenset[str]) -> RightCalls:
        """What the reference answers to these checks, in a worker like any submission's; asked once for each."""
        unknown = names - self._right.keys()
        if unknown:
            solution = self.assignment.solution
            read = read_submission(SubmissionFile(solution.stem, solution), self.assignment.slug)
            proxy = self._proxy(replace(submission_code(read, self.assignment), handed_on=False))
            checks: list[CheckResult] = []
            plugin = CheckPlugin(Bench(self.assignment, proxy, self._given, self._reference), checks.append, unknown)
            try:
                run_checks(self.assignment, plugin)
            finally:
                proxy.close()
            found = right_calls(plugin, checks)
            self._right |= {name: {name: found[name]} if name in found else {} for name in unknown}
        return {name: calls for one in names for name, calls in self._right[one].items()}

    def _remarks(self, proxy: SubmissionProxy, checks: list[CheckResult], peculiar: list[str]) -> list[str]:
        """What is worth a look, though it costs nothing. Only of submissions that earned something.

        ``peculiar``: what its source alone says.
        """
        if not any(check.score for check in checks):
            return []
        code, stub = proxy.code, self._stub
        published = (stub, self.assignment.public_tests.read_text(encoding="utf-8"))
        remarks = peculiar + copied_results(code.source, published, self._reference.numbers(), code.locate)
        earning = {check.task for check in checks if check.score and check.category != "hygiene"}
        own = {name for task in self.assignment.tasks if task.id in earning for name in task.functions}
        answers = proxy.answers
        remarks += [f"`{name}` gave one answer to every question." for name in answers.constant() if name in own]
        return [*remarks, *remarks_on(proxy.replaced)] + [
            f"`{name}` answered otherwise while it was recorded." for name in answers.changed_by_recording()
        ]

    def _proxy(
        self, code: SubmissionCode, budget: Budget | None = None, *, share: bool = False, only_first: bool = False
    ) -> SubmissionProxy:
        limits = self.assignment.limits
        for part in sorted(self._parts | parts_needed(code.source)):  # the compiler first: it has the symbols in it
            self._zygote.load(part)
        keeper = Timekeeper(limits, cost=self._reference.cost)
        if budget is not None:
            keeper = Timekeeper(limits, cost=self._reference.cost, ends=budget.check_ends)
            budget.spent = keeper.spent
        return SubmissionProxy(
            code,
            self._open_channel,
            limits,
            signatures=self._signatures,
            time=keeper,
            share=share,
            forms=self._forms,
            only_first=only_first,
        )


def _trusted(assignment: Assignment, path: Path, role: str) -> TrustedModule:
    return TrustedModule(path, f"{role}_{assignment.slug}", kept=Computed(assignment, role))


def _is_ours(check: CheckResult) -> bool:
    """Whether the check says nothing about the submission: the grader failed, or had no time left."""
    return check.outcome is Outcome.INTERNAL_ERROR


def run_checks(assignment: Assignment, plugin: CheckPlugin, *others: object) -> None:
    """Runs the public, then the hidden checks under pytest; raises GraderError where pytest itself fails.

    ``others``: further plugins of pytest, which are asked first.
    """
    arguments = [
        str(assignment.public_tests),
        str(assignment.hidden_tests),
        "-q",
        "--import-mode=importlib",
        "--noconftest",
        f"--rootdir={assignment.folder.parent.parent}",
        f"-c{os.devnull}",
        "-pno:cacheprovider",
        "-pno:unraisableexception",
        "-pno:threadexception",
        *(f"-pno:{name}" for name in _unused_plugins(assignment)),
    ]
    _forget_other_checks(assignment)
    said = io.StringIO()
    with _isolated_pytest(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = pytest.main(arguments, plugins=[plugin, Patience(), *others])
    if plugin.stopped and status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise AssignmentError("\n".join(plugin.stopped))
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise AssignmentError(f"{assignment.slug}: there are no checks in test_public.py and test_hidden.py.")
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise GraderError(f"pytest ended with status {int(status)}: {said.getvalue()[-2000:]}")


def _unused_plugins(assignment: Assignment) -> tuple[str, ...]:
    """Of pytest's own plugins, those that could only cost time here: nobody asks for their options or reads them.

    ``logging`` puts a handler at every logger of torch six times a check; it stays where checks may use its fixture.
    """
    found = b"".join(path.read_bytes() for path in (assignment.public_tests, assignment.hidden_tests))
    return _OPTIONS_ONLY if b"caplog" in found else (*_OPTIONS_ONLY, "logging")


def _forget_other_checks(assignment: Assignment) -> None:
    """Makes pytest import this assignment's checks, also after those of another course's assignment of that name."""
    own = {str(assignment.public_tests), str(assignment.hidden_tests)}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if file.endswith(("test_public.py", "test_hidden.py")) and file not in own:
            del sys.modules[name]


@contextlib.contextmanager
def _isolated_pytest() -> Iterator[None]:
    """Keeps installed pytest plugins, PYTEST_ADDOPTS and bytecode files out of the judge's run."""
    before = {name: os.environ.get(name) for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS")}
    wrote = sys.dont_write_bytecode
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = wrote
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def summarize(
    assignment: Assignment,
    name: str,
    checks: list[CheckResult],
    *,
    status: str,
    notes: tuple[str, ...] = (),
    seconds: float = 0.0,
    isolation: str = "",
    integrity: tuple[str, ...] = (),
) -> GradeReport:
    """The report that follows from the checks that ran."""
    tasks = task_scores(assignment.tasks, checks)
    return GradeReport(
        submission=name,
        assignment=assignment.slug,
        title=assignment.title,
        status=status,
        tasks=tasks,
        checks=tuple(checks),
        notes=notes,
        categories=category_scores(checks),
        score=rounded(sum(task.score for task in tasks)),
        max_score=rounded(assignment.max_score),
        seconds=seconds,
        student_seconds=sum(check.student_seconds for check in checks),
        isolation=isolation,
        integrity=integrity,
    )


def _worker_notes(proxy: SubmissionProxy) -> tuple[str, ...]:
    """What the worker says it left out of a notebook; untrusted text, capped."""
    return tuple(note[:300] for note in proxy.known_report().notes[:20])
