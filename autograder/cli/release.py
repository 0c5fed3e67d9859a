"""``autograder release``: from one source to folders, zips and an nbgrader course."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.assignment import find_course


@click.command("release")
@click.argument("slugs", nargs=-1, metavar="[SLUG...]")
@click.option("--out", default="dist", show_default=True, type=click.Path(path_type=Path), help="Where zips go.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where release/ is not what its sources say.")
@click.option("--course", metavar="DIR", help="The folder with assignments/ and solutions/.")
def release_command(slugs: tuple[str, ...], out: Path, check: bool, course: str | None) -> None:
    """Builds what is handed out: release/SLUG for students, zips for Gradescope and Otter, an nbgrader course.

    release/ is committed, without the wheel of this package in its wheels/ folders: they are written here.

    The same sources give the same bytes. Before anything is written, each reference solution is graded and has to get
    full marks, and it is proven that nothing of a solution or of a hidden check is in what students get.
    """
    found = find_course(Path.cwd(), course)
    assignments = [found.assignment(slug) for slug in found.chosen(slugs)]
    from autograder.cli._gate import expect_right_references
    from autograder.grade.reference_gate import expect_sound_files
    from autograder.release import build_release

    if check:
        expect_sound_files(assignments, "Nothing was compared")
    else:
        expect_right_references(assignments, "Nothing was released")
    release = build_release(assignments, with_dist=not check)
    if not check:
        for path in release.write(found, out):
            click.echo(str(path))
        return
    stale = release.stale(found)
    for problem in stale:
        click.echo(problem)
    if stale:
        click.secho("Refresh with `autograder release` and commit release/.", fg="red")
        click.get_current_context().exit(1)
    click.secho("release/ is up to date.", fg="green")
    for lack in release.unbuilt(found):
        click.secho(f"{lack}: run `autograder release` before you hand the folder out.", fg="yellow")
