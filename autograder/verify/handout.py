"""What a stub says to students, as one text, and the places in it that make a promise.

The text is the prose of the markdown cells without comment marks, and of every blank its signature and its docstring
(and the docstring of the class around it), in the order of the file, every run of blanks and line ends made one space.
A place is a promise where it is

- one of the words in :data:`WORDS`,
- a number written in digits,
- a default argument of a blank.

Headings, formulas that stand alone (``$$ … $$``), the numbers of lists and the number after the word "task" promise
nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from autograder.pairs import blanks

WORDS = (
    *("return", "returns", "returned", "before", "after", "never", "always", "exactly", "only", "must", "not"),
    *("each", "every", "at least", "at most"),
)
"""The words that make a promise, wherever they stand."""

_WORD = re.compile(r"\b(?:" + "|".join(word.replace(" ", r"\s+") for word in WORDS) + r")\b", re.IGNORECASE)
# A whole number or a decimal that stands for itself: no part of a name (float32), no exponent or index of a formula.
_NUMBER = re.compile(r"(?<![\w.^\\])(?<![\w^}]\{)[-+−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w}^]|\.\d)")
_TASK = re.compile(r"\btasks?\s+(?:\d+(?:\.\d+)*(?:,| to| and| or)?\s*)+", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}\s")
_ITEM = re.compile(r"(?:[-*+]|\d+\.)\s+")
_ENDS = re.compile(r"(?<=[.!?])[*)\"]*\s+|(?<!\\);\s+")

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Blanks: TypeAlias = Iterator[tuple[Function, ast.ClassDef | None]]


@dataclass(frozen=True)
class Place:
    """A place that makes a promise: from ``start`` to ``end`` of :attr:`Handout.text`."""

    start: int
    end: int
    words: str
    """What stands there."""
    sentence: str
    """The sentence, the item or the row around it."""
    line: int
    """The line of the stub on which that begins."""


@dataclass(frozen=True)
class _Line:
    """One line of what students read: where it is in the stub, and what begins with it."""

    number: int
    column: int
    text: str
    begins: bool = False
    """A paragraph, an item or a row begins here."""
    silent: bool = False
    """It promises nothing: a heading, a formula."""
    code: bool = False
    """It belongs to a signature, where only defaults are promises."""


class Handout:
    """The text of a stub for students.

    Raises SyntaxError for what is no Python.
    """

    def __init__(self, stub: str, repaired: Collection[str] = ()) -> None:
        self._tree = ast.parse(stub)
        self._empty = {blank.name for blank in blanks(stub)} | set(repaired)  # what is to be repaired is no blank
        self._lines = sorted([*_prose(stub), *self._blanks(stub.splitlines())], key=lambda line: line.number)
        self.text, self._at = _joined(self._lines)

    def line(self, offset: int) -> int:
        """The line in the stub of a place in the text."""
        return self._at[offset][0]

    def find(self, words: str) -> list[tuple[int, int]]:
        """Where these words stand in the text; blanks, line ends and comment marks before a line do not count."""
        wanted = normal(words)
        starts = re.finditer(rf"(?={re.escape(wanted)})", self.text) if wanted else ()
        return [(match.start(), match.start() + len(wanted)) for match in starts]

    def sentences(self) -> set[str]:
        """The sentences, items and rows of prose and docstrings."""
        return {self.text[start:end].strip() for start, end in self._sentences()}

    def places(self) -> list[Place]:
        """Every place that makes a promise, in the order of the text."""
        return sorted([*self._said(), *self._defaults()], key=lambda place: (place.start, place.end))

    def _said(self) -> Iterator[Place]:
        for start, end in self._sentences():
            sentence = self.text[start:end]
            item = _ITEM.match(sentence)
            skipped = [(match.start(), match.end()) for match in _TASK.finditer(sentence)]
            skipped += [(0, item.end())] if item else []
            for match in [*_WORD.finditer(sentence), *_NUMBER.finditer(sentence)]:
                if not any(low <= match.start() < high for low, high in skipped):
                    place = start + match.start()
                    yield Place(place, start + match.end(), match[0], sentence.strip(), self.line(start))

    def _sentences(self) -> Iterator[tuple[int, int]]:
        """Where each sentence begins and ends, apart from silent lines and signatures."""
        begun = {line.number: line for line in self._lines}
        start: int | None = None
        blocks: list[tuple[int, int]] = []
        for offset, (number, _) in enumerate(self._at):
            line = begun[number]
            first = offset == 0 or self._at[offset - 1][0] != number
            if start is not None and first and (line.begins or line.silent or line.code):
                blocks.append((start, offset))
                start = None
            if start is None and not (line.silent or line.code):
                start = offset
        if start is not None:
            blocks.append((start, len(self._at)))
        for low, high in blocks:
            for match in _ENDS.finditer(self.text, low, high):
                yield low, match.end()
                low = match.end()
            if low < high:
                yield low, high

    def _functions(self) -> Blanks:
        """The blanks, each with the class around it."""

        def walk(nodes: list[ast.stmt], prefix: str, around: ast.ClassDef | None) -> Blanks:
            for node in nodes:
                if isinstance(node, ast.ClassDef):
                    yield from walk(node.body, f"{prefix}{node.name}.", node)
                elif isinstance(node, _FUNCTION) and prefix + node.name in self._empty:
                    yield node, around

        yield from walk(self._tree.body, "", None)

    def _blanks(self, source: list[str]) -> Iterator[_Line]:
        classes = set()
        for function, around in self._functions():
            if around is not None and around.name not in classes:
                classes.add(around.name)
                yield from _docstring(around, source)
            for number in range(function.lineno, function.body[0].lineno):
                row = source[number - 1]
                yield _Line(number, len(row) - len(row.lstrip()), row.strip(), code=True)
            yield from _docstring(function, source)

    def _defaults(self) -> Iterator[Place]:
        offsets = {place: offset for offset, place in reversed([*enumerate(self._at)])}
        for function, _ in self._functions():
            arguments = function.args
            known = [*arguments.posonlyargs, *arguments.args]
            pairs: list[tuple[ast.arg, ast.expr | None]] = []
            pairs += zip(known[len(known) - len(arguments.defaults) :], arguments.defaults, strict=True)
            pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            for argument, default in pairs:
                if default is not None and default.end_lineno and default.end_col_offset:
                    start = offsets[argument.lineno, argument.col_offset]
                    end = offsets[default.end_lineno, default.end_col_offset - 1] + 1
                    words = self.text[start:end]
                    yield Place(start, end, words, f"def {function.name}(… {words} …)", argument.lineno)


def normal(words: str) -> str:
    """The words with one space for every run of blanks and line ends, without comment marks."""
    return " ".join(" ".join(re.sub(r"^\s*#(?:\s|$)", "", row) for row in words.splitlines()).split())


def _prose(stub: str) -> Iterator[_Line]:
    """The lines of the markdown cells."""
    inside = formula = after_blank = False
    for number, row in enumerate(stub.splitlines(), start=1):
        if row.startswith("# %%"):
            inside, after_blank = "[markdown]" in row, True
            continue
        if not (inside and row.startswith("#")):
            continue
        text = row[1:].strip()
        if not text:
            after_blank = True
            continue
        opens = text.count("$$") % 2 == 1
        silent = formula or text.startswith("$$") or bool(_HEADING.match(text))
        formula = formula != opens
        begins = after_blank or bool(_ITEM.match(text)) or text.startswith("|")
        yield _Line(number, row.index(text), text, begins, silent)
        after_blank = False


def _docstring(node: Function | ast.ClassDef, source: list[str]) -> Iterator[_Line]:
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is None or first.end_lineno is None:
        return
    begins = True
    for number in range(first.lineno, first.end_lineno + 1):
        text = source[number - 1].strip()
        text = text[3:] if number == first.lineno and text.startswith(('"""', "'''")) else text
        text = (text[:-3] if number == first.end_lineno and text.endswith(('"""', "'''")) else text).strip()
        if text:
            yield _Line(number, source[number - 1].index(text), text, begins)
        begins = not text


def _joined(lines: list[_Line]) -> tuple[str, list[tuple[int, int]]]:
    """The text, and for each of its letters the line and the column (in bytes) where it stands in the stub."""
    letters: list[str] = []
    at: list[tuple[int, int]] = []
    for line in lines:
        if letters:
            letters.append(" ")
            at.append(at[-1])
        column = line.column
        for letter in line.text:
            blank = letter.isspace()
            if not (blank and letters[-1:] == [" "]):
                letters.append(" " if blank else letter)
                at.append((line.number, column))
            column += len(letter.encode())
    return "".join(letters), at
