"""One worker for all checks, or one for each: the verdicts are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.assignment import Assignment
from autograder.grade.judge import Judge
from autograder.results import GradeReport, Outcome
from autograder.submission import Submission

Graded = Callable[[str], dict[str, GradeReport]]

SUBMISSIONS = {
    "right": "",
    "a wrong function": "def double(number):\n    return 3 * number\n",
    "raises from its second call on in one process": (
        "import sys\n\ndef double(number):\n    sys.calls = getattr(sys, 'calls', 0) + 1\n"
        "    assert sys.calls == 1\n    return 2 * number\n"
    ),
    "wrong from its second call on in one process": (
        "import sys\n\ndef double(number):\n    sys.calls = getattr(sys, 'calls', 0) + 1\n"
        "    return 2 * number if sys.calls == 1 else number\n"
    ),
    "fails to load a second time": "import sys\nassert not hasattr(sys, 'loaded')\nsys.loaded = True\n",
    "dies": "import os\n\ndef double(number):\n    os._exit(0)\n",
    "leaves a thread": (
        "import threading, time\n\ndef double(number):\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n    return 2 * number\n"
    ),
    "patches torch": (
        "import torch\n\ndef double(number):\n    torch.Tensor.item = lambda self: 7.0\n    return 2 * number\n"
    ),
    "patches torch under another name": (
        "import torch\n\nTensor = torch.Tensor\n\ndef double(number):\n    Tensor.item = lambda self: 7.0\n"
        "    return 2 * number\n"
    ),
    "not written": "def double(number):\n    raise NotImplementedError\n",
    "no Python": "def double(number:\n",
    "never ends": "def descend(start, steps=3):\n    while True:\n        pass\n",
}


@pytest.fixture(scope="module")
def graded(tiny: Assignment, solution: str) -> Iterator[Graded]:
    """Grades the solution with an end of its own in both ways."""
    with Judge(tiny) as judge:

        def graded(end: str) -> dict[str, GradeReport]:
            source = f"{solution}\n\n{end}"
            reports = {}
            for way in ("submission", "check"):
                tiny.isolation = way  # type: ignore[assignment]
                reports[way] = judge.grade(Submission("ada", "tiny.py", "py", source, (), ""))
            return reports

        yield graded
    tiny.isolation = "submission"


def verdicts(report: GradeReport) -> list[tuple[object, ...]]:
    return [(check.check, check.outcome, check.score, check.feedback) for check in report.checks]


@pytest.mark.parametrize("end", SUBMISSIONS.values(), ids=SUBMISSIONS)
def test_both_ways_give_the_same_verdicts(graded: Graded, end: str) -> None:
    reports = graded(end)
    assert verdicts(reports["submission"]) == verdicts(reports["check"])
    assert reports["submission"].score == reports["check"].score


def test_what_a_submission_changed_in_a_library_is_remarked_on(graded: Graded) -> None:
    report = graded(SUBMISSIONS["patches torch under another name"])["submission"]
    assert report.score == report.max_score
    assert any("`Tensor.item`" in remark for remark in report.integrity)


def test_an_isolated_check_tells_the_others_nothing(new_assignment: Callable[..., Assignment], solution: str) -> None:
    from tests.conftest import HIDDEN

    hidden = HIDDEN.replace(
        '@pytest.mark.task("1", points=1, category="correctness", visibility="hidden")',
        '@pytest.mark.task("1", points=1, category="correctness", visibility="hidden", isolated=True)',
    )
    assignment = new_assignment(hidden=hidden)
    spy = (
        "import sys\nsys.heard = getattr(sys, 'heard', [])\n\n"
        "def double(number):\n    sys.heard.append(number)\n    return 2 * number\n\n"
        "def descend(start, steps=3):\n    raise ValueError(f'heard {len(sys.heard)}')\n"
    )
    with Judge(assignment) as judge:
        report = judge.grade(Submission("eve", f"{assignment.slug}.py", "py", f"{solution}\n\n{spy}", (), ""))
    assert [check.outcome for check in report.checks if check.task == "1"] == [Outcome.PASSED] * 3
    (told,) = (check.feedback for check in report.checks if check.task == "2")
    assert "heard 0" in told
