"""``autograder rules``: the rules of the hygiene linter, in one list or one by one."""

from __future__ import annotations

import click

from autograder.errors import UsageError


@click.command("rules")
@click.option("--page", is_flag=True, help="Print all rules as one page of Markdown (docs/rules.md).")
@click.argument("code", required=False)
def rules_command(code: str | None, page: bool) -> None:
    """Lists the rules of gradient hygiene, or prints one in full: `autograder rules GH101`."""
    from autograder.hygiene import entry, rule, rules, rules_page

    if page and code:
        raise UsageError("--page prints all rules; name a code or ask for the page, not both.")
    if page:
        click.echo(rules_page(), nl=False)
    elif code:
        click.echo(entry(rule(code)), nl=False)
    else:
        width = max(len(found.name) for found in rules())
        for found in rules():
            click.echo(f"{found.code}  {found.name:<{width}}  {found.severity_in_words:<7}  {found.title}")
