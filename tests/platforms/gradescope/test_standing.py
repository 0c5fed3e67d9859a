"""Deadlines, attempts and leaderboards, from whatever a platform's metadata says."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.assignment import AttemptLimit, LatePolicy, LeaderboardEntry
from autograder.platforms.gradescope.standing import Standing, standing, with_leaderboard, with_standing
from autograder.reports.results_json import gradescope_results
from autograder.results import GradeReport
from tests.platforms.gradescope.schema import RESULTS

LATE = LatePolicy(percent_per_day=10, grace_minutes=15, max_days=3)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("created_at", "users", "assignment", "previous_submissions")


def metadata(created: str, **more: Any) -> dict[str, Any]:
    return {"created_at": created, "assignment": {"due_date": "2026-03-01T23:59:00.000000-08:00"}, **more}


@pytest.mark.parametrize(
    ("created", "share"),
    [
        ("2026-03-01T12:00:00.000000-08:00", 1.0),
        ("2026-03-02T00:10:00.000000-08:00", 1.0),  # within the grace
        ("2026-03-02T00:15:00.000000-08:00", 0.9),
        ("2026-03-02T08:10:00+00:00", 1.0),  # the same as the second, in another time zone
        ("2026-03-04T00:13:00.000000-08:00", 0.8),
        ("2026-03-06T00:00:00.000000-08:00", 0.0),
        ("yesterday", 1.0),
    ],
)
def test_every_day_begun_costs_its_share(created: str, share: float) -> None:
    assert standing(metadata(created), LATE, None).share == pytest.approx(share)


def test_a_student_with_an_extension_is_in_time() -> None:
    data = metadata("2026-03-03T00:00:00-08:00", users=[{"assignment": {"due_date": "2026-03-05T00:00:00-08:00"}}])
    assert standing(data, LATE, None) == Standing()


def test_attempts_beyond_the_limit_keep_the_best_score() -> None:
    earlier = [
        {"submission_time": "2026-03-01T09:00:00-08:00", "score": "7.5"},
        {"submission_time": "2026-03-01T10:00:00-08:00", "score": 6.0},
        {"submission_time": "2026-03-01T10:30:00-08:00", "score": 9.0, "autograder_error": True},
        {"submission_time": "2026-03-01T11:00:00-08:00", "results": {"extra_data": {"status": "refused"}}},
    ]
    data = metadata("2026-03-01T12:00:00-08:00", previous_submissions=earlier)
    assert standing(data, None, AttemptLimit(limit=3)).refusal == ""
    refused = standing(data, None, AttemptLimit(limit=2))
    assert refused.kept_score == 7.5
    assert "2 submissions may be graded" in refused.refusal
    assert standing(data, None, AttemptLimit(limit=1, per_hours=2)).refusal == ""
    assert standing(data, None, AttemptLimit(limit=1, per_hours=2.5)).refusal != ""


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_metadata_is_an_error(data: dict[str, Any]) -> None:
    found = standing(data, LATE, AttemptLimit(limit=1, per_hours=1))
    assert 0.0 <= found.share <= 1.0


def test_a_late_submission_is_told_so(report: GradeReport) -> None:
    late = Standing(share=0.9, note="Handed in less than a day late: 90 % of the points count.")
    for html in (True, False):
        results = with_standing(gradescope_results(report, html=html), late)
        assert results["score"] == pytest.approx(0.9 * report.score, abs=1e-4)
        assert late.note in results["output"]
        RESULTS.validate(results)


def test_the_leaderboard_is_what_the_assignment_asks_for(report: GradeReport) -> None:
    entries = (LeaderboardEntry("Points", "score"), LeaderboardEntry("Seconds", "seconds", "asc"))
    graded = msgspec.structs.replace(report, status="graded")
    results = with_leaderboard(gradescope_results(graded), graded, entries)
    assert results["leaderboard"] == [
        {"name": "Points", "value": round(graded.score, 4), "order": "desc"},
        {"name": "Seconds", "value": round(graded.student_seconds, 4), "order": "asc"},
    ]
    RESULTS.validate(results)
    unfinished = msgspec.structs.replace(report, status="incomplete")
    assert "leaderboard" not in with_leaderboard(gradescope_results(unfinished), unfinished, entries)
