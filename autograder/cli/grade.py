"""``autograder grade SLUG PATH...``: a class of submissions in, scores, feedback and a gradebook out."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from autograder.assignment import find_course


@click.command("grade")
@click.argument("slug")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--out", default="grades", show_default=True, type=click.Path(path_type=Path), help="Where results go.")
@click.option("--jobs", type=click.IntRange(1), help="Judges that work side by side; one per processor by default.")
@click.option("--course", metavar="DIR", help="The folder with assignments/ and solutions/.")
@click.option(
    "--isolation",
    type=click.Choice(["submission", "check"]),
    help="What has a worker of its own: each submission, or each check of it. assignment.toml says it otherwise.",
)
@click.option("--regrade", is_flag=True, help="Grade again what OUT holds and what has not changed since, too.")
@click.option("--fresh", is_flag=True, help="Start anew: remove the results that earlier runs left in OUT.")
@click.option("--resume", is_flag=True, hidden=True, help="What every run does.")
def grade_command(
    slug: str,
    paths: tuple[str, ...],
    out: Path,
    jobs: int | None,
    course: str | None,
    isolation: Literal["submission", "check"] | None,
    regrade: bool,
    fresh: bool,
    resume: bool,
) -> None:
    """Grades the submissions at PATH... (files, folders, zips) against the assignment SLUG.

    A folder or zip is one student's where it holds the assignment's own module and nobody else's, else a class; where
    that took a second look, a line says so, and names what was passed over. Versions of one file (ada.py, ada (1).py,
    ada.ipynb) are one student's: the one that was worked on counts, and grades.csv says so under "remarks".

    The reference solution is graded first, once for each state of the assignment: where it loses a point, the fault is
    the assignment's, and no submission is graded.

    Writes OUT/grades.csv, OUT/results/NAME.json, OUT/reports/NAME.html and OUT/index.html. What OUT holds already
    stays: new results join it, and only what is new or has changed since is graded. So a run that was stopped goes
    on when it is started again.
    """
    assignment = find_course(Path.cwd(), course).assignment(slug)
    assignment.isolation = isolation or assignment.isolation
    from autograder.cli._console import Manner, show_class
    from autograder.cli._gate import expect_right_references
    from autograder.cli._out import make_out, without_results
    from autograder.grade.class_folder import own_names
    from autograder.submission import find_class, wanted

    found = find_class(paths, wanted(assignment), own_names)
    files = without_results(found.files, [Path(path) for path in paths])
    make_out(out)
    expect_right_references([assignment], "No submission was graded")
    for notice in found.notices:
        click.echo(notice)
    reports = show_class([(assignment, files)], out, jobs, Manner(regrade=regrade, fresh=fresh), found.notices)
    if any(report.status == "internal_error" for report in reports):
        click.get_current_context().exit(1)
