"""Numbers are read whatever holds them, and what holds none is named."""

from __future__ import annotations

import math
from typing import Any

import numpy
import pytest
import torch

from autograder.checks import read_number, read_numbers, read_parts
from autograder.errors import CheckFailure


def message(read: Any, *args: Any, **options: Any) -> str:
    with pytest.raises(CheckFailure) as caught:
        read(*args, **options)
    return caught.value.message


@pytest.mark.parametrize(
    "value", [2.0, 2, torch.tensor(2.0), torch.tensor([2], dtype=torch.int64), numpy.array(2.0), numpy.float32(2)]
)
def test_one_number(value: Any) -> None:
    assert (read_number(value), type(read_number(value))) == (2.0, float)


def test_numbers_that_are_no_fraction() -> None:
    assert math.isnan(read_number(torch.tensor(math.nan)))
    assert read_number(10**400) == math.inf
    assert read_number(-(10**400)) == -math.inf


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (None, "None (is a `return` missing?)"),
        ("2", "a text"),
        ([2.0], "a list"),
        (torch.ones(2), "a tensor of shape (2,)"),
        (numpy.ones((2, 1)), "an array of shape (2, 1)"),
        (torch.tensor(1j), "a tensor of shape ()"),
    ],
)
def test_no_number(value: Any, seen: str) -> None:
    said = message(read_number, value, "The loss")
    assert said.startswith(f"The loss should be a number, but it is {seen}")


@pytest.mark.parametrize(
    "values",
    [
        (1.0, 2.0),
        [1, 2],
        [torch.tensor(1.0), numpy.array([2.0])],
        torch.tensor([1.0, 2.0]),
        torch.tensor([1, 2]),
        numpy.array([1.0, 2.0]),
    ],
)
def test_several_numbers(values: Any) -> None:
    got = read_numbers(values, names=("a", "b"))
    assert got == [1.0, 2.0]
    assert all(type(value) is float for value in got)
    assert read_numbers([]) == read_numbers(torch.empty(0)) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (None, "The fit should be 2 numbers (a, b), but it is None (is a `return` missing?)."),
        (3.0, "The fit should be 2 numbers (a, b), but it is a float."),
        (torch.tensor(3.0), "The fit should be 2 numbers (a, b), but it is a tensor of shape ()."),
        ({0: 1.0, 1: 2.0}, "The fit should be 2 numbers (a, b), but it is a dict."),
        ([1.0], "The fit should be 2 numbers (a, b), but there are 1."),
        ([1.0, None], "The fit should hold numbers, but b is None (is a `return` missing?)."),
        (torch.ones(2, 2), "The fit should hold numbers, but a is an array of shape (2,)."),
    ],
)
def test_no_numbers(values: Any, said: str) -> None:
    assert message(read_numbers, values, "The fit", names=("a", "b")) == said


def test_without_names() -> None:
    assert message(read_numbers, "12", "The losses") == "The losses should be a list of numbers, but it is a text."
    assert message(read_numbers, [0.0, "x"], "The losses") == "The losses should hold numbers, but entry 1 is a text."


def test_parts() -> None:
    assert read_parts(([1.0], None), names=("losses", "more")) == ([1.0], None)
    assert [list(part) for part in read_parts(torch.ones(3, 2))] == [[1.0, 1.0]] * 3
    assert message(read_parts, [1], "The walk", names=("u", "v")) == (
        "The walk should be 2 values (u, v), but there are 1."
    )
