"""Which of several files the student worked on: the one that differs from the handout, else the last, and said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from autograder.errors import SubmissionError
from autograder.notebook.text import printable
from autograder.submission.choose import Choice
from autograder.submission.handout import code_lines, is_handout
from autograder.submission.names import canvas_name
from autograder.submission.types import Entry, Submission, suffix
from autograder.submission.versions import version
from autograder.submission.wanted import Wanted

_MOST = 8
"""Files of one student that are read to find the one that counts."""


@dataclass(frozen=True)
class Handout:
    """What students were given."""

    slug: str
    stub: str | None
    wanted: Wanted


@dataclass(frozen=True)
class _Read:
    entry: Entry
    submission: Submission


def pick(choice: Choice, read: Callable[[Entry], Submission], handout: Handout) -> Submission:
    """The submission that counts, with notes for the student and remarks for the person who grades.

    Raises SubmissionError where none can be read, or where nothing tells which it is.
    """
    good, errors = _readable(choice.entries[:_MOST], read)
    if choice.problem:
        fitting = [one for one in good if handout.wanted.defines(one.submission.source)]
        if not fitting and handout.wanted.names:
            below, _ = _readable(choice.others[:_MOST], read)
            fitting = [one for one in below if handout.wanted.defines(one.submission.source)]
        if len(fitting) != 1 or len(choice.entries) > _MOST:
            raise SubmissionError(choice.problem)
        chosen = _passed_over(fitting[0].submission, _without(choice, fitting[0].entry))
        return _remarked(chosen, _without(choice, fitting[0].entry), "the others define nothing that is asked for")
    is_blank = handout.stub is not None and all(is_handout(one.submission.source, handout.stub) for one in good)
    if is_blank and choice.others:
        found, _ = _readable(choice.others[:_MOST], read)
        worked = [one for one in found if _is_worked_on(one.submission, handout)]
        if len(worked) == 1:
            why = f"{_filename(choice.entries[0])} is empty, unreadable or the unchanged handout"
            chosen = worked[0].submission
            note = f"{chosen.filename} was graded, because {why}."
            return _remarked(replace(chosen, notes=(note, *chosen.notes)), _without(choice, worked[0].entry), why)
    if not good:
        raise errors[0]
    chosen = _passed_over(_best(good, errors, choice.entries, handout), choice.others)
    beside = [*choice.others, *choice.archives]
    return _remarked(chosen, beside, "") if beside else chosen


def _readable(
    entries: Sequence[Entry], read: Callable[[Entry], Submission]
) -> tuple[list[_Read], list[SubmissionError]]:
    good, errors = [], []
    for entry in entries:
        try:
            good.append(_Read(entry, read(entry)))
        except SubmissionError as error:
            errors.append(error)
    return good, errors


def _best(
    good: Sequence[_Read], errors: Sequence[SubmissionError], entries: Sequence[Entry], handout: Handout
) -> Submission:
    """Of several files of one name, the one that counts."""
    if len(entries) == 1:
        return good[0].submission
    stub = handout.stub
    changed = [one for one in good if stub is None or not is_handout(one.submission.source, stub)]
    left = changed or good
    chosen = left[0]
    several = len(entries) > 2
    others = "the others are" if several else "the other is"
    if len(left) == 1 and errors and len(good) == 1:
        why = f"{'the others' if several else 'the other'} cannot be read ({errors[0]})"
    elif len(left) == 1:
        why = (
            f"{others} the unchanged handout" if not errors else f"{others} empty, unreadable or the unchanged handout"
        )
    elif len({tuple(code_lines(one.submission.source)) for one in left}) == 1:
        why = "both hold the same code" if len(left) == 2 else "all hold the same code"
    elif _late(left[0].entry) == _late(left[1].entry):
        why = "the .py file comes first; hand in only the one that you want graded"
    else:
        why = "it is the latest by its name; hand in only the one that you want graded"
    names = [_filename(entry) for entry in sorted(entries, key=lambda one: (_late(one), suffix(one.path) != ".py"))]
    found = f"both {names[0]} and {names[1]}" if not several else f"{', '.join(names[:-1])} and {names[-1]}"
    note = f"Found {found}; {chosen.submission.filename} was graded, because {why.rstrip('.')}."
    submission = replace(chosen.submission, notes=(note, *chosen.submission.notes))
    return _remarked(submission, [one for one in entries if one is not chosen.entry], why.partition(";")[0])


def _passed_over(submission: Submission, others: Sequence[Entry]) -> Submission:
    if not others:
        return submission
    listed = ", ".join(printable(one.path, 40) for one in others[:3]) + (", …" if others[3:] else "")
    note = f"Only {submission.filename} was graded; other modules that came with it were not read: {listed}."
    return replace(submission, notes=(*submission.notes, note))


def _remarked(submission: Submission, others: Sequence[Entry], why: str) -> Submission:
    listed = ", ".join(printable(one.path, 60) for one in others[:5])
    listed += f" and {len(others) - 5} more" if others[5:] else ""
    remark = f"{submission.filename} was graded, not {listed}" + (f": {why}" if why else "")
    return replace(submission, remarks=(*submission.remarks, remark.rstrip(".")))


def _without(choice: Choice, chosen: Entry) -> list[Entry]:
    return [one for one in (*choice.entries, *choice.others) if one is not chosen]


def _is_worked_on(submission: Submission, handout: Handout) -> bool:
    is_changed = handout.stub is None or not is_handout(submission.source, handout.stub)
    return is_changed and handout.wanted.defines(submission.source)


def _late(entry: Entry) -> tuple[int, int]:
    return version(entry.path.rpartition("/")[2])


def _filename(entry: Entry) -> str:
    handed_in = canvas_name(entry.path.rpartition("/")[2])
    return printable(entry.path.rpartition("/")[2] if handed_in is None else handed_in.file)
