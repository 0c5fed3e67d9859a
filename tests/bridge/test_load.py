"""What the worker says that a submission defines."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from autograder.bridge.load import describe_names, load_module
from autograder.bridge.messages import NameInfo


@pytest.fixture(autouse=True)
def _forget_modules() -> Iterator[None]:
    yield
    sys.modules.pop("tiny_loaded", None)


def described(source: str) -> dict[str, NameInfo]:
    module, tree, _ = load_module(source, "tiny.py", "tiny_loaded", notebook=False)
    return describe_names(tree, module)


def test_functions_with_their_parameters() -> None:
    names = described("def f(a, b=1, *, c):\n    return a\n")
    assert names == {"f": NameInfo("function", parameters=("a", "b", "c"), line=1)}


@pytest.mark.parametrize(
    "body",
    [
        "raise NotImplementedError",
        "raise NotImplementedError('f')",
        "'''What it does.'''\n    raise NotImplementedError('f')",
    ],
)
def test_blanks(body: str) -> None:
    assert described(f"def f(a):\n    {body}\n")["f"].blank


@pytest.mark.parametrize("body", ["return 1", "pass", "x = 1\n    raise NotImplementedError", "raise ValueError"])
def test_what_is_no_blank(body: str) -> None:
    assert not described(f"def f(a):\n    {body}\n")["f"].blank


def test_a_class_with_a_blank_method_is_blank() -> None:
    names = described("class A:\n    def f(self):\n        raise NotImplementedError\n")
    assert names == {"A": NameInfo("class", blank=True, line=1)}


def test_the_last_definition_counts() -> None:
    names = described("def f(a):\n    raise NotImplementedError\n\ndef f(a):\n    return a\n")
    assert names["f"] == NameInfo("function", parameters=("a",), line=4)


def test_methods_and_inner_functions_do_not_pass_for_top_level_ones() -> None:
    names = described(
        "def f(a, b):\n    def g():\n        raise NotImplementedError\n    return a\n\n"
        "def g(x):\n    return x\n\n"
        "class A:\n    def f(self):\n        raise NotImplementedError\n"
    )
    assert names["f"] == NameInfo("function", parameters=("a", "b"), line=1)
    assert names["g"] == NameInfo("function", parameters=("x",), line=6)


def test_a_blank_that_is_assigned_to_later_is_none() -> None:
    names = described("def f(a):\n    raise NotImplementedError\n\ndef mine(a):\n    return a\n\nf = mine\n")
    assert names["f"] == NameInfo("function", line=1, flexible=True)


def test_a_decorated_blank_is_one() -> None:
    names = described("import torch\n@torch.no_grad()\ndef f(a):\n    raise NotImplementedError\n")
    assert names["f"].blank and names["f"].flexible


@pytest.mark.parametrize(
    "source",
    [
        "if True:\n    def f(a): return a\n",
        "try:\n    def f(a): return a\nexcept ValueError:\n    pass\n",
        "try:\n    import nothing_of_this_name\nexcept ImportError:\n    def f(a): return a\n",
        "with open('/dev/null'):\n    def f(a): return a\n",
    ],
)
def test_definitions_below_a_statement(source: str) -> None:
    assert described(source)["f"].parameters == ("a",)


def test_a_deleted_function_is_not_there() -> None:
    assert "f" not in described("def f(a): return a\ndel f\n")


def test_lambdas_values_and_imports() -> None:
    names = described("import math\nfrom math import sqrt\nf = lambda a: a\nx = 3\n_hidden = 4\n")
    assert {name: info.kind for name, info in names.items()} == {"sqrt": "function", "f": "function", "x": "value"}


def test_of_a_notebook_definitions_are_kept_and_experiments_are_not() -> None:
    source = "# cell 1\ndef f(a): return a\n# cell 2\nprint(f(1)); 1 / 0\n"
    module, tree, notes = load_module(source, "tiny.ipynb", "tiny_loaded", notebook=True)
    assert any("cell 2" in note for note in notes)
    assert describe_names(tree, module)["f"].parameters == ("a",)
    assert module.f(3) == 3
