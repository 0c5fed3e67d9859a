"""``autograder verify``: does the assignment catch wrong code, and pass right code?"""

from __future__ import annotations

from pathlib import Path

import click

from autograder.assignment import find_course


@click.command("verify")
@click.argument("slugs", nargs=-1, metavar="[SLUG...]")
@click.option("--course", metavar="DIR", help="The folder with assignments/ and solutions/.")
def verify_command(slugs: tuple[str, ...], course: str | None) -> None:
    """Proves each assignment: pair, points, reference, stub, and every sample in wrong/ and right/."""
    found = find_course(Path.cwd(), course)
    from autograder.verify import verify_assignment

    failed = 0
    for slug in slugs or found.slugs:
        assignment = found.assignment(slug)
        click.secho(f"{slug}: {assignment.title}", bold=True)
        for finding in verify_assignment(assignment):
            seconds = f" ({finding.report.student_seconds:.2f} s)" if finding.report else ""
            mark = click.style("✗", fg="red") if finding.problems else click.style("✓", fg="green")
            click.echo(f"  {mark} {finding.subject}{seconds}")
            for problem in finding.problems:
                click.echo("      " + problem.replace("\n", "\n      "))
            failed += bool(finding.problems)
    if failed:
        click.secho(f"{failed} promise{'s' if failed > 1 else ''} broken.", fg="red")
        click.get_current_context().exit(1)
    click.secho("Every promise holds.", fg="green")
