"""Progress while a class is graded, and the table at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from autograder.assignment import Assignment
from autograder.cli._stop import STOPPED, stoppable
from autograder.errors import AutograderError
from autograder.reports.table import class_table, remark_lines, summary_line
from autograder.reports.text import plain_line
from autograder.results import GradeReport

if TYPE_CHECKING:
    from autograder.submission import SubmissionFile

Classes = Sequence[tuple[Assignment, Sequence["SubmissionFile"]]]


@dataclass(frozen=True)
class Manner:
    """How what an output folder holds is treated."""

    regrade: bool = False
    """Grade again what has not changed, too."""
    fresh: bool = False
    """Remove what earlier runs left first."""
    merge: bool = True
    """Keep the results of submissions that take no part in this run."""


def show_class(
    work: Classes, out: Path, jobs: int | None, manner: Manner = Manner(), intake: Sequence[str] = ()
) -> list[GradeReport]:
    """Grades each assignment's submissions with a progress bar, then prints the tables and where the output is.

    One assignment goes to ``out`` itself, several to ``out/<slug>``. ``intake``, what was said when the files were
    looked for, is said again below the tables. Returns the reports of this run's submissions.
    Where somebody stops it, says what is done and exits with 130.
    """
    with stoppable():
        return _Showing(work, out, jobs, manner, intake).run()


class _Showing:
    """One run of the command line over one or several classes."""

    def __init__(self, work: Classes, out: Path, jobs: int | None, manner: Manner, intake: Sequence[str]) -> None:
        self._work = work
        self._out = out
        self._jobs = jobs
        self._manner = manner
        self._intake = intake
        self._console = Console()
        self._total = sum(len(files) for _, files in work)
        self._done = 0
        self._notices: list[str] = []

    def run(self) -> list[GradeReport]:
        graded: list[tuple[Assignment, list[GradeReport]]] = []
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn())
        progress = Progress(*columns, MofNCompleteColumn(), TimeElapsedColumn(), console=self._console)
        bar = progress.add_task("Grading", total=self._total)
        try:
            try:
                for assignment, files in self._work:
                    graded.append((assignment, self._grade(assignment, files, progress, bar)))
                    self._done += len(files)
                progress.update(bar, description="Graded")
            finally:
                progress.stop()  # gives the cursor back
            self._show(graded)
        except KeyboardInterrupt as stopped:
            self._say_stopped(getattr(stopped, "done", 0))
            raise click.exceptions.Exit(STOPPED) from None
        except AutograderError:
            self._say_notices()
            raise
        ours = {(assignment.slug, file.name) for assignment, files in self._work for file in files}
        return [one for _, reports in graded for one in reports if (one.assignment, one.submission) in ours]

    def _grade(
        self, assignment: Assignment, files: Sequence[SubmissionFile], progress: Progress, bar: TaskID
    ) -> list[GradeReport]:
        from autograder.grade.classroom import grade_class

        def plan(kept: int, left: int) -> None:
            progress.start()
            progress.update(bar, advance=kept)
            if kept:
                again = "" if left else " (--regrade grades all of them again)" if self._manner.merge else ""
                self._say(f"{kept} of {kept + left} kept from before, unchanged; {left} to grade{again}.")

        def step(report: GradeReport) -> None:
            progress.update(bar, advance=1, description=plain_line(f"{report.assignment}: {report.submission}")[:60])
            if not self._console.is_terminal:
                self._say(_line(report))

        return grade_class(
            assignment,
            files,
            self._folder(assignment),
            jobs=self._jobs,
            resume=not self._manner.regrade,
            fresh=self._manner.fresh,
            merge=self._manner.merge,
            intake=self._intake,
            on_report=step,
            on_plan=plan,
            on_notice=self._notices.append,
        )

    def _show(self, graded: Sequence[tuple[Assignment, list[GradeReport]]]) -> None:
        for assignment, reports in graded:
            self._console.print(class_table(reports, assignment.title, width=self._console.width))
        everything = [report for _, reports in graded for report in reports]
        self._console.print(summary_line(everything))
        for line in remark_lines(everything):
            self._console.print(line, soft_wrap=True)
        for notice in self._intake:  # said before, but far above the table by now
            self._say(notice)
        self._say_notices()
        for assignment, _ in graded:
            folder = self._folder(assignment)
            self._say(f"Gradebook: {folder / 'grades.csv'}   Report: {folder / 'index.html'}")

    def _say_stopped(self, done: int) -> None:
        self._say_notices()
        done += self._done
        if done == self._total:
            click.echo(f"Stopped: all {done} are done and written to {self._out}.", err=True)
            return
        written = f"{done} of {self._total} done and written to {self._out}" if done else "nothing new was graded"
        starting = [f"--{name}" for name in ("regrade", "fresh") if getattr(self._manner, name)]
        without = f" without {' and '.join(starting)}" if starting and done else ""
        click.echo(plain_line(f"Stopped: {written}. Run the same command again{without} to go on.", 1000), err=True)

    def _say_notices(self) -> None:
        for notice in self._notices:
            self._say(notice)

    def _folder(self, assignment: Assignment) -> Path:
        return self._out if len(self._work) == 1 else self._out / assignment.slug

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def _line(report: GradeReport) -> str:
    return plain_line(
        f"{report.assignment} / {report.submission}: {report.score:g} of {report.max_score:g}, {report.status}"
    )
