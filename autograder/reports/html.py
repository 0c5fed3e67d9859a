"""Pages for people: one file each, no request leaves the browser, nothing that a student wrote is markup."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from autograder.reports import figures
from autograder.reports.class_summary import (
    fraction,
    has_full_marks,
    is_final,
    not_counted,
    points_not_counted,
    summarize,
)
from autograder.reports.names import unique_file_names
from autograder.reports.prose import feedback_markup
from autograder.reports.text import duration, number, plain_line, plain_text
from autograder.results import CATEGORIES, CheckResult, GradeReport, Outcome

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Mark:
    """How an outcome is shown: never by color alone."""

    symbol: str
    word: str
    tone: str


MARKS = {
    Outcome.PASSED: Mark("✓", "Passed", "pass"),
    Outcome.FAILED: Mark("✗", "Failed", "fail"),
    Outcome.ERROR: Mark("✗", "Stopped with an error", "fail"),
    Outcome.TIMED_OUT: Mark("✗", "Took too long", "fail"),
    Outcome.MEMORY_EXCEEDED: Mark("✗", "Used too much memory", "fail"),
    Outcome.SKIPPED: Mark("–", "Skipped", "skip"),
    Outcome.INTERNAL_ERROR: Mark("!", "Could not be graded", "warn"),
}

STATUS_SENTENCES = {
    "incomplete": "Grading has not finished, so this score is not final.",
    "unreadable": "The submission could not be read, so no check could run.",
    "internal_error": "The grader itself failed. This is not your fault; your instructor will look at it.",
}


def status_sentence(report: GradeReport) -> str:
    """What is to be said first where the score is not a plain grade; "" where it is one."""
    missing = not_counted(report)
    if report.status != "internal_error" or not missing:
        return STATUS_SENTENCES.get(report.status, "")
    checks = "One check" if len(missing) == 1 else f"{len(missing)} checks"
    points, whole = number(points_not_counted(report)), number(report.max_score)
    return (
        f"{checks} could not be run, so {points} of the {whole} points are not counted yet, and the score is not "
        "final. This is not your fault; your instructor will look at it."
    )


@dataclass(frozen=True)
class TaskView:
    """One section of a student's page."""

    id: str
    title: str
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]
    withheld: int
    """Checks whose visibility is ``hidden``: counted in the score, not shown."""


def student_page(report: GradeReport) -> str:
    """The page for the student: score, every check with its feedback and picture, one self-contained file.

    Checks with visibility ``hidden`` are counted but not shown; remarks on integrity are not for students.
    """
    return render("student.html", report=report, tasks=_task_views(report), summary_tone=_tone(report))


def class_page(
    reports: Sequence[GradeReport], title: str, *, pages: Mapping[str, str] | None = None, intake: Sequence[str] = ()
) -> str:
    """The page for the teachers: distribution, tasks, frequent faults, who needs a person, every submission.

    ``pages`` maps a submission to the path of its page, relative to this one; by default
    ``reports/<file name>.html`` with the names of :func:`autograder.reports.names.unique_file_names`. ``intake`` is
    what the last run said of the files that it found: what is nobody's, and was not graded.
    """
    if pages is None:
        names = unique_file_names(report.submission for report in reports)
        pages = {submission: f"reports/{name}.html" for submission, name in names.items()}
    ordered = sorted(reports, key=lambda r: (r.submission, r.assignment))
    return render("class.html", title=title, reports=ordered, pages=pages, summary=summarize(ordered), intake=intake)


def check_name(check: CheckResult) -> str:
    """The title of a check, with its case unless the title already ends in it."""
    title = plain_line(check.title) or plain_line(check.check)
    if check.title and "[" in check.check and not title.endswith(")"):
        return f"{title} {plain_line('[' + check.check.split('[', 1)[1], 60)}"
    return title


def check_html(check: CheckResult) -> str:
    """The feedback of one check as a fragment of plain elements, for platforms with their own style sheet."""
    return render("check_fragment.html", check=check).strip()


def submission_html(report: GradeReport) -> str:
    """What is said about the submission as a whole, as a fragment; empty when there is nothing to say."""
    return render("submission_fragment.html", report=report).strip()


def render(template: str, **values: object) -> str:
    """A template of this package, filled in, with everything escaped."""
    return _environment().get_template(template).render(**values)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    script = (TEMPLATES / "sort.js").read_text(encoding="utf-8")
    environment.filters.update(
        line=plain_line,
        text=plain_text,
        prose=feedback_markup,
        number=number,
        duration=duration,
        percent=lambda share: f"{100 * share:.0f}%",
        width=lambda share: number(100 * share, 2),
    )
    environment.globals.update(
        style=Markup(style),
        script=Markup(script),
        style_hash=_csp_hash(style),
        script_hash=_csp_hash(script),
        marks=MARKS,
        categories=CATEGORIES,
        status_sentence=status_sentence,
        check_name=check_name,
        fraction=fraction,
        is_final=is_final,
        has_full_marks=has_full_marks,
        picture=_picture,
    )
    return environment


def _csp_hash(content: str) -> str:
    # Only these exact bytes may act as style or script on the page, even if markup ever slipped through.
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")


def _picture(check: CheckResult) -> dict[str, str] | None:
    if check.figure is None or check.figure.kind not in figures.KINDS:
        return None
    data = base64.b64encode(figures.figure_png(check.figure)).decode("ascii")
    return {"source": f"data:image/png;base64,{data}", "words": figures.describe(check.figure)}


def _task_views(report: GradeReport) -> tuple[TaskView, ...]:
    views = []
    known = {task.id for task in report.tasks}
    strays = dict.fromkeys(check.task for check in report.checks if check.task not in known)
    for task_id, title, score, max_score in [
        *((t.id, t.title, t.score, t.max_score) for t in report.tasks),
        *((t, "", *_sums(report, t)) for t in strays),
    ]:
        checks = [c for c in report.checks if c.task == task_id]
        shown = tuple(c for c in checks if c.visibility != "hidden")
        views.append(TaskView(task_id, title, score, max_score, shown, len(checks) - len(shown)))
    return tuple(views)


def _sums(report: GradeReport, task: str) -> tuple[float, float]:
    checks = [c for c in report.checks if c.task == task]
    return sum(c.score for c in checks), sum(c.max_score for c in checks)


def _tone(report: GradeReport) -> str:
    if not is_final(report):
        return "warn"
    return "pass" if has_full_marks(report) else "part"
