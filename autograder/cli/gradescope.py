"""``autograder gradescope``: grade the one submission of a grading container."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("gradescope")
@click.argument("slug", default="")
@click.option(
    "--root",
    default="/autograder",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder with submission/ and results/.",
)
@click.option("--course", metavar="DIR", type=click.Path(path_type=Path), help="Instead of the course in the zip.")
def gradescope_command(slug: str, root: Path, course: Path | None) -> None:
    """Grades the submission in ROOT/submission and writes ROOT/results/results.json.

    The zip that `autograder release` makes for Gradescope and for `otter grade` runs this command. Where Otter has
    put a results.pkl, that is filled in as well.
    """
    from autograder.platforms.container import grade_container

    report = grade_container(root, course, slug)
    click.echo(f"{report.title}: {report.score:g} of {report.max_score:g} points, {report.status}")
    if report.status == "internal_error":
        for problem in report.integrity:
            click.echo(problem, err=True)
