"""``promises.toml``: what is wrong with one, and what it leaves out, is said with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.verify import verify_promises
from tests.conftest import HIDDEN, STUB

HANDOUT = STUB.replace(
    "# # A tiny assignment\n",
    "# # A tiny assignment\n#\n# Every walk makes exactly `steps` steps. It is never longer than 50 of\n# them.\n",
)
WHOLE = """\
[[promise]]
says = "Every walk makes exactly `steps` steps."
checks = ["test_descends"]
[[promise]]
says = ["def descend(start, steps=3): Return the losses x² of gradient descent on x² at rate 0.25", "Return twice"]
checks = ["test_doubles", "test_descends"]
[[unchecked]]
says = '''
    never longer than 50
    # of them'''
why = "advice"
"""


@pytest.fixture
def problems(new_assignment: Callable[..., Assignment]) -> Callable[[str], list[str]]:
    """What is wrong with a promises.toml, with the names of the files alone."""

    def of(text: str, **changes: str) -> list[str]:
        assignment = new_assignment(stub=HANDOUT, **changes)
        path = assignment.solution.parent / "promises.toml"
        path.write_text(text, encoding="utf-8")
        found = verify_promises(assignment).problems
        return [said.replace(f"{path.parent}/", "").replace(str(assignment.stub), "stub.py") for said in found]

    return of


def test_every_promise_is_kept(problems: Callable[[str], list[str]]) -> None:
    assert problems(WHOLE) == []


def test_what_is_left_out(problems: Callable[[str], list[str]]) -> None:
    assert problems("") == [
        "stub.py, line 4: no entry of promises.toml quotes Every, exactly in “Every walk makes exactly `steps` steps.”",
        "stub.py, line 4: no entry of promises.toml quotes never, 50 in “It is never longer than 50 of them.”",
        "stub.py, line 18: no entry of promises.toml quotes Return in “Return twice the number.”",
        "stub.py, line 23: no entry of promises.toml quotes steps=3 in “def descend(… steps=3 …)”",
        "stub.py, line 24: no entry of promises.toml quotes Return, 0.25 in “Return the losses x² of gradient descent "
        "on x² at rate 0.25, one per step, and the final x.”",
        'To add one, write in promises.toml: [[promise]] says = "the words" checks = ["test_…"], or, where nothing '
        'can check it, [[unchecked]] says = "the words" why = "the reason".',
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "exactly `steps` steps",
            "exactly the steps",
            "promises.toml, line 2: “Every walk makes exactly the steps.” does not stand in tiny.py; the nearest there "
            "is “Every walk makes exactly `steps` steps.”.",
        ),
        (
            '"Return twice"',
            '"Return t"',
            "promises.toml, line 5: “Return t” stands 2 times in tiny.py, on the lines 18, 24. Quote more of one of "
            "them.",
        ),
        (
            '["test_descends"]',
            '["test_descend"]',
            "promises.toml, line 3: test_descend is no check; did you mean test_descends?",
        ),
        ('["test_descends"]', "[]", "promises.toml, line 3: no check is named. Name one, or make it an [[unchecked]]"),
        ('"advice"', '" "', "promises.toml, line 11: why is empty. Say why nothing checks it."),
        (
            'why = "advice"',
            'reason = "advice"',
            "promises.toml, line 11: Object contains unknown field `reason` - at `$.unchecked[0]`",
        ),
        ("[[unchecked]]", "[[unchekked]]", "promises.toml, line 7: Object contains unknown field `unchekked`"),
        ('["test_descends"]', "[3]", "promises.toml, line 3: Expected `str`, got `int` - at `$.promise[0].checks[0]`"),
        ('"advice"', "advice", "promises.toml is not valid TOML: "),
    ],
)
def test_what_is_wrong(problems: Callable[[str], list[str]], old: str, new: str, said: str) -> None:
    found = [one.replace(name, "tiny.py") for one in problems(WHOLE.replace(old, new, 1)) for name in _stubs(one)]
    assert any(one.startswith(said) for one in found), found


def _stubs(said: str) -> list[str]:
    return [word.rstrip(";,") for word in said.split() if word.startswith("tiny_")] or ["tiny.py"]


@pytest.mark.parametrize("mark", ["skip", "skipif(True, reason='later')", "xfail"])
def test_a_skipped_check_keeps_no_promise(problems: Callable[..., list[str]], mark: str) -> None:
    hidden = HIDDEN.replace("def test_descends", f"@pytest.mark.{mark}\ndef test_descends")
    said = f"test_descends keeps no promise: it is marked {mark.split('(')[0]}."
    assert problems(WHOLE, hidden=hidden) == [f"promises.toml, line 3: {said}", f"promises.toml, line 6: {said}"]


def test_a_missing_file_is_said(new_assignment: Callable[..., Assignment], tmp_path: Path) -> None:
    (problem,) = verify_promises(new_assignment()).problems
    assert problem.endswith("promises.toml is missing: every assignment needs one.")
    assert str(tmp_path) in problem
