"""Every sort of value that a beginner returns, in words."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
import torch

from autograder.bridge.handle import Handle
from autograder.checks import assert_values
from autograder.checks.wording import kind, number, shown
from autograder.errors import CheckFailure


def handle(type_name: str) -> Handle:
    """What a check gets for an object that stays in the student's process."""
    return Handle(None, 1, type_name, 1)  # type: ignore[arg-type]


VALUES = [
    (None, "None (is a `return` missing?)", "None"),
    (True, "a bool", "True"),
    (3, "an int", "3"),
    (0.1, "a float", "0.1"),
    (float("-inf"), "a float", "-inf"),
    (1 + 2j, "a complex number", "(1+2j)"),
    ("0.5", "a text", "'0.5'"),
    (b"x", "a bytes object", "b'x'"),
    ([], "an empty list", "[]"),
    ((), "an empty tuple", "()"),
    ({}, "an empty dict", "{}"),
    ([1.0], "a list", "[1]"),
    ((1.0,), "a tuple with one value (is there a comma too many?)", "(1,)"),
    ((1.0, 2), "a tuple", "(1, 2)"),
    ([0.0] * 4000, "a list", "a list with 4000 entries"),
    ([["word" * 10] * 2] * 3, "a list", "a list with 3 entries"),
    ({"a": 1}, "a dict", "a dict with 1 entry"),
    (torch.tensor(0.5), "a tensor", "tensor of shape () holding 0.5"),
    (torch.tensor([0.5], requires_grad=True) * 2, "a tensor", "tensor of shape (1,) holding 1"),
    (torch.tensor(12345678), "a tensor", "tensor of shape () holding 12345678"),
    (torch.tensor(True), "a tensor", "tensor of shape () holding True"),
    (torch.tensor(1 + 2j), "a tensor", "tensor of shape () holding (1+2j)"),
    (torch.ones(3), "a tensor", "float32 tensor of shape (3,)"),
    (numpy.array(0.5, dtype="float32"), "a NumPy value", "NumPy array of shape () holding 0.5"),
    (numpy.ones((2, 3)), "a NumPy array", "NumPy array of shape (2, 3)"),
    (handle("function"), "a function (is it called, with `()`?)", None),
    (handle("builtin_function_or_method"), "a function (is it called, with `()`?)", None),
    (handle("generator"), "a generator, which holds no values yet", None),
    (handle("map"), "a `map` object, which holds no values yet", None),
    (handle("set"), "a set", None),
    (handle("complex"), "a complex number", None),
    (handle("type"), "a class", None),
    (handle("Linear"), "an object of type `Linear`", None),
    (handle("`<b>`" * 50), "an object of type `" + ("'<b>'" * 50)[:60] + "`", None),
    (object(), "an object of type `object`", None),
]


@pytest.mark.parametrize(("value", "sort", "text"), VALUES, ids=[str(number) for number in range(len(VALUES))])
def test_values_in_words(value: Any, sort: str, text: str | None) -> None:
    assert kind(value) == sort
    if text is not None:
        assert shown(value) == number(value) == text


def test_an_object_is_named_once() -> None:
    with pytest.raises(CheckFailure) as caught:
        assert_values(handle("set"), 0.5, atol=0.0, what="f")
    assert caught.value.message == "`f` returned a set, where a Python float was asked for."
