"""What students must not get: the bodies of the blanks, what the solution adds, and the hidden tests, as statements."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|\*\*|[^\w\s]")
"""Names, numbers and signs."""
PROSE = 4
"""Words from which on a text in quotes is a sentence for people, not a part of the program."""
CUT = "\0"
"""Stands for a sentence within a statement, which is cut there."""


@dataclass(frozen=True)
class Statement:
    """One statement of a program, or the head of a compound one, without comments."""

    line: int
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class Secret:
    """Statements that belong together, and where they are from."""

    place: str
    """For people: ``train` in himmelblau.py``."""
    statements: tuple[Statement, ...]
    function: str = ""
    """The blank that this is the body of; empty for other secrets."""
    is_test: bool = False
    """Whether it is a test, and not something that tests use."""
    hidden: bool = False
    """Whether it is from the hidden tests."""


@dataclass(frozen=True)
class Sources:
    """The programs of one assignment: what is secret of them, and what is given."""

    bodies: tuple[Secret, ...]
    additions: tuple[Secret, ...]
    hidden: tuple[Secret, ...]
    shared: tuple[tuple[str, ...], ...]
    """Tokens of code that the stub and the solution share: each a whole stretch."""
    public: tuple[str, ...]
    """Tokens of the public tests' code."""

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All of them."""
        return (*self.bodies, *self.additions, *self.hidden)


@dataclass(frozen=True)
class _Definition:
    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef


def read_sources(
    stub: str, solution: str, public: str, hidden: str, name: str, repaired: Collection[str] = ()
) -> Sources:
    """What is secret and what is given in the four files of an assignment; ``name``: the solution's file.

    ``repaired``: functions whose bodies students get with a fault in them.
    """
    stub_tree, tree = ast.parse(stub), ast.parse(solution)
    lines, stub_lines = logical_lines(solution), logical_lines(stub)
    theirs = {one.name: one.node for one in _definitions(stub_tree.body)}
    bodies: list[Secret] = []
    secret_lines: set[int] = set()
    for one in _definitions(tree.body):
        if one.name in theirs and _same_body(theirs[one.name], one.node):
            continue
        if one.name not in theirs and one.name.startswith("_"):
            continue  # an addition, below
        body = _between(lines, *_body_lines(one.node))
        # A body that is to be repaired gives most of the solution away, on purpose.
        if one.name.partition(".")[0] in repaired and one.name in theirs:
            handed_out = {line.tokens for line in _between(stub_lines, *_body_lines(theirs[one.name]))}
            body = tuple(line for line in body if line.tokens not in handed_out)
        secret_lines.update(line.line for line in body)
        bodies.append(Secret(f"`{one.name}` in {name}", body, one.name))
    shared = {part for node in stub_tree.body for part in _bound(node)}
    additions = []
    for node in tree.body:
        names = _bound(node)
        if names and not names & shared and all(one.startswith("_") for one in names):
            start, end = node.lineno, node.end_lineno or node.lineno
            secret_lines.update(range(start, end + 1))
            additions.append(Secret(f"`{sorted(names)[0]}` in {name}", _between(lines, start, end)))
    ours = _tokens(line for line in lines if line.line not in secret_lines)
    return Sources(
        tuple(bodies),
        tuple(additions),
        tuple(_hidden(hidden)),
        tuple(_common(_tokens(stub_lines), ours)),
        _tokens(logical_lines(public)),
    )


@lru_cache(maxsize=64)
def logical_lines(source: str) -> tuple[Statement, ...]:
    """The statements of a program that has no syntax error, docstrings and comments left out."""
    rows = _without_sentences(source)
    found: list[Statement] = []
    first = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            continue
        first = first or token.start[0]
        if token.type == tokenize.NEWLINE:
            found += [Statement(first, tuple(part)) for part in _parts(" ".join(rows[first - 1 : token.start[0]]))]
            first = 0
    return tuple(found)


def words(text: str) -> list[str]:
    """The tokens of a text: comment signs, white space and what separates statements do not count."""
    return [token.replace("'", '"') for token in TOKEN.findall(text) if token not in "#;"]


def is_trailing(token: str, following: str) -> bool:
    """Whether the token is a comma that formatters put before a closing bracket."""
    return token == "," and following in (")", "]", "}")


def _parts(statement: str) -> list[list[str]]:
    """The tokens of a statement, cut in two where a sentence stands in it."""
    parts = [_untrailed(words(part)) for part in statement.split(CUT)]
    return [part for part in parts if len(part) > 1 or len(parts) == 1]


def _untrailed(tokens: Sequence[str]) -> list[str]:
    return [one for one, following in zip(tokens, [*tokens[1:], ""], strict=False) if not is_trailing(one, following)]


def _without_sentences(source: str) -> list[str]:
    """The lines with blanks for comments, and one sign for each docstring and each text that is a sentence."""
    rows = source.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            rows[token.start[0] - 1] = rows[token.start[0] - 1][: token.start[1]]
    for node in _texts(ast.parse(source)):
        start, end = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before = _columns(rows[start], node.col_offset)
        after = rows[end].encode()[node.end_col_offset or 0 :].decode()
        rows[start], rest = f"{rows[start][:before]}{CUT}", after
        for row in range(start + 1, end + 1):
            rows[row] = ""
        rows[end] += rest
    return rows


def _texts(tree: ast.Module) -> list[ast.expr]:
    """The texts that are sentences or docstrings, the last one first."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    within = {id(part) for node in joined for part in ast.walk(node) if part is not node}
    found: list[ast.expr] = [node for node in joined if id(node) not in within]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
            found.append(node)
    found = [node for node in found if id(node) in alone or len(re.findall(r"\w+", ast.unparse(node))) >= PROSE]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset), reverse=True)


def _columns(row: str, offset: int) -> int:
    """How many characters the first ``offset`` bytes are."""
    return len(row.encode()[:offset].decode(errors="ignore"))


def _definitions(body: Iterable[ast.stmt], prefix: str = "") -> Iterator[_Definition]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield _Definition(prefix + node.name, node)
        elif isinstance(node, ast.ClassDef):
            yield from _definitions(node.body, f"{prefix}{node.name}.")


def _same_body(one: ast.FunctionDef | ast.AsyncFunctionDef, other: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return [*map(ast.dump, _after_docstring(one))] == [*map(ast.dump, _after_docstring(other))]


def _after_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node) is not None else node.body


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int]:
    body = _after_docstring(node) or node.body
    return body[0].lineno, node.end_lineno or body[0].lineno


def _between(lines: Sequence[Statement], start: int, end: int) -> tuple[Statement, ...]:
    return tuple(line for line in lines if start <= line.line <= end)


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def _hidden(source: str) -> Iterator[Secret]:
    """Every statement at the top of the hidden tests, without imports, which say nothing."""
    lines = logical_lines(source)
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Expr):
            continue
        start = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        is_test = isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        statements = _between(lines, start, node.end_lineno or start)
        yield Secret("test_hidden.py", statements, is_test=is_test, hidden=True)


def _tokens(lines: Iterable[Statement]) -> tuple[str, ...]:
    return tuple(token for line in lines for token in line.tokens)


def _common(one: tuple[str, ...], other: tuple[str, ...], shortest: int = 8) -> Iterator[tuple[str, ...]]:
    """The stretches of ``one`` that occur in ``other`` as well."""
    known = {other[at : at + shortest] for at in range(len(other) - shortest + 1)}
    start = -1
    for at in range(len(one) - shortest + 2):
        is_known = one[at : at + shortest] in known  # never, for the last one: it is too short
        if is_known and start < 0:
            start = at
        elif not is_known and start >= 0:
            yield one[start : at + shortest - 1]
            start = -1
