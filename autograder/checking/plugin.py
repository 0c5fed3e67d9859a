"""The pytest plugin: one submission's run of the checks, from marked tests to check results.

It is the same wherever the checks run: :mod:`autograder.checking.situation` chooses what runs the submission.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

import pytest

from autograder.assignment import Task
from autograder.blame import Call, Places, Trip, Witness, collection_fault, place_of
from autograder.bridge.feedback import needed
from autograder.checking import fixtures
from autograder.checking.bench import BENCH, FIGURE, NOTES, Bench
from autograder.checking.mark import MARKER, TaskMark, marking_faults, read_mark
from autograder.checking.verdict import Verdict, verdict_on
from autograder.errors import GraderError
from autograder.results import CheckResult, Outcome
from autograder.scoring import hygiene_score, rounded, share


class CheckPlugin:
    """Runs marked tests as checks and reports each one to ``on_result`` as soon as it is over.

    ``only``: the names of the checks to run; all of them without.
    """

    def __init__(
        self,
        bench: Bench,
        on_result: Callable[[CheckResult], None] = lambda result: None,
        only: frozenset[str] | None = None,
    ) -> None:
        self._bench = bench
        self._on_result = on_result
        self._only = only
        self._cases: Counter[str] = Counter()
        self._failures: dict[str, BaseException] = {}
        self._places = Places(bench.assignment)
        self._witness = Witness()
        bench.submission.witness = self._witness
        self.problems: list[str] = []
        """Faults of the author or the grader, for a person."""
        self.stopped: list[str] = []
        """Faults of the author for which no check, or no further one, could run."""
        self.trips: dict[str, Trip] = {}
        """Checks that stopped in their own code: whose fault it is, the reference's answers have to tell."""
        self.calls: dict[str, tuple[Call, ...]] = {}
        """What was answered to each check."""

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", MARKER)
        config.stash[BENCH] = self._bench
        config.pluginmanager.register(fixtures, "autograder-fixtures")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        faults = marking_faults(items, self._bench.assignment)
        if faults:
            # Raised as AssignmentError, it would be an INTERNALERROR of pytest, with a traceback through all of it.
            self.stopped += faults
            raise pytest.UsageError(faults[0])
        self._cases.update(_family(item) for item in items)
        if self._only is not None:
            items[:] = [item for item in items if item.name in self._only]

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[object], report: object
    ) -> None:
        """A test file that cannot be imported, or a check that cannot be made into cases."""
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            self.stopped.append(collection_fault(node, call.excinfo.value, self._places))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.stopped:
            self.stopped.append(f"{report.nodeid} could not be collected: {report.longreprtext.splitlines()[-1]}")

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if isinstance(excinfo.value, pytest.exit.Exception):
            self.stopped.append(f"{self._places.of(excinfo.value)}: pytest.exit ends the whole run")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if isinstance(excinfo.value, SystemExit):  # while a test file is imported
            self.stopped.append(f"{self._places.of(excinfo.value)}: exit() ends the whole run")

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        if fixturedef.scope == "function":
            return (yield)
        with self._witness.asked_by(_shared(fixturedef.argname)):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        mark = self._mark(item)
        submission = self._bench.submission
        submission.task_functions = frozenset(mark.task.functions)
        submission.assignment_names = frozenset(
            name for task in self._bench.assignment.tasks for name in (*task.functions, *task.needs)
        )
        if mark.isolated:
            with contextlib.suppress(GraderError):  # a grader that is broken says so when it opens the next worker
                submission.close()
        with self._witness.asked_by(item.name):
            outcome = yield
        seconds = 0.0
        try:
            seconds = submission.end_check(keep=not mark.isolated)
        except GraderError as error:
            self._failures[item.nodeid] = error
        self._on_result(self._result(item, mark, seconds))
        return outcome

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        task = self._mark(item).task
        report = self._bench.submission.load_report()
        if report.failure is not None:
            raise report.failure

        def blank(name: str) -> bool:
            return name not in report.names or report.names[name].blank

        if task.functions and all(blank(name) for name in task.functions):
            return  # the check itself will come upon its own task's blank and say so
        for name in task.needs:
            if blank(name):
                raise needed(name, found=name in report.names)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
        if call.when != "teardown":
            self.calls[item.name] = self._heard(item)
        if call.excinfo is None:
            return None
        error = call.excinfo.value
        self._failures.setdefault(item.nodeid, error)
        if isinstance(error, pytest.skip.Exception):
            return None
        # Made here, because pytest would format a traceback through the framework that nobody is to read.
        verdict = self._verdict(self._failures[item.nodeid], item, self._mark(item))
        said = _with_notes(verdict, item)
        skipped = verdict.outcome is Outcome.SKIPPED
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="skipped" if skipped else "failed",
            longrepr=(str(item.path), 0, said) if skipped else said,
            when="call" if call.when == "call" else "setup",
            duration=call.duration,
            start=call.start,
            stop=call.stop,
        )

    def _result(self, item: pytest.Item, mark: TaskMark, seconds: float) -> CheckResult:
        points = share(mark.points, self._cases[_family(item)])
        error = self._failures.pop(item.nodeid, None)
        verdict = self._verdict(error, item, mark) if error is not None else Verdict(Outcome.PASSED, "")
        outcome, score, diagnostics = verdict.outcome, points, getattr(error, "diagnostics", ())
        if error is not None:
            earns = bool(diagnostics) and not getattr(error, "forfeits", False)
            score = hygiene_score(points, diagnostics, self._bench.assignment.hygiene) if earns else 0.0
            if diagnostics and score >= points:
                outcome = Outcome.PASSED  # findings that cost nothing are advice, not a failure
        return CheckResult(
            task=mark.task.id,
            check=item.name,
            title=_title(item),
            category=mark.category,
            max_score=points,
            score=rounded(score) if score < points else points,
            outcome=outcome,
            feedback=_with_notes(verdict, item),
            visibility=mark.visibility,
            hidden=mark.hidden,
            diagnostics=tuple(diagnostics),
            figure=item.stash.get(FIGURE, None),
            student_seconds=seconds,
            place=(self._places.of(error) if error is not None else "") or place_of(item),
            fault=verdict.fault,
        )

    def _not_begun(self, task: Task) -> str:
        """What is said first where a body that is to be repaired has not been touched; empty otherwise."""
        if task.kind != "repair":
            return ""
        names = [f"`{name}`" for name in task.functions if name in self._bench.untouched]
        if not names:
            return ""
        are = "is" if len(names) == 1 else "are"
        return f"{' and '.join(names)} {are} still as handed out, with the fault in it. "

    def _verdict(self, error: BaseException, item: pytest.Item, mark: TaskMark) -> Verdict:
        verdict = verdict_on(
            error,
            item,
            hidden=mark.hidden,
            bench=self._bench,
            places=self._places,
            calls=self.calls.get(item.name, ()),
        )
        if verdict.problem and verdict.problem not in self.problems:
            self.problems.append(verdict.problem)
        if verdict.trip is not None:
            self.trips[item.name] = verdict.trip
        if verdict.outcome in (Outcome.FAILED, Outcome.ERROR):
            return replace(verdict, feedback=self._not_begun(mark.task) + verdict.feedback)
        return verdict

    def _heard(self, item: pytest.Item) -> tuple[Call, ...]:
        """The answers to the check, after those to the fixtures that it shares with others."""
        request = getattr(item, "_request", None)  # knows also what a check asks for by `getfixturevalue`
        names: Sequence[str] = getattr(request, "fixturenames", None) or getattr(item, "fixturenames", None) or ()
        return self._witness.heard([*map(_shared, names), item.name])

    def _mark(self, item: pytest.Item) -> TaskMark:
        return read_mark(item, self._bench.assignment)


def _with_notes(verdict: Verdict, item: pytest.Item) -> str:
    notes = [] if verdict.outcome is Outcome.INTERNAL_ERROR else item.stash.get(NOTES, [])
    return "\n".join(filter(None, [verdict.feedback, *notes]))


def _shared(fixture: str) -> str:
    """Under which name the answers to a fixture are noted that several checks share."""
    return f"fixture {fixture}"


def _family(item: pytest.Item) -> str:
    """The test function that the cases of a parametrised check share."""
    return item.nodeid.split("[", 1)[0]


def _title(item: pytest.Item) -> str:
    """The docstring's first line, with the case where there are several."""
    function = getattr(item, "function", None)
    text = (function.__doc__ or "").strip().splitlines() if function is not None else []
    title = text[0] if text else item.name.split("[")[0].removeprefix("test_").replace("_", " ").capitalize()
    callspec = getattr(item, "callspec", None)
    if callspec is None:
        return title
    shown = ", ".join(f"{name} = {value}" for name, value in callspec.params.items() if _is_scalar(value))
    return f"{title} ({shown or callspec.id})"


def _is_scalar(value: object) -> bool:
    return type(value) in (bool, int, float, str)
