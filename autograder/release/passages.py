"""The texts that a file holds: code, comments, texts in quotes, cells, outputs, whatever somebody could read."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from autograder.release.secrets import is_trailing, logical_lines, words

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MARK = re.compile(r"\s*(?:(?:#+|>>>|\.\.\.|>|\d+[.):](?=\s)|[-*+•](?=\s)|\|)\s*)*")
"""What people put before a line to comment it out, to quote or to list it."""
_DECORATION = re.compile(r"[`|$\\]")
_CELL = re.compile(r"\s*#\s*%%")


@dataclass(frozen=True)
class Row:
    """One line of a text, and where it is: ``line 41``, ``line 3 of cell 4``."""

    place: str
    text: str


@dataclass(frozen=True)
class Passage:
    """A text that is read in one go."""

    rows: tuple[Row, ...]
    is_program: bool = False
    """Whether it is the code of a program, without its comments."""
    blank: str = ""
    """The function that it stands in."""

    @cached_property
    def _tokens(self) -> list[tuple[str, int]]:
        found = [(token, number) for number, row in enumerate(self.rows) for token in words(row.text)]
        if self.is_program:
            return found  # done, statement by statement
        following = [*(token for token, _ in found[1:]), ""]
        return [one for one, after in zip(found, following, strict=False) if not is_trailing(one[0], after)]

    @property
    def tokens(self) -> tuple[str, ...]:
        """Names, numbers and signs; comment signs and white space do not count."""
        return tuple(token for token, _ in self._tokens)

    def row_of(self, token: int) -> Row:
        """The row that the token is in."""
        return self.rows[self._tokens[token][1]]


def passages(path: str, content: bytes) -> list[Passage]:
    """Every text in a file; read as what its ending says, and as plain text where it is not that."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    if path.endswith(".ipynb"):
        return [*_notebook(text)] or _plain(_numbered(text))
    if path.endswith(".py"):
        return program(text)
    found = _plain(_numbered(text))
    if path.endswith(".toml"):
        found += _toml(text)
    return found


@lru_cache(maxsize=256)
def program(source: str) -> list[Passage]:
    """The texts of a Python file."""
    return _program(source, _numbered(source))


def _program(source: str, rows: Sequence[Row]) -> list[Passage]:
    found = _plain(rows)
    try:
        tree = ast.parse(source)
        code = logical_lines(source)
        comments = _comments(source)
    except (SyntaxError, tokenize.TokenError, ValueError, RecursionError, MemoryError):
        return found
    places = [row.place for row in rows]
    found.append(Passage(tuple(Row(places[one.line - 1], " ".join(one.tokens)) for one in code), is_program=True))
    found += _plain([Row(places[line - 1], text) for line, text in comments])
    found += _plain([row for node in _strings(tree) for row in _string_rows(node, places)])
    for name, first, last in _regions(tree, source.split("\n")):
        inside = tuple(Row(places[line - 1], text) for line, text in comments if first <= line <= last)
        found.append(Passage(inside, blank=name))
    return found


def _plain(rows: Sequence[Row]) -> list[Passage]:
    """The text as it stands, and without what people put around quoted code."""
    return [Passage(tuple(rows)), Passage(tuple(Row(row.place, unmarked(row.text)) for row in rows))]


def unmarked(text: str) -> str:
    """A line without signs of comments, quotes, lists and prompts before it, and without those around code."""
    return _DECORATION.sub(" ", _MARK.sub("", text, count=1))


def _numbered(text: str) -> list[Row]:
    return [Row(f"line {number}", line) for number, line in enumerate(text.split("\n"), start=1)]


def _comments(source: str) -> list[tuple[int, str]]:
    return [
        (token.start[0], token.string.lstrip("#"))
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]


def _strings(tree: ast.Module) -> list[ast.Constant]:
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _string_rows(node: ast.Constant, places: Sequence[str]) -> Iterator[Row]:
    last = node.end_lineno or node.lineno
    for number, line in enumerate(str(node.value).split("\n")):
        yield Row(places[min(node.lineno + number, last) - 1], line)


def _regions(tree: ast.Module, lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Each function with its first line and the last one before something else begins."""
    named: list[tuple[str, int]] = []
    starts: list[int] = []
    for node in tree.body:
        starts.append(min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))]))
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        for part in inner:
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
                named.append((prefix + part.name, part.lineno))
                starts.append(part.lineno)
    starts += [number for number, line in enumerate(lines, start=1) if _CELL.match(line)]
    for name, first in named:
        yield name, first, min((start for start in starts if start > first), default=len(lines) + 1) - 1


def _notebook(text: str) -> Iterator[Passage]:
    try:
        notebook = json.loads(text)
        cells = [cell for cell in notebook["cells"] if isinstance(cell, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    rows, script = [], []
    for number, cell in enumerate(cells, start=1):
        source = _joined(cell.get("source", ""))
        is_code = cell.get("cell_type") == "code"
        for line, content in enumerate(source.split("\n"), start=1):
            rows.append(Row(f"line {line} of cell {number}", content))
            script.append(content if is_code else f"# {content}")
    yield from _program("\n".join(script), rows)
    for number, cell in enumerate(cells, start=1):
        rest = {name: value for name, value in cell.items() if name not in ("source", "cell_type", "id")}
        yield from _loose(rest, f"the outputs or metadata of cell {number}")
    yield from _loose({name: value for name, value in notebook.items() if name != "cells"}, "the metadata")


def _joined(value: object) -> str:
    return "".join(part for part in value if isinstance(part, str)) if isinstance(value, list) else str(value)


def _loose(value: Any, place: str) -> Iterator[Passage]:
    """Every text in nested data, lists of texts as one."""
    texts = [line for text in _all_texts(value) for line in text.split("\n")]
    if texts:
        yield from _plain([Row(place, line) for line in texts])


def _all_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if value and all(isinstance(part, str) for part in value):
            yield "".join(value)
            yield "\n".join(value)
        else:
            for part in value:
                yield from _all_texts(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield str(name)
            yield from _all_texts(part)


def _toml(text: str) -> list[Passage]:
    try:
        texts = [*_all_texts(tomllib.loads(text))]
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    lines = text.split("\n")
    rows = [Row(_toml_place(line, lines), line) for one in texts for line in one.split("\n")]
    return _plain(rows)


def _toml_place(part: str, lines: Iterable[str]) -> str:
    """The line of the file that the text is in; a text with escapes may stand nowhere as it is."""
    start = part.strip()[:20]
    found = next((number for number, line in enumerate(lines, start=1) if start and start in line), 0)
    return f"line {found}" if found else "one of its texts"
