"""What students do in notebooks: right code keeps working, however its constants are made, whatever stands beside."""

from __future__ import annotations

import ast
import json
import linecache
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.bridge.load import Loaded, load_module
from autograder.notebook.reading import notebook_cells

pytestmark = pytest.mark.filterwarnings("ignore")  # as in the worker: honest code that warns loses nothing

NAME = "habits"
_HABIT = re.compile(r"^=== (.+) -> (.+)\n((?:(?!===).*\n)*)", re.MULTILINE)
HABITS = {
    name: (cells.removesuffix("\n").split("\n---\n"), ast.literal_eval(expected))
    for name, expected, cells in _HABIT.findall((Path(__file__).parent / "habits.txt").read_text(encoding="utf-8"))
}
"""Name to code cells, and to what the graded function ``f`` returns."""


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    import torch

    dtype, grad, states = torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_rng_state()
    yield
    torch.set_default_dtype(dtype)
    torch.set_grad_enabled(grad)
    torch.set_default_device(None)
    torch.set_rng_state(states)
    sys.modules.pop(NAME, None)
    linecache.cache.pop(f"{NAME}.ipynb", None)


def load(*cells: str) -> Loaded:
    """The cells as they are handed in and loaded."""
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells],
    }
    text = notebook_cells(json.dumps(notebook).encode())
    return load_module(text.source, f"{NAME}.ipynb", NAME, True, ["f"])


def test_there_are_many_habits() -> None:
    assert len(HABITS) >= 100


@pytest.mark.filterwarnings("ignore")  # as in the worker
@pytest.mark.parametrize("cells, expected", HABITS.values(), ids=HABITS)
def test_right_code_keeps_working(cells: list[str], expected: Any) -> None:
    assert load(*cells).module.f() == expected


def test_long_chains_of_calls_stop_nothing() -> None:
    methods = "\n".join(f"class C{one}:\n    def m{one}(self): C{one + 1}().m{one + 1}()" for one in range(600))
    functions = "\n".join(f"def g{one}(a): g{one + 1}(a)" for one in range(600))
    assert load(methods, functions, "C0().m0\ng0([])\nL = [4]", "def f(): return L").module.f() == [4]
