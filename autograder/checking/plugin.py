"""The pytest plugin: the marker, the fixtures, and from pytest's reports to check results.

In the judge, :mod:`autograder.grade` registers a :class:`CheckPlugin` whose submission lives in a locked worker.
In a student's own folder the same tests run in-process: pytest finds this module through its entry point.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pytest

from autograder.assignment import Assignment, Task
from autograder.blame import (
    Call,
    Places,
    Trip,
    Witness,
    collection_fault,
    described,
    is_the_authors,
    open_question,
    place_of,
    reads_output,
)
from autograder.bridge.feedback import needed
from autograder.bridge.naming import why_none
from autograder.checking import fixtures
from autograder.checking.bench import BENCH, FIGURE, Bench
from autograder.errors import AssignmentError, CheckFailure, GraderError
from autograder.results import CATEGORIES, VISIBILITIES, CheckResult, Outcome
from autograder.scoring import hygiene_score, rounded, share

_MARKER = "task(id, points, category, visibility): the graded task that this check belongs to"
_COULD_NOT_RUN = "The grader could not run this check. It costs no trust in your work: a person will look at it."
_GRADER_FOLDERS = tuple(str(Path(__file__).parent / name) for name in ("bridge", "sandbox", "grade", "plugin.py"))


@dataclass(frozen=True)
class TaskMark:
    """A check's marker, checked."""

    task: Task
    points: float
    category: str
    visibility: str
    hidden: bool


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
        config.addinivalue_line("markers", _MARKER)
        config.stash[BENCH] = self._bench
        config.pluginmanager.register(fixtures, "autograder-fixtures")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        faults = list(dict.fromkeys([*filter(None, map(self._fault_of, items)), *_repeated(items)]))
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
        with self._witness.asked_by(item.name):
            outcome = yield
        seconds = 0.0
        try:
            seconds = submission.end_check()
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
        verdict, feedback, _ = self._verdict(self._failures[item.nodeid], item, self._mark(item))
        skipped = verdict is Outcome.SKIPPED
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="skipped" if skipped else "failed",
            longrepr=(str(item.path), 0, feedback) if skipped else feedback,
            when="call" if call.when == "call" else "setup",
            duration=call.duration,
            start=call.start,
            stop=call.stop,
        )

    def _result(self, item: pytest.Item, mark: TaskMark, seconds: float) -> CheckResult:
        points = share(mark.points, self._cases[_family(item)])
        error = self._failures.pop(item.nodeid, None)
        outcome, feedback, fault, diagnostics = Outcome.PASSED, "", "", ()
        score = points
        if error is not None:
            outcome, feedback, fault = self._verdict(error, item, mark)
            diagnostics = getattr(error, "diagnostics", ())
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
            feedback=feedback,
            visibility=mark.visibility,
            hidden=mark.hidden,
            diagnostics=tuple(diagnostics),
            figure=item.stash.get(FIGURE, None),
            student_seconds=seconds,
            place=(self._places.of(error) if error is not None else "") or place_of(item),
            fault=fault,
        )

    def _verdict(self, error: BaseException, item: pytest.Item, mark: TaskMark) -> tuple[Outcome, str, str]:
        """The outcome, what the student reads, and what the author has to mend."""
        if isinstance(error, CheckFailure):
            text = error.message if mark.hidden or not error.reveal else str(error)
            submission = self._bench.submission
            return Outcome(error.outcome), why_none(text, submission.known_report().remarks, submission.code.locate), ""
        if isinstance(error, pytest.skip.Exception):
            return Outcome.SKIPPED, str(error), ""
        grader = _raised_by_grader(error.__traceback__)
        if isinstance(error, AssertionError) and not grader and not self._places.in_trusted_code(error):
            return Outcome.FAILED, _assertion_text(error, mark.hidden), ""
        ran = self._places.in_checks(error)
        if isinstance(error, pytest.fail.Exception) and ran:
            return Outcome.FAILED, str(error) or "This check did not pass.", ""
        fault = f"{self._places.of(error) or place_of(item)}: {described(error)}"
        if isinstance(error, GraderError) or (grader and not is_the_authors(error)):
            self._note(f"{item.name}: {described(error)}")
            return Outcome.INTERNAL_ERROR, _COULD_NOT_RUN, ""
        if not ran or is_the_authors(error):
            self._note(f"{item.name}: {fault}")
            return Outcome.INTERNAL_ERROR, self._told(fault), fault
        trip = Trip(described(error), self.calls.get(item.name, ()), reads_output(error.__traceback__))
        if self._bench.reference is None:
            return Outcome.FAILED, open_question(fault, trip.calls), ""
        self.trips[item.name] = trip
        return Outcome.INTERNAL_ERROR, _COULD_NOT_RUN, fault

    def _told(self, fault: str) -> str:
        if self._bench.reference is not None:
            return _COULD_NOT_RUN
        return f"This check could not be run, and that is not your fault. Please tell your instructor: {fault}"

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def _heard(self, item: pytest.Item) -> tuple[Call, ...]:
        """The answers to the check, after those to the fixtures that it shares with others."""
        request = getattr(item, "_request", None)  # knows also what a check asks for by `getfixturevalue`
        names: Sequence[str] = getattr(request, "fixturenames", None) or getattr(item, "fixturenames", None) or ()
        return self._witness.heard([*map(_shared, names), item.name])

    def _fault_of(self, item: pytest.Item) -> str:
        """What is wrong with a check that can be told before it runs; "" where nothing is."""
        try:
            mark = self._mark(item)
        except AssignmentError as error:
            return str(error)
        if not mark.hidden and "reference" in getattr(item, "fixturenames", ()):
            return (
                f"{place_of(item)}: {item.name} uses the reference solution, which students do not have; "
                "a public check compares with published numbers."
            )
        return ""

    def _mark(self, item: pytest.Item) -> TaskMark:
        return read_mark(item, self._bench.assignment)


def read_mark(item: pytest.Item, assignment: Assignment) -> TaskMark:
    """The check's task marker; an AssignmentError that names the test and its line where it is missing or wrong."""
    marker = item.get_closest_marker("task")
    where = f"{item.path.parent / place_of(item)}: {item.name}"
    if marker is None:
        raise AssignmentError(f"{where} has no @pytest.mark.task(id, points=…, category=…).")
    try:
        return _checked_mark(assignment, item.path == assignment.public_tests, *marker.args, **marker.kwargs)
    except TypeError as error:
        said = str(error).replace("_checked_mark()", "it")
        raise AssignmentError(f"{where}: @pytest.mark.task: {said}") from None
    except ValueError as error:
        raise AssignmentError(f"{where}: {error}") from None


def _checked_mark(
    assignment: Assignment, public: bool, id: str, *, points: float, category: str, visibility: str = "visible"
) -> TaskMark:
    tasks = {task.id: task for task in assignment.tasks}
    if id not in tasks:
        raise ValueError(f"it names task {id!r}, but the tasks of assignment.toml are {', '.join(tasks)}")
    if not (math.isfinite(float(points)) and float(points) >= 0):
        raise ValueError(f"points={points} is not a number of points")
    if category not in CATEGORIES:
        raise ValueError(f"category {category!r} is not one of {', '.join(CATEGORIES)}")
    if visibility not in VISIBILITIES:
        raise ValueError(f"visibility {visibility!r} is not one of {', '.join(VISIBILITIES)}")
    return TaskMark(tasks[id], float(points), category, visibility, hidden=not public)


def _repeated(items: Sequence[pytest.Item]) -> list[str]:
    """What is wrong with names: reports and sample headers name checks without their file."""
    places: dict[str, Path] = {}
    return [
        f"{item.path.parent / place_of(item)}: {item.name} is a check of {places[item.name].name}, too; rename one."
        for item in items
        if places.setdefault(item.name, item.path) != item.path
    ]


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


def _assertion_text(error: AssertionError, hidden: bool) -> str:
    """The author's words; pytest's comparison of values only where nothing is hidden."""
    text = str(error)
    message, _, comparison = text.partition("\nassert ")
    if not text or text.startswith("assert "):
        return "This check did not pass." if hidden or not text else f"This check did not pass: {text.splitlines()[0]}"
    return message if hidden or not comparison else f"{message}\n({comparison.splitlines()[0]})"


def _raised_by_grader(traceback: TracebackType | None) -> bool:
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and traceback.tb_frame.f_code.co_filename.startswith(_GRADER_FOLDERS)
