"""``autograder grade SLUG PATH...``: a class of submissions in, scores, feedback and a gradebook out."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.assignment import find_course


@click.command("grade")
@click.argument("slug")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--out", default="grades", show_default=True, type=click.Path(path_type=Path), help="Where results go.")
@click.option("--jobs", type=click.IntRange(1), help="Judges that work side by side; one per processor by default.")
@click.option("--course", metavar="DIR", help="The folder with assignments/ and solutions/.")
@click.option("--resume", is_flag=True, help="Do not grade again what OUT holds and what has not changed since.")
def grade_command(
    slug: str, paths: tuple[str, ...], out: Path, jobs: int | None, course: str | None, resume: bool
) -> None:
    """Grades the submissions at PATH... (files, folders, zips) against the assignment SLUG.

    The reference solution is graded first, once for each state of the assignment: where it loses a point, the fault is
    the assignment's, and no submission is graded.

    Writes OUT/grades.csv, OUT/results/NAME.json, OUT/reports/NAME.html and OUT/index.html.
    """
    assignment = find_course(Path.cwd(), course).assignment(slug)
    from autograder.cli._console import show_class
    from autograder.cli._gate import expect_right_references
    from autograder.cli._out import make_out
    from autograder.submission import find_submissions

    files = find_submissions(paths, slug)
    make_out(out)
    expect_right_references([assignment], "No submission was graded")
    reports = show_class([(assignment, files)], out, jobs, resume=resume)
    if any(report.status == "internal_error" for report in reports):
        click.get_current_context().exit(1)
