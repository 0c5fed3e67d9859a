"""The class in the terminal: one row per submission, one closing line."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import JustifyMethod
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from autograder.reports.class_summary import fraction, has_full_marks, is_final, summarize
from autograder.reports.remarks import remarks_text
from autograder.reports.text import duration, number, plain_line
from autograder.results import CATEGORIES, GradeReport

_REMARKS = 30
"""Remarks that are listed below the table."""
_GAP = 3
"""What the box puts between two columns, and on both sides of the table."""
_STATUS_STYLES = {"graded": "", "incomplete": "yellow", "unreadable": "yellow", "internal_error": "bold red"}


def class_table(reports: Sequence[GradeReport], title: str = "", *, width: int = 120) -> Table:
    """A table of the class, sorted by submission. Names are shown as they are, never read as markup.

    Fits into ``width`` columns from 80 on: a narrow one has no bars and no times, and the names give way before
    any figure does.
    """
    wide = width >= 110
    table = Table(box=box.SIMPLE_HEAD, title=Text(plain_line(title)) if title else None, title_justify="left")
    table.add_column("Submission", overflow="ellipsis", no_wrap=True)
    _figures(table, "Score", [_score(report) for report in reports])
    if wide:
        table.add_column("", min_width=12, max_width=12)
    for name in CATEGORIES:
        heading = name.capitalize() if wide or len(name) <= 8 else f"{name[:7].capitalize()}."
        _figures(table, heading, [_category(report, name).plain for report in reports])
    if wide:
        _figures(table, "Time", [duration(report.seconds) for report in reports])
    _figures(table, "Status", [_marked_status(report) for report in reports], justify="left")
    taken = sum((column.min_width or 0) + _GAP for column in table.columns[1:])
    table.columns[0].max_width = min(44, max(8, width - taken - _GAP))
    for report in sorted(reports, key=lambda r: (r.submission, r.assignment)):
        share = fraction(report.score, report.max_score)
        color = _color(report)
        bar = ProgressBar(total=1.0, completed=share, width=12, complete_style=color, finished_style=color)
        table.add_row(
            Text(plain_line(report.submission)),
            Text(_score(report), style=color),
            *([bar] if wide else []),
            *(_category(report, name) for name in CATEGORIES),
            *([Text(duration(report.seconds), style="dim")] if wide else []),
            Text(_marked_status(report), style=_STATUS_STYLES.get(report.status, "yellow")),
        )
    faults = [plain_line(one.sentence, 600) for one in summarize(reports).uncounted]
    if faults:
        table.caption, table.caption_justify = Text("\n".join(faults), style="yellow"), "left"
    return table


def summary_line(reports: Sequence[GradeReport]) -> Text:
    """How the class did, in one line: number, mean, median, full marks, and how many need a person."""
    summary = summarize(reports)
    noun = "submission" if summary.count == 1 else "submissions"
    parts = [Text(f"{summary.count} {noun}", style="bold")]
    if summary.scored:
        parts.append(Text(f"mean {summary.mean:.0%}"))
        parts.append(Text(f"median {summary.median:.0%}"))
        parts.append(Text(f"{summary.full_marks} with full marks"))
    if summary.attention:
        verb = "needs" if len(summary.attention) == 1 else "need"
        parts.append(Text(f"{len(summary.attention)} {verb} a person", style="yellow"))
    return Text(" · ").join(parts)


def remark_lines(reports: Sequence[GradeReport]) -> list[Text]:
    """What was odd about single submissions, one line each: what the marks in the table stand for."""
    remarked = sorted((report for report in reports if report.remarks), key=lambda r: (r.submission, r.assignment))
    lines = [
        Text(f"* {plain_line(report.submission, 60)}: {remarks_text(report)}", style="yellow")
        for report in remarked[:_REMARKS]
    ]
    if len(remarked) > _REMARKS:
        lines.append(
            Text(f"* … and {len(remarked) - _REMARKS} more: see the column remarks of grades.csv.", style="yellow")
        )
    return lines


def _marked_status(report: GradeReport) -> str:
    return f"{_status(report)} *" if report.remarks else _status(report)


def _figures(table: Table, title: str, cells: Sequence[str], *, justify: JustifyMethod = "right") -> None:
    """Adds a column that is wide enough for each of its cells; a longer title is cut short instead."""
    needed = max(map(len, [*cells, title[:8]]))
    table.add_column(title, justify=justify, no_wrap=True, min_width=needed, max_width=max(needed, len(title[:12])))


def _score(report: GradeReport) -> str:
    score = number(report.score, 2) if is_final(report) else "–"
    return f"{score} / {number(report.max_score, 2)}"


def _status(report: GradeReport) -> str:
    return plain_line(report.status).replace("_", " ")


def _category(report: GradeReport, name: str) -> Text:
    earned, possible = report.categories.get(name, (0.0, 0.0))
    if possible <= 0:
        return Text("–", style="dim")
    style = "" if fraction(earned, possible) >= 1 - 1e-9 else "dim" if earned <= 0 else "yellow"
    return Text(f"{number(earned, 2)}/{number(possible, 2)}", style=style)


def _color(report: GradeReport) -> str:
    if not is_final(report):
        return "red"
    if has_full_marks(report):
        return "green"
    return "cyan" if fraction(report.score, report.max_score) >= 0.5 else "yellow"
