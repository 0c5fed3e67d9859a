"""``trivial.toml``: the stub filled without thinking, and what is wrong with the file."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.assignment import Assignment
from autograder.grade.judge import Judge
from autograder.verify import subjects, verify_subject, verify_trivial_file
from autograder.verify.trivial import KINDS, answered, read_trivial

WHOLE = """\
[structures]
double = "fill()"
descend = '''
    ([fill()] * steps,
     fill())'''
[starts]
double = "number"
descend = "([start**2] * steps, start)"
[page]
double = "42.0"
descend = "([16.0, 4.0, 1.0], 0.5)"
"""


@pytest.fixture
def written(new_assignment: Callable[..., Assignment]) -> Callable[..., Assignment]:
    def write(text: str, **changes: str) -> Assignment:
        assignment = new_assignment(**changes)
        (assignment.solution.parent / "trivial.toml").write_text(text, encoding="utf-8")
        return assignment

    return write


@pytest.mark.parametrize(
    ("kind", "double", "descend"),
    [
        ("nothing", None, None),
        ("an empty list", [], []),
        ("the first argument", 5.0, 5.0),
        ("the start", 5.0, ([25.0, 25.0], 5.0)),
        ("the page", 42.0, ([16.0, 4.0, 1.0], 0.5)),
        ("ones", 1.0, ([1.0, 1.0], 1.0)),
    ],
)
def test_a_stub_is_filled(written: Callable[..., Assignment], kind: str, double: object, descend: object) -> None:
    assignment = written(WHOLE)
    names: dict[str, Callable[..., object]] = {}
    source = answered(assignment.stub.read_text(encoding="utf-8"), read_trivial(assignment), kind)
    exec(source, names)
    assert (names["double"](5.0), names["descend"](5.0, 2), names["given_number"]()) == (double, descend, 21.0)


def test_subjects_of_a_sound_file(written: Callable[..., Assignment]) -> None:
    assert subjects(written(WHOLE)) == ["reference", "stub", *(f"trivial/{kind}" for kind in KINDS)]
    without = WHOLE[: WHOLE.index("[page]")]
    assert "trivial/the page" not in subjects(written(without))
    assert "trivial/the start" in subjects(written(without))
    assert subjects(written(WHOLE.replace("double", "treble"))) == ["reference", "stub"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('double = "number"\n', "", "trivial.toml: [starts] has no entry for the blank `double`. Add one: "),
        (
            'double = "42.0"',
            'double = "42.0"\ndoubel = "1"',
            "trivial.toml, line 11: [page] names 'doubel', which is no blank of the stub. Did you mean 'double'?",
        ),
        ('"number"', '"number +"', "trivial.toml, line 7: what [starts] says of `double` is no expression: "),
        ("[starts]", "[begins]", "trivial.toml, line 6: Object contains unknown field `begins`"),
        ('"number"', "1", "trivial.toml, line 6: Expected `str`, got `int` - at `$.starts[...]`"),
    ],
)
def test_what_is_wrong(written: Callable[..., Assignment], old: str, new: str, said: str) -> None:
    (problem,) = verify_trivial_file(written(WHOLE.replace(old, new, 1))).problems
    assert problem.split("/")[-1].startswith(said)


def test_points_for_nothing_are_said(written: Callable[..., Assignment]) -> None:
    lax = (
        'import pytest\n\n\n@pytest.mark.task("2", points=2, category="correctness")\n'
        'def test_descends(submission):\n    """Something comes back."""\n'
        "    assert submission.descend(4.0)[0][0] >= 0\n"
    )
    with Judge(written(WHOLE, hidden=lax)) as judge:
        assert verify_subject(judge, "trivial/nothing").problems == ()
        assert verify_subject(judge, "trivial/zeros").problems == ("test_descends gives 2 of 2 points for it",)
