"""The catalogue of rules as a page of Markdown, made from the rules themselves."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from autograder.hygiene.verdict.catalogue import Rule, Twin, rules

_GROUPS = {
    "1": "Clearing and using gradients",
    "2": "Updating parameters",
    "3": "Keeping the graph",
    "4": "The backward pass",
    "5": "State around the training",
    "6": "Values",
    "7": "The shape of the loop",
}
_MARK = "  # <- fault"
"""Where a bad twin's diagnostic must stand: for the test, not for the reader."""
_HEAD = """\
# Rules of gradient hygiene

<!-- Made from the rules by `autograder rules --page > docs/rules.md`; do not edit. -->

Each rule watches a training run, not its source text. An **error** means a wrong result or a crash; a **warning**
works today and breaks tomorrow, and costs no points unless the assignment says so.

`autograder lint script.py` reports them for any PyTorch script; `autograder rules GH101` prints one.
"""


def rules_page() -> str:
    """The content of ``docs/rules.md``."""
    parts = [_HEAD, "| code | name | severity | what it finds |\n|---|---|---|---|\n" + "".join(map(_row, rules()))]
    group = ""
    for rule in rules():
        if rule.code[2] != group:
            group = rule.code[2]
            parts.append(f"## {_GROUPS.get(group, 'More rules')}\n")
        parts.append(entry(rule, "###"))
    return "\n".join(parts)


def entry(rule: Rule, level: str = "#") -> str:
    """One rule in full: its documentation and its runnable examples."""
    parts = [f"{level} {rule.code} {rule.name}\n\n{rule.documentation}\n"]
    parts += [f"{_heading(twin)}\n\n```python\n{_body(twin.run)}```\n" for twin in rule.twins]
    return "\n".join(parts)


def _heading(twin: Twin) -> str:
    words = "Example" if twin.bad else "Use instead"
    if not twin.about:
        return f"{words}:"
    return f"{words} ({twin.about}). {inspect.getdoc(twin.run)}"


def _row(rule: Rule) -> str:
    line = rule.title.replace("|", "\\|")
    return f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {rule.severity_in_words} | {line} |\n"


def _body(example: Callable[[], object]) -> str:
    """The statements of a function, without its head, its docstring and its marks."""
    source = inspect.cleandoc("\n".join(_statements(inspect.getsource(example).replace(_MARK, ""))))
    return source + "\n"


def _statements(source: str) -> list[str]:
    lines = source.splitlines()
    start = next(number for number, line in enumerate(lines) if line.rstrip().endswith(":")) + 1
    if lines[start].lstrip().startswith('"""'):
        while not (lines[start].rstrip().endswith('"""') and lines[start].strip() != '"""'):
            start += 1
        start += 1
    # cleandoc takes the first line apart from the others.
    return ["", *lines[start:]]
