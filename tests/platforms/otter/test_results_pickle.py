"""results.pkl: what Otter itself makes of it."""

from __future__ import annotations

import pickle
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.platforms.otter.results_pickle import otter_pickle
from autograder.results import GradeReport, Outcome

pytest.importorskip("otter", exc_type=ImportError)


@pytest.fixture(autouse=True)
def otter_without_its_warnings() -> None:
    import otter.grade.utils  # noqa: F401


def loaded(report: GradeReport) -> Any:
    """As `otter grade` loads it on the host."""
    return pickle.loads(otter_pickle(report))


def test_it_is_a_real_grading_result_with_our_scores(report: GradeReport) -> None:
    from otter.test_files import GradingResults

    results = loaded(report)
    assert isinstance(results, GradingResults)
    assert {name: one.score for name, one in results.results.items()} == {task.id: task.score for task in report.tasks}
    assert {name: one.possible for name, one in results.results.items()} == pytest.approx(
        {task.id: task.max_score for task in report.tasks}
    )


def test_it_has_every_attribute_of_the_installed_version(report: GradeReport) -> None:
    from otter.test_files import GradingResults, TestCase
    from otter.test_files.abstract_test import TestCaseResult
    from otter.test_files.exception_test import ExceptionTestFile

    results = loaded(report)
    question = next(iter(results.results.values()))
    case, outcome = question.test_cases[0], question.test_case_results[0]
    assert vars(results).keys() == vars(GradingResults([])).keys()
    assert vars(question).keys() == vars(ExceptionTestFile("n", "p", [])).keys()
    assert vars(case).keys() == vars(TestCase("n", "b", False, 1, None, None)).keys()
    assert vars(outcome).keys() == vars(TestCaseResult(case, "", True)).keys()


def test_otter_makes_a_table_of_it(report: GradeReport) -> None:
    from otter.grade.utils import merge_scores_to_df

    results = loaded(report)
    results.file = "ada.py"
    table = merge_scores_to_df([results])
    assert list(table["file"]) == ["points-per-question", "ada.py"]
    assert table["total_points_earned"][1] == pytest.approx(sum(task.score for task in report.tasks))
    assert table["grading_status"][1] == "Completed"
    assert results.summary()


def test_what_the_grader_could_not_finish_is_flagged(report: GradeReport) -> None:
    results = loaded(msgspec.structs.replace(report, status="internal_error"))
    assert results.has_catastrophic_failure()
    assert "by hand" in str(results.catastrophic_error)


def test_an_unreadable_submission_has_its_points_counted(report: GradeReport) -> None:
    tasks = tuple(msgspec.structs.replace(task, score=0.0) for task in report.tasks)
    results = loaded(msgspec.structs.replace(report, status="unreadable", checks=(), tasks=tasks, score=0.0))
    assert (results.total, results.possible) == (0, pytest.approx(sum(task.max_score for task in tasks)))
    assert not any(one.passed_all for one in results.results.values())


def test_no_trace_of_the_stand_ins_stays(report: GradeReport) -> None:
    before = sys.modules["otter"]
    otter_pickle(report)
    assert sys.modules["otter"] is before


def test_it_is_made_where_otter_is_not_installed(report: GradeReport, tmp_path: Path) -> None:
    """The pickle names Otter's classes; it does not import them."""
    (tmp_path / "report.json").write_bytes(msgspec.json.encode(report))
    script = textwrap.dedent(
        """
        import sys
        class Refuse:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] in ("otter", "dill"):
                    raise ImportError(name)
        sys.meta_path.insert(0, Refuse())
        import msgspec
        from autograder.platforms.otter.results_pickle import otter_pickle
        from autograder.results import GradeReport
        from pathlib import Path
        report = msgspec.json.decode(Path("report.json").read_bytes(), type=GradeReport)
        Path("results.pkl").write_bytes(otter_pickle(report))
        """
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    assert (tmp_path / "results.pkl").read_bytes() == otter_pickle(report)


def test_a_failed_check_says_why(report: GradeReport) -> None:
    failed = next(one for one in report.checks if one.outcome is not Outcome.PASSED and one.feedback)
    summary = loaded(report).results[failed.task].summary()
    assert failed.feedback.splitlines()[0][:30] in summary
