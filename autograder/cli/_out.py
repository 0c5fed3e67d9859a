"""The folder that results go to, and those of earlier runs."""

from __future__ import annotations

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


def without_results(files: list[SubmissionFile]) -> list[SubmissionFile]:
    """The submissions, without the folders of earlier results that lie among them; says which these are."""
    from autograder.grade.class_folder import holds_results

    results = [file for file in files if holds_results(file.path)]
    for file in results:
        click.echo(f"{file.path} holds results of autograder and is not taken for a submission.")
    if len(results) == len(files):
        raise UsageError("There is nothing but results of autograder there: name the submissions.")
    return [file for file in files if file not in results]
