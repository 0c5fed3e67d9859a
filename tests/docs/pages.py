"""What a page of Markdown names: its code spans, the words of its drawings and commands, and its links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^ *```(?P<language>\w*)")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)((?:(?!\n\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"\]\((?P<target>[^)#\s]+)(?:#[^)\s]*)?\)")
_NEXT = re.compile(r"(?:\s/\s|,\s|\sand\s)`([A-Za-z_][\w.]*)`")
_WORDED = {"text": "drawn", "console": "word"}
_TREE_LINE = re.compile(r"(?P<indent> *)(?P<names>\S+(?: \S+)*)(?: {2,}.*)?$")


@dataclass(frozen=True)
class Mention:
    """Something that a page names."""

    line: int
    kind: str
    """``span`` (one name in backticks), ``command`` (several words in backticks), ``word`` (of a command), ``drawn`` (a
    word of a drawing), ``tree`` (a path) or ``link``."""
    text: str
    within: str = ""
    """The file that stands before a name: `` `grade/judge.py` / `Judge.grade` ``."""


def mentions(page: str) -> list[Mention]:
    """Everything that the page names, in the order of its lines."""
    found: list[Mention] = []
    language: str | None = None
    folders: list[tuple[int, str]] = []
    prose: list[str] = []
    for number, line in enumerate(page.splitlines(), start=1):
        fence = _FENCE.match(line)
        if fence is not None:
            language = fence["language"] if language is None else None
            folders = []
        elif language == "tree":
            found += _tree(number, line, folders)
        elif language in _WORDED:
            found += (Mention(number, _WORDED[language], word) for word in _words(line))
        # Prose goes over the ends of lines; what is fenced takes part as empty lines, so that lines can be counted.
        prose.append("" if fence is not None or language is not None else line)
    return sorted([*found, *_prose("\n".join(prose))], key=lambda mention: mention.line)


def _prose(text: str) -> Iterator[Mention]:
    ends = 0
    for found in _SPAN.finditer(text):
        if found.start() < ends:
            continue  # a name after its file, which has been told
        name, line = found[2], text.count("\n", 0, found.start()) + 1
        if len(name.split()) > 1:
            yield Mention(line, "command", name)
            yield from (Mention(line, "word", word) for word in _words(name))
            continue
        yield Mention(line, "span", name)
        ends = found.end()
        if name.endswith(".py") and re.match(r"\s/\s`", text[ends:]):
            while (following := _NEXT.match(text, ends)) is not None:
                yield Mention(text.count("\n", 0, following.start(1)) + 1, "span", following[1], within=name)
                ends = following.end()
    for link in _LINK.finditer(text):
        yield Mention(text.count("\n", 0, link.start()) + 1, "link", link["target"])


def _tree(number: int, line: str, folders: list[tuple[int, str]]) -> Iterator[Mention]:
    found = _TREE_LINE.match(line)
    if found is None:
        return
    indent = len(found["indent"])
    while folders and folders[-1][0] >= indent:
        folders.pop()
    above = folders[-1][1] if folders else ""
    names = found["names"].split()
    yield from (Mention(number, "tree", above + name) for name in names)
    if names[-1].endswith("/"):
        folders.append((indent, above + names[-1]))


def _words(text: str) -> Iterator[str]:
    return (word for word in re.split(r"[\s`'\",;()=]+", text.split("  #")[0]) if word)
