"""What a person may want to look at in a submission: never a verdict, never worth a point.

Everything here reads the source as text. Parsing it could take the judge down (see :mod:`autograder.bridge.load`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from autograder.notebook.own import own_lines

Locate = Callable[[int], str]

_PECULIAR = (
    (r"_getframe|currentframe|inspect\.stack|\bf_back\b|\bf_locals\b|\btb_frame\b", "looks at the frames around it"),
    (r"\bgc\.get_\w+", "searches the interpreter's memory"),
    (r"\bctypes\b|\bcffi\b", "calls C functions directly"),
    (r"\b__code__\b|\bco_consts\b|\b__closure__\b", "reads the code of functions"),
    (r"\bsettrace\b|\bsetprofile\b|\baddaudithook\b|\bsys\.monitoring\b", "listens to the interpreter"),
    (r"\btorch\._C\b|\bTorch(?:Function|Dispatch)Mode\b", "reaches into torch where the recorder works"),
    (r"\btorch\.(?:Tensor|nn|optim|autograd)\b[\w.]*\s*=(?!=)", "replaces a part of torch"),
    (r"(?<!\bin )\bsys\.(?:modules|meta_path|path_hooks)\b", "changes or reads what `import` finds"),
    (r"/proc/|\bos\.(?:fork|kill|system|exec\w+|ptrace)\b|\bsubprocess\b", "reaches for other processes"),
    (r"\bautograder\b", "names the grader"),
)
_LITERAL = re.compile(r"(?<![\w.])\d{1,12}\.\d{4,20}(?:[eE][+-]?\d{1,3})?(?![\w.])")
_MIN_DIGITS = 5
_MOST_LITERALS = 2000
_MOST_NUMBERS = 50_000
_MOST_SHOWN = 60


def peculiar_lines(source: str, stub: str, locate: Locate) -> list[str]:
    """One sentence for each kind of unusual code, with the first place of it; nothing that the handout has."""
    own = own_lines(source)  # a release's own statements, which are not run
    lines = [(number, _code(line)) for number, line in enumerate(source.split("\n"), start=1) if number not in own]
    remarks = []
    for pattern, what in _PECULIAR:
        if re.search(pattern, stub):
            continue
        for number, line in lines:
            if re.search(pattern, line):
                remarks.append(f"The code {what} ({locate(number)}: `{line.strip()[:_MOST_SHOWN]}`).")
                break
    return remarks


def copied_results(source: str, published: Iterable[str], expected: Iterable[float], locate: Locate) -> list[str]:
    """A sentence where a long number of the source is a result of the reference that nobody has published."""
    known = {text for other in published for text in _LITERAL.findall(other)}
    results = sorted({abs(value) for _, value in zip(range(_MOST_NUMBERS), expected, strict=False) if value})
    for number, literal in _literals(source):
        if literal not in known and _is_one_of(literal, results):
            return [f"The code holds {literal} ({locate(number)}), which is a result of the reference solution."]
    return []


def _literals(source: str) -> Iterator[tuple[int, str]]:
    count = 0
    for number, line in enumerate(source.split("\n"), start=1):
        for literal in _LITERAL.findall(_code(line)):
            if len(literal.split("e")[0].split("E")[0].replace(".", "").strip("0")) >= _MIN_DIGITS:
                yield number, literal
                count += 1
        if count > _MOST_LITERALS:
            return


def _is_one_of(literal: str, results: list[float]) -> bool:
    mantissa, _, exponent = literal.lower().partition("e")
    value = float(literal)
    # As exact as it is written: half a unit of the last digit.
    slack = 0.5 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2])) + 1e-12 * value
    at = bisect_left(results, value - slack)
    return at < len(results) and results[at] <= value + slack


def _code(line: str) -> str:
    """The line without its comment, roughly: a ``#`` in a string ends it as well."""
    return line.partition("#")[0][:2000]
