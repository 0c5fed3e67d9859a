"""A check stopped in its own code: the author's fault unless an answer of the submission has another structure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from autograder.results import Outcome

if TYPE_CHECKING:
    from autograder.assignment import Assignment

Check = Callable[[str, str], Any]

CONFIG = """\
title = "Answers"
version = "1"
[[tasks]]
id = "1"
title = "One"
points = 1
functions = ["f", "g"]
"""
STUB = (
    'import torch\n\n\ndef f():\n    raise NotImplementedError("f")\n\n\ndef g():\n    raise NotImplementedError("g")\n'
)
HEAD = """\
import math
import pytest
import torch
import autograder.checks
from autograder.checks import assert_values, require

ENTRIES = [1.0, 2.0]


def helper(value):
    return value.mean() + unknown_name


"""
NOT_GRADED = "The grader could not run this check. It costs no trust in your work: a person will look at it."
PAIR = "([1.0, 2.0, 3.0], {'x': torch.ones(2, 3), 'n': 4})"


@pytest.fixture
def check(new_assignment: Callable[..., Assignment], run: Callable[..., Any]) -> Callable[..., Any]:
    """The result of one hidden check, where ``f`` returns ``got`` and the reference's ``f`` returns ``right``."""

    def result(body: str, got: str, right: str = PAIR, before: str = "", arguments: str = "submission") -> Any:
        solution, submission = (
            STUB.replace('raise NotImplementedError("f")', f"return {value}").replace(
                'raise NotImplementedError("g")', "return 2.0"
            )
            for value in (right, got)
        )
        marked = '@pytest.mark.task("1", points=1, category="correctness")\n'
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        hidden = f"{HEAD}{before}{marked}def test_it({arguments}):\n{lines}\n"
        assignment = new_assignment(config=CONFIG, stub=STUB, solution=solution, public="", hidden=hidden)
        results = run(assignment, submission)
        return results["test_it"], results.problems, hidden

    return result


def line_of(hidden: str, text: str) -> int:
    return next(number for number, line in enumerate(hidden.splitlines(), start=1) if text in line)


AUTHORS = {
    "a name that does not exist": ("submission.f()\nexpectd", "expectd", "NameError: name 'expectd' is not defined"),
    "a name, in a helper": (
        "helper(submission.f()[1]['x'])",
        "unknown_name",
        "NameError: name 'unknown_name' is not defined",
    ),
    "a name, on the failing path only": (
        "if submission.f()[0][0] != 1.0:\n    require(False, f'{gott}')",
        "gott",
        "NameError: name 'gott' is not defined",
    ),
    "a variable before its value": ("submission.f()\nprint(late)\nlate = 1", "print(late)", "UnboundLocalError: "),
    "an import": ("from math import squareroot", "squareroot", "ImportError: cannot import name 'squareroot'"),
    "an attribute of a module": (
        "torch.sigmod(submission.f()[1]['x'])",
        "sigmod",
        "AttributeError: module 'torch' has no attribute 'sigmod'",
    ),
    "an attribute of a tensor": (
        "submission.f()[1]['x'].shpae",
        "shpae",
        "AttributeError: 'Tensor' object has no attr",
    ),
    "an attribute of a list of the check": (
        "submission.f()\nENTRIES.push(1.0)",
        "push",
        "AttributeError: 'list' object has no attribute 'push'",
    ),
    "an argument of an assert helper": (
        "assert_values(submission.f(), 1, atoll=1e-3)",
        "atoll",
        "TypeError: assert_values() got an unexpected keyword argument 'atoll'",
    ),
    "an index of the check's own list": ("submission.f()\nENTRIES[7]", "ENTRIES[7]", "IndexError: list index out of"),
    "a key": ("submission.f()[1]['y']", "['y']", "KeyError: 'y'"),
    "numbers that nobody guarded": ("1 / (submission.f()[0][0] - 5.0)", "- 5.0", "ZeroDivisionError: "),
    "a domain that nobody guarded": ("math.sqrt(submission.f()[0][0] - 6.0)", "- 6.0", "ValueError: "),
    "the reference raises": ("submission.f()\nreference.f(1)", "reference.f(1)", "TypeError: f() takes 0 positional"),
    "exit": ("submission.f()\nraise SystemExit(4)", "SystemExit", "the check called exit()"),
    "an exception of its own": ("raise RuntimeError('todo')", "todo", "RuntimeError: todo"),
}


@pytest.mark.parametrize("name", AUTHORS)
def test_the_authors(check: Callable[..., Any], name: str) -> None:
    """Wrong numbers in the right structure: whatever stops the check then, it is not the student's structure."""
    body, at, said = AUTHORS[name]
    got = PAIR.replace("1.0, 2.0", "5.0, 2.0")
    result, problems, hidden = check(body, got, arguments="submission, reference")
    assert (result.outcome, result.feedback, result.score) == (Outcome.INTERNAL_ERROR, NOT_GRADED, 0.0)
    place = f"test_hidden.py, line {line_of(hidden, at)}"
    assert result.place.startswith(place)
    assert result.fault.startswith(f"{place}: {said}")
    assert problems == [f"test_it: {result.fault}"]


def test_a_line_in_the_solution_is_named_too(check: Callable[..., Any]) -> None:
    result, _, _ = check("submission.f()\nreference.f()", PAIR, "1 / len([])", arguments="submission, reference")
    assert result.fault.startswith("test_hidden.py, line 17, in solutions/tiny_")
    assert result.fault.endswith(".py, line 5: ZeroDivisionError: division by zero")


def test_a_fixture_that_does_not_exist(check: Callable[..., Any]) -> None:
    result, _, hidden = check("pass", PAIR, arguments="submision")
    assert result.outcome is Outcome.INTERNAL_ERROR
    line = line_of(hidden, "pytest.mark.task")
    assert result.fault == f"test_hidden.py, line {line}: fixture 'submision' not found; did you mean `submission`?"


def test_a_fixture_of_too_small_a_scope(check: Callable[..., Any]) -> None:
    before = (
        "@pytest.fixture\ndef small():\n    return 1\n\n\n"
        '@pytest.fixture(scope="module")\ndef large(small):\n    return small\n\n\n'
    )
    result, _, _ = check("pass", PAIR, before=before, arguments="large")
    assert result.outcome is Outcome.INTERNAL_ERROR
    assert "ScopeMismatch" in result.fault and "\n" not in result.fault


UNPACK = "numbers, more = submission.f()\na, b, c = numbers\nfloat(more['x'].mean()), more['n'] + 1"
STUDENTS = {
    "None": (UNPACK, "None", "`f` returned None (is a `return` missing?), where a tuple of 2 values was asked for."),
    "one value too few": (
        UNPACK,
        "(PAIR[0],)".replace("PAIR", PAIR),
        "`f` returned a tuple of 1 value, where a tuple of 2 values was asked for.",
    ),
    "a shorter list": (
        UNPACK,
        PAIR.replace(", 3.0]", "]"),
        "In the result of `f`, entry 0 is a list of 2 values, where a list of 3 values was asked for.",
    ),
    "an empty list": (
        "submission.f()[0][-1]",
        PAIR.replace("[1.0, 2.0, 3.0]", "[]"),
        "In the result of `f`, entry 0 is an empty list, where a list of 3 values was asked for.",
    ),
    "a nested list": (
        "math.fsum(submission.f()[0])",
        PAIR.replace("3.0]", "[3.0]]"),
        "In the result of `f`, entry 0[2] is a list of 1 value, where a float was asked for.",
    ),
    "a text": (UNPACK, "'text'", "`f` returned a text, where a tuple of 2 values was asked for."),
    "a generator": (
        UNPACK,
        "(x for x in [1, 2])",
        "`f` returned an object of type generator, where a tuple of 2 values was asked for.",
    ),
    "a key too many": (
        "a, b = submission.f()[1].values()",
        PAIR.replace("'n': 4", "'n': 4, 'm': 5"),
        "In the result of `f`, entry 1 is a dict with the key 'm', where a dict without it was asked for.",
    ),
    "a missing key": (
        UNPACK,
        PAIR.replace("'x'", "'y'"),
        "In the result of `f`, entry 1 is a dict without the key 'x', where that key was asked for.",
    ),
    "a list for a dict": (
        UNPACK,
        "([1.0, 2.0, 3.0], [4])",
        "In the result of `f`, entry 1 is a list of 1 value, where a dict of 2 entries was asked for.",
    ),
    "a float for a tensor": (
        "submission.f()[1]['x'].mean()",
        PAIR.replace("torch.ones(2, 3)", "1.5"),
        "In the result of `f`, entry 1['x'] is a float, where a tensor of shape (2, 3) was asked for.",
    ),
    "another shape": (
        "submission.f()[1]['x'] @ torch.ones(3)",
        PAIR.replace("torch.ones(2, 3)", "torch.ones(2, 2)"),
        "In the result of `f`, entry 1['x'] is a tensor of shape (2, 2), where a tensor of shape (2, 3) was asked for.",
    ),
    "no dimension": (
        "len(submission.f()[1]['x'])",
        PAIR.replace("torch.ones(2, 3)", "torch.tensor(1.0)"),
        "In the result of `f`, entry 1['x'] is a tensor of shape (), where a tensor of shape (2, 3) was asked for.",
    ),
    "another dtype": (
        "submission.f()[1]['x'] @ torch.ones(3)",
        PAIR.replace("torch.ones(2, 3)", "torch.ones(2, 3).double()"),
        "In the result of `f`, entry 1['x'] is a tensor of shape (2, 3) and dtype torch.float64, where a tensor of "
        "shape (2, 3) and dtype torch.float32 was asked for.",
    ),
    "a tuple for a list": (
        "submission.f()[0] + [4.0]",
        PAIR.replace("[1.0, 2.0, 3.0]", "(1.0, 2.0, 3.0)"),
        "In the result of `f`, entry 0 is a tuple of 3 values, where a list of 3 values was asked for.",
    ),
}


@pytest.mark.parametrize("name", STUDENTS)
def test_the_students(check: Callable[..., Any], name: str) -> None:
    body, got, said = STUDENTS[name]
    result, problems, _ = check(body, got)
    assert (result.outcome, result.score) == (Outcome.FAILED, 0.0)
    assert result.feedback == f"{said}\nSo this check could not go on."
    assert (problems, result.fault) == ([], "")


@pytest.mark.parametrize(
    "got",
    [
        "((1.0, 2.0, 3.0), {'x': torch.ones(2, 3), 'n': 4})",
        "([1, 2, 3], {'x': torch.ones(2, 3), 'n': True})",
        "([1.0, 2.0, 3.0], {'more': 1, 'x': torch.ones(2, 3).double(), 'n': 4})",
    ],
)
def test_what_checks_seldom_tell_apart_is_no_reason(check: Callable[..., Any], got: str) -> None:
    """A tuple for a list, an int for a float: a right program may do so, and the division fails for another reason."""
    result, problems, _ = check("submission.f()\nrate = 1 / len(ENTRIES[2:])", got)
    assert result.outcome is Outcome.INTERNAL_ERROR
    assert len(problems) == 1


SHARED = """\
@pytest.fixture(scope="module")
def answer(submission):
    return submission.f()


@pytest.mark.task("1", points=1, category="correctness")
def test_first(answer):
    pass


"""


@pytest.mark.parametrize("body", ["a, b = answer", "a, b = request.getfixturevalue('answer')"])
def test_an_answer_that_several_checks_share(check: Callable[..., Any], body: str) -> None:
    arguments = "answer" if body.endswith("answer") else "request"
    result, _, _ = check(body, "None", before=SHARED, arguments=arguments)
    assert result.outcome is Outcome.FAILED
    assert result.feedback.startswith("`f` returned None")
    result, _, _ = check(body + "\na[9]", PAIR, before=SHARED, arguments=arguments)
    assert result.outcome is Outcome.INTERNAL_ERROR


def test_a_recorded_run_that_broke_off_has_no_value(check: Callable[..., Any]) -> None:
    square = "(torch.ones(1, requires_grad=True) ** 2).sum()"
    one_graph = f"[loss.backward() for loss in [{square}] for _ in range(2)]"
    result, _, _ = check("submission.traced.f().value[0]", one_graph, f"[{square}.backward() for _ in range(2)]")
    assert (result.outcome, result.feedback) == (
        Outcome.FAILED,
        "`f` returned nothing while it was recorded (no `return`, or an error before it), where a list of 2 values was "
        "asked for.\nSo this check could not go on.",
    )


def test_too_few_backward_passes(check: Callable[..., Any]) -> None:
    passes = "[(torch.ones(1, requires_grad=True) ** 2).sum().backward() for _ in range({})]"
    result, _, _ = check("submission.traced.f().losses[2]", passes.format(1), passes.format(3))
    assert result.feedback.startswith("`f` made 1 backward pass, where 3 backward passes were asked for.")


def test_an_assertion_of_the_reference_is_no_verdict(check: Callable[..., Any]) -> None:
    body = "if submission.f() != 1.0:\n    reference.refuse()"
    refuse = "1.0\n\n\ndef refuse():\n    assert False, 'never'"
    result, _, _ = check(body, "2.0", refuse, arguments="submission, reference")
    assert result.outcome is Outcome.INTERNAL_ERROR
    assert result.fault.endswith("AssertionError: never")


def test_a_text_that_was_printed(check: Callable[..., Any]) -> None:
    body = "submission.f()\nfloat(submission.output.split('=')[1])"
    right = "print('loss = 0.5')"
    result, _, _ = check(body, "print('nothing')", right)
    assert result.outcome is Outcome.FAILED
    assert result.feedback == "`f` should print its text in another form.\nSo this check could not go on."
    result, _, _ = check(body + "\n[][1]", "print('loss = 1e-7')", right)
    assert result.outcome is Outcome.INTERNAL_ERROR


def test_an_author_may_fail_a_check_in_words(check: Callable[..., Any]) -> None:
    result, problems, _ = check("submission.f()\npytest.fail('Too slow.')", PAIR)
    assert (result.outcome, result.feedback, problems) == (Outcome.FAILED, "Too slow.", [])


def test_on_a_students_machine_the_question_is_left_open(
    new_assignment: Callable[..., Assignment], stub: str, solution: str
) -> None:
    """No reference is at hand there: what is known is said, and nobody is blamed."""
    from autograder.bridge.local_channel import LocalChannel
    from autograder.bridge.proxy import SubmissionCode, SubmissionProxy
    from autograder.checking.bench import Bench
    from autograder.checking.plugin import CheckPlugin
    from autograder.grade.judge import run_checks

    marker = '@pytest.mark.task("1", points=1, category="correctness")\n'
    public = (
        f"import pytest\n\n\n{marker}def test_one(submission):\n    a, b = submission.double(1.0)\n\n\n"
        f"{marker}def test_two(submission):\n    submission.double(1.0) + expectd\n"
    )
    assignment = new_assignment(public=public, hidden="")
    proxy = SubmissionProxy(SubmissionCode(solution, "tiny.py", assignment.slug), LocalChannel, assignment.limits)
    results: list[Any] = []
    run_checks(assignment, CheckPlugin(Bench(assignment, proxy, given=proxy), results.append))
    first, second = results
    assert (first.outcome, first.feedback) == (
        Outcome.FAILED,
        "The check stopped: test_public.py, line 6: TypeError: cannot unpack non-iterable float object. `double` "
        "returned a float. Check the number, order and types of the returned values; if they are what the task asks "
        "for, the check itself may be wrong: tell your instructor.",
    )
    assert (second.outcome, second.feedback) == (
        Outcome.INTERNAL_ERROR,
        "This check could not be run, and that is not your fault. Please tell your instructor: test_public.py, line "
        "11: NameError: name 'expectd' is not defined",
    )
