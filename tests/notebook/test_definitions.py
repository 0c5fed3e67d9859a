"""What of a notebook is run: definitions, imports, simple constants; and what the student is told."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.notebook.cells import join_cells
from autograder.notebook.definitions import Kept, keep_definitions

BROKEN = "A cell is not valid Python and was left out: "
LEFT_OUT = "Only imports, functions, classes and simple constants of your notebook are run; "


def keep(*cells: str) -> Kept:
    return keep_definitions(join_cells(cells)[0], "work.ipynb", is_missing=lambda name: name == "nowhere")


def run(kept: Kept) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(kept.tree, "work.ipynb", "exec", dont_inherit=True), names)
    return names


@pytest.mark.parametrize(
    "cell",
    [
        "import math",
        "from math import sqrt as root",
        "from math import *",
        "def f(x):\n    return x",
        "async def f(x):\n    return x",
        "import functools\n\n@functools.lru_cache\ndef f(x):\n    return x",
        "class A:\n    x = print",
        "N = 100",
        "A = B = 1",
        "a, b = 1, (2, 3)",
        "N: int = 3",
        "N: int",
        "N = 2\nM = 3 * N ** 2 - 1",
        "N = 2\nN += 1",
        "XS = [1.0, -2.0, float('inf')]",
        "D = {'a': (1, 2), **{'b': 3}}",
        "NAME = f'{3:>4}'",
        "import torch\nW = torch.tensor([1.0, 2.0]).double()",
        "import torch\nDEVICE = torch.device('cuda' if torch.cuda.is_available() else 'cpu')",
        "import torch.nn as nn\nLOSS = nn.MSELoss()",
        "from torch import nn\nLOSS = nn.MSELoss(reduction='sum')",
        "import math\nTAU = 2 * math.pi * math.sqrt(4)",
        "import numpy as np\nX = np.linspace(0, 1, 5)",
        "square = lambda x: x * x",
        "def f():\n    pass\ng = f",
        "class A:\n    pass\nA.f = lambda self: 1",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os",
        "try:\n    import math\nexcept ImportError:\n    math = None",
        "import sys\nif 'google.colab' in sys.modules:\n    ROOT = 1\nelse:\n    ROOT = 2",
    ],
)
def test_kept(cell: str) -> None:
    kept = keep(cell)
    assert ast.dump(kept.tree) == ast.dump(ast.parse(cell))
    assert kept.notes == ()


@pytest.mark.parametrize(
    "cell",
    [
        "print(1)",
        "x = compute()",
        "import torch\nx = torch.randn(3)",
        "class Net:\n    pass\nnet = Net()",
        "for i in range(3):\n    x = i",
        "with open('x') as f:\n    pass",
        "xs = [i for i in range(3)]",
        "x = (y := 3)",
        "x = await f()",
        "import torch\ntorch.manual_seed(0)",
        "del N",
        "assert 1 == 1",
        "x = unknown",
        "N += 1",
    ],
)
def test_left_out(cell: str) -> None:
    kept = keep(cell)
    assert all(isinstance(node, ast.Import | ast.ClassDef) for node in kept.tree.body)
    assert kept.notes[0].startswith(f"{LEFT_OUT}1 other statement was left out (the first: code cell 1, line ")


def test_the_main_block_is_left_out_without_a_word() -> None:
    kept = keep("if __name__ == '__main__':\n    N = 3")
    assert (kept.tree.body, kept.notes) == ([], ())


def test_what_a_release_puts_into_its_notebooks_is_left_out_without_a_word() -> None:
    asking = ['grader.check("1")', "grader = otter.Notebook()", 'public_points("1", "correctness")']
    assert (keep(*asking).tree.body, keep(*asking).notes) == ([], ())
    assert keep("x = other.check()").notes[0].startswith(f"{LEFT_OUT}1 other statement")


def test_line_numbers_are_those_of_the_source() -> None:
    kept = keep("import math", "print(1)\n\ndef f():\n    return 1 / 0")
    with pytest.raises(ZeroDivisionError) as caught:
        run(kept)["f"]()
    assert caught.value.__traceback__ is not None
    assert caught.value.__traceback__.tb_next is not None
    assert caught.value.__traceback__.tb_next.tb_lineno == 7


def test_a_broken_cell_costs_only_itself() -> None:
    kept = keep("N = 1", "x = 1\ndef f(:", "def g():\n    return N", "def h():\n    nonlocal z", "return 3")
    assert run(kept)["g"]() == 1
    assert kept.notes[:2] == (
        f"{BROKEN}code cell 2, line 2: invalid syntax.",
        f"{BROKEN}code cell 4, line 2: no binding for nonlocal 'z' found.",
    )
    assert "f" not in run(kept)


@pytest.mark.parametrize("hostile", ["(" * 5000, "-" * 200_000 + "1", "x = '\\N{'", "a\0b", "\ud800 = 1"])
def test_hostile_cells(hostile: str) -> None:
    kept = keep(hostile, "def g():\n    return 1")
    assert run(kept)["g"]() == 1
    assert kept.notes[0].startswith("A cell is not valid Python and was left out: code cell 1, line 1: ")


def test_future_imports_come_first_wherever_they_stand() -> None:
    kept = keep("import math", "from __future__ import annotations\ndef f(x: Unknown): pass")
    assert run(kept)["f"].__annotations__ == {"x": "Unknown"}
    assert keep("from __future__ import braces").notes == (
        "A cell is not valid Python and was left out: code cell 1, line 1: not a chance.",
    )


def test_what_functions_need_of_the_rest_is_named() -> None:
    kept = keep("data = load()\nused = load()", "def f(data):\n    return data\n\ndef g():\n    return used")
    assert kept.notes == (
        f"{LEFT_OUT}2 other statements were left out (the first: code cell 1, line 1).",
        "`g` uses `used`, which is computed outside of any function (code cell 1, line 2). "
        "That code is not run here: compute it inside the function or pass it as an argument.",
    )


def test_missing_modules_that_nothing_needs_are_not_imported() -> None:
    kept = keep("import nowhere, math\nfrom nowhere import thing\ndef f():\n    return math.pi")
    assert ast.unparse(kept.tree.body[0]) == "import math"
    assert kept.notes == ("`import nowhere` was left out: it is not installed here, and no function uses it.",)
    kept = keep("import nowhere as n\ndef f():\n    return n.x")
    assert ast.unparse(kept.tree.body[0]) == "import nowhere as n"


def test_installed_modules_are_found() -> None:
    kept = keep_definitions("import math, json, no_such_module_at_all\nfrom google.colab import drive\n", "x")
    assert ast.unparse(kept.tree) == "import math, json"


def test_a_handler_that_only_installs_becomes_empty() -> None:
    kept = keep("try:\n    import math\nexcept ImportError:\n    install()")
    assert ast.unparse(kept.tree) == "try:\n    import math\nexcept ImportError:\n    pass"


def test_notes_are_few_short_and_printable() -> None:
    kept = keep(*["def f(:"] * 50)
    assert len(kept.notes) == 20
    kept = keep("x = f()\ndef " + "g" * 500 + "():\n    return x")
    assert max(map(len, kept.notes)) == 300


def test_a_source_without_cells_is_one_cell() -> None:
    assert keep_definitions("def f(:", "x.py").notes == (
        "A cell is not valid Python and was left out: line 1: invalid syntax.",
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(max_size=30)
        | st.sampled_from(["def f(): return x", "x = g()", "N = 1", "import a", "try:\n  a = b\nfinally:\n  pass"]),
        max_size=5,
    )
)
def test_fuzzed_cells_never_raise(cells: list[str]) -> None:
    kept = keep(*cells)
    compile(kept.tree, "x", "exec", dont_inherit=True)
