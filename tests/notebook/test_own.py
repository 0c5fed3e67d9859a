"""The release's own lines as the judge recognises them: by text alone, and never more than what is not run."""

from __future__ import annotations

import ast

import pytest

from autograder.notebook.own import FIRST_CELL, own_lines, without_own


def test_the_first_cell_is_all_our_own() -> None:
    assert without_own(ast.parse(FIRST_CELL).body) == []
    named = {number for number, line in enumerate(FIRST_CELL.split("\n"), 1) if "autograder" in line.partition("#")[0]}
    assert own_lines(FIRST_CELL) == named != frozenset()


@pytest.mark.parametrize(
    "line",
    [
        "import autograder",
        "import autograder as grader",
        "import torch, autograder as grader, math as m  # mine",
        "from autograder.nbgrader import public_points",
        "from autograder.nbgrader import hidden_points, public_points",
        "autograder.check('1.3')",
        'result = autograder.check("2");',
    ],
)
def test_lines_of_ours(line: str) -> None:
    assert own_lines(line) == {1}
    assert own_lines(f"try:\n    x = 1\n    {line}\nexcept ImportError:\n    {line}\n") == {3, 5}
    kept = without_own(ast.parse(line).body)
    assert "autograder" not in ast.unparse(ast.Module(kept, []))


@pytest.mark.parametrize(
    "source",
    [
        "import autograder.bridge",
        "from autograder.bridge import answer",
        "import autograder as grader; grader.bridge",
        "import autograder as grader\ngrader.bridge",
        "import autograder as grader\ngrader.check('1')\nx = grader",
        "import autograder as grader\n\uff47rader.hygiene",
        "import autograder as g\nglobals()['g'].hygiene",
        "import autograder\nwith autograder.record() as trace: pass",
        "import autograder\nx = 1; autograder.hygiene",
        "x = autograder.bridge",
        "autograder.check(autograder.bridge)",
        "def f():\n    import autograder as grader",
        "try:\n    def f():\n        import autograder as grader\nexcept: pass",
        "if x:\n    import autograder as grader",
        "'''\n''' + str(\nautograder)",
        "s = 'import autograder as grader'",
    ],
)
def test_whatever_else_names_the_grader_is_worth_a_look(source: str) -> None:
    assert own_lines(source) == frozenset()


def test_what_students_add_to_the_first_cell_stays() -> None:
    added = FIRST_CELL.replace("    import otter\n", "    import otter\n    import math\n") + "\nimport torch\nN = 1\n"
    assert [ast.unparse(node) for node in without_own(ast.parse(added).body)] == [
        "try:\n    import math\nexcept ImportError:\n    pass",
        "import torch",
        "N = 1",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import autograder\nwith autograder.record() as trace:\n    f()",
        "from autograder.hygiene import recorder",
        "import autograder as grader\ndef f():\n    return grader.record",
        "from autograder.nbgrader import public_points\ndef f():\n    return public_points",
    ],
)
def test_what_somebody_reads_stays(source: str) -> None:
    kept = without_own(ast.parse(source).body)
    assert ast.unparse(ast.Module(kept, [])) == ast.unparse(ast.parse(source))


@pytest.mark.parametrize("source", ["x = grader.check", "check(1)", "net.check('1')", "grader = 3", "import grader"])
def test_what_only_looks_like_ours_stays(source: str) -> None:
    assert [ast.unparse(node) for node in without_own(ast.parse(source).body)] == [source]
