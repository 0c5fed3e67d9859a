"""The proof that nothing of a solution or a hidden check is in what students get.

Two rules. No run of tokens of a solution's body or of a hidden test occurs in any student's file, unless the
stub or the public tests have that very run. And no body of a blank, as a whole, is in those two either.
"""

from __future__ import annotations

import ast
import fnmatch
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from autograder.assignment import Assignment
from autograder.errors import AssignmentError
from autograder.pairs import blanks

RUN = 8
"""Tokens in a row that make a leak: about one short statement."""
MEANING = 3
"""Different names or numbers that a run must have: brackets and commas alone give nothing away."""
_WHOLE = 12
"""Tokens that a body must have for its occurrence in the stub or the public tests to be more than chance."""
_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|[^\w\s]")
_WORDS = frozenset("def for if in is not or and return self None True False float int torch range _ 0 1 2".split())  # noqa: SIM905


@dataclass(frozen=True)
class Secret:
    """A run of tokens that students must not get, and where it is from."""

    place: str
    tokens: tuple[str, ...]


Token: TypeAlias = tuple[str, int]
"""A token and its line."""
_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def expect_no_leak(assignment: Assignment, files: Mapping[str, bytes], shown: str) -> None:
    """Raises AssignmentError that names the first file and line where something secret is in ``files``.

    ``shown``: what the files are, in the message.
    """
    found = find_leaks(assignment, files)
    if found:
        raise AssignmentError(f"{shown} would give something away: {found[0]}")


def expect_listed(files: Iterable[str], patterns: Sequence[str], shown: str) -> None:
    """Raises AssignmentError that names the first file which none of ``patterns`` allows."""
    for path in sorted(files):
        if not any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns):
            raise AssignmentError(f"{shown} lists {path}, which should not be in it.")


def find_leaks(assignment: Assignment, files: Mapping[str, bytes]) -> list[str]:
    """One sentence per leak: the file and line that students would get, and what it is from."""
    public = [assignment.stub, assignment.public_tests]
    shared = {path.name: tokens_of(path.read_text(encoding="utf-8")) for path in public}
    allowed = {run for tokens in shared.values() for run, _ in _runs(tokens)}
    solution = assignment.solution.read_text(encoding="utf-8")
    bodies = list(_bodies(assignment.stub.read_text(encoding="utf-8"), solution, assignment.solution.name))
    secrets: dict[tuple[str, ...], str] = {}
    for secret in [*bodies, *_additions(solution, assignment), _hidden(assignment)]:
        for run, _ in _runs([(token, 0) for token in secret.tokens]):
            if run not in allowed and _says_something(run):
                secrets.setdefault(run, secret.place)
    found = []
    for path, text in sorted([*_texts(files), *((one.name, "") for one in public)]):
        tokens = tokens_of(text) or shared.get(path, [])
        for secret in bodies:
            if len(secret.tokens) >= _WHOLE and (line := _line_of(secret.tokens, tokens)):
                found.append(f"{path}, line {line}: the whole body of {secret.place} stands there")
        if ".whl/" in path:
            continue  # the package knows no assignment; its examples of training loops look like anybody's
        for run, line in _runs(tokens):
            if run in secrets:
                found.append(f"{path}, line {line}: `{' '.join(run)}` is from {secrets[run]}")
                break
    return found


@lru_cache(maxsize=1024)
def tokens_of(text: str) -> list[Token]:
    """Names, numbers and signs with their lines; comment signs and white space do not count."""
    return [
        (match[0], number)
        for number, line in enumerate(text.split("\n"), start=1)
        for match in _TOKEN.finditer(line)
        if match[0] != "#"
    ]


def _runs(tokens: Sequence[Token]) -> Iterator[tuple[tuple[str, ...], int]]:
    names = [token for token, _ in tokens]
    for start in range(len(names) - RUN + 1):
        yield tuple(names[start : start + RUN]), tokens[start][1]


def _says_something(run: Sequence[str]) -> bool:
    return len({token for token in run if token[0].isalnum() or token[0] == "_"} - _WORDS) >= MEANING


def _line_of(body: Sequence[str], tokens: Sequence[Token]) -> int:
    """The line on which all of ``body`` begins; 0 where it does not occur."""
    names = [token for token, _ in tokens]
    for start in range(len(names) - len(body) + 1):
        if names[start] == body[0] and names[start : start + len(body)] == list(body):
            return tokens[start][1]
    return 0


def _bodies(stub: str, solution: str, name: str) -> Iterator[Secret]:
    """The body of each function that students write, without its docstring."""
    empty = {blank.name for blank in blanks(stub)}
    for qualified, node in _functions(ast.parse(solution).body):
        if qualified in empty:
            body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
            lines = solution.split("\n")[body[0].lineno - 1 : node.end_lineno]
            yield Secret(f"`{qualified}` in {name}", _plain("\n".join(lines)))


def _additions(solution: str, assignment: Assignment) -> Iterator[Secret]:
    """Private functions and classes that only the solution has."""
    for node in ast.parse(solution).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name.startswith("_"):
            yield Secret(f"`{node.name}` in {assignment.solution.name}", _plain(_lines(solution, node)))


def _hidden(assignment: Assignment) -> Secret:
    """The whole file of hidden tests, without its first docstring and imports, which say nothing."""
    source = assignment.hidden_tests.read_text(encoding="utf-8")
    kept = [
        _lines(source, node)
        for node in ast.parse(source).body
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)
    ]
    return Secret(assignment.hidden_tests.name, _plain("\n".join(kept)))


def _lines(source: str, node: ast.stmt) -> str:
    return "\n".join(source.split("\n")[node.lineno - 1 : node.end_lineno])


def _plain(source: str) -> tuple[str, ...]:
    return tuple(token for token, _ in tokens_of(source))


def _functions(
    body: Iterable[ast.stmt], prefix: str = ""
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{prefix}{node.name}.")


def _texts(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Every text in the files: notebooks as the text of their cells, zips and wheels by their members."""
    for path, content in files.items():
        if path.endswith((".zip", ".whl")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inner = {f"{path}/{name}": archive.read(name) for name in archive.namelist()}
            yield from _texts(inner)
        elif path.endswith(".ipynb"):
            cells = json.loads(content)["cells"]
            yield path, "\n".join("".join(cell["source"]) for cell in cells)
            yield path, json.dumps([cell.get("outputs", []) for cell in cells])
        else:
            yield path, content.decode("utf-8", "replace")
