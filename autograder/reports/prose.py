"""Feedback as HTML: paragraphs, code and numbers, from text that nobody trusts."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from autograder.reports.text import plain_text

_INLINE = re.compile(
    r"`(?P<code>[^`\n]{1,200})`"
    r"|(?<![\w.])(?P<number>[-+−]?(?:\d{1,40}(?:\.\d{1,40})?(?:[eE][-+]?\d{1,4})?|(?:nan|inf)\b)(?:\s?%)?)(?![\w.]*\w)"
)
_INDENTED = re.compile(r"[ \t]{2,}\S")


def feedback_markup(text: str, *, classes: bool = True) -> Markup:
    """The text with `code` and numbers set apart and indented lines as blocks of code; all else is escaped.

    Without ``classes`` only plain elements are used, for pages whose style sheet is not ours.
    """
    blocks: list[Markup] = []
    for is_code, lines in _blocks(plain_text(text).expandtabs(4).strip("\n")):
        if is_code:
            indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
            body = "\n".join(line[indent:].rstrip() for line in lines).rstrip("\n")
            blocks.append(Markup("<pre><code>{}</code></pre>").format(body))
        else:
            inner = Markup("<br>").join(_inline(line.strip(), classes) for line in lines)
            blocks.append(Markup("<p>{}</p>").format(inner))
    return Markup("\n").join(blocks)


def _blocks(text: str) -> list[tuple[bool, list[str]]]:
    """Runs of lines: (True, indented lines) or (False, lines of a paragraph)."""
    found: list[tuple[bool, list[str]]] = []
    after_blank = True
    for line in text.split("\n"):
        if not line.strip():
            if found and found[-1][0]:
                found[-1][1].append("")  # blank lines inside a block of code belong to it
            after_blank = True
            continue
        is_code = _INDENTED.match(line) is not None
        if found and found[-1][0] == is_code and (is_code or not after_blank):
            found[-1][1].append(line)
        else:
            found.append((is_code, [line]))
        after_blank = False
    return found


def _inline(line: str, classes: bool) -> Markup:
    parts: list[Markup] = []
    position = 0
    for match in _INLINE.finditer(line):
        parts.append(escape(line[position : match.start()]))
        if match["code"] is not None:
            parts.append(Markup("<code>{}</code>").format(match["code"]))
        elif classes:
            parts.append(Markup('<span class="num">{}</span>').format(match["number"]))
        else:
            parts.append(escape(match["number"]))
        position = match.end()
    parts.append(escape(line[position:]))
    return Markup("").join(parts)
