"""The proof that nothing of a solution or a hidden check is in what students get.

What the bodies of the blanks and the hidden tests hold may not stand in any student's file: not in code, not in a
comment, not in a docstring, in markdown or in metadata. Given code, which the stub and the solution share, may; so may
the code of the public tests, as long as it does not solve a task. Lines that stand in every introduction are no
evidence by themselves, and neither is a formula that the handout publishes.
"""

from __future__ import annotations

import fnmatch
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.assignment import Assignment, to_repair
from autograder.errors import AssignmentError
from autograder.release.matching import Proof
from autograder.release.numbers import expected_numbers, number_leak, published_numbers
from autograder.release.passages import Passage, Row, passages
from autograder.release.secrets import read_sources, words

_MOST = 5
"""Leaks that a message names."""


@dataclass(frozen=True)
class _Leak:
    path: str
    row: Row
    origin: str
    says: str

    def __str__(self) -> str:
        return f"{self.path}, {self.row.place}: {self.says}"


def expect_no_leak(assignment: Assignment, files: Mapping[str, bytes], shown: str) -> None:
    """Raises AssignmentError that names the files and lines where something secret is in ``files``.

    ``shown``: what the files are, in the message.
    """
    found = find_leaks(assignment, files)
    if found:
        more = f"\n… and {len(found) - _MOST} more." if len(found) > _MOST else ""
        raise AssignmentError(f"{shown} would give something away: " + "\n".join(found[:_MOST]) + more)


def expect_listed(files: Iterable[str], patterns: Sequence[str], shown: str) -> None:
    """Raises AssignmentError that names the first file which none of ``patterns`` allows."""
    for path in sorted(files):
        if not any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns):
            raise AssignmentError(f"{shown} lists {path}, which should not be in it.")


def find_leaks(assignment: Assignment, files: Mapping[str, bytes]) -> list[str]:
    """One sentence per leak: the file and line that it comes from, and what it is from.

    Looks at the sources first: what a generated file only repeats of them is named where it is written.
    """
    texts = [assignment.stub, assignment.solution, assignment.public_tests, assignment.hidden_tests]
    stub, solution, public, hidden = (path.read_text(encoding="utf-8") for path in texts)
    repaired = to_repair(assignment.tasks)
    sources = read_sources(stub, solution, public, hidden, assignment.solution.name, repaired)
    proof = Proof(sources)
    known = published_numbers(stub, public)
    expected = expected_numbers(hidden) - known
    found: list[_Leak] = []
    for path in (assignment.stub, assignment.public_tests, assignment.folder / "assignment.toml"):
        shown = f"assignments/{assignment.slug}/{path.name}"
        found += _leaks(proof, shown, passages(path.name, path.read_bytes()), expected)
    named = {(leak.origin, leak.row.text.strip()) for leak in found}
    origins = {leak.origin for leak in found}
    for name, content in sorted(_members(files)):
        if ".whl/" in name:  # the package knows no assignment; its examples of training loops look like anybody's
            found += _whole_bodies(proof, name, content)
            continue
        for leak in _leaks(proof, name, passages(name, content), expected):
            if leak.origin not in origins and (leak.origin, leak.row.text.strip()) not in named:
                found.append(leak)
    return [str(leak) for leak in found]


def _leaks(proof: Proof, path: str, texts: Sequence[Passage], expected: frozenset[str]) -> list[_Leak]:
    """The leaks of one file, one per place that they are from."""
    found: dict[str, _Leak] = {}
    for passage in texts:
        match = proof.find(passage.tokens, is_program=passage.is_program, blank=passage.blank)
        if match is not None:
            row = passage.row_of(match.start)
            origin = f"{match.secret.place}, line {match.first_line}"
            says = f"the whole body of {match.secret.place} stands there" if match.whole else _quoted(row, origin)
            found.setdefault(match.secret.place, _Leak(path, row, match.secret.place, says))
            continue
        if passage.is_program:
            continue
        scattered = proof.find_scattered([tuple(words(row.text)) for row in passage.rows], passage.blank)
        if scattered is not None:
            secret, number, line = scattered
            row = passage.rows[number]
            says = f"{_quoted(row, f'{secret.place}, line {line}')}, and so are lines near it"
            found.setdefault(secret.place, _Leak(path, row, secret.place, says))
    if not found:
        number_row = number_leak(texts, expected)
        if number_row is not None:
            row, number_text = number_row
            says = f"the number {number_text} is from test_hidden.py, and stands nowhere in the text for students"
            found[row.place] = _Leak(path, row, f"test_hidden.py {number_text}", says)
    return [*found.values()]


def _whole_bodies(proof: Proof, name: str, content: bytes) -> Iterator[_Leak]:
    (passage, *_) = passages(f"{name}.txt", content)
    match = proof.find_whole(passage.tokens)
    if match is not None:
        says = f"the whole body of {match.secret.place} stands there"
        yield _Leak(name, passage.row_of(match.start), match.secret.place, says)


def _quoted(row: Row, origin: str) -> str:
    text = " ".join(row.text.split())
    return f"`{text if len(text) <= 60 else text[:59] + '…'}` is from {origin}"


def _members(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Every file, archives by their members."""
    for path, content in files.items():
        if path.endswith((".zip", ".whl")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inner = {f"{path}/{name}": archive.read(name) for name in archive.namelist()}
            yield from _members(inner)
        else:
            yield path, content
