"""What goes wrong is told in the same words: exceptions, blanks, names that are not there, answers that are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.bridge.proxy import SubmissionProxy

Load = Callable[..., SubmissionProxy]
Told = Callable[[Callable[[], Any]], tuple[str, str]]
Ask = Callable[[Any], Any]

FAILURES: dict[str, tuple[str, Ask, str, str]] = {
    "an exception": (
        "\ndef f(x):\n    y = x\n    return y / 0\n",
        lambda one: one.f(1.0),
        "error",
        "`f` stopped with ZeroDivisionError on line 5: float division by zero\n    return y / 0",
    ),
    "one with advice": (
        "\ndef f(x):\n    y = torch.ones(2)\n    y.backward()\n",
        lambda one: one.f(1),
        "error",
        "`f` stopped with RuntimeError on line 5: element 0 of tensors does not require grad and does not have a "
        "grad_fn\n    y.backward()\nNo tensor here requires a gradient: make your parameters with "
        "`requires_grad=True`.",
    ),
    "one below another function": (
        "def f():\n    return g(1)\ndef g(x):\n    raise ValueError('a' * 1000)\n",
        lambda one: one.f(),
        "error",
        f"`f` stopped with ValueError on line 5: {'a' * 600}\n    raise ValueError('a' * 1000)",
    ),
    "one that no clause catches": (
        "def f():\n    try:\n        raise KeyboardInterrupt\n    except Exception:\n        pass\n",
        lambda one: one.f(),
        "error",
        "`f` stopped with KeyboardInterrupt on line 4.\n    raise KeyboardInterrupt",
    ),
    "without end": (
        "def f():\n    return f()\n",
        lambda one: one.f(),
        "error",
        "`f` stopped with RecursionError on line 3: maximum recursion depth exceeded\n    return f()\n`f` calls itself "
        "again and again, deeper than Python allows: let it end, or use a loop.",
    ),
    "exit": (
        "def f():\n    sys.exit(3)\n",
        lambda one: one.f(),
        "error",
        "`f` ended the program on line 3 (SystemExit). A function should return its result instead.",
    ),
    "memory": (
        "def f():\n    return torch.zeros(10**12)\n",
        lambda one: one.f(),
        "memory_exceeded",
        "`f` asked for more memory than the grader allows. Look for tensors that grow with every step.",
    ),
    "input": (
        "def f():\n    return input('How many? ')\n",
        lambda one: one.f(),
        "error",
        "`f` stopped with EOFError on line 3: EOF when reading a line\n    return input('How many? ')\n`input()` waits "
        "for a person, and here is none: use the function's arguments.",
    ),
    "a blank": (
        "def f():\n    raise NotImplementedError\n",
        lambda one: one.f(),
        "failed",
        "`f` is not implemented yet.",
    ),
    "a recorded blank": (
        "def f():\n    raise NotImplementedError('later')\n",
        lambda one: one.traced.f(),
        "failed",
        "`f` is not implemented yet.",
    ),
    "a blank below": (
        "def f():\n    return g()\ndef g():\n    raise NotImplementedError\n",
        lambda one: one.f(),
        "failed",
        "`g` is not implemented yet.",
    ),
    "a blank class": (
        "class Net:\n    def forward(self):\n        raise NotImplementedError\n",
        lambda one: one.Net(),
        "failed",
        "`Net` is not implemented yet.",
    ),
    "a blank after the function": (
        "def f():\n    return 1\ndef f():\n    raise NotImplementedError\n",
        lambda one: one.f(),
        "failed",
        "`f` is not implemented yet. It is defined twice, and the blank one on line 4 counts: take it out.",
    ),
    "a missing name": (
        "def g():\n    return 1\n",
        lambda one: one.f(),
        "failed",
        "`f` was not found in your submission. Define it at the top level of your file, with exactly this name and "
        "the parameters `(x)`.",
    ),
    "another name": (
        "\n\ndef duoble(x):\n    return 2 * x\n",
        lambda one: one.double(1),
        "failed",
        "`double` was not found in your submission. There is `duoble` on line 4: if that is the one, rename it to "
        "`double`.",
    ),
    "a name inside": (
        "def g():\n    def f():\n        return 1\n    return f\n",
        lambda one: one.f(),
        "failed",
        "`f` was not found at the top level of your file: on line 3 it is defined inside `g`. Move it out of there.",
    ),
    "other parameters": (
        "\ndef f(number):\n    return number\n",
        lambda one: one.f(x=1),
        "failed",
        "`f(number)` on line 3 should be `f(x)`: the parameters' names are part of the task. Missing: `x`.",
    ),
    "rubbish": (
        "def f():\n    import autograder.bridge.answer\n    autograder.bridge.answer.pack = lambda *frame: b'..'\n",
        lambda one: one.f(),
        "error",
        "The answer of `f` could not be read (a message that is too short).",
    ),
    "no key": (
        "def f():\n    return {object(): 1}\n",
        lambda one: one.f(),
        "error",
        "The answer of `f` could not be read (a dictionary key that is not a number or text).",
    ),
}


@pytest.mark.parametrize("case", FAILURES)
def test_what_goes_wrong_is_told_alike(load: Load, told: Told, case: str) -> None:
    source, ask, outcome, said = FAILURES[case]
    submission = load(source, signatures={"f": ("x",)})
    assert told(lambda: ask(submission)) == (outcome, said)
