"""The words of ``assert_values`` and its kin, and what a hidden check keeps to itself."""

from __future__ import annotations

import math
from typing import Any

import numpy
import pytest
import torch

from autograder.checks import assert_history, assert_tensor, assert_types, assert_values, passes, require
from autograder.errors import CheckFailure

NAN, INF = math.nan, math.inf
NAMES = ("a", "b", "loss")


def failure(check: Any, *args: Any, **options: Any) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        check(*args, **options)
    return caught.value


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1.0005, 1.0),
        (NAN, NAN),
        (INF, INF),
        (-INF, -INF),
        (3, 3),
        (True, True),
        (None, None),
        ("text", "text"),
        ((1.0, [2.0, 3.0]), (1.0, [2.0, 3.0])),
        ({0.1: (1.0, 2), "a": None}, {"a": None, 0.1: (1.0, 2)}),
        (torch.tensor([1.0, NAN, INF]), torch.tensor([1.0005, NAN, INF])),
        (torch.tensor([1, 2]), torch.tensor([1, 2])),
        (torch.tensor([True]), torch.tensor([True])),
        (torch.tensor([1 + 2j]), torch.tensor([1.0005 + 2j])),
        (torch.empty(0, 2), torch.empty(0, 2)),
        (numpy.array([1.0]), numpy.array([1.0005])),
        (numpy.array([1, 2]), numpy.array([1, 2])),
    ],
)
def test_agreeing_values_pass(got: Any, expected: Any) -> None:
    assert assert_values(got, expected, atol=1e-3) is None


def test_relative_tolerance() -> None:
    assert_values(1010.0, 1000.0, atol=0.0, rtol=0.02)
    failure(assert_values, 1030.0, 1000.0, atol=0.0, rtol=0.02)


WRONG = [
    (0.25, 0.5, "`f` returned 0.25, which is not right.", "got 0.25, expected 0.5, difference -0.25 (tolerance 0.001)"),
    (
        NAN,
        0.5,
        "`f` returned nan (not a number), where a number was asked for.",
        "got nan, expected 0.5 (tolerance 0.001)",
    ),
    (-INF, 0.5, "`f` returned -inf, where a finite number was asked for.", "got -inf, expected 0.5 (tolerance 0.001)"),
    (0.25, NAN, "`f` returned 0.25, where another value was asked for.", "got 0.25, expected nan (tolerance 0.001)"),
    (0.25, INF, "`f` returned 0.25, where another value was asked for.", "got 0.25, expected inf (tolerance 0.001)"),
    (2, 0.5, "`f` returned 2, an int, where a Python float was asked for.", ""),
    (True, 0.5, "`f` returned True, a bool, where a Python float was asked for.", ""),
    (None, 0.5, "`f` returned None (is a `return` missing?), where a Python float was asked for.", ""),
    ("0.5", 0.5, "`f` returned '0.5', a text, where a Python float was asked for.", ""),
    (
        torch.tensor(0.5),
        0.5,
        "`f` returned a tensor of shape () holding 0.5, where a Python float was asked for. Use `.item()`.",
        "",
    ),
    (
        numpy.array(0.5),
        0.5,
        "`f` returned a NumPy array of shape () holding 0.5, where a Python float was asked for. Use `.item()`.",
        "",
    ),
    (
        (0.5,),
        0.5,
        "`f` returned a tuple with one value (is there a comma too many?), where a Python float was asked for.",
        "",
    ),
    (3, 4, "`f` returned 3, which is not right.", "expected 4"),
    (3.0, 4, "`f` returned 3, a float, where an int was asked for.", ""),
    (1, True, "`f` returned 1, an int, where a bool was asked for.", ""),
    (1, None, "`f` returned 1, an int, where None was asked for.", ""),
    ("a", "b", "`f` returned 'a', which is not right.", "expected 'b'"),
    ("a" * 200, "b", f"`f` returned '{'a' * 119}…, which is not right.", "expected 'b'"),
    ((1.0, 2.0), [1.0, 2.0], "`f` returned a tuple, where a list of 2 values was asked for.", ""),
    (1.0, (1.0, 2.0), "`f` returned a float, where a tuple of 2 values was asked for.", ""),
    ({}, [1.0], "`f` returned an empty dict, where a list of 1 value was asked for.", ""),
    ([1.0], [1.0, 2.0], "`f` returned 1 value, where 2 were asked for.", ""),
    ((1.0, 2.0), (1.0,), "`f` returned 2 values, where 1 were asked for.", ""),
    (
        [1.0, 3.0],
        [1.0, 2.0],
        "In the result of `f`, entry 1 is 3, which is not right.",
        "entry 1: got 3, expected 2, difference 1 (tolerance 0.001)",
    ),
    (
        [[1.0], [3.0]],
        [[1.0], [2.0]],
        "In the result of `f`, entry 1[0] is 3, which is not right.",
        "entry 1[0]: got 3, expected 2, difference 1 (tolerance 0.001)",
    ),
    ([1.0], {}, "`f` returned a list, where a dict was asked for.", ""),
    ({}, {0.1: 1.0}, "`f` returned a dict without the key 0.1.", ""),
    ({0.1: 1.0, "b": 2}, {0.1: 1.0}, "`f` returned a dict with the additional key 'b'.", ""),
    (
        {0.1: 1.0},
        {0.1: 2.0},
        "In the result of `f`, [0.1] is 1, which is not right.",
        "[0.1]: got 1, expected 2, difference -1 (tolerance 0.001)",
    ),
    (1.5, torch.ones(2), "`f` returned 1.5, a float, where a tensor was asked for.", ""),
    (
        torch.ones(2, 1),
        torch.ones(2),
        "`f` returned a tensor of shape (2, 1), where shape (2,) was asked for.",
        "",
    ),
    (
        torch.ones(2, dtype=torch.float64),
        torch.ones(2),
        "`f` returned a tensor of dtype torch.float64, where torch.float32 was asked for.",
        "",
    ),
    (
        torch.tensor([[1.0, 5.0], [1.0, 6.0]]),
        torch.tensor([[1.0, 2.0], [1.0, 3.0]]),
        "`f` returned a tensor in which 2 of 4 values are not right; the first is 5 at [0, 1].",
        "at [0, 1]: got 5, expected 2 (tolerance 0.001)",
    ),
    (
        torch.tensor(1.0),
        torch.tensor(NAN),
        "`f` returned a tensor that holds 1, which is not right.",
        "got 1, expected nan (tolerance 0.001)",
    ),
    (
        torch.tensor([1 + 1j]),
        torch.tensor([1 + 2j]),
        "`f` returned a tensor that holds (1+1j), which is not right.",
        "at [0]: got (1+1j), expected (1+2j) (tolerance 0.001)",
    ),
    (
        numpy.array([1, 2]),
        numpy.array([1, 3]),
        "`f` returned a tensor in which the value at [1] is 2, which is not right.",
        "at [1]: got 2, expected 3 (tolerance 0.001)",
    ),
]


@pytest.mark.parametrize(("got", "expected", "message", "reveal"), WRONG)
def test_what_a_student_reads(got: Any, expected: Any, message: str, reveal: str) -> None:
    told = failure(assert_values, got, expected, atol=1e-3, what="f")
    assert (told.message, told.reveal) == (message, reveal)
    assert str(told) == (f"{message}\n{reveal}" if reveal else message)
    assert told.outcome == "failed"


def test_without_a_name() -> None:
    assert failure(assert_values, 1.0, 2.0, atol=0).message == "The result is 1, which is not right."
    assert failure(assert_values, [1.0], [2.0], atol=0).message == "In the result, entry 0 is 1, which is not right."


def test_names_of_the_entries() -> None:
    told = failure(assert_values, (1.0, 2.0, 3), (1.0, 2.5, 3.0), atol=1e-3, names=NAMES, what="fit")
    assert told.message == (
        "In the result of `fit`, b is 2, which is not right.\n"
        "In the result of `fit`, loss is 3, an int, where a Python float was asked for."
    )
    assert told.reveal == "b: got 2, expected 2.5, difference -0.5 (tolerance 0.001)"


@pytest.mark.parametrize(
    ("got", "message"),
    [
        ((1.0, 2.0), "`fit` returned 2 values, where 3 were asked for (a, b, loss)."),
        ([1.0, 2.0, 3.0], "`fit` returned a list, where a tuple of 3 values (a, b, loss) was asked for."),
        (None, "`fit` returned None (is a `return` missing?), where a tuple of 3 values (a, b, loss) was asked for."),
    ],
)
def test_wrong_return_arity(got: Any, message: str) -> None:
    assert failure(assert_values, got, (1.0, 2.0, 3.0), atol=1e-3, names=NAMES, what="fit").message == message


def test_differences_of_one_sort_are_one_sentence() -> None:
    got = (torch.tensor(1.0), torch.tensor(2.0), 3.0)
    told = failure(assert_values, got, (1.0, 2.0, 3.5), atol=1e-3, names=NAMES, what="fit")
    assert told.message == (
        "In the result of `fit`, a is a tensor of shape () holding 1, where a Python float was asked for. "
        "Use `.item()`. The same holds for b.\n"
        "In the result of `fit`, loss is 3, which is not right."
    )


def test_many_differences_are_counted() -> None:
    told = failure(assert_values, [0.0] * 7, [1.0] * 7, atol=1e-3)
    assert told.message.splitlines() == [
        "In the result, entry 0 is 0, entry 1 is 0, entry 2 is 0 and entry 3 is 0, which are not right.",
        "… and 3 more differences.",
    ]
    assert len(told.reveal.splitlines()) == 4
    assert failure(assert_values, [0.0] * 5, [1.0] * 5, atol=1e-3).message.endswith("… and 1 more difference.")


SECRET = 0.8317


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (0.25, SECRET),
        (NAN, SECRET),
        ("0.2", str(SECRET)),
        ((0.25, 1), (SECRET, 1)),
        ([0.25] * 9, [SECRET] * 9),
        ({"a": 0.25}, {"a": SECRET}),
        (torch.tensor([0.25]), torch.tensor([SECRET])),
        (numpy.array([0.25]), numpy.array([SECRET])),
        (2, int(SECRET * 10_000)),
        (None, SECRET),
        ((), (SECRET,)),
    ],
)
def test_the_message_never_holds_the_expected_value(got: Any, expected: Any) -> None:
    assert "8317" not in failure(assert_values, got, expected, atol=1e-3, what="f").message


def test_assert_tensor() -> None:
    assert assert_tensor(torch.zeros(2, 3), shape=(2, 3)) is None
    cases = [
        ([1.0], "`w` should be a tensor of shape (2,), but it is a list."),
        (torch.zeros(2, 1), "`w` should have the shape (2,), but it has (2, 1)."),
        (torch.zeros(2, dtype=torch.int64), "`w` should be of dtype torch.float32, but it is torch.int64."),
    ]
    for got, said in cases:
        assert failure(assert_tensor, got, shape=(2,), what="w").message == said
    assert failure(assert_tensor, None, shape=(2,)).message == (
        "The result should be a tensor of shape (2,), but it is None (is a `return` missing?)."
    )


@pytest.mark.parametrize(
    ("got", "like"),
    [
        ((7.0, NAN), (0.0, 0.0)),
        ([INF], [0.0]),
        ({"a": [1.0]}, {"a": [0.0]}),
        (torch.tensor([NAN, 5.0]), torch.zeros(2)),
        (torch.tensor([7]), torch.tensor([0])),
    ],
)
def test_types_alone(got: Any, like: Any) -> None:
    assert assert_types(got, like) is None


@pytest.mark.parametrize(
    ("got", "like", "said"),
    [
        ((1.0, 2), (0.0, 0.0), "In the result of `f`, loss is 2, an int, where a Python float was asked for."),
        (
            torch.tensor([1.0, NAN]),
            (0.0, 0.0),
            "`f` returned a tensor, where a tuple of 2 values (a, loss) was asked for.",
        ),
        ([1.0, 2.0], (0.0, 0.0), "`f` returned a list, where a tuple of 2 values (a, loss) was asked for."),
    ],
)
def test_wrong_types(got: Any, like: Any, said: str) -> None:
    assert failure(assert_types, got, like, names=("a", "loss"), what="f").message == said


def test_assert_history() -> None:
    assert assert_history([1.0, NAN], length=2) is None
    cases = [
        ((1.0, 2.0), "`losses` should be a list of floats, but it is a tuple."),
        (torch.ones(2), "`losses` should be a list of floats, but it is a tensor."),
        ([1.0], "`losses` should have 2 entries, one per step, but it has 1."),
        (
            [1.0, torch.tensor(1.0)],
            "`losses` should hold Python floats, but entry 1 is a tensor. Use `.item()` when you append.",
        ),
        ([1, 1.0], "`losses` should hold Python floats, but entry 0 is an int. Use `float(…)` when you append."),
    ]
    for got, said in cases:
        assert failure(assert_history, got, length=2, what="losses").message == said
    assert failure(assert_history, None, length=2).message == (
        "The history should be a list of floats, but it is None (is a `return` missing?)."
    )


def test_require() -> None:
    assert require([1], "never said") is None
    told = failure(require, [], "Too few points.", reveal="There are 7.")
    assert (told.message, told.reveal, str(told)) == (
        "Too few points.",
        "There are 7.",
        "Too few points.\nThere are 7.",
    )


def test_passes() -> None:
    assert passes(assert_values, 1.0, 1.0, atol=0.1)
    assert not passes(assert_values, 1.0, 2.0, atol=0.1)
    with pytest.raises(ZeroDivisionError):  # a fault of the check itself is no answer
        passes(lambda: 1 / 0)
