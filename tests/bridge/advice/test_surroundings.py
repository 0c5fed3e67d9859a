"""What is not there while a submission is graded, what Python cannot read, and what the student's lines raise."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from autograder.bridge.messages import Fault

PROGRAMS = """
### Where your code is graded there is no `data/train.csv`, only your own file: do without it.
def f():
    return open("data/train.csv").read()
### Where your code is graded it may not open `/root/x`: do without it.
def open(path):
    import builtins
    error = PermissionError(13, "Permission denied", path)
    return exec("raise error", {"error": error})
def f():
    return open("/root/x")
### (an exception of the student's own)
def f():
    raise FileNotFoundError("no such thing")
### The module is called `torch`.
try:
    import pytorch
except ImportError:  # where nobody handles it, a stand-in takes its place
    raise
### The grader has no module `my_functions`: do without it. Code of your own belongs into this one file.
try:
    import my_functions
except ImportError:  # where nobody handles it, a stand-in takes its place
    raise
### `torch` has no part `optimizers`.
import torch.optimizers
### (a module that another one lacks)
def f():
    raise ModuleNotFoundError("No module named 'x'", name="x")
### Did you mean `tensor`?
from torch import tensr
### (the end of something else)
def read():
    raise EOFError("EOF when reading a line")
def f():
    return read()
### The grader has no GPU: use one only if there is one (`"cuda" if torch.cuda.is_available() else "cpu"`).
def f():
    raise RuntimeError("Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU")
### Write `and` for `&&`.
def f(x):
    if x > 2 && x < 3:
        return x
### Write `or` for `||`.
def f(x):
    if x > 2 || x < 3:
        return x
### Python has no `++`: write `i += 1`.
def f(i):
    i++
    return i
### Write `elif` for `else if`.
def f(x):
    if x > 2:
        return 1
    else if x > 1:
        return 2
### A product needs its sign: `2 * x`.
def f(x):
    return 2x + 1
### (a number that is broken in another way)
def f(x):
    return 1e + x
### (the text of a string is no code)
def f(x):
    return "2x && y" + (
### This line starts further right than the one above it, which opens no block with a `:`.
def f(x):
    x = 2
      y = 3
### This line starts at another column than every block above it: line it up with the one it belongs to.
def f(x):
        x = 2
    y = 3
### (Python says it all)
def f(x):
x = 2
### Indent with 4 spaces everywhere; most editors can convert the tabs.
def f(x=2):
	if x:
        return 1
### Only lines that are indented below a `def` belong to the function.
def f(x):
    x = 2
return x
### Type `"` in its place.
def f(x):
    print(“hi”)
### Type `-` in its place.
def f(x):
    return x − 1
### `f` calls itself again and again, deeper than Python allows: let it end, or use a loop.
def f(x=2):
    return f(x)
### (two functions that call each other)
def g(x):
    return f(x)
def f(x=2):
    return g(x)
### This is an `assert` of your own, and here it does not hold.
def f(x=2):
    assert x > 3
### (an AssertionError of a library)
import torch
def f():
    torch.testing.assert_close(torch.ones(2), torch.zeros(2))
### The `raise` on line 3 still stands in `f`: take it out.
def f(x=2):
    y = 2 * x
    raise NotImplementedError("Task 1")
### (a case that the student does not want to handle)
def f(x=2):
    if x > 1:
        raise NotImplementedError("large x")
    return x
### (what is left when no case applies)
def f(x=5):
    if x == 1:
        return x
    raise NotImplementedError(x)
### `Square` has no `area` of its own.
class Shape:
    def area(self):
        raise NotImplementedError
class Square(Shape):
    pass
def f(x=2):
    return Square().area()
"""


def test_surroundings(said: str, listed_program: str, advice_of: Callable[[str], str]) -> None:
    assert advice_of(listed_program) == said


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("def f():\n    return float(input('rate? '))\n", "use the function's arguments."),
        ("rate = input('rate? ')\n", 'move it below `if __name__ == "__main__":`.'),
    ],
)
def test_nobody_types(
    program: str, said: str, advice_of: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert advice_of(program) == f"`input()` waits for a person, and here is none: {said}"


BLANKS = {
    "def f():\n    raise NotImplementedError('Task 1')\n": True,
    "def g():\n    '''Later.'''\n    raise NotImplementedError\ndef f():\n    return g()\n": True,
    "class Model:\n    def forward(self):\n        raise NotImplementedError\ndef f():\n    Model().forward()\n": True,
    "class Base:\n    def go(self):\n        raise NotImplementedError\nclass Own(Base):\n    pass\n"
    "def f():\n    Own().go()\n": False,
    "def f(x=1):\n    if x:\n        raise NotImplementedError\n": False,
    "def f(x=1):\n    x = 2\n    raise NotImplementedError\n": False,
    "import torch\ndef f():\n    torch.nn.Module()(1)\n": False,
    "def f():\n    raise ValueError\n": False,
}


@pytest.mark.parametrize("program", BLANKS)
def test_only_what_is_empty_is_a_blank(program: str, fault_of: Callable[[str], Fault]) -> None:
    assert fault_of(program).blank is BLANKS[program]


HOSTILE = """\
class Odd(Exception):
    def __getattribute__(self, name):
        raise SystemExit

class Sly:
    @property
    def __class__(self):
        raise KeyboardInterrupt

def f(a=Sly()):
    return a + 1.0 ^ {}
"""


def test_objects_that_resist_being_looked_at_cost_only_the_advice(fault_of: Callable[[str], Fault]) -> None:
    fault = fault_of(HOSTILE)
    assert (fault.kind, fault.line, fault.advice) == ("TypeError", 11, "")


def test_of_a_file_that_nobody_wrote_by_hand_only_the_exception_is_told(fault_of: Callable[[str], Fault]) -> None:
    fault = fault_of("def f(n=0):\n    return 1 / n\n" + "# a comment\n" * 20_000)
    assert (fault.kind, fault.line, fault.source, fault.advice) == ("ZeroDivisionError", 2, "return 1 / n", "")
