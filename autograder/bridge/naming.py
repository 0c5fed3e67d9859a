"""What a student reads when a function is not there under its name: one sentence on what is, one on what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from autograder.bridge import feedback
from autograder.bridge.messages import NameInfo, NameRemark
from autograder.errors import AssignmentError, CheckFailure

Locate = Callable[[int], str]

NOTHING = "None (is a `return` missing?)"
"""How checks name a result of None."""
_ALIKE = 0.75
_ALIKE_WITH_SAME_PARAMETERS = 0.5


@dataclass(frozen=True)
class Names:
    """What a submission defines, and what is odd about it."""

    defined: Mapping[str, NameInfo]
    remarks: Sequence[NameRemark] = ()
    asked: Collection[str] = ()
    """The names of the assignment, which nobody is told to give away."""
    locate: Locate = "line {}".format

    def function(self, name: str, parameters: Sequence[str] | None = None, *, own: bool = True) -> NameInfo:
        """What is known of a function that can be called; raises CheckFailure where there is none, or a blank.

        ``parameters``: the stub's. ``own``: the check's own task asks for it.
        """
        info = self.defined.get(name)
        if info is None:
            raise self.missing(name, parameters)
        if (remark := self._remark(name, "value")) is not None:
            raise self._no_function(name, remark, was_defined=info.kind != "value")
        if info.blank:
            again = self._remark(name, "repeated")
            place = self.locate(again.line) if again is not None else ""
            hint = f" It is defined twice, and the blank one on {place} counts: take it out." if place else ""
            raise feedback.blank(name, own=own, hint=hint)
        return info

    def missing(self, name: str, parameters: Sequence[str] | None = None) -> CheckFailure:
        """The failure for a name that the submission does not define; points to where it may be."""
        remark = self._remark(name, "nested", "guarded")
        if remark is not None:
            holder = f"inside `{remark.detail}`" if remark.kind == "nested" else "in a block that is not run here"
            return CheckFailure(
                f"`{name}` was not found at the top level of your file: on {self.locate(remark.line)} it is defined "
                f"{holder}. Move it out of there."
            )
        text = f"`{name}` was not found in your submission."
        own = {one: info for one, info in self.defined.items() if _is_own(info) and one not in self.asked}
        near = _look_alike(name, own, parameters)
        if near is not None:
            line = own[near].line
            place = f" on {self.locate(line)}" if line else ""
            if near.lower() == name.lower():
                return CheckFailure(f"{text} There is `{near}`{place}: small and capital letters count, so rename it.")
            return CheckFailure(f"{text} There is `{near}`{place}: if that is the one, rename it to `{name}`.")
        with_parameters = f" and the parameters `({', '.join(parameters)})`" if parameters else ""
        return CheckFailure(f"{text} Define it at the top level of your file, with exactly this name{with_parameters}.")

    def _no_function(self, name: str, remark: NameRemark, *, was_defined: bool) -> CheckFailure:
        place = self.locate(remark.line)
        if was_defined:
            return CheckFailure(
                f"`{name}` is a function no more: {place} gives its name to {remark.detail}. Use another name there."
            )
        return CheckFailure(f"`{name}` should be a function, but {place} makes it {remark.detail}.")

    def _remark(self, name: str, *kinds: str) -> NameRemark | None:
        return next((one for one in self.remarks if one.name == name and one.kind in kinds), None)


def why_none(message: str, remarks: Sequence[NameRemark], locate: Locate) -> str:
    """The message of a check to which a function returned None, with the reason where the function shows it."""
    for remark in remarks if NOTHING in message else ():
        told = re.compile(rf"(`{re.escape(remark.name)}\b[^`\n]*` returned None) {re.escape(NOTHING[5:])}")
        if remark.kind == "returns nothing" and told.search(message):
            why = " `print` shows a value, but does not hand it back." if remark.detail == "print" else ""
            text = told.sub(r"\1", message)
            return f"{text}\n`{remark.name}` ({locate(remark.line)}) has no `return` with a value.{why}"
    return message


def other_signature(name: str, info: NameInfo, expected: tuple[str, ...], locate: Locate) -> CheckFailure:
    """The failure for renamed or missing parameters.

    Of a call that fits the stub: see :func:`expect_fitting`.
    """
    found = ", ".join(info.parameters)
    place = f" on {locate(info.line)}" if info.line else ""
    gone = [parameter for parameter in expected if parameter not in info.parameters]
    wanted = ", ".join(expected)
    text = f"`{name}({found})`{place} should be `{name}({wanted})`: the parameters' names are part of the task."
    if gone:
        text += f" Missing: {', '.join(f'`{parameter}`' for parameter in gone)}."
    return CheckFailure(text)


def expect_fitting(name: str, expected: Sequence[str], positional: int, keywords: Collection[str]) -> None:
    """Raises AssignmentError where a check calls a function otherwise than the stub has it: no student can help it.

    ``expected``: the stub's parameters, ``*`` and ``**`` in front of those that take any number.
    """
    named = [parameter for parameter in expected if not parameter.startswith("*")]
    shown = f"`{name}({', '.join(expected)})` in the stub"
    takes_any = any(parameter.startswith("**") for parameter in expected)
    unknown = [keyword for keyword in keywords if keyword not in named and not takes_any]
    if unknown:
        passed = ", ".join(f"`{keyword}=`" for keyword in unknown)
        raise AssignmentError(f"The check passes {passed}, which {shown} does not have.")
    twice = [keyword for keyword in keywords if keyword in named[:positional]]
    if twice:
        raise AssignmentError(f"The check passes `{twice[0]}` to {shown} twice: by its place, and by its name.")
    given = positional + len(keywords)
    if given > len(named) == len(expected):
        count = "1 argument" if given == 1 else f"{given} arguments"
        raise AssignmentError(f"The check passes {count} to {shown}, which takes {len(named)}.")


def _is_own(info: NameInfo) -> bool:
    """Whether the student wrote it: what was imported has no line."""
    return info.line is not None and info.kind != "value" and not info.blank


def _look_alike(name: str, own: Mapping[str, NameInfo], parameters: Sequence[str] | None) -> str | None:
    for one in own:
        if one.lower() == name.lower():
            return one
    if parameters:
        named = [parameter for parameter in parameters if not parameter.startswith("*")]
        same = [one for one, info in own.items() if list(info.parameters) == named]
        if near := difflib.get_close_matches(name, same, n=1, cutoff=_ALIKE_WITH_SAME_PARAMETERS):
            return near[0]
    return next(iter(difflib.get_close_matches(name, list(own), n=1, cutoff=_ALIKE)), None)
