"""What a statement reads and binds, as the compiler knows it."""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

from autograder.notebook.names import Names, named_instructions, names_of


def names(source: str) -> Names:
    (node,) = ast.parse(source).body
    return names_of(node)


@pytest.mark.parametrize(
    ("source", "reads", "binds", "surely"),
    [
        ("x = [f(i) for i in y]", "f y", "x", "x"),
        ("x += 1", "x", "x", ""),
        ("a.b[c] = d", "a c d", "", ""),
        ("for i in xs:\n    t = i\n    z = t + q", "xs q", "i t z", ""),
        ("for i in xs:\n    z = t\n    t = i", "xs t", "i t z", ""),
        ("while c:\n    n = n + 1", "c n", "n", ""),
        ("with a() as b:\n    c = b", "a", "b c", "b c"),
        ("if a:\n    b = c = 1\nelse:\n    b = 2", "a", "b c", "b"),
        ("try:\n    a = b\nexcept E as e:\n    c = e\nfinally:\n    d = a", "E a b", "a c d e", ""),
        ("def f(a=b): return c", "b", "f", ""),
        ("def f(a=1): return c", "", "f", "f"),
        ("@d\ndef f(): pass", "d", "f", ""),
        ("class A(B, metaclass=M):\n    n = 1\n    m = n + k", "B M __name__ k", "A", "A"),
        ("import a.b, c as d", "", "a d", ""),
        ("import a", "", "a", "a"),
        ("from m import a, b as c", "", "a c", "a c"),
        ("from m import *", "", "*", ""),
        ("del a, b[c]", "b c", "a", ""),
        ("(y := x) + y", "x", "y", "y"),
        ("a, (b, *c) = d", "d", "a b c", "a b c"),
        ("f'{a!r:>{b}}'", "a b", "", ""),
        ("x = lambda a: a + b", "", "x", "x"),
        ("x = await f(y)", "f y", "x", "x"),
        ("match a:\n    case [b, *_]:\n        c = b", "a", "b c", ""),
        ("n: T = 1", "T __annotations__", "__annotations__ n", "n"),
    ],
)
def test_what_runs_at_once(source: str, reads: str, binds: str, surely: str) -> None:
    got = names(source)
    assert got.reads - {"__annotations__"} == set(reads.split()) - {"__annotations__"}
    assert got.binds - {"__annotations__"} == set(binds.split()) - {"__annotations__"}
    assert got.surely - {"__annotations__"} == set(surely.split())


@pytest.mark.parametrize(
    ("source", "reads", "binds"),
    [
        ("def f(a):\n    b = a\n    return b + c", "c", ""),
        ("def f():\n    global w\n    w = x", "x", "w"),
        ("def f():\n    def g(): return a\n    return [b for _ in g()]", "a b", ""),
        ("class A:\n    n = 1\n    def f(self): return n, self.m", "n", ""),
        ("x = {k: lambda: y for k in z}", "y", ""),
        ("def f(): return globals()['a one'] + eval('b * c')", "globals eval a one b c", ""),
    ],
)
def test_what_runs_when_a_function_is_called(source: str, reads: str, binds: str) -> None:
    got = names(source)
    assert (got.later_reads, got.later_binds) == (set(reads.split()), set(binds.split()))


def codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


@pytest.mark.parametrize("file", ["changes.py", "stand_ins.py", "needed.py"])
def test_instructions_are_read_as_dis_reads_them(file: str) -> None:
    """Python's own reader is ten times as slow; should the byte code change, this says so."""
    source = Path(names_of.__code__.co_filename).with_name(file).read_text()
    source += "\n" + "\n".join(f"name_{number} = name_{number + 1}" for number in range(700))
    source += "\nclass A:\n    del A, a\n    def f(self):\n        global q, r\n        q = A\n        del r\n"
    seen = 0
    for code in codes(compile(source, file, "exec")):
        scopes = ("NAME", "GLOBAL", "FROM_DICT_OR_GLOBALS")
        expected = [
            (one.opname, one.argval)
            for one in dis.get_instructions(code)
            if one.opname.partition("_")[0] in ("LOAD", "STORE", "DELETE") and one.opname.partition("_")[2] in scopes
        ]
        assert list(named_instructions(code)) == expected
        seen += len(expected)
    assert seen > 1500
