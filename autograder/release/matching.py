"""Where a text repeats a secret, word for word or with other names, and whether that gives something away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from autograder.release.everyday import NAME, is_everyday, shape, telling
from autograder.release.secrets import Secret, Sources

RUN = 8
"""Tokens in a row from which on a repetition is looked at."""
RENAMED_RUN = 12
WHOLE = 12
"""Tokens that a body must have for its repetition to be more than chance, outside of its own blank."""
OWN = 4
"""The same in a comment within its own blank."""
_MOST = 0.75
"""Share of a body that the code of a check has to repeat with other names."""
_TEST_BODY = 32
"""Tokens of a hidden check's body that no public check has by chance."""
_LONG = 7
"""Tokens of a statement that can be told from others out of its place."""


@dataclass(frozen=True)
class Match:
    """A stretch of a text that repeats a stretch of a secret."""

    secret: Secret
    start: int
    """Of the stretch in the text, in tokens."""
    first_line: int
    """In the secret's file."""
    whole: bool = False
    """Whether it is all of the secret."""


class Proof:
    """All that is secret of one assignment, ready to be searched for."""

    def __init__(self, sources: Sources) -> None:
        self._words = [_Words(secret) for secret in sources.secrets]
        given = (*sources.shared, sources.public)
        self._given_names = frozenset(token for stretch in given for token in stretch)
        self._exact = _index(((words.tokens, words) for words in self._words), RUN)
        self._shapes = _index(((words.shape, words) for words in self._words if not words.secret.hidden), RENAMED_RUN)
        self._given = _grams(given, RUN)
        self._shared = _grams(sources.shared, RUN)
        self._given_shapes = _grams(map(shape, given), RENAMED_RUN)
        self._shared_shapes = _grams(map(shape, sources.shared), RENAMED_RUN)
        self._statements: dict[tuple[str, ...], list[tuple[_Words, int]]] = defaultdict(list)
        for words in self._words:
            for number, statement in enumerate(words.secret.statements):
                if len(statement.tokens) >= _LONG:
                    self._statements[statement.tokens[:_LONG]].append((words, number))

    def find(self, tokens: tuple[str, ...], *, is_program: bool = False, blank: str = "") -> Match | None:
        """The first place in ``tokens`` that gives something away, or None.

        ``is_program``: whether the text is code that runs, which the public tests and the given code are.
        ``blank``: the function to whose blank the text belongs.
        """
        found = [*self._repetitions(tokens, is_program=is_program), *self._wholes(tokens, blank, is_program)]
        found += self._renamed(tokens, blank, is_program)
        return min(found, key=lambda match: (match.start, not match.whole), default=None)

    def find_whole(self, tokens: tuple[str, ...]) -> Match | None:
        """The first place in ``tokens`` where all of a body stands, or None."""
        return min(self._wholes(tokens, "", False), key=lambda match: match.start, default=None)

    def find_scattered(self, rows: Sequence[tuple[str, ...]], blank: str = "") -> tuple[Secret, int, int] | None:
        """A secret most of whose statements stand in ``rows`` in any order, the row and the line of the first one.

        ``blank``: the function to whose blank the rows belong.
        """
        seen: dict[int, dict[int, int]] = defaultdict(dict)
        known = {id(words): words for words in self._words}
        for row, tokens in enumerate(rows):
            for words, number in self._statements_in(tokens):
                seen[id(words)].setdefault(number, row)
        for key, numbers in seen.items():
            secret = known[key].secret
            statements = secret.statements
            long = [one for one in statements if len(one.tokens) >= _LONG]
            unusual = [number for number in numbers if not is_everyday(statements[number].tokens)]
            is_own = secret.function != "" and secret.function == blank
            if 2 * len(numbers) >= len(long) and (
                (len(numbers) >= 4 and len(unusual) >= 2) or (is_own and (len(numbers) >= 2 or unusual))
            ):
                first = min(numbers, key=lambda number: numbers[number])
                return secret, numbers[first], statements[first].line
        return None

    def _statements_in(self, tokens: tuple[str, ...]) -> Iterator[tuple[_Words, int]]:
        """The statements that stand in a row as a whole, whatever is before and after them."""
        for start, gram in enumerate(_windows(tokens, _LONG)):
            for words, number in self._statements.get(gram, ()):
                statement = words.secret.statements[number].tokens
                if tokens[start : start + len(statement)] == statement and not self._is_given(statement):
                    yield words, number

    def _is_given(self, tokens: tuple[str, ...]) -> bool:
        return len(tokens) >= RUN and all(gram in self._given for gram in _windows(tokens, RUN))

    def _repetitions(self, tokens: tuple[str, ...], *, is_program: bool) -> Iterator[Match]:
        given = self._shared if is_program else self._given
        for words, start, at, end in _stretches(tokens, self._exact, RUN):
            if is_program and words.secret.hidden:
                continue
            there = [*_windows(words.tokens[at:end], RUN)]
            fresh = [number for number, gram in enumerate(there) if gram not in given]
            if not fresh:
                continue
            skipped = fresh[0]
            at, stop = at + skipped, at + fresh[-1] + RUN
            if self._gives_away(words, at, stop, is_program):
                yield Match(words.secret, start + skipped, words.line(at))

    def _gives_away(self, words: _Words, at: int, end: int, is_program: bool) -> bool:
        """Whether these tokens of a secret say more than what anybody knows."""
        inside = words.statements(at, end)
        size = end - at
        own = telling(words.tokens[at:end], self._given_names, with_arguments=words.secret.hidden)
        unusual = [one for one in inside if not is_everyday(one)]
        if is_program:  # a check may compute by itself what it asks for, in a line or two
            return len(inside) >= 4 and size >= 32 and len(unusual) >= 2
        if len(inside) >= 3:
            return (size >= 20 and bool(unusual)) or len(inside) >= 6 or size >= 45
        if len(inside) == 2:
            return bool(unusual) and ((size >= 2 * RUN and bool(own)) or size >= 3 * RUN)
        if len(inside) == 1 and unusual and len(inside[0]) >= RUN + 1:
            return len(own) >= 2 or (bool(own) and len(inside[0]) >= 18) or len(inside[0]) >= 30
        return size >= 3 * RUN and len(own) >= 2

    def _wholes(self, tokens: tuple[str, ...], blank: str, is_program: bool) -> Iterator[Match]:
        for words in self._words:
            secret = words.secret
            is_own = secret.function != "" and secret.function == blank
            is_wanted = bool(secret.function) or (secret.is_test and is_program)
            if is_wanted and len(words.tokens) >= (OWN if is_own else WHOLE):
                start = _place(words.tokens, tokens)
                if start < 0 and is_own and words.tokens[0] == "return" and len(words.tokens) > RUN:
                    start = _place(words.tokens[1:], tokens)
                if start >= 0:
                    yield Match(secret, start, words.line(0), whole=True)
                elif secret.is_test and is_program and words.is_telling:
                    start = _place_in_helper(words.body, tokens)
                    if start >= 0:
                        yield Match(secret, start, words.line(len(words.tokens) - len(words.body)), whole=True)

    def _renamed(self, tokens: tuple[str, ...], blank: str, is_program: bool) -> Iterator[Match]:
        shapes = shape(tokens)
        given = self._shared_shapes if is_program else self._given_shapes
        for words, start, at, end in _stretches(shapes, self._shapes, RENAMED_RUN):
            if all(gram in given for gram in _windows(words.shape[at:end], RENAMED_RUN)):
                continue
            for first in words.starts(at, end):
                moved = start + first - at
                length = _consistent(tokens[moved : start + end - at], words.tokens[first:end], shapes[moved:])
                inside = words.statements(first, first + length)
                unusual = [one for one in inside if not is_everyday(one)]
                is_much = (len(inside) >= 3 and len(unusual) >= 2 and length >= 30) or (
                    len(inside) >= 8 and length >= 60
                )
                if is_program and not (_MOST * len(words.tokens) <= length >= 32 and len(inside) >= 4):
                    continue  # a check may compute by itself what it asks for, in a line or two
                is_own = words.secret.function != "" and words.secret.function == blank
                if is_much or (is_own and unusual and length >= 20):
                    yield Match(words.secret, moved, words.line(first))
                    break


class _Words:
    """A secret as one row of tokens."""

    def __init__(self, secret: Secret) -> None:
        self.secret = secret
        self.tokens = tuple(token for one in secret.statements for token in one.tokens)
        self.shape = shape(self.tokens)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for one in self.secret.statements:
            starts.append(at)
            at += len(one.tokens)
        return starts

    @cached_property
    def body(self) -> tuple[str, ...]:
        """Of a test: its tokens without decorators and head."""
        heads = [number for number, one in enumerate(self.secret.statements) if one.tokens[:1] == ("def",)]
        return self.tokens[self._starts[heads[0]] + len(self.secret.statements[heads[0]].tokens) :] if heads else ()

    @property
    def is_telling(self) -> bool:
        """Whether the body of a test is long enough to be known from others: checks look alike."""
        return len(self.body) >= _TEST_BODY

    def statements(self, at: int, end: int) -> list[tuple[str, ...]]:
        """The statements that lie within these tokens as a whole."""
        return [
            one.tokens
            for start, one in zip(self._starts, self.secret.statements, strict=True)
            if at <= start and start + len(one.tokens) <= end
        ]

    def starts(self, at: int, end: int) -> list[int]:
        """Where the statements begin that do so among these tokens."""
        return [start for start in self._starts if at <= start < end]

    def line(self, at: int) -> int:
        """The line of the token in the secret's file."""
        place = max((number for number, start in enumerate(self._starts) if start <= at), default=0)
        return self.secret.statements[place].line if self.secret.statements else 0


_Index = dict[tuple[str, ...], list[tuple["_Words", int]]]


def _index(rows: Iterable[tuple[tuple[str, ...], _Words]], size: int) -> _Index:
    found: _Index = defaultdict(list)
    for tokens, words in rows:
        for at, gram in enumerate(_windows(tokens, size)):
            found[gram].append((words, at))
    return dict(found)


def _grams(rows: Iterable[Sequence[str]], size: int) -> frozenset[tuple[str, ...]]:
    return frozenset(gram for row in rows for gram in _windows(tuple(row), size))


def _windows(tokens: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    for at in range(len(tokens) - size + 1):
        yield tokens[at : at + size]


def _stretches(tokens: tuple[str, ...], index: _Index, size: int) -> Iterator[tuple[_Words, int, int, int]]:
    """The longest repetitions: whose, where in ``tokens``, and from where to where in the secret."""
    reached: dict[tuple[int, int], int] = {}
    for start, gram in enumerate(_windows(tokens, size)):
        for words, at in index.get(gram, ()):
            diagonal = (id(words), start - at)
            if reached.get(diagonal, -1) > start:
                continue
            row = words.tokens if size == RUN else words.shape
            length = size
            while (
                start + length < len(tokens) and at + length < len(row) and tokens[start + length] == row[at + length]
            ):
                length += 1
            reached[diagonal] = start + length - size + 1
            yield words, start, at, at + length


def _place(part: tuple[str, ...], tokens: tuple[str, ...]) -> int:
    for start in range(len(tokens) - len(part) + 1):
        if tokens[start] == part[0] and tokens[start : start + len(part)] == part:
            return start
    return -1


def _place_in_helper(part: tuple[str, ...], tokens: tuple[str, ...]) -> int:
    """The same, but not in a check: a public one may do what a hidden one does with other numbers."""
    at = 0
    while (found := _place(part, tokens[at:])) >= 0:
        start = at + found
        heads = [number for number in range(start) if tokens[number] == "def"]
        if not heads or not tokens[heads[-1] + 1].startswith("test_"):
            return start
        at = start + 1
    return -1


def _consistent(one: Sequence[str], other: Sequence[str], shapes: Sequence[str]) -> int:
    """How many tokens from the start on are the same up to names that are changed throughout."""
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if shapes[at] == NAME and (there.setdefault(left, right) != right or back.setdefault(right, left) != left):
            return at
    return min(len(one), len(other))
