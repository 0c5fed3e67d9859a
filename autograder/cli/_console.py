"""Progress while a class is graded, and the table at its end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from autograder.assignment import Assignment
from autograder.reports.table import class_table, remark_lines, summary_line
from autograder.reports.text import plain_line
from autograder.results import GradeReport

if TYPE_CHECKING:
    from autograder.submission import SubmissionFile


def show_class(
    work: Sequence[tuple[Assignment, Sequence[SubmissionFile]]], out: Path, jobs: int | None, *, resume: bool = False
) -> list[GradeReport]:
    """Grades each assignment's submissions with a progress bar, then prints the tables and where the output is.

    One assignment goes to ``out`` itself, several to ``out/<slug>``.
    """
    from autograder.grade.classroom import grade_class

    console = Console()
    graded: list[tuple[Assignment, list[GradeReport]]] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn())
    with Progress(*columns, MofNCompleteColumn(), TimeElapsedColumn(), console=console) as progress:
        bar = progress.add_task("Grading", total=sum(len(files) for _, files in work))

        def step(report: GradeReport) -> None:
            progress.update(bar, advance=1, description=plain_line(f"{report.assignment}: {report.submission}")[:60])
            if not console.is_terminal:
                console.print(_line(report), markup=False, highlight=False)

        for assignment, files in work:
            folder = out if len(work) == 1 else out / assignment.slug
            reports = grade_class(assignment, files, folder, jobs=jobs, resume=resume, on_report=step)
            graded.append((assignment, reports))
        progress.update(bar, description="Graded")
    for assignment, reports in graded:
        console.print(class_table(reports, assignment.title, width=console.width))
    everything = [report for _, reports in graded for report in reports]
    console.print(summary_line(everything))
    for line in remark_lines(everything):
        console.print(line, soft_wrap=True)
    for assignment, _ in graded:
        folder = out if len(work) == 1 else out / assignment.slug
        console.print(
            f"Gradebook: {folder / 'grades.csv'}   Report: {folder / 'index.html'}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    return everything


def _line(report: GradeReport) -> str:
    return plain_line(
        f"{report.assignment} / {report.submission}: {report.score:g} of {report.max_score:g}, {report.status}"
    )
