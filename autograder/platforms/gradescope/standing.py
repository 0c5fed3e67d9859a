"""What a platform's metadata means for a submission: late, one attempt too many; and the leaderboard.

The metadata is the platform's, not the student's; still, no field of it is taken for granted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, AttemptLimit, LatePolicy, LeaderboardEntry
from autograder.reports.text import number
from autograder.results import GradeReport


@dataclass(frozen=True)
class Standing:
    """How a submission stands to the deadline and to the number of attempts."""

    refusal: str = ""
    """Why it is not graded; empty where it is."""
    kept_score: float = 0.0
    """The score that a submission which is not graded keeps: the best of those that were."""
    share: float = 1.0
    """What is left of the points of a late submission."""
    note: str = ""
    """A sentence for the student on what was deducted."""


def read_standing(path: Path, assignment: Assignment) -> Standing:
    """The standing that the file of metadata gives; as if in time where it is missing or says nothing."""
    if assignment.late is None and assignment.attempts is None:
        return Standing()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Standing()
    return standing(data if isinstance(data, dict) else {}, assignment.late, assignment.attempts)


def standing(data: dict[str, Any], late: LatePolicy | None, attempts: AttemptLimit | None) -> Standing:
    """The standing of a submission with this metadata."""
    created = _time(data.get("created_at"))
    if attempts is not None:
        refused = _refused(data, created, attempts)
        if refused is not None:
            return refused
    due = _deadline(data)
    if late is None or created is None or due is None:
        return Standing()
    behind = created - due - timedelta(minutes=late.grace_minutes)
    if behind <= timedelta(0):
        return Standing()
    days = math.ceil(behind / timedelta(days=1))
    too_late = late.max_days > 0 and behind > timedelta(days=late.max_days)
    share = 0.0 if too_late else max(0.0, 1.0 - days * late.percent_per_day / 100.0)
    begun = "less than a day" if days == 1 else f"less than {days} days"
    if share == 0.0:
        return Standing(share=0.0, note=f"Handed in {begun} late: too late to earn points.")
    return Standing(share=share, note=f"Handed in {begun} late: {number(100 * share, 1)} % of the points count.")


def with_standing(results: dict[str, Any], standing: Standing) -> dict[str, Any]:
    """Gradescope's results with what the standing changes in them."""
    if standing.refusal:
        return {**results, "score": standing.kept_score}
    if standing.share == 1.0:
        return results
    note = f"<p><strong>{standing.note}</strong></p>" if results["output_format"] == "html" else standing.note
    output = "\n".join(part for part in (results["output"], note) if part)
    return {**results, "score": round(results["score"] * standing.share, 4), "output": output}


def with_leaderboard(
    results: dict[str, Any], report: GradeReport, entries: Sequence[LeaderboardEntry]
) -> dict[str, Any]:
    """Gradescope's results with the leaderboard that the assignment asks for, if any."""
    if not entries or report.status != "graded":
        return results
    return {**results, "leaderboard": [_entry(entry, report) for entry in entries]}


def _entry(entry: LeaderboardEntry, report: GradeReport) -> dict[str, Any]:
    if entry.value == "score":
        value = report.score
    elif entry.value == "seconds":
        value = report.student_seconds
    else:
        value = report.categories.get(entry.value, (0.0, 0.0))[0]
    return {"name": entry.name, "value": round(value, 4), "order": entry.order}


def _refused(data: dict[str, Any], created: datetime | None, attempts: AttemptLimit) -> Standing | None:
    earlier = [one for one in _list(data.get("previous_submissions")) if _was_graded(one)]
    window = timedelta(hours=attempts.per_hours)
    counted = earlier
    if attempts.per_hours > 0 and created is not None:
        times = [(one, _time(one.get("submission_time"))) for one in earlier]
        counted = [one for one, time in times if time is None or created - time < window]
    if len(counted) < attempts.limit:
        return None
    when = f" within {number(attempts.per_hours)} hours" if attempts.per_hours > 0 else ""
    plural = "" if attempts.limit == 1 else "s"
    return Standing(
        refusal=f"Not graded: {attempts.limit} submission{plural}{when} may be graded, and you have used all of them. "
        "Your best score so far is kept.",
        kept_score=max((_score(one) for one in earlier), default=0.0),
    )


def _was_graded(earlier: dict[str, Any]) -> bool:
    results = earlier.get("results")
    extra = results.get("extra_data") if isinstance(results, dict) else None
    refused = isinstance(extra, dict) and extra.get("status") == "refused"
    return not earlier.get("autograder_error") and not refused


def _score(earlier: dict[str, Any]) -> float:
    try:
        score = float(earlier.get("score") or 0.0)
    except (TypeError, ValueError):
        return 0.0
    return score if math.isfinite(score) else 0.0


def _deadline(data: dict[str, Any]) -> datetime | None:
    """The deadline of the student (one of them, in a group, may have been given more time), else everybody's."""
    own = [user.get("assignment") for user in _list(data.get("users"))]
    dates = [_time(one.get("due_date")) for one in own if isinstance(one, dict)]
    found = [date for date in dates if date is not None]
    general = data.get("assignment")
    if isinstance(general, dict) and (date := _time(general.get("due_date"))) is not None:
        found.append(date)
    return max(found, default=None)


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=timezone.utc)
