"""The report of tests/adapters, and texts that try to be more than text."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from autograder.results import GradeReport


@pytest.fixture
def report() -> GradeReport:
    path = Path(__file__).parent.parent / "adapters" / "golden" / "report.json"
    return msgspec.json.decode(path.read_bytes(), type=GradeReport)


HOSTILE = [
    "<script>document.title='owned'</script>",
    '"><img src=x onerror=alert(1)>',
    "`<b>`</code><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "![x](http://evil.example/x.png)",
    "\x1b[31mred\x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "[bold red]x[/bold red][/]",
    "=HYPERLINK(0)",
    "two\nlines",
    "\ud800 lone",
    "\u202egnp.exe",
    "</style><style>*{display:none}</style>",
    "    indented <i>code</i>",
    "-->",
    "&lt;&amp;",
]


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def hostile(request: pytest.FixtureRequest) -> str:
    text = request.param
    assert isinstance(text, str)
    return text
