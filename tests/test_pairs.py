"""Stub and solution agree, or the first difference is named."""

from __future__ import annotations

import pytest

from autograder.pairs import Blank, blanks, pair_problems

STUB = '''\
"""The handout."""
import torch
from torch import Tensor

# %% [markdown]
# Prose
N = 3


def given(x: Tensor) -> Tensor:
    """Given."""
    return x + N


def fit(x: Tensor, steps: int = 10) -> float:
    """Fill me."""
    raise NotImplementedError("fit")


class Net(torch.nn.Module):
    """A net."""

    @staticmethod
    def forward(x):
        raise NotImplementedError


if __name__ == "__main__":
    print(fit(torch.ones(1)))
'''
SOLUTION = '''\
"""The answer."""
import math
import torch
from torch import Tensor, nn

N = 3
_EPS = 1e-9


def _step(x):
    return x


def given(x: Tensor) -> Tensor:
    return x + N


def fit(x: Tensor, steps: int = 10) -> float:
    """Other words."""
    return math.pi


class Net(torch.nn.Module):
    @staticmethod
    def forward(x):
        return x
'''


def test_blanks() -> None:
    assert blanks(STUB) == [Blank("fit", 15), Blank("Net.forward", 24)]
    assert blanks(SOLUTION) == []
    assert blanks("def f():\n    x = 1\n    raise NotImplementedError") == []
    assert blanks("def f():\n    raise ValueError") == []
    assert blanks("async def f():\n    '''x'''\n    raise NotImplementedError()") == [Blank("f", 1)]
    with pytest.raises(SyntaxError):
        blanks("def f(:")


def test_a_pair_agrees() -> None:
    assert pair_problems(STUB, SOLUTION) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "fit(x: Tensor, steps: int = 10)",
            "fit(x: Tensor, steps: int = 20)",
            "`fit`: the signature differs: `(x: Tensor, steps: int=10) -> float` in the stub, "
            "`(x: Tensor, steps: int=20) -> float` in the solution",
        ),
        (
            "-> float",
            "-> Tensor",
            "`fit`: the annotations differ: `(x: Tensor, steps: int=10) -> float` in the stub, "
            "`(x: Tensor, steps: int=10) -> Tensor` in the solution",
        ),
        (
            "    @staticmethod\n",
            "",
            "`Net.forward` has different decorators: `@staticmethod` in the stub, none in the solution",
        ),
        (
            "return x + N",
            "return x - N",
            "the given code of `given` differs: `return x + N` in the stub (line 12), "
            "`return x - N` in the solution (line 15)",
        ),
        (
            "N = 3",
            "N = 4",
            "the given code differs: `N = 3` in the stub (line 7), `N = 4` in the solution (line 6)",
        ),
        ("N = 3\n", "", "the given code differs: `N = 3` in the stub (line 7) is not in the solution"),
        (
            "N = 3\n",
            "N = 3\nM = 4\n",
            "the given code differs: `M = 4` in the solution (line 7) is not in the stub",
        ),
        ("def given", "def renamed", "`given` is in the stub (line 10) but not in the solution"),
        (
            "def _step",
            "def step",
            "`step` is in the solution (line 10) but not in the stub; additions must be private and at top level",
        ),
        (
            "        return x\n",
            "        return x\n\n    def more(self):\n        pass\n",
            "`Net.more` is in the solution (line 28) but not in the stub; additions must be private and at top level",
        ),
        (
            "class Net(torch.nn.Module)",
            "class Net(nn.Module)",
            "class `Net` has different base classes in the stub and the solution",
        ),
        ("def fit", "async def fit", "`fit` is a function in the stub and an async function in the solution"),
        ("return math.pi", "raise NotImplementedError", "`fit` is still a blank in the solution (line 18)"),
        ("import torch\n", "", "`import torch` is in the stub (line 2) but not in the solution"),
    ],
)
def test_a_difference_is_named(old: str, new: str, problem: str) -> None:
    assert old in SOLUTION
    assert problem in pair_problems(STUB, SOLUTION.replace(old, new, 1))


def test_the_order_matters() -> None:
    stub = "def f():\n    return 1\n\ndef g():\n    return 2\n"
    solution = "def g():\n    return 2\n\ndef f():\n    return 1\n"
    assert pair_problems(stub, solution) == [
        "the definitions in the module come in a different order in the stub and the solution"
    ]


def test_syntax_errors_are_named() -> None:
    assert pair_problems("def f(:", "") == ["the stub has a syntax error on line 1: invalid syntax"]
    assert pair_problems("", "\nx = (") == ["the solution has a syntax error on line 2: '(' was never closed"]


def test_one_difference_is_one_problem() -> None:
    assert len(pair_problems(STUB, SOLUTION.replace("N = 3", "N = 4"))) == 1


# Bodies with a fault, which students repair

FAULTY = """\
def cut(x):
    \"\"\"The handout's words.\"\"\"
    return x.detach()


class Net:
    def forward(self, x):
        return x

    def backward(self, x):
        return -x
"""
REPAIRED = FAULTY.replace("x.detach()", "x").replace("-x", "x").replace("The handout's words.", "Other words.")


def test_a_body_that_is_to_be_repaired_may_differ() -> None:
    assert pair_problems(FAULTY, REPAIRED, {"cut", "Net"}) == []
    assert pair_problems(FAULTY, REPAIRED, {"Net"}) == [
        "the given code of `cut` differs: `return x.detach()` in the stub (line 3), `return x` in the solution (line 3)"
    ]


def test_a_body_that_is_to_be_repaired_has_to_differ() -> None:
    """Comments and docstrings are no repair."""
    same = REPAIRED.replace("return x\n\n\n", "return x.detach()  # Cut here.\n\n\n")
    assert pair_problems(FAULTY, same, {"cut", "Net"}) == [
        "`cut` is to be repaired, but it is the same in the stub (line 1) and in the solution (line 1)"
    ]
    assert pair_problems(FAULTY, FAULTY, {"Net"}) == [
        "`Net` is to be repaired, but it is the same in the stub (line 6) and in the solution (line 6)"
    ]


def test_what_is_to_be_repaired_is_no_blank() -> None:
    empty = FAULTY.replace("return x.detach()", "raise NotImplementedError")
    assert pair_problems(empty, REPAIRED, {"cut", "Net"}) == [
        "`cut` is to be repaired, but in the stub (line 1) it is a blank: give it a body with the fault"
    ]


def test_the_signature_of_what_is_repaired_stays() -> None:
    renamed = REPAIRED.replace("def cut(x)", "def cut(y)").replace("return x\n\n\n", "return y\n\n\n")
    assert pair_problems(FAULTY, renamed, {"cut", "Net"}) == [
        "`cut`: the signature differs: `(x)` in the stub, `(y)` in the solution"
    ]


def test_what_is_to_be_repaired_counts_among_the_blanks() -> None:
    assert blanks(FAULTY) == []
    assert blanks(FAULTY, {"cut"}) == [Blank("cut", 1)]
    assert blanks(FAULTY, {"Net"}) == [Blank("Net.forward", 7), Blank("Net.backward", 10)]
