"""Pictures that checks draw: of numbers only, whatever a submission returned."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec
import numpy
import pytest
import torch

from autograder.checking.bench import FIGURE
from autograder.checking.fixtures import Picture
from autograder.errors import AssignmentError
from autograder.reports.figures import describe, figure_png
from autograder.results import Figure, Outcome

if TYPE_CHECKING:
    from autograder.assignment import Assignment

INFINITE = float("inf")


def drawn(draw: Callable[[Picture], None]) -> Figure | None:
    """The picture as whoever reads a report gets it, after it has been drawn and described once."""
    item: Any = SimpleNamespace(stash=pytest.Stash())
    draw(Picture(item))
    figure = item.stash.get(FIGURE, None)
    if figure is None:
        return None
    assert figure_png(figure).startswith(b"\x89PNG")
    assert describe(figure)
    return msgspec.msgpack.decode(msgspec.msgpack.encode(figure), type=Figure)


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        ([3, 2.5, True], [3.0, 2.5, 1.0]),
        ([torch.tensor(2.0, requires_grad=True), torch.tensor([1.0])], [2.0, 1.0]),
        (torch.tensor([2.0, 1.0], requires_grad=True), [2.0, 1.0]),
        (numpy.array([2.0, 1.0], dtype=numpy.float32), [2.0, 1.0]),
        ((numpy.float32(2.0), Fraction(1, 2), numpy.array(4)), [2.0, 0.5, 4.0]),
        ([INFINITE, 10**400, -(10**400)], [INFINITE, INFINITE, -INFINITE]),
        ([], []),
    ],
)
def test_numbers_of_every_kind(values: Any, numbers: list[float]) -> None:
    figure = drawn(lambda picture: picture.loss("Your loss", loss=values))
    assert figure is not None
    assert figure.series == {"loss": numbers}
    assert all(type(number) is float for number in figure.series["loss"])


ODD = [
    None,
    object(),
    [1.0, None],
    [1.0, "2.0"],
    [b"1"],
    [[1.0], [2.0, 3.0]],
    [1j],
    [numpy.complex64(1j)],
    [torch.tensor([1.0, 2.0, 3.0])],
    torch.ones(2, 3),
    torch.ones(2, dtype=torch.complex64),
    torch.ones(2, device="meta"),
    torch.ones(2).to_sparse(),
]


@pytest.mark.parametrize("values", ODD, ids=lambda values: type(values).__name__)
def test_what_holds_no_numbers_is_left_out(values: Any) -> None:
    assert drawn(lambda picture: picture.loss("Your loss", loss=values)) is None
    figure = drawn(lambda picture: picture.loss("Your loss", yours=values, ours=[2.0, 1.0]))
    assert figure is not None
    assert figure.series == {"ours": [2.0, 1.0]}
    assert drawn(lambda picture: picture.path("Your walk", values)) is None
    assert drawn(lambda picture: picture.path("Your walk", [(0.0, 1.0), values])) is None


def test_a_walk() -> None:
    points: Any = [(0, torch.tensor(1.0)), [numpy.float64(2.0), INFINITE], torch.tensor([3.0, 4.0])]
    figure = drawn(lambda picture: picture.path("Your walk", points))
    assert figure is not None
    assert figure.series == {"x": [0.0, 2.0, 3.0], "y": [1.0, INFINITE, 4.0]}


@pytest.mark.parametrize("values", ["abc", 0.5, {"loss": [1.0]}, {1.0}])
def test_what_has_no_entries(values: Any) -> None:
    with pytest.raises(TypeError, match=r"^picture.loss draws lists of numbers: loss= is .* \((str|float|dict|set)\)$"):
        drawn(lambda picture: picture.loss("Your loss", loss=values))


def test_titles() -> None:
    figure = drawn(lambda picture: picture.loss("Half a \ud800 character", loss=[1.0]))
    assert figure is not None
    assert figure.title == "Half a ? character"
    untitled: Any = 3
    with pytest.raises(AssignmentError, match=r"^The title of a picture is a text, not 3 \(int\)\.$"):
        drawn(lambda picture: picture.loss(untitled, loss=[1.0]))


HEAD = """\
import pytest

@pytest.mark.task("1", points=1, category="correctness")
def test_other(submission):
    assert submission.double(1) == 2

@pytest.mark.task("1", points=1, category="correctness")
def test_draws(submission, picture):
    history = submission.double([1.0])
"""


@pytest.mark.parametrize(
    ("line", "returned", "outcome", "said"),
    [
        ("picture.loss('x', loss='abc')", "2 * number", Outcome.INTERNAL_ERROR, "test_hidden.py, line 10: TypeError: "),
        ("picture.loss('x', loss=history)", "[torch.tensor(1.0), None]", Outcome.PASSED, ""),
        ("picture.loss('x', loss=history)", "'abc'", Outcome.FAILED, "`double` returned a text, where a list"),
    ],
)
def test_whose_picture_it_is(
    new_assignment: Callable[..., Assignment],
    run: Callable[..., Any],
    line: str,
    returned: str,
    outcome: Outcome,
    said: str,
) -> None:
    """A check that draws its own text is wrong; a submission's odd history costs a picture, and no report."""
    assignment = new_assignment(hidden=f"{HEAD}    {line}\n")
    submission = f"import torch\ndef double(number):\n    return 2 * number if number == 1 else {returned}\n"
    results = run(assignment, submission)
    assert results["test_other"].outcome is Outcome.PASSED
    check = results["test_draws"]
    assert (check.outcome, check.figure) == (outcome, None)
    assert (check.fault or check.feedback).startswith(said)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(check), type=type(check)) == check
