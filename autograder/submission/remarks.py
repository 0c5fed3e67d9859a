"""What the person who grades should know of a submission that reads well, and yet is not what was asked for."""

from __future__ import annotations

import ast
import warnings

from autograder.notebook.text import printable
from autograder.submission.handout import is_handout
from autograder.submission.types import Submission, stem
from autograder.submission.versions import base_name
from autograder.submission.wanted import Wanted, defined

_MOST = 400_000
"""Characters of a module that are parsed; an assignment's is shorter."""


def remarks_on(submission: Submission, stub: str | None, wanted: Wanted) -> tuple[str, ...]:
    """A few words each; none for what looks like somebody's work on this assignment."""
    if not wanted.names:
        return ()
    if submission.kind == "py" and (line := _broken_line(submission.source)):
        return (f"{printable(submission.filename, 60)} is no valid Python: line {line}",)
    own = defined(submission.source, wanted.names)
    if not own:
        return (_foreign(submission, wanted),)
    if stub is not None and is_handout(submission.source, stub):
        return ("the handout, unchanged",)
    return ()


def _broken_line(source: str) -> int:
    """Where Python cannot read it, so that it cannot be loaded; 0 where it can, or where that is not known."""
    if len(source) > _MOST:
        return 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an error where somebody wants it so, but none in the code
            ast.parse(source)
    except SyntaxError as error:
        return error.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return 0
    return 0


def _foreign(submission: Submission, wanted: Wanted) -> str:
    """Whose file it rather is: another assignment's by what it defines, or by its name."""
    counts = {slug: len(defined(submission.source, names)) for slug, names in wanted.others.items()}
    best = max(counts, key=lambda slug: counts[slug], default="")
    if best and counts[best]:
        return f"defines functions of {best}, none of {wanted.slug}: another assignment's file?"
    name = base_name(stem(submission.filename)).casefold().replace(" ", "_").replace("-", "_")
    named = next((slug for slug in wanted.others if slug.casefold() in name), "")
    if named:
        return f"defines nothing of {wanted.slug} and is named like {named}: another assignment's file?"
    return f"{printable(submission.filename, 60)} defines nothing of {wanted.slug}"
