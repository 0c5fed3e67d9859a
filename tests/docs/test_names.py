"""Every path and every name in the pages is there: in the package as it is, not as it was when they were written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.house import House

ROOT = Path(__file__).parents[2]
HOUSE = House(ROOT)
WHOLE = ("docs/how-it-works.md", "CONTRIBUTING.md")
"""Pages about the package itself: all of their paths and names are ours."""
OTHERS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
    if path.relative_to(ROOT).as_posix() not in (*WHOLE, "CHANGELOG.md")
)
"""Pages about courses, platforms and machines, too: of them, what is named in full. CHANGELOG.md tells of the past."""

FILES = {
    "autograder/__init__.py": '__all__ = ["grade"]\n',
    "autograder/cli/grade.py": "def grade_command():\n    pass\n",
    "autograder/grade/judge.py": (
        "class Judge:\n    limit: int = 1\n    def grade(self):\n        self.report = 1\ndef summarize():\n    pass\n"
    ),
    "autograder/grade/work.py": "class Work:\n    pass\n",
    "docs/page.md": "",
    "Makefile": "test: x\n\tpytest\n",
}


@pytest.mark.parametrize("page", WHOLE)
def test_every_name_is_there(page: str) -> None:
    problems = HOUSE.problems(page, strict=True)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("page", OTHERS)
def test_every_path_is_there(page: str) -> None:
    problems = HOUSE.problems(page, strict=False)
    assert not problems, "\n".join(problems)


@pytest.fixture
def small(tmp_path: Path) -> House:
    """A made-up repository."""
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return House(tmp_path)


def said(house: House, page: str, *, strict: bool = True) -> list[str]:
    (house.root / "docs" / "page.md").write_text(page, encoding="utf-8")
    return house.problems("docs/page.md", strict=strict)


@pytest.mark.parametrize(
    "page",
    [
        "`grade/judge.py`, `autograder/grade/judge.py`, `judge.py`, `grade/` and `autograder/grade`",
        "`grade/judge.py` / `Judge.grade`, `Judge.limit`, `Judge.report` and `summarize`",
        "`grade/judge.py` /\n`Judge`",
        "`Judge`, `Judge.grade`, `autograder.grade`, `autograder.grade.judge.Judge.grade`, `autograder.grade.work`",
        "`OUT`, `loss.backward()`, `torch.Tensor.backward`, `ValueError`, `w.grad`, `../x`, `-n 2`, `.venv`",
        "`grade/NAME.py`, `autograder/<slug>/judge.py`, `SLUG/results.json`, `NAME.toml`",
        "`make test`, `make test WORKERS=`, `autograder grade SLUG PATH...`, `autograder --help`",
        "```tree\nautograder/   the package\n    cli/ grade/   rooms\n        judge.py   a judge\n```",
        "```python\nfrom autograder.nowhere import Nothing  # grade/nothing.py\n```",
        "```console\n$ make test  # docs/nothing.md\n$ pytest autograder/grade/judge.py\n```",
        "[page](page.md), [code](../autograder/grade/judge.py#L1), [elsewhere](https://example.org/x.md)",
    ],
)
def test_what_is_there_is_no_problem(small: House, page: str) -> None:
    assert said(small, page) == []


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        (
            "One\n\n`grade/judges.py`",
            "docs/page.md, line 3: `grade/judges.py` was looked for as grade/judges.py or autograder/grade/judges.py; "
            "the nearest that exists is autograder/grade/judge.py.",
        ),
        (
            "`cli/judge.py`",
            "docs/page.md, line 1: `cli/judge.py` was looked for as cli/judge.py or autograder/cli/judge.py; "
            "the nearest that exists is autograder/grade/judge.py.",
        ),
        (
            "A judge:\n`grade/judge.py` /\n`Judge.grades`",
            "docs/page.md, line 3: `Judge.grades` was looked for in autograder/grade/judge.py; the nearest there is "
            "Judge.grade.",
        ),
        (
            "`grade/judge.py` / `Judge`, `summarise`",
            "docs/page.md, line 1: `summarise` was looked for in autograder/grade/judge.py; the nearest there is "
            "summarize.",
        ),
        (
            "`grade/judge.py` / `Work`",
            "docs/page.md, line 1: `Work` was looked for in autograder/grade/judge.py; Work is in "
            "autograder/grade/work.py.",
        ),
        (
            "`grade/work.py` / `Work.grade`",
            "docs/page.md, line 1: `Work.grade` was looked for in autograder/grade/work.py; Work has no name like it, "
            "and there is Judge.grade in autograder/grade/judge.py.",
        ),
        (
            "`Judges`",
            "docs/page.md, line 1: `Judges` was looked for in every module of autograder/; the nearest is Judge in "
            "autograder/grade/judge.py.",
        ),
        (
            "`autograder.grade.judge.Judge.stop`",
            "docs/page.md, line 1: `autograder.grade.judge.Judge.stop` was looked for in autograder/grade/judge.py; "
            "Judge has no name like it.",
        ),
        (
            "`make tests`",
            "docs/page.md, line 1: `make tests` was looked for as a target of the Makefile; the nearest is test.",
        ),
        (
            "`autograder grades SLUG`",
            "docs/page.md, line 1: `autograder grades SLUG` was looked for as autograder/cli/grades.py; the nearest "
            "that exists is autograder/cli/grade.py.",
        ),
        (
            "```tree\nautograder/\n    grade/   room\n        judges.py   several\n```",
            "docs/page.md, line 4: `autograder/grade/judges.py` was looked for as autograder/grade/judges.py; "
            "the nearest that exists is autograder/grade/judge.py.",
        ),
        (
            "```text\n a -> grade/judges.py | b\n```",
            "docs/page.md, line 2: `grade/judges.py` was looked for as grade/judges.py or autograder/grade/judges.py; "
            "the nearest that exists is autograder/grade/judge.py.",
        ),
        (
            "```console\n$ pytest autograder/grade/judges.py\n```",
            "docs/page.md, line 2: `autograder/grade/judges.py` was looked for as autograder/grade/judges.py; "
            "the nearest that exists is autograder/grade/judge.py.",
        ),
        (
            "[a page](pages.md)",
            "docs/page.md, line 1: `pages.md` was looked for as docs/pages.md; the nearest that exists is "
            "docs/page.md.",
        ),
    ],
)
def test_what_is_not_there_is_named_with_its_line_and_the_nearest(small: House, page: str, problem: str) -> None:
    assert said(small, page) == [problem]


def test_other_pages_may_name_files_of_others(small: House) -> None:
    page = "`grade/nothing.py`, `results.json`, `Gradescope`, but `autograder/nothing.py` and `docs/nothing.md`"
    found = said(small, page, strict=False)
    assert [line.split("`")[1] for line in found] == ["autograder/nothing.py", "docs/nothing.md"]
