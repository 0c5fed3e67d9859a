"""The command line: one file per command, found by its name."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import click

from autograder.errors import AssignmentError, AutograderError, UsageError


class _Commands(click.Group):
    """A group whose commands are the modules of this package: ``grade.py`` holds ``grade_command``."""

    def list_commands(self, context: click.Context) -> list[str]:
        names = (module.name for module in pkgutil.iter_modules(__path__))
        return sorted(name for name in names if not name.startswith("_"))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        module = importlib.import_module(f"{__name__}.{name}")
        command: click.Command = getattr(module, f"{name}_command")
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="torch-autograder")
def cli() -> None:
    """Grades PyTorch assignments: correctness, convergence and gradient hygiene."""


def main() -> None:
    """Runs the command line; explains the package's own errors in one sentence each.

    Exit codes: 0 done, 1 the grader or an assignment failed, 2 usage.
    """
    try:
        # Without standalone mode, click returns the code of ctx.exit(code) instead of raising it.
        sys.exit(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except UsageError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except AutograderError as error:
        kind = "assignment" if isinstance(error, AssignmentError) else "grader"
        click.echo(f"Error in the {kind}: {error}", err=True)
        sys.exit(1)
