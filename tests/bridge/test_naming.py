"""A function that is not there under its name: what is said of the names that are."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import ModuleType

import pytest

from autograder.bridge.load import load_module
from autograder.bridge.messages import NameInfo, NameRemark
from autograder.bridge.naming import Names, expect_fitting, other_signature, why_none
from autograder.bridge.outline import name_remarks
from autograder.errors import AssignmentError, CheckFailure
from autograder.notebook.cells import CellMap

LOCATE = "line {}".format
TASKS = frozenset({"himmelblau", "himmelblau_grad", "optimize", "plot_path"})
"""The names of an assignment; ``plot_path`` is given."""


@pytest.fixture
def names_of(request: pytest.FixtureRequest) -> Callable[[str], Names]:
    def names_of(source: str) -> Names:
        found = load_module(source, "named.py", "named", False)
        return Names(found.names, name_remarks(found.tree, found.module), TASKS)

    return names_of


def said(names: Names, name: str, parameters: tuple[str, ...] | None = None) -> str:
    with pytest.raises(CheckFailure) as caught:
        names.function(name, parameters)
    return caught.value.message


NOT_FOUND = "`himmelblau` was not found in your submission. "

MISSING = {
    "nothing": ("", NOT_FOUND + "Define it at the top level of your file, with exactly this name."),
    "a function of another task": (
        "def himmelblau_grad(u, v):\n    return u\n",
        NOT_FOUND + "Define it at the top level of your file, with exactly this name.",
    ),
    "a function that was given": (
        "def plot_path(u, v):\n    return u\n",
        NOT_FOUND + "Define it at the top level of your file, with exactly this name.",
    ),
    "an import": (
        "from math import floor as himmelblaus\n",
        NOT_FOUND + "Define it at the top level of your file, with exactly this name.",
    ),
    "a number of a similar name": (
        "himmelblaus = 3\n",
        NOT_FOUND + "Define it at the top level of your file, with exactly this name.",
    ),
    "another blank": (
        "def himmelblaus(u):\n    raise NotImplementedError\n",
        NOT_FOUND + "Define it at the top level of your file, with exactly this name.",
    ),
    "a look-alike": (
        "def himmelblaus(u):\n    return u\n",
        NOT_FOUND + "There is `himmelblaus` on line 1: if that is the one, rename it to `himmelblau`.",
    ),
    "the case": (
        "\ndef Himmelblau(u):\n    return u\n",
        NOT_FOUND + "There is `Himmelblau` on line 2: small and capital letters count, so rename it.",
    ),
    "inside a function": (
        "def optimize():\n    def himmelblau(u, v):\n        return u\n    return himmelblau(1, 2)\n",
        "`himmelblau` was not found at the top level of your file: on line 2 it is defined inside `optimize`. Move it "
        "out of there.",
    ),
    "inside a class": (
        "class Solution:\n    def himmelblau(self, u, v):\n        return u\n",
        "`himmelblau` was not found at the top level of your file: on line 2 it is defined inside `Solution`. Move it "
        "out of there.",
    ),
    "in a block that does not run": (
        'if __name__ == "__main__":\n    def himmelblau(u, v):\n        return u\n',
        "`himmelblau` was not found at the top level of your file: on line 2 it is defined in a block that is not run "
        "here. Move it out of there.",
    ),
    "overwritten": (
        "def himmelblau(u, v):\n    return u\n\nhimmelblau = himmelblau(1.0, 2.0)\n",
        "`himmelblau` is a function no more: line 4 gives its name to a number. Use another name there.",
    ),
    "overwritten by a loop": (
        "def himmelblau(u, v):\n    return u\n\nfor himmelblau in [1, 'a']:\n    pass\n",
        "`himmelblau` is a function no more: line 4 gives its name to a text. Use another name there.",
    ),
    "overwritten twice, and in a block that does not run": (
        'if __name__ == "__main__":\n    himmelblau = "a"\ndef himmelblau(u, v):\n    return u\n'
        "himmelblau = himmelblau(1.0, 2.0)\nhimmelblau = str(himmelblau)\n",
        "`himmelblau` is a function no more: line 6 gives its name to a text. Use another name there.",
    ),
    "never a function": (
        "import torch\nhimmelblau = torch.ones(2)\n",
        "`himmelblau` should be a function, but line 2 makes it a tensor.",
    ),
    "written, and blank again": (
        "def himmelblau(u, v):\n    return u\n\ndef himmelblau(u, v):\n    raise NotImplementedError\n",
        "`himmelblau` is not implemented yet. It is defined twice, and the blank one on line 4 counts: take it out.",
    ),
    "blank": (
        "def himmelblau(u, v):\n    raise NotImplementedError\n",
        "`himmelblau` is not implemented yet.",
    ),
}


@pytest.mark.parametrize("title", MISSING)
def test_what_is_said(title: str, names_of: Callable[[str], Names]) -> None:
    source, message = MISSING[title]
    assert said(names_of(source), "himmelblau") == message


@pytest.mark.parametrize(
    "source",
    [
        "def himmelblau(u, v):\n    return u\n",
        "himmelblau = lambda u, v: u\n",
        "if True:\n    def himmelblau(u, v):\n        return u\n",
        "def himmelblau(u, v):\n    himmelblau = 3\n    return himmelblau\n",
        'def himmelblau(u, v):\n    return u\nif __name__ == "__main__":\n    himmelblau = 3\n',
        "def himmelblau(u, v):\n    raise NotImplementedError\ndef himmelblau(u, v):\n    return u\n",
        "class F:\n    def __call__(self, u, v):\n        return u\nhimmelblau = F()\n",
    ],
)
def test_what_can_be_called_is_called(source: str, names_of: Callable[[str], Names]) -> None:
    names_of(source).function("himmelblau", ("u", "v"))


def test_the_stubs_parameters_help_to_find_and_to_define_it(names_of: Callable[[str], Names]) -> None:
    names = names_of("def blau(u, v):\n    return u\n\ndef himmelblaux(a):\n    return a\n")
    assert said(names, "himmelblau", ("u", "v")) == (
        NOT_FOUND + "There is `blau` on line 1: if that is the one, rename it to `himmelblau`."
    )
    assert said(names_of(""), "himmelblau", ("u", "v")) == (
        NOT_FOUND + "Define it at the top level of your file, with exactly this name and the parameters `(u, v)`."
    )


def test_deep_source_has_no_remarks() -> None:
    source = "if x:\n    pass\n" + "".join(f"elif x == {number}:\n    pass\n" for number in range(2000))
    module = ModuleType("named")

    assert name_remarks(ast.parse(source), module) == ()


def test_a_result_of_none_is_explained_by_the_function(names_of: Callable[[str], Names]) -> None:
    remarks = names_of(
        "def fit(x):\n    a = x\n\ndef show(x):\n    print(x)\n\ndef half(x):\n    if x:\n        return x\n"
    ).remarks
    wanted = "`{}` returned None (is a `return` missing?), where a float was asked for."
    assert why_none(wanted.format("fit(…, steps=2)"), remarks, LOCATE) == (
        "`fit(…, steps=2)` returned None, where a float was asked for.\n`fit` (line 1) has no `return` with a value."
    )
    assert why_none(wanted.format("show"), remarks, LOCATE) == (
        "`show` returned None, where a float was asked for.\n`show` (line 4) has no `return` with a value. `print` "
        "shows a value, but does not hand it back."
    )
    for name in ("half", "fitting", "other"):
        assert why_none(wanted.format(name), remarks, LOCATE) == wanted.format(name)


def test_renamed_parameter() -> None:
    info = NameInfo("function", parameters=("x", "rate"), line=12)
    assert other_signature("train", info, ("x", "learning_rate"), LOCATE).message == (
        "`train(x, rate)` on line 12 should be `train(x, learning_rate)`: the parameters' names are part of the task. "
        "Missing: `learning_rate`."
    )


def test_lacking_parameters_in_a_notebook() -> None:
    info = NameInfo("function", parameters=(), line=3)
    assert other_signature("train", info, ("x", "y"), CellMap((1, 10)).describe).message == (
        "`train()` on code cell 1, line 3 should be `train(x, y)`: the parameters' names are part of the task. "
        "Missing: `x`, `y`."
    )


def test_parameters_in_another_order() -> None:
    info = NameInfo("function", parameters=("y", "x"))
    assert other_signature("train", info, ("x", "y"), LOCATE).message == (
        "`train(y, x)` should be `train(x, y)`: the parameters' names are part of the task."
    )


def test_a_remark_of_a_hostile_worker_is_only_text() -> None:
    names = Names({}, (NameRemark("f", "nested", 3, "<b>`rm -rf`"),))
    assert "<b>`rm -rf`" in names.missing("f").message


@pytest.mark.parametrize(
    ("expected", "positional", "keywords", "said"),
    [
        (("x", "y"), 2, ("iterations",), "passes `iterations=`, which `train(x, y)` in the stub does not have."),
        (("x",), 0, ("a", "x", "b"), "passes `a=`, `b=`, which `train(x)` in the stub does not have."),
        (("x", "*rest"), 1, ("seed",), "passes `seed=`, which `train(x, *rest)` in the stub does not have."),
        ((), 1, (), "passes 1 argument to `train()` in the stub, which takes 0."),
        (("x", "y"), 3, (), "passes 3 arguments to `train(x, y)` in the stub, which takes 2."),
        (("x", "y"), 1, ("x",), "passes `x` to `train(x, y)` in the stub twice: by its place, and by its name."),
    ],
)
def test_a_call_that_the_stub_does_not_allow(
    expected: tuple[str, ...], positional: int, keywords: tuple[str, ...], said: str
) -> None:
    with pytest.raises(AssignmentError) as caught:
        expect_fitting("train", expected, positional, keywords)
    assert str(caught.value) == f"The check {said}"


@pytest.mark.parametrize(
    ("expected", "positional", "keywords"),
    [(("x", "y"), 1, ("y",)), (("x", "**options"), 1, ("seed", "rate")), (("x", "*rest"), 5, ()), ((), 0, ())],
)
def test_a_call_that_the_stub_allows(expected: tuple[str, ...], positional: int, keywords: tuple[str, ...]) -> None:
    expect_fitting("train", expected, positional, keywords)
