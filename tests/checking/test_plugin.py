"""From pytest's tests to check results, and what an assignment's author is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from autograder.errors import AssignmentError, WorkerError
from autograder.results import Outcome

if TYPE_CHECKING:
    from autograder.assignment import Assignment

NewAssignment = Callable[..., "Assignment"]
Runs = Callable[..., Any]

HEAD = """\
import pytest

from autograder.checks import assert_values, require
from autograder.errors import CheckFailure
from autograder.results import Diagnostic

task = pytest.mark.task
"""
SUBMISSION = "def double(number):\n    return 2 * number\n"


@pytest.fixture
def verdicts(new_assignment: NewAssignment, run: Runs, solution: str) -> Callable[[str], Any]:
    """The results of hidden checks on a right submission."""
    return lambda hidden, **changes: run(new_assignment(hidden=HEAD + hidden, **changes), solution)


def test_a_right_submission(new_assignment: NewAssignment, run: Runs, solution: str) -> None:
    results = run(new_assignment(), solution)
    assert list(results) == ["test_doubles[1.0]", "test_doubles[-3.0]", "test_doubles_a_tensor", "test_descends"]
    assert all(result.outcome is Outcome.PASSED and result.feedback == "" for result in results.values())
    assert [(result.score, result.max_score) for result in results.values()] == [(1, 1), (1, 1), (1, 1), (2, 2)]
    last = results["test_descends"]
    assert (last.task, last.category, last.visibility, last.hidden) == ("2", "convergence", "after_published", True)
    assert not results["test_doubles[1.0]"].hidden
    assert not results.problems


def test_titles(new_assignment: NewAssignment, run: Runs, solution: str) -> None:
    results = run(new_assignment(), solution)
    assert [result.title for result in results.values()] == [
        "A number is doubled. (factor = 1.0)",
        "A number is doubled. (factor = -3.0)",
        "A tensor is doubled, too.",
        "The walk on x² arrives where the reference does.",
    ]


def test_a_check_without_docstring_is_titled_by_its_name(verdicts: Runs) -> None:
    results = verdicts('@task("1", points=1, category="hygiene")\ndef test_loss_falls(): pass\n')
    assert results["test_loss_falls"].title == "Loss falls"


def test_partial_credit(new_assignment: NewAssignment, run: Runs) -> None:
    results = run(new_assignment(), "def double(number):\n    return abs(2 * number)\n")
    assert [result.score for result in results.values()] == [1.0, 0.0, 1.0, 0.0]
    assert results["test_doubles[-3.0]"].feedback == (
        "`double` returned 126, which is not right.\ngot 126, expected -126, difference 252 (tolerance 1e-06)"
    )
    assert results["test_descends"].feedback.startswith("`descend` was not found in your submission.")


def test_hidden_checks_do_not_reveal(verdicts: Runs) -> None:
    results = verdicts(
        '@task("1", points=1, category="correctness")\n'
        "def test_hidden(submission):\n    assert_values(submission.double(1.0), 0.8317, atol=0, what='double')\n"
        '@task("1", points=1, category="correctness")\n'
        "def test_required():\n    require(False, 'Too small.', reveal='It is 0.8317.')\n"
        '@task("1", points=1, category="correctness")\n'
        "def test_compared():\n    assert 0.5 == 0.8317\n"
        '@task("1", points=1, category="correctness")\n'
        "def test_worded():\n    assert 0.5 == 0.8317, 'Not the right number.'\n"
    )
    assert {name: result.feedback for name, result in results.items() if "doubles" not in name} == {
        "test_hidden": "`double` returned 2, which is not right.",
        "test_required": "Too small.",
        "test_compared": "This check did not pass.",
        "test_worded": "Not the right number.",
    }


def test_public_checks_reveal(new_assignment: NewAssignment, run: Runs, solution: str) -> None:
    public = HEAD + (
        '@task("1", points=1, category="correctness")\n'
        "def test_required():\n    require(False, 'Too small.', reveal='It is 0.8317.')\n"
        '@task("1", points=1, category="correctness")\n'
        "def test_compared():\n    assert 0.5 == 0.8317\n"
        '@task("1", points=1, category="correctness")\n'
        "def test_worded():\n    assert 0.5 == 0.8317, 'Not the right number.'\n"
    )
    results = run(new_assignment(public=public), solution)
    assert [results[name].feedback for name in ("test_required", "test_compared", "test_worded")] == [
        "Too small.\nIt is 0.8317.",
        "This check did not pass: assert 0.5 == 0.8317",
        "Not the right number.\n(0.5 == 0.8317)",
    ]


def test_the_stub_is_told_what_is_missing(new_assignment: NewAssignment, run: Runs, stub: str) -> None:
    results = run(new_assignment(), stub)
    assert {result.feedback for result in results.values() if result.task == "1"} == {
        "`double` is not implemented yet."
    }
    assert results["test_descends"].feedback == "`descend` is not implemented yet."
    assert {result.outcome for result in results.values()} == {Outcome.FAILED}
    assert sum(result.score for result in results.values()) == 0


def test_a_check_whose_needs_are_blank_is_skipped(new_assignment: NewAssignment, run: Runs, stub: str) -> None:
    half = stub.replace('raise NotImplementedError("descend")', "return [16.0], 1.0")
    result = run(new_assignment(), half)["test_descends"]
    assert (result.outcome, result.score) == (Outcome.SKIPPED, 0.0)
    assert result.feedback == "Skipped: this check needs `double`, which is not implemented yet."


def test_a_check_whose_needs_are_not_there_is_skipped(new_assignment: NewAssignment, run: Runs) -> None:
    result = run(new_assignment(), "def descend(start, steps=3):\n    return [16.0], 1.0\n")["test_descends"]
    assert (result.outcome, result.score) == (Outcome.SKIPPED, 0.0)
    assert result.feedback == "Skipped: this check needs `double`, which was not found in your submission."


def test_a_function_that_prints_its_result_is_told_so(new_assignment: NewAssignment, run: Runs) -> None:
    results = run(new_assignment(), "def double(number):\n    print(2 * number)\n")
    assert results["test_doubles[-3.0]"].feedback == (
        "`double` returned None, where a Python float was asked for.\n"
        "`double` (line 1) has no `return` with a value. `print` shows a value, but does not hand it back."
    )


def test_a_file_that_cannot_be_imported_fails_every_check_alike(new_assignment: NewAssignment, run: Runs) -> None:
    results = run(new_assignment(), "x = (\n")
    assert {(result.outcome, result.score) for result in results.values()} == {(Outcome.ERROR, 0.0)}
    assert {result.feedback for result in results.values()} == {
        "Python cannot read your file: SyntaxError on line 1: '(' was never closed.\n    x = ("
    }


def test_a_failing_shared_fixture_fails_all_its_checks(verdicts: Runs) -> None:
    results = verdicts(
        '@pytest.fixture(scope="module")\ndef trained(submission):\n    return submission.double(None)\n'
        '@task("1", points=1, category="correctness")\ndef test_one(trained): pass\n'
        '@task("1", points=1, category="correctness")\ndef test_two(trained): pass\n'
    )
    feedback = results["test_one"].feedback
    assert feedback.startswith("`double` stopped with TypeError on line 16: unsupported operand")
    assert results["test_two"].feedback == feedback
    assert results["test_one"].outcome is results["test_two"].outcome is Outcome.ERROR


def hygiene(findings: str, policy: str = "", **changes: str) -> str:
    return (
        '@task("2", points=2, category="hygiene")\n'
        "def test_clean():\n"
        f"    raise CheckFailure('Not clean.', diagnostics=[{findings}])\n"
    )


@pytest.mark.parametrize(
    ("findings", "policy", "score", "outcome"),
    [
        ("Diagnostic('GH101', 'uncleared', 'text')", "", 0.0, Outcome.FAILED),
        ("Diagnostic('GH101', 'uncleared', 'text')", "error = 0.25", 1.5, Outcome.FAILED),
        ("Diagnostic('GH203', 'detached', 'text')", "deductions = {GH203 = 0.5}", 1.0, Outcome.FAILED),
        ("Diagnostic('GH301', 'odd', 'text', severity='W')", "", 2.0, Outcome.PASSED),
        ("Diagnostic('GH501', 'style', 'text', severity='S')", "", 2.0, Outcome.PASSED),
    ],
)
def test_hygiene_checks_lose_what_their_findings_cost(
    new_assignment: NewAssignment,
    run: Runs,
    solution: str,
    findings: str,
    policy: str,
    score: float,
    outcome: Outcome,
) -> None:
    assignment = new_assignment(hidden=HEAD + hygiene(findings), config=_config(f"[hygiene]\n{policy}\n"))
    result = run(assignment, solution)["test_clean"]
    assert (result.score, result.outcome, result.feedback) == (score, outcome, "Not clean.")
    assert [diagnostic.message for diagnostic in result.diagnostics] == ["text"]


def _config(more: str) -> str:
    return (
        f'title = "Tiny"\nversion = "1"\n{more}\n'
        '[[tasks]]\nid = "1"\ntitle = "One"\npoints = 3\nfunctions = ["double"]\n'
        '[[tasks]]\nid = "2"\ntitle = "Two"\npoints = 2\n'
    )


def test_a_failed_check_without_points_stays_failed(verdicts: Runs) -> None:
    results = verdicts('@task("1", points=0, category="correctness")\ndef test_free():\n    assert False\n')
    assert results["test_free"].outcome is Outcome.FAILED


PUBLIC_ONLY = '@task("1", points=1, category="correctness")\ndef test_fine(): pass\n'


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        (
            "def test_bare(): pass\n",
            "test_hidden.py, line 8: test_bare has no @pytest.mark.task(id, points=…, category=…).",
        ),
        (
            '@task("1", points=1, category="corectness")\ndef test_typo(): pass\n',
            "test_hidden.py, line 8: test_typo: category 'corectness' is not one of correctness, convergence, hygiene",
        ),
        (
            '@task("1", points=1, category="hygiene", visibility="secret")\ndef test_typo(): pass\n',
            "test_typo: visibility 'secret' is not one of visible, after_due_date, after_published, hidden",
        ),
        (
            '@task("9.9", points=1, category="hygiene")\ndef test_unknown(): pass\n',
            "test_hidden.py, line 8: test_unknown: it names task '9.9', but the tasks of assignment.toml are 1, 2",
        ),
        (
            '@task("1", category="hygiene")\ndef test_free(): pass\n',
            "@pytest.mark.task: it missing 1 required keyword-only argument: 'points'",
        ),
        (
            '@task("1", points="many", category="hygiene")\ndef test_many(): pass\n',
            "test_hidden.py, line 8: test_many: could not convert string to float: 'many'",
        ),
        (
            '@task("1", points=1, category="hygiene")\ndef test_doubles(): pass\n'
            '@task("1", points=1, category="hygiene")\n@pytest.mark.parametrize("factor", [1.0])\n'
            "def test_doubles(factor): pass\n",
            "test_hidden.py, line 10: test_doubles[1.0] is a check of test_public.py, too; rename one.",
        ),
        (
            '@task("1", points=-1, category="hygiene")\ndef test_less(): pass\n',
            "test_hidden.py, line 8: test_less: points=-1 is not a number of points",
        ),
        (
            '@task("1", points=float("nan"), category="hygiene")\ndef test_nan(): pass\n',
            "test_hidden.py, line 8: test_nan: points=nan is not a number of points",
        ),
        (
            "import nothing_of_this_name\n",
            "test_hidden.py, line 8: ModuleNotFoundError: No module named 'nothing_of_this_name'",
        ),
        ("def test_broken(:\n", "test_hidden.py, line 8: SyntaxError: "),
        ("NUMBER = pytest.approx(1, re=1)\n", "test_hidden.py, line 8: TypeError: approx() got an unexpected keyword"),
        ("exit(3)\n", "test_hidden.py, line 8: exit() ends the whole run"),
        (
            '@task("1", points=1, category="hygiene")\n@pytest.mark.parametrize("n", [1])\ndef test_cases(m): pass\n',
            "test_hidden.py, line 10: test_cases: function uses no argument 'n'",
        ),
        (
            '@task("1", points=1, category="hygiene")\ndef test_ends():\n    pytest.exit("enough")\n',
            "test_hidden.py, line 10: pytest.exit ends the whole run",
        ),
    ],
)
def test_an_authors_mistake_is_named(
    new_assignment: NewAssignment, run: Runs, solution: str, hidden: str, said: str
) -> None:
    with pytest.raises(AssignmentError) as caught:
        run(new_assignment(hidden=HEAD + hidden), solution)
    assert said in str(caught.value)
    assert "INTERNALERROR" not in str(caught.value) and "Traceback" not in str(caught.value)


def test_all_markers_that_are_wrong_are_named(new_assignment: NewAssignment, run: Runs, solution: str) -> None:
    hidden = '@task("9", points=1, category="hygiene")\ndef test_one(): pass\ndef test_two(): pass\n'
    with pytest.raises(AssignmentError) as caught:
        run(new_assignment(hidden=HEAD + hidden), solution)
    assert [line.partition(": ")[2].partition(" ")[0] for line in str(caught.value).splitlines()] == [
        "test_one:",
        "test_two",
    ]


def test_a_public_check_must_not_use_the_reference(new_assignment: NewAssignment, run: Runs, solution: str) -> None:
    public = HEAD + '@task("1", points=1, category="correctness")\ndef test_leaky(reference): pass\n'
    with pytest.raises(AssignmentError) as caught:
        run(new_assignment(public=public), solution)
    assert str(caught.value).endswith(
        "test_public.py, line 8: test_leaky uses the reference solution, which students do not have; "
        "a public check compares with published numbers."
    )


def test_no_checks_at_all(new_assignment: NewAssignment, run: Runs, solution: str) -> None:
    assignment = new_assignment(public="", hidden="")
    with pytest.raises(AssignmentError) as caught:
        run(assignment, solution)
    assert str(caught.value) == f"{assignment.slug}: there are no checks in test_public.py and test_hidden.py."


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("reference.nothing(1)", "has no 'nothing', but a check uses it."),
        ("given.nothing(1)", "has no 'nothing', but a check uses it."),
        ("submission.double(object())", "A check passes object to the submission"),
    ],
)
def test_an_authors_mistake_inside_a_check_is_never_a_students_zero(verdicts: Runs, body: str, problem: str) -> None:
    results = verdicts(
        f'@task("1", points=1, category="correctness")\ndef test_x(submission, given, reference):\n    {body}\n'
    )
    assert results["test_x"].outcome is Outcome.INTERNAL_ERROR
    assert results["test_x"].feedback == (
        "The grader could not run this check. It costs no trust in your work: a person will look at it."
    )
    (said,) = results.problems
    assert said.startswith("test_x: test_hidden.py, line 10: ") and problem in said


def test_what_stops_in_the_graders_own_code_is_the_graders_fault(verdicts: Runs) -> None:
    results = verdicts(
        '@task("1", points=1, category="correctness")\ndef test_x(submission):\n    value = 1\n'
        "    for _ in range(30):\n        value = [value]\n    submission.double(value)\n"
    )
    assert results["test_x"].outcome is Outcome.INTERNAL_ERROR
    assert results.problems == ["test_x: ValueRefused: the value is nested too deeply or has too many parts"]


class Gone:
    """A channel to a worker that the grader cannot talk to any more."""

    def exchange(self, frame: bytes, seconds: float) -> bytes:
        raise WorkerError("The worker process ended.")

    def close(self) -> float:
        raise WorkerError("The worker process ended.")


def test_a_lost_worker_is_never_a_students_zero(new_assignment: NewAssignment, run: Runs, solution: str) -> None:
    results = run(new_assignment(), solution, Gone)
    assert {result.outcome for result in results.values()} == {Outcome.INTERNAL_ERROR}
    assert len(results.problems) == 4


def test_given_code_and_the_reference_are_called_once_and_copied(verdicts: Runs) -> None:
    results = verdicts(
        '@task("1", points=1, category="correctness")\n'
        "def test_copies(given, reference):\n"
        "    first, last = reference.descend(4.0)\n"
        "    first.append('changed')\n"
        "    assert reference.descend(4.0) == (first[:-1], last)\n"
        "    assert reference.descend is not None and given.given_number() == 21.0\n"
    )
    assert results["test_copies"].outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("double(1.0, times=3)", "The check passes `times=`, which `double(number)` in the stub does not have."),
        ("double(1.0, 2.0)", "The check passes 2 arguments to `double(number)` in the stub, which takes 1."),
    ],
)
def test_a_call_that_no_submission_can_take(
    new_assignment: NewAssignment, run: Runs, solution: str, call: str, said: str
) -> None:
    hidden = (
        HEAD + f'@task("1", points=1, category="correctness")\ndef test_calls(submission):\n    submission.{call}\n'
    )
    results = run(new_assignment(hidden=hidden), solution)
    check = results["test_calls"]
    assert check.outcome is Outcome.INTERNAL_ERROR
    assert check.fault == f"test_hidden.py, line {len(hidden.splitlines())}: {said}"
    accepting = run(new_assignment(hidden=hidden), solution.replace("(number)", "(number, *more, **options)"))
    assert accepting["test_calls"].outcome is Outcome.PASSED


def test_notes_are_said_whether_a_check_passes_or_not(verdicts: Runs) -> None:
    results = verdicts("""
@task("1", points=1, category="correctness")
@pytest.mark.parametrize("right", [True, False])
def test_notes(note, right):
    note("It went on with yours.")
    note("It went on with yours.")
    note("And so on.")
    require(right, "Not right.")
""")
    passed, failed = (results[f"test_notes[{right}]"] for right in (True, False))
    assert (passed.outcome, passed.score, passed.feedback) == (
        Outcome.PASSED,
        0.5,
        "It went on with yours.\nAnd so on.",
    )
    assert (failed.outcome, failed.feedback) == (Outcome.FAILED, "Not right.\nIt went on with yours.\nAnd so on.")
