"""Lines that do nothing, and lines that look like them."""

from __future__ import annotations

import ast

import pytest

from autograder.bridge.slips import silent_slips


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("optimizer.step", "On line 2, `optimizer.step` is not called: write `optimizer.step()`."),
        (
            "self.optimizer.zero_grad",
            "On line 2, `self.optimizer.zero_grad` is not called: write `self.optimizer.zero_grad()`.",
        ),
        ("a == 1", "On line 2, `a == 1` only compares: to give `a` a value, write one `=`."),
    ],
)
def test_a_line_without_effect_is_told(body: str, said: str) -> None:
    source = f"def f(a, optimizer):\n    {body}\n"
    assert silent_slips(ast.parse(source), source) == (said,)


@pytest.mark.parametrize(
    "source",
    [
        "def f(optimizer):\n    optimizer.step()\n",
        "def f(optimizer):\n    step = optimizer.step\n    return step\n",
        'def f(a):\n    """optimizer.step"""\n    return a == 1\n',
        "def f(a):\n    assert a == 1\n    a\n    a.grad\n    ...\n",
        "optimizer.step\na == 1\n",
    ],
)
def test_a_line_that_may_be_meant_is_not(source: str) -> None:
    assert silent_slips(ast.parse(source), source) == ()


def test_a_notebook_is_told_the_cell() -> None:
    source = "# cell 1\nimport torch\n# cell 2\ndef f(a):\n    a.backward\n"
    assert silent_slips(ast.parse(source), source) == (
        "On code cell 2, line 2, `a.backward` is not called: write `a.backward()`.",
    )


def test_five_are_enough() -> None:
    source = "def f(a):\n" + "    a.backward\n" * 20
    assert len(silent_slips(ast.parse(source), source)) == 5
