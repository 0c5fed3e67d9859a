"""Numbers that only the hidden tests know: results that somebody noted down where students read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.release.passages import Passage, Row
from autograder.release.secrets import logical_lines

_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?:e[-+]?\d+)?(?![\w.]\w)", re.IGNORECASE)
_FEW, _ONE = 4, 6
"""Digits from which on two numbers, or one alone, are no chance."""
_NEAR = 3
"""Rows within which two numbers belong together."""
_MARKDOWN = re.compile(r"\s*#\s*%%\s*\[markdown\]")
_CELL = re.compile(r"\s*#\s*%%")


def expected_numbers(hidden: str) -> frozenset[str]:
    """The decimal numbers in the hidden tests' code that are long enough to be nobody's guess."""
    return frozenset(
        number
        for one in logical_lines(hidden)
        for number in one.tokens
        if _NUMBER.fullmatch(number) and _digits(number) >= _FEW
    )


def published_numbers(stub: str, public: str) -> frozenset[str]:
    """The numbers that students read: in the handout's text and code, not in its comments, and in public tests."""
    found: set[str] = set()
    is_text = False
    for line in stub.split("\n"):
        if _CELL.match(line):
            is_text = _MARKDOWN.match(line) is not None
        found.update(_NUMBER.findall(line if is_text else line.split("#")[0]))
    for line in public.split("\n"):
        found.update(_NUMBER.findall(line.split("#")[0]))
    return frozenset(found)


def number_leak(texts: Sequence[Passage], expected: frozenset[str]) -> tuple[Row, str] | None:
    """The first row with one long number of ``expected``, or the first of two shorter ones that are close together."""
    for passage in texts:
        seen: list[tuple[int, str]] = []
        for place, row in enumerate(passage.rows):
            for number in _NUMBER.findall(row.text):
                if number not in expected:
                    continue
                if _digits(number) >= _ONE:
                    return row, number
                near = [one for at, one in seen if place - at < _NEAR and one != number]
                if near:
                    return row, number
                seen.append((place, number))
    return None


def _digits(number: str) -> int:
    return len(re.sub(r"e.*|\D", "", number.lower()).strip("0"))
