"""Points: shares, clamping, deductions, totals."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from autograder.assignment import HygienePolicy, Task
from autograder.results import CheckResult, Diagnostic, TaskScore
from autograder.scoring import category_scores, clamped, hygiene_score, rounded, share, task_scores

TASKS = (Task("1", "First", 2.0), Task("2", "Second", 1.0))


def check(task: str, score: float, max_score: float, category: str = "correctness") -> CheckResult:
    return CheckResult(task, f"test_{task}", "A check", category, max_score, score)


def finding(code: str, severity: str = "E") -> Diagnostic:
    return Diagnostic(code, "a-rule", "what happened", severity=severity)


@pytest.mark.parametrize(
    ("score", "within"), [(1.5, 1.5), (-1.0, 0.0), (9.0, 2.0), (math.nan, 0.0), (math.inf, 2.0), (-math.inf, 0.0)]
)
def test_scores_are_clamped(score: float, within: float) -> None:
    assert clamped(score, 2.0) == within


@given(st.floats(), st.floats(0, 1e6))
def test_a_clamped_score_is_within_its_bounds(score: float, max_score: float) -> None:
    assert 0.0 <= clamped(score, max_score) <= max_score


@pytest.mark.parametrize(
    ("findings", "policy", "left"),
    [
        ([], HygienePolicy(), 2.0),
        ([finding("GH101")], HygienePolicy(), 0.0),
        ([finding("GH101")], HygienePolicy(error=0.25), 1.5),
        ([finding("GH101"), finding("GH101")], HygienePolicy(error=0.25), 1.5),
        ([finding("GH101"), finding("GH203")], HygienePolicy(error=0.25), 1.0),
        ([finding("GH101"), finding("GH203")], HygienePolicy(error=0.25, deductions={"GH203": 0.5}), 0.5),
        ([finding("GH101"), finding("GH203")], HygienePolicy(error=0.7), 0.0),
        ([finding("GH301", "W")], HygienePolicy(), 2.0),
        ([finding("GH301", "W")], HygienePolicy(warning=0.5), 1.0),
        ([finding("GH501", "S")], HygienePolicy(), 2.0),
        ([finding("GH501", "S")], HygienePolicy(deductions={"GH501": 0.25}), 1.5),
    ],
)
def test_each_distinct_rule_is_deducted_once(findings: list[Diagnostic], policy: HygienePolicy, left: float) -> None:
    assert hygiene_score(2.0, findings, policy) == pytest.approx(left)
    assert hygiene_score(2.0, findings[::-1], policy) == pytest.approx(left)


def test_a_rule_that_came_in_two_severities_is_deducted_once() -> None:
    findings = [finding("GH101", "E"), finding("GH101", "W")]
    assert hygiene_score(2.0, findings, HygienePolicy(deductions={"GH101": 0.5})) == 1.0


def test_thirds_of_a_point_add_up() -> None:
    third = share(1.0, 3)
    scores = task_scores(TASKS, [check("2", third, third)] * 3)
    assert scores == (TaskScore("1", "First", 0.0, 2.0), TaskScore("2", "Second", 1.0, 1.0))
    assert rounded(third) == 0.3333
    assert str(rounded(-0.0)) == "0.0"


def test_totals_of_categories() -> None:
    checks = [
        check("1", 0.1, 0.5),
        check("1", 0.2, 0.5),
        check("2", 0.0, 1.0, "hygiene"),
        check("2", 1 / 3, 1 / 3, "convergence"),
    ]
    assert category_scores(checks) == {
        "correctness": (0.3, 1.0),
        "convergence": (0.3333, 0.3333),
        "hygiene": (0.0, 1.0),
    }
    assert list(category_scores(checks)) == ["correctness", "convergence", "hygiene"]
    assert category_scores(checks[2:3]) == {"hygiene": (0.0, 1.0)}


def test_what_could_not_be_run_was_not_possible_either() -> None:
    from autograder.results import Outcome

    checks = [
        CheckResult("1", "a", "A", "hygiene", 2.0, 2.0, Outcome.PASSED),
        CheckResult("1", "b", "B", "hygiene", 3.0, 0.0, Outcome.INTERNAL_ERROR),
        CheckResult("1", "c", "C", "correctness", 3.0, 0.0, Outcome.INTERNAL_ERROR),
    ]
    assert category_scores(checks) == {"correctness": (0.0, 0.0), "hygiene": (2.0, 2.0)}
