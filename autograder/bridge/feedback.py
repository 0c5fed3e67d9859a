"""What a student reads when their code could not answer: one sentence on what happened, one on what to do."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable

from autograder.bridge.channel import ChannelClosed
from autograder.bridge.messages import Fault, NameInfo
from autograder.errors import CheckFailure

Locate = Callable[[int], str]


class BlankFailure(CheckFailure):
    """A function that the student has not written yet; ``own`` where the check's own task asks for it."""

    def __init__(self, name: str, *, own: bool) -> None:
        message = f"`{name}` is not implemented yet."
        if not own:
            message = f"Skipped: this check needs `{name}`, which is not implemented yet."
        super().__init__(message, outcome="failed" if own else "skipped")
        self.name = name


def blank(name: str, *, own: bool) -> BlankFailure:
    """The failure of a check that came upon a blank."""
    return BlankFailure(name, own=own)


def missing(name: str, defined: Iterable[str]) -> CheckFailure:
    """The failure for a name that the submission does not define; points to a look-alike."""
    near = difflib.get_close_matches(name, list(defined), n=1, cutoff=0.75)
    if near:
        advice = f"There is `{near[0]}`: rename it to `{name}`."
    else:
        advice = "Define it at the top level of your file, with exactly this name."
    return CheckFailure(f"`{name}` was not found in your submission. {advice}")


def other_signature(name: str, info: NameInfo, expected: tuple[str, ...], locate: Locate) -> CheckFailure:
    """The failure for renamed or missing parameters."""
    found = ", ".join(info.parameters)
    place = f" on {locate(info.line)}" if info.line else ""
    gone = [parameter for parameter in expected if parameter not in info.parameters]
    wanted = ", ".join(expected)
    text = f"`{name}({found})`{place} should be `{name}({wanted})`: the parameters' names are part of the task."
    if gone:
        text += f" Missing: {', '.join(f'`{parameter}`' for parameter in gone)}."
    return CheckFailure(text)


def of_fault(fault: Fault, title: str, locate: Locate) -> CheckFailure:
    """The failure for an exception that came out of a call."""
    if fault.memory:
        return CheckFailure(
            f"`{title}` asked for more memory than the grader allows. Look for tensors that grow with every step.",
            outcome="memory_exceeded",
        )
    if fault.kind == "SystemExit":
        return CheckFailure(
            f"`{title}` called exit(){_place(fault, locate)}. A function should return its result instead.",
            outcome="error",
        )
    if fault.kind == "ValueRefused":
        return CheckFailure(f"What `{title}` returned cannot be graded: {fault.message}.")
    said = f": {fault.message}" if fault.message else "."
    return CheckFailure(
        f"`{title}` stopped with {fault.kind}{_place(fault, locate)}{said}{_source(fault)}", outcome="error"
    )


def of_load_fault(fault: Fault, locate: Locate) -> CheckFailure:
    """The failure for a submission that cannot be imported."""
    if fault.memory:
        return CheckFailure("Importing your file took more memory than the grader allows.", outcome="memory_exceeded")
    message = f": {fault.message}" if fault.message else ""
    if fault.kind in ("SyntaxError", "IndentationError", "TabError"):
        said = f"Python cannot read your file: {fault.kind}{_place(fault, locate)}{message}"
    elif fault.kind == "SystemExit":
        said = f"Your file calls exit(){_place(fault, locate)} while it is imported. Take that line out"
    else:
        said = f"Your file cannot be imported: {fault.kind}{_place(fault, locate)}{message}"
    return CheckFailure(f"{said.rstrip('.')}.{_source(fault)}", outcome="error")


def of_closed_channel(closed: ChannelClosed, title: str, seconds: float) -> CheckFailure:
    """The failure for a worker that gave no answer."""
    name = f"`{title}`" if title else "Your file"
    if closed.reason == "timed_out":
        if closed.detail == "before":
            text = f"{name} ran out of time in earlier checks and was not called again."
        elif title:
            text = f"{name} did not finish within {seconds:g} seconds. Look for a loop that never ends."
        else:
            text = (
                f"{name} was still running after {seconds:g} seconds when it was imported. Move experiments below "
                '`if __name__ == "__main__":`.'
            )
        return CheckFailure(text, outcome="timed_out")
    if closed.reason == "memory_exceeded":
        return CheckFailure(f"{name} took more memory than the grader allows.", outcome="memory_exceeded")
    if closed.reason == "garbled":
        return CheckFailure(f"The answer of {name} could not be read ({closed.detail}).", outcome="error")
    what = f"{name} ended the Python process" if title else "Your file ended the Python process while it was imported"
    return CheckFailure(f"{what} ({closed.detail or 'for example with os._exit'}).", outcome="error")


def _place(fault: Fault, locate: Locate) -> str:
    return f" on {locate(fault.line)}" if fault.line is not None else ""


def _source(fault: Fault) -> str:
    return f"\n    {fault.source}" if fault.source else ""
