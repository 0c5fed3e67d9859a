"""``autograder rehearse``: grade a made-up class built from the course's own samples."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.assignment import find_course


@click.command("rehearse")
@click.argument("slugs", nargs=-1, metavar="[SLUG...]")
@click.option("--out", default="grades", show_default=True, type=click.Path(path_type=Path), help="Where results go.")
@click.option("--jobs", type=click.IntRange(1), help="Judges that work side by side; one per processor by default.")
@click.option("--course", metavar="DIR", help="The folder with assignments/ and solutions/.")
def rehearse_command(slugs: tuple[str, ...], out: Path, jobs: int | None, course: str | None) -> None:
    """Grades a made-up class: references, stubs, filled notebooks, wrong and right samples, and accidents.

    The submissions are written to OUT/class, the results to OUT/SLUG: a first look at what a course will get.
    """
    found = find_course(Path.cwd(), course)
    assignments = [found.assignment(slug) for slug in found.chosen(slugs)]
    from autograder.cli._console import Manner, show_class
    from autograder.cli._gate import expect_right_references
    from autograder.cli._out import make_out
    from autograder.grade.class_folder import claimed
    from autograder.grade.rehearsal import write_class
    from autograder.release import filled_notebook
    from autograder.submission import find_submissions

    make_out(out)
    expect_right_references(assignments, "Nothing was rehearsed")
    submissions = out / "class"
    make_out(submissions)
    with claimed(submissions):
        folders = write_class(assignments, submissions, filled_notebook)
        work = [(one, find_submissions([folders[one.slug]], one.slug)) for one in assignments]
        # A sample that is gone leaves nothing behind, and what has not changed since is not graded again.
        reports = show_class(work, out, jobs, Manner(merge=False))
    if any(report.status == "internal_error" for report in reports):
        click.get_current_context().exit(1)
