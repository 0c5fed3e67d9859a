"""``autograder verify``: does the assignment catch wrong code, and pass right code?"""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from autograder.assignment import Course, find_course
from autograder.errors import AutograderError, UsageError
from autograder.reports.trivial_table import trivial_table


@click.command("verify")
@click.argument("slugs", nargs=-1, metavar="[SLUG...]")
@click.option("--course", metavar="DIR", help="The folder with assignments/ and solutions/.")
def verify_command(slugs: tuple[str, ...], course: str | None) -> None:
    """Proves each assignment: files, pair, points, reference, stub, and every sample in wrong/ and right/.

    Where trivial.toml and promises.toml lie beside a solution, trivial answers earn nothing and every promise of the
    handout has a check.

    An assignment that is broken does not keep the others from being looked at.
    """
    found = find_course(Path.cwd(), course)
    trivial: dict[str, dict[str, float]] = {}
    failed = sum(_failed(found, slug, trivial) for slug in found.chosen(slugs))
    if trivial:
        Console(width=max(120, Console().width)).print(trivial_table(trivial))
    if failed:
        click.secho(f"{failed} promise{'s' if failed > 1 else ''} broken.", fg="red")
        click.get_current_context().exit(1)
    click.secho("Every promise holds.", fg="green")


def _failed(course: Course, slug: str, trivial: dict[str, dict[str, float]]) -> int:
    """How many of an assignment's promises are broken; says each, and notes what trivial submissions earn."""
    failed = 0
    try:
        assignment = course.assignment(slug)
        click.secho(f"{slug}: {assignment.title}", bold=True)
        from autograder.verify import TRIVIAL, verify_assignment

        for finding in verify_assignment(assignment):
            seconds = f" ({finding.report.student_seconds:.2f} s)" if finding.report else ""
            _say(finding.subject + seconds, finding.problems)
            for line in finding.said:
                click.echo(f"      {line}")
            failed += bool(finding.problems)
            if finding.report and finding.subject.startswith(TRIVIAL):
                trivial.setdefault(slug, {})[finding.subject.removeprefix(TRIVIAL)] = finding.report.score
    except UsageError:
        raise
    except AutograderError as error:
        _say(slug, str(error).splitlines())
        failed += 1
    return failed


def _say(subject: str, problems: tuple[str, ...] | list[str]) -> None:
    mark = click.style("✗", fg="red") if problems else click.style("✓", fg="green")
    click.echo(f"  {mark} {subject}")
    for problem in problems:
        click.echo("      " + problem.replace("\n", "\n      "))
