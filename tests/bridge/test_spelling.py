"""Equal calls are made once however they are written, and nobody's own default is hidden by that."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import torch

from autograder.assignment import Limits
from autograder.bridge.code import SubmissionCode
from autograder.bridge.proxy import SubmissionProxy
from autograder.bridge.spelling import form_of, forms
from autograder.errors import CheckFailure
from tests.bridge.conftest import Line

STUB = "def walk(x, rate=1e-2, steps=4):\n    raise NotImplementedError\n"
RIGHT = "def walk(x, rate=0.01, steps=4):\n    return x * rate, steps\n"


def proxy(line: Line, source: str, stub: str = STUB) -> SubmissionProxy:
    """The submission, before a judge that knows this stub."""
    return SubmissionProxy(SubmissionCode(source, "tiny.py", "tiny_spelt"), line.open, Limits(), forms=forms(stub))


def test_by_name_and_by_place_are_one_call(line: Line) -> None:
    submission = proxy(line, RIGHT)
    x = torch.ones(2)
    answers = [
        submission.walk(x, 0.5, 3),
        submission.walk(x, rate=0.5, steps=3),
        submission.walk(steps=3, x=x, rate=0.5),
    ]
    assert [[values.tolist(), steps] for values, steps in answers] == [[[0.5, 0.5], 3]] * 3
    assert line.calls == ["walk"]


def test_what_spells_the_defaults_out_shares_the_call_without_them(line: Line) -> None:
    submission = proxy(line, RIGHT)
    assert submission.walk(2.0) == submission.walk(2.0, 0.01) == submission.walk(2.0, steps=4) == (0.02, 4)
    assert len(line.calls) == 3  # each leaves another default to the student
    assert submission.walk(2.0, 0.01, 4) == submission.walk(2.0, steps=4, rate=0.01) == (0.02, 4)
    assert len(line.calls) == 3


def test_a_call_without_the_defaults_is_always_made(line: Line) -> None:
    submission = proxy(line, RIGHT)
    submission.walk(2.0, 0.01, 4)
    submission.walk(2.0)
    assert len(line.calls) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        "def walk(x, rate=0.01, steps=5):\n    return steps\n",
        "def walk(x, rate=0.01, steps=None):\n    return 5 if steps is None else steps\n",
        "def walk(x, *rest, **named):\n    return (*rest, named.get('steps', 5))[-1]\n",
        "def walk(x, rate=0.01, steps=4):\n    return steps\nwalk.__defaults__ = (0.01, 5)\n",
        "import functools\ndef whole(x, rate=0.01, steps=4):\n    return steps\n"
        "walk = functools.partial(whole, steps=5)\n",
        "STEPS = 5\ndef walk(x, rate=0.01, steps=STEPS):\n    return steps\n",
    ],
)
@pytest.mark.parametrize("default_first", [True, False])
def test_a_wrong_default_is_not_hidden(line: Line, wrong: str, default_first: bool) -> None:
    submission = proxy(line, wrong)
    asked: list[dict[str, Any]] = [{}, {"rate": 0.01, "steps": 4}]
    found = [submission.walk(1.0, **named) for named in (asked if default_first else asked[::-1])]
    assert found == ([5, 4] if default_first else [4, 5])


def test_a_default_that_changes_is_the_students_own_even_where_it_was_declared_right(line: Line) -> None:
    submission = proxy(line, "def walk(x, rate=0.01, steps=4):\n    walk.__defaults__ = (0.01, 5)\n    return steps\n")
    assert [submission.walk(1.0, 0.01, 4), submission.walk(1.0)] == [4, 5]


@pytest.mark.parametrize(
    "other",
    [
        "def walk(x, steps=4, rate=0.01):\n    return steps\n",
        "def walk(y, rate=0.01, steps=4):\n    return steps\n",
        "def walk(x, rate=0.01, *, steps=4):\n    return steps\n",
        "def walk(x, /, rate=0.01, steps=4):\n    return steps\n",
        "def walk(x, rate=0.01, steps=4.0):\n    return steps\n",
        "def walk(x, rate=0.01, steps=4, *more):\n    return steps\n",
        "def walk(x, rate=0.01, steps=4):\n    return steps\nwalk.own = 1\n",
    ],
)
def test_what_has_another_signature_is_asked_as_written(line: Line, other: str) -> None:
    submission = proxy(line, other)
    for args, named in [((1.0, 0.5, 3), {}), ((1.0, 0.5), {"steps": 3})]:
        with contextlib.suppress(CheckFailure):  # it may not take one of them
            submission.walk(*args, **named)
    assert len(line.calls) == 2


def test_equal_numbers_of_other_types_are_other_calls(line: Line) -> None:
    submission = proxy(line, RIGHT)
    submission.walk(1.0, 0.01, 4)
    submission.walk(1.0, steps=4.0, rate=0.01)
    submission.walk(1, 0.01, steps=4)
    assert len(line.calls) == 3


def test_recorded_and_plain_calls_stay_two(line: Line) -> None:
    submission = proxy(line, RIGHT)
    submission.walk(1.0, 0.5, 3)
    submission.traced.walk(1.0, rate=0.5, steps=3)
    submission.traced.walk(1.0, 0.5, steps=3)
    assert len(line.calls) == 2


def test_asking_again_makes_the_call_again(line: Line) -> None:
    source = "made = []\ndef walk(x, rate=0.01, steps=4):\n    made.append(x)\n    return len(made)\n"
    submission = proxy(line, source)
    assert [submission.walk(1.0, 0.5, 3), submission.again.walk(1.0, rate=0.5, steps=3)] == [1, 2]
    assert submission.walk(1.0, 0.5, steps=3) == 1  # what was asked first stays what is shared


@pytest.mark.parametrize(
    ("stub", "form"),
    [
        ("def f(x, /, y=-1.0, *, z=(1, 'a'), w): ...", "(x, /, y=-1.0, *, z=(1, 'a'), w)"),
        ("def f(x: int = 1e3) -> int: ...", "(x=1000.0)"),
        ("def f(x=[]): ...", ""),
        ("def f(x=max(1, 2)): ...", ""),
        ("def f(*x): ...", ""),
        ("def f(**x): ...", ""),
    ],
)
def test_both_ends_say_the_same_of_a_function(stub: str, form: str) -> None:
    scope: dict[str, object] = {}
    exec(stub, scope)
    assert [str(found) for found in forms(stub).values()] == ([form] if form else [])
    assert form_of(scope["f"]) == (form if "max" not in stub else "(x=2)")


def test_functions_put_together_by_hand_have_no_form() -> None:
    def f(x: int = 1) -> int:
        return x

    f.__defaults__ = (1, 2, 3)
    assert form_of(f) == form_of(max) == form_of(3) == ""
