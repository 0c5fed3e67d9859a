"""``autograder doctor``: how well this machine can lock up student code."""

from __future__ import annotations

import platform

import click


@click.command("doctor")
def doctor_command() -> None:
    """Says which locks student code runs behind on this machine, and what is weaker than it could be."""
    from autograder.sandbox.layers import LAYERS, Layer
    from autograder.sandbox.locks.plan import survey

    plan = survey()
    click.echo(f"{platform.system()} {platform.release()}, {platform.machine()}, Python {platform.python_version()}")

    def line(layer: Layer) -> str:
        found = layer.is_on(plan)
        mark = click.style("on ", fg="green") if found else click.style("off", fg="yellow")
        return f"  {mark}  {layer.name:<22} {layer.keeps_out if found else layer.without}"

    for layer in LAYERS:
        if layer.is_on(plan) or not (layer.stands_in and plan.wall):
            click.echo(line(layer))
    for sentence in plan.missing:
        click.echo(f"  note: {sentence}")
    if plan.is_strong:
        click.secho("Student code is locked up well enough to be graded.", bold=True)
    elif plan.linux:
        click.secho("Nothing is graded here unless you set AUTOGRADER_ALLOW_WEAK_SANDBOX=1.", bold=True)
    else:
        click.secho("Reduced isolation: grade only what you trust here, or grade in a Linux container.", bold=True)
