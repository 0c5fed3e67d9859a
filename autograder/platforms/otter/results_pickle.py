"""Otter's results.pkl: a pickle of ``otter.test_files.GradingResults``, made without Otter.

`otter grade` loads it on the TA's machine, so it is built from our report alone. The classes are named, not
imported: the container needs no Otter, and no class of the submission can get in.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from autograder.reports.html import MARKS, status_sentence
from autograder.reports.text import plain_line, plain_text
from autograder.results import CheckResult, GradeReport, Outcome, TaskScore

_RESULTS = ("otter.test_files", "GradingResults")
_FILE = ("otter.test_files.exception_test", "ExceptionTestFile")
_CASE = ("otter.test_files.abstract_test", "TestCase")
_CASE_RESULT = ("otter.test_files.abstract_test", "TestCaseResult")
_ERROR = "The grader itself failed: look at this submission by hand."


def otter_pickle(report: GradeReport) -> bytes:
    """The bytes of results.pkl: one question per task, one test case per check, scores as in the report.

    A submission that the grader could not finish carries an error, which Otter shows instead of a grade.
    """
    with _named_classes() as classes:
        failed = report.status in ("internal_error", "incomplete")
        questions = {task.id: _question(classes, report, task) for task in report.tasks}
        results = _made(
            classes[_RESULTS],
            results=questions,
            output=_output(report),
            all_hidden=False,
            pdf_error=None,
            notebook=None,
            _plugin_data={},
            _catastrophic_error=RuntimeError(_ERROR) if failed else None,
        )
        return pickle.dumps(results, protocol=4)


def _question(classes: Mapping[tuple[str, str], type], report: GradeReport, task: TaskScore) -> Any:
    checks = [check for check in report.checks if check.task == task.id]
    cases = [_case(classes, check) for check in checks] or [_empty_case(classes, task)]
    outcomes: list[CheckResult | None] = [*checks] or [None]
    return _made(
        classes[_FILE],
        name=task.id,
        path=f"tests/{task.id}.py",
        test_cases=cases,
        all_or_nothing=False,
        test_case_results=[
            _made(
                classes[_CASE_RESULT],
                test_case=case,
                message=_message(check) if check else "",
                passed=check is not None and check.outcome is Outcome.PASSED,
            )
            for case, check in zip(cases, outcomes, strict=True)
        ],
        # A check can earn a part of its points, which test cases of Otter cannot.
        _score=task.score,
    )


def _case(classes: Mapping[tuple[str, str], type], check: CheckResult) -> Any:
    return _made(
        classes[_CASE],
        name=plain_line(check.title),
        body=plain_line(check.check),
        hidden=check.hidden,
        points=check.max_score,
        success_message=None,
        failure_message=None,
    )


def _empty_case(classes: Mapping[tuple[str, str], type], task: TaskScore) -> Any:
    """Stands for the checks of a task that did not run, so that its points are counted."""
    return _made(
        classes[_CASE],
        name=plain_line(task.title),
        body="",
        hidden=False,
        points=task.max_score,
        success_message=None,
        failure_message=None,
    )


def _message(check: CheckResult) -> str:
    mark = MARKS[check.outcome]
    return "\n".join(part for part in (f"{mark.symbol} {mark.word}", plain_text(check.feedback)) if part)


def _output(report: GradeReport) -> str | None:
    parts = (status_sentence(report), *map(plain_text, report.notes))
    return "\n".join(part for part in parts if part) or None


def _made(kind: type, **state: Any) -> Any:
    made = kind()
    made.__dict__.update(state)
    return made


@contextmanager
def _named_classes() -> Iterator[dict[tuple[str, str], type]]:
    """Stand-ins that pickle by the names of Otter's classes, for the length of the block."""
    found: dict[tuple[str, str], type] = {}
    modules: dict[str, ModuleType] = {"otter": ModuleType("otter")}
    for module, name in (_RESULTS, _FILE, _CASE, _CASE_RESULT):
        kind = type(name, (), {"__module__": module, "__qualname__": name})
        setattr(modules.setdefault(module, ModuleType(module)), name, kind)
        found[module, name] = kind
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield found
    finally:
        for name, module_before in before.items():
            if module_before is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module_before
