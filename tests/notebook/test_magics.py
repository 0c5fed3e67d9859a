"""Lines that only IPython understands become comments; Python that looks like them stays."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.notebook.magics import drop_magics


@pytest.mark.parametrize(
    ("cell", "expected", "dropped"),
    [
        ("%matplotlib inline\nimport torch", "# %matplotlib inline\nimport torch", 1),
        ("!pip install torch", "# !pip install torch", 1),
        ("!pip install \\\n    torch\nx = 1", "# !pip install \\\n#     torch\nx = 1", 2),
        ("if x:\n    !ls", "if x:\n    pass  # !ls", 1),
        ("f?", "# f?", 1),
        ("torch.nn??", "# torch.nn??", 1),
        ("?f", "# ?f", 1),
        ("files = !ls", "# files = !ls", 1),
        ("out = %timeit -o f()", "# out = %timeit -o f()", 1),
        ("%%time\nx = 1", "# %%time\nx = 1", 1),
        ("\n%%capture out\n%%time\nx = 1", "\n# %%capture out\n# %%time\nx = 1", 2),
        ("%%bash\nls\n\n  rm x", "# %%bash\n# ls\n\n#   rm x", 3),
        ("%%html\n<p>\n  <b>\n", "# %%html\n# <p>\n#   <b>\n", 3),
        ("%%graph\na -> b\n  c", "# %%graph\n# a -> b\n#   c", 3),
        ("%%wandb\ndef f():\n    return 1", "# %%wandb\ndef f():\n    return 1", 1),
        ("%%!\nx = 1", "# %%!\n# x = 1", 2),
        ("%%writefile a.py\ndef f(): pass", "# %%writefile a.py\n# def f(): pass", 2),
    ],
)
def test_left_out(cell: str, expected: str, dropped: int) -> None:
    assert drop_magics(cell) == (expected, dropped)


@pytest.mark.parametrize(
    "cell",
    [
        "x = (a\n  % b)",
        "x = a \\\n  % b",
        's = """\n%d items\n!x\nwhat?\n"""\nx = 1',
        "s = '''a\\'''\n%s\n''' % 3",
        "x = 'a\\\n%b'",
        "d = {\n'a': '#',\n'b': ')'  # (\n}",
        "x != y",
        "s = 'what?'",
        "x = a  # why?",
        "f(\n'''\n)''',\n%  3)".replace("%  3", "3"),
    ],
)
def test_python_stays(cell: str) -> None:
    assert drop_magics(cell) == (cell, 0)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%time x = f()", "x = f()"),
        ("x = %time f()", "x = f()"),
        ("a, b.c = %time f(1)", "a, b.c = f(1)"),
        ("if y:\n    %time g()", "if y:\n    g()"),
        ('s = """\n%time f()\n"""', 's = """\n%time f()\n"""'),
    ],
)
def test_what_is_timed_is_run(cell: str, expected: str) -> None:
    assert drop_magics(cell) == (expected, 0)


def test_a_long_line_takes_no_time() -> None:
    assert drop_magics(" " * 300_000 + "x")[1] == 0


def test_a_magic_after_strings_and_brackets_is_found() -> None:
    cell = 's = "(" + \'"""\' + r"\\\\"  # """ (\n%timeit f()'
    assert drop_magics(cell)[1] == 1


@given(st.text(alphabet="'\"\\#([{)]}\n%!?= ab", max_size=60))
def test_valid_python_is_never_changed(cell: str) -> None:
    try:
        ast.parse(cell)
    except (SyntaxError, ValueError):
        return
    assert drop_magics(cell) == (cell, 0)


@given(st.text(max_size=80))
def test_the_number_of_lines_stays(cell: str) -> None:
    assert drop_magics(cell)[0].count("\n") == cell.count("\n")
