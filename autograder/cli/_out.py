"""The folder that results go to, and those of earlier runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from autograder.errors import UsageError
from autograder.submission import SubmissionFile


def make_out(out: Path) -> None:
    """Makes the folder; a UsageError where that cannot be."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"--out {out} is a file, or lies below one; name a folder.") from None
    except OSError as error:
        raise UsageError(f"--out {out} cannot be made: {error.strerror}.") from None


def without_results(files: list[SubmissionFile], given: Sequence[Path]) -> list[SubmissionFile]:
    """The submissions, without the folders of earlier results that lie among them; says which these are.

    A folder that was given may hold both: ``given`` are looked through, but for what a run wrote there.
    """
    from autograder.grade.class_folder import holds_results

    for path in given:
        if holds_results(path):
            is_both = any(path in (file.path, *file.path.parents) for file in files)
            what = "are not taken for submissions" if is_both else "is not taken for a submission"
            click.echo(f"{path} holds results of autograder{', too, which' if is_both else ' and'} {what}.")
    results = [file for file in files if not file.members and file.path not in given and holds_results(file.path)]
    for file in results:
        click.echo(f"{file.path} holds results of autograder and is not taken for a submission.")
    if len(results) == len(files):
        raise UsageError("There is nothing but results of autograder there: name the submissions.")
    return [file for file in files if file not in results]
