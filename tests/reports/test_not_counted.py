"""A check that could not be run: nobody loses a point for it, and nobody takes what is left for a grade."""

from __future__ import annotations

import csv
import io
import json
import re

from rich.console import Console

from autograder.reports.class_summary import summarize
from autograder.reports.gradebook import gradebook_csv
from autograder.reports.html import class_page, student_page
from autograder.reports.results_json import gradescope_results
from autograder.reports.table import class_table
from autograder.results import CheckResult, GradeReport, Outcome, TaskScore

FAULT = "test_hidden.py, line 41: NameError: name 'expectd' is not defined"
SENTENCE = (
    "test_x could not be run for 2 of 3: test_hidden.py, line 41: NameError: name 'expectd' is not defined. Its 2 "
    "points are not counted, and there is no score where it is missing, until a person has looked."
)


def graded(name: str, *, broken: bool) -> GradeReport:
    """Full marks in task 1, and in task 2 as far as its check can be run."""
    outcome = Outcome.INTERNAL_ERROR if broken else Outcome.PASSED
    score, fault = (0.0, FAULT) if broken else (1.0, "")
    cases = [
        CheckResult("2", f"test_x[{n}]", "X", "convergence", 1.0, score, outcome, "A person will look.", fault=fault)
        for n in (1, 2)
    ]
    return GradeReport(
        submission=name,
        assignment="tiny",
        title="Tiny",
        status="internal_error" if broken else "graded",
        tasks=(TaskScore("1", "One", 3.0, 3.0), TaskScore("2", "Two", 2 * score, 2.0)),
        checks=(CheckResult("1", "test_a", "A", "correctness", 3.0, 3.0, Outcome.PASSED), *cases),
        categories={"correctness": (3.0, 3.0), "convergence": (2 * score, 2.0)},
        score=3.0 + 2 * score,
        max_score=5.0,
        integrity=(f"test_x[1]: {FAULT}",) if broken else (),
    )


CLASS = [graded("ada", broken=True), graded("bo", broken=False), graded("cy", broken=True)]


def test_it_is_said_once_for_the_class() -> None:
    assert [one.sentence for one in summarize(CLASS).uncounted] == [SENTENCE]
    assert summarize(CLASS[1:2]).uncounted == ()
    said = io.StringIO()
    Console(file=said, width=400).print(class_table(CLASS, "Tiny", width=400))
    assert " ".join(said.getvalue().split()).count(SENTENCE) == 1
    page = re.sub("<[^>]+>", "", class_page(CLASS, "Tiny"))
    assert page.count("could not be run for 2 of 3") == 1
    assert "A check could not be run" in page


def test_the_gradebook_has_no_number_that_could_be_taken_for_a_grade() -> None:
    rows = {row["submission"]: row for row in csv.DictReader(io.StringIO(gradebook_csv(CLASS)))}
    assert rows["ada"] == {
        "submission": "ada",
        "status": "internal_error",
        "score": "",
        "max_score": "5",
        "correctness": "3",
        "convergence": "",
        "hygiene": "",
        "task 1": "3",
        "task 2": "",
        "remarks": "",
        "not_counted": "test_x[1] (1), test_x[2] (1)",
    }
    assert (rows["bo"]["score"], rows["bo"]["task 2"], rows["bo"]["not_counted"]) == ("5", "2", "")
    assert "not_counted" not in gradebook_csv(CLASS[1:2])


def test_a_submission_on_which_no_check_ran_has_no_points_per_task_either() -> None:
    tasks = (TaskScore("1", "One", 0.0, 3.0),)
    (row,) = csv.DictReader(
        io.StringIO(gradebook_csv([GradeReport("ada", "tiny", "Tiny", "internal_error", tasks, max_score=3.0)]))
    )
    assert (row["score"], row["task 1"]) == ("", "")


def test_the_student_reads_what_is_missing_and_not_why() -> None:
    sentence = "2 checks could not be run, so 2 of the 5 points are not counted yet, and the score is not final."
    results = gradescope_results(CLASS[0])
    assert sentence in results["output"]
    assert results["extra_data"]["points_not_counted"] == 2.0
    assert [test.get("score") for test in results["tests"]] == [3.0, None, None]
    assert "points_not_counted" not in gradescope_results(CLASS[1])["extra_data"]
    page = student_page(CLASS[0])
    assert sentence in page and "– / 1" in page
    assert "expectd" not in page and "expectd" not in json.dumps(results)
