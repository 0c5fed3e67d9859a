"""A cell without what only IPython understands: ``%`` magics, ``!`` shell lines and ``?`` help.

Purely textual, so that the judge can do it. A line of IPython is replaced by a comment, never removed:
line numbers stay. Lines inside strings, brackets and continuations are Python's and stay as they are.
"""

from __future__ import annotations

import re

_BODY_IS_PYTHON = frozenset({"time", "timeit", "capture", "prun", "memit", "mprun"})
_BODY_IS_NOT = frozenset(
    """bash sh zsh cmd powershell script system sx shell html HTML javascript js latex markdown svg css mermaid
    writefile file perl ruby R julia sql bigquery cython fortran cpp cu python python2 python3 pypy skip ai""".split()
)
_LIKE_PYTHON = re.compile(
    r"^(?:(?:async\s+def|def|class|import)\s+\w|from\s+[\w.]+\s+import\b|@\w|\w+\s*=(?!=))", re.MULTILINE
)
_HELP = re.compile(r"\s*[A-Za-z_%][\w.*]*\?{1,2}\s*$")
_ASSIGNED = re.compile(r"[\w.,\s]+=\s*[%!]")
_TIMED = re.compile(r"([\w.,\s]*=\s*|\s*)%time\s+(?=\S)")
_CELL_MAGIC = re.compile(r"%%\s*(\w*)")
_TOKEN = re.compile(
    r"""#|\"\"\"|'''|"(?:\\.|[^"\\])*(?:"|$|(?P<open2>\\)$)|"""
    r"""'(?:\\.|[^'\\])*(?:'|$|(?P<open1>\\)$)|[][(){}]"""
)
_ENDS = {
    '"""': re.compile(r'\\.|"""'),
    "'''": re.compile(r"\\.|'''"),
    '"': re.compile(r'\\.|"'),
    "'": re.compile(r"\\.|'"),
}


def drop_magics(cell: str) -> tuple[str, int]:
    """The cell as Python, and how many lines were left out; of ``%time`` and the like only the magic itself."""
    lines = cell.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    dropped = 0
    while first < len(lines) and (magic := _CELL_MAGIC.match(lines[first].lstrip())):
        if not _is_followed_by_python(magic[1], lines[first + 1 :]):
            filled = sum(1 for line in lines[first:] if line.strip())
            return "\n".join(f"# {line}" if line.strip() else line for line in lines), dropped + filled
        lines[first] = _comment(lines[first])
        dropped += 1
        first += 1

    quote, depth, continued, magic_goes_on = "", 0, False, False
    for number in range(first, len(lines)):
        if not (quote or depth or continued or magic_goes_on):
            if timed := _TIMED.match(lines[number]):
                lines[number] = timed[1] + lines[number][timed.end() :]  # what is timed is run
        line = lines[number]
        fresh = not (quote or depth or continued)
        if magic_goes_on or (fresh and _is_ipython(line)):
            lines[number] = f"# {line}" if magic_goes_on else _comment(line)
            magic_goes_on = line.endswith("\\")
            dropped += 1
        else:
            quote, depth, continued = _follow(line, quote, depth)
    return "\n".join(lines), dropped


def _is_followed_by_python(magic: str, body: list[str]) -> bool:
    """Whether what stands below a cell magic is code of the notebook; of one that is not known, where it looks so."""
    if not magic or magic in _BODY_IS_NOT:
        return False
    return magic in _BODY_IS_PYTHON or _LIKE_PYTHON.search("\n".join(body)) is not None


def _is_ipython(line: str) -> bool:
    return line.lstrip()[:1] in ("%", "!", "?") or bool(_HELP.match(line) or _ASSIGNED.match(line))


def _comment(line: str) -> str:
    """The line as a comment; with ``pass`` where it is indented and may be all that its block has."""
    body = line.lstrip()
    indent = line[: len(line) - len(body)]
    if not body:
        return line
    return f"{indent}pass  # {body}" if indent else f"# {body}"


def _follow(line: str, quote: str, depth: int) -> tuple[str, int, bool]:
    """What is open after the line: (quote, number of brackets, whether a backslash continues it)."""
    position = 0
    if quote:
        end = next((found for found in _ENDS[quote].finditer(line) if found[0] == quote), None)
        if end is None:
            return (quote if len(quote) == 3 or line.endswith("\\") else ""), depth, False
        position = end.end()
    while token := _TOKEN.search(line, position):
        text = token[0]
        position = token.end()
        if text == "#":
            return "", depth, False
        if text in ('"""', "'''"):
            end = next((found for found in _ENDS[text].finditer(line, position) if found[0] == text), None)
            if end is None:
                return text, depth, False
            position = end.end()
        elif text in "([{":
            depth += 1
        elif text in ")]}":
            depth = max(depth - 1, 0)
        elif token["open1"] or token["open2"]:
            return text[0], depth, False
    return "", depth, line.endswith("\\")
