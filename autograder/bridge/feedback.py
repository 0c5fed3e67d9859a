"""What a student reads when their code could not answer: one sentence on what happened, one on what to do."""

from __future__ import annotations

import re
from collections.abc import Callable

from autograder.bridge import overtime
from autograder.bridge.channel import ChannelClosed
from autograder.bridge.messages import Fault
from autograder.errors import CheckFailure

Locate = Callable[[int], str]

_UNREADABLE = ("SyntaxError", "IndentationError", "TabError")
_LINE_AT_THE_END = re.compile(r" on line (\d{1,7})$")
_WHERE_A_LIBRARY_LIES = re.compile(r" \([^()]*[/\\][^()]*\)$")
_NO_ATTRIBUTE = re.compile(r"has no attribute '(\w{1,80})'")
_SHORTENED = (
    # What follows recommends `retain_graph=True`, which hides the fault in nearly every beginner's program.
    ("Trying to backward through the graph a second time", " (or directly"),
    ("one of the variables needed for gradient computation has been modified by an inplace operation", ": ["),
    ("Found no NVIDIA driver on your system", ". Please check"),
    ("Cannot re-initialize CUDA in forked subprocess", ". To use CUDA"),
)
"""Starts of PyTorch's messages, and where the part ends that a beginner can use."""


class BlankFailure(CheckFailure):
    """A function that the student has not written yet; ``own`` where the check's own task asks for it."""

    def __init__(self, name: str, *, own: bool, hint: str = "") -> None:
        message = f"`{name}` is not implemented yet."
        if not own:
            message = f"Skipped: this check needs `{name}`, which is not implemented yet."
        super().__init__(message + hint, outcome="failed" if own else "skipped")
        self.name = name


def blank(name: str, *, own: bool, hint: str = "") -> BlankFailure:
    """The failure of a check that came upon a blank; ``hint`` is a sentence that is added."""
    return BlankFailure(name, own=own, hint=hint)


def needed(name: str, *, found: bool) -> CheckFailure:
    """The failure of a check that relies on a function of another task which is not there."""
    if found:
        return blank(name, own=False)
    return CheckFailure(
        f"Skipped: this check needs `{name}`, which was not found in your submission.", outcome="skipped"
    )


def of_fault(fault: Fault, title: str, locate: Locate) -> CheckFailure:
    """The failure for an exception that came out of a call."""
    if fault.memory:
        return CheckFailure(
            f"`{title}` asked for more memory than the grader allows. Look for tensors that grow with every step.",
            outcome="memory_exceeded",
        )
    if fault.kind == "SystemExit":
        return CheckFailure(
            f"`{title}` ended the program{_place(fault, locate)} (SystemExit). A function should return its result "
            "instead.",
            outcome="error",
        )
    if fault.kind == "ValueRefused":
        return CheckFailure(f"What `{title}` returned cannot be graded: {fault.message}.")
    lacking = _NO_ATTRIBUTE.search(fault.message)
    if fault.kind == "AttributeError" and fault.line is None and lacking and "." in title:
        sort = title.partition(".")[0]
        return CheckFailure(
            f"This check needs `{lacking[1]}` of what your code returned, but that is a `{sort}` object, which has "
            "none."
        )
    said = f": {_message(fault, locate)}" if fault.message else "."
    return CheckFailure(
        f"`{title}` stopped with {fault.kind}{_place(fault, locate)}{said}{_source(fault)}{_advice(fault, locate)}",
        outcome="error",
    )


def of_load_fault(fault: Fault, locate: Locate) -> CheckFailure:
    """The failure for a submission that cannot be imported."""
    if fault.memory:
        return CheckFailure("Importing your file took more memory than the grader allows.", outcome="memory_exceeded")
    message = f": {_message(fault, locate)}" if fault.message else ""
    if fault.kind in _UNREADABLE:
        said = f"Python cannot read your file: {fault.kind}{_place(fault, locate)}{message}"
    elif fault.kind == "SystemExit":
        said = f"Your file ends the program{_place(fault, locate)} while it is imported. Take that line out"
    else:
        said = f"Your file cannot be imported: {fault.kind}{_place(fault, locate)}{message}"
    end = "" if said.endswith((".", "?", "!")) else "."
    return CheckFailure(f"{said}{end}{_source(fault)}{_advice(fault, locate)}", outcome="error")


def of_closed_channel(closed: ChannelClosed, title: str, limits: tuple[float, float], locate: Locate) -> CheckFailure:
    """The failure for a worker that gave no answer; ``limits`` are seconds of computing and of waiting."""
    name = f"`{title}`" if title else "Your file"
    if closed.reason in ("timed_out", "unfinished"):
        return overtime.failure(closed, name, limits, locate, importing=not title)
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


def _advice(fault: Fault, locate: Locate) -> str:
    """The worker's sentence, on a line of its own; whatever it is, it is shown as text."""
    text = fault.advice
    if fault.advice_line is not None:
        text = text.replace("{place}", locate(fault.advice_line))
    return f"\n{text[:1].upper()}{text[1:]}" if text else ""


def _message(fault: Fault, locate: Locate) -> str:
    """What Python says, with the lines of a notebook called as everywhere else, and without PyTorch's essays."""
    text = fault.message
    if fault.kind in _UNREADABLE:
        return _LINE_AT_THE_END.sub(lambda found: f" on {locate(int(found[1]))}", text)
    if fault.kind == "ImportError":
        return _WHERE_A_LIBRARY_LIES.sub("", text)
    for start, end in _SHORTENED:
        if text.startswith(start):
            return text[: text.find(end)] if end in text else text
    return text
