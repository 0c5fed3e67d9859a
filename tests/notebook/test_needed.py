"""Which statements of a notebook are run, which are not, and what is said of those that fail."""

from __future__ import annotations

import ast
import signal
import sys
import time
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.notebook.cells import join_cells
from autograder.notebook.needed import Slice, slice_notebook
from autograder.notebook.running import notes_on, run_steps, steps_of

FILE = "work.ipynb"
BROKEN = "A cell is not valid Python and was left out: "
HANGS = "while True:\n    pass"
"""Minutes of training: a test that ran it would not end."""


def needed(*cells: str, graded: tuple[str, ...] = ("f",)) -> Slice:
    return slice_notebook(join_cells(cells)[0], FILE, graded)


def texts(found: Slice) -> list[str]:
    return [ast.unparse(one.node) for one in found.statements]


class Ran(NamedTuple):
    notes: tuple[str, ...]
    lost: dict[str, str]


def ran(*cells: str, names: dict[str, object] | None = None, seconds: float = 20.0) -> Ran:
    import linecache

    source = join_cells(cells)[0]
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    try:
        found = slice_notebook(source, FILE, ["f"])
        names = {} if names is None else names
        came = run_steps(steps_of(found, FILE), names, source, FILE, seconds, found.lost)
        return Ran(notes_on(found, came, source), came.lost)
    finally:
        linecache.cache.pop(FILE, None)


NETS = "import torch\nnet = torch.nn.Linear(1, 1)\nopt = torch.optim.SGD(net.parameters(), 0.1)"

TRAINING = [
    HANGS,
    "raise SystemExit",
    "out = train()",
    "a, b, c = train(1e-3)",
    "losses = [train(lr) for lr in (1, 2)]",
    "for lr in rates:\n    results[lr] = train(lr)\n    plt.plot(results[lr])",
    "train(net, device)",
    "history = train(model, loader, device=device, lr=LR)\nplt.plot(history)\nplt.show()",
    "train(cfg)",
    "x, y = train(), 1\nprint(x, y)",
    "for epoch in range(10**9):\n    loss = criterion(net(x), y)\n    loss.backward()\n    opt.step()",
    "with torch.no_grad():\n    print(train())",
    "try:\n    train()\nexcept KeyboardInterrupt:\n    pass",
    "if train():\n    print('better')",
    "if __name__ == '__main__':\n    train()",
    "def main():\n    train()\nmain()",
    "fig, ax = plt.subplots()\nax.plot(train())\nax.set_title(device)",
    "assert train() > LR",
    "while train() > LR:\n    pass",
    "%timeit -n 1 train()",
    "%%time\nresult = train()",
    "best = min(train(lr) for lr in (LR, 2))",
    "display(train())",
    "train().backward()",
    "del train",
    "loop = iter(train, None)\nnext(loop)",
    "async def go():\n    train()\nawait go()",
    "model = Net()\nmodel.fit(train())\nmodel.save('x.pt')",
    "scores = {}\nfor name in ('a', 'b'):\n    scores[name] = train()\nscores.update(c=train())",
    "torch.save(train(), 'x.pt')",
]


@pytest.mark.parametrize("cell", TRAINING)
def test_training_beside_right_code_is_not_run(cell: str) -> None:
    """Neither above nor below what the function needs, though it uses the same names."""
    given = (
        "import torch\ndevice = 'cpu'\nLR = 0.5\ncfg = {'lr': LR}\ncriterion = torch.nn.MSELoss()",
        f"def train(*args, **kwargs):\n    {HANGS.replace(chr(10), chr(10) + '    ')}",
        "def f(): return device, LR, cfg, criterion(torch.ones(1), torch.ones(1)).item()",
    )
    if cell.startswith("%"):
        cell = cell.partition("\n")[2] or "pass"  # what intake makes of it
    for cells in ((*given, cell), (*given[:2], cell, given[2])):
        names: dict[str, object] = {}
        assert ran(*cells, names=names).lost == {}
        assert names["f"]() == ("cpu", 0.5, {"lr": 0.5}, 0.0)  # type: ignore[operator]


def test_the_training_of_a_net_that_is_graded_is_run() -> None:
    loop = "for k in range(3):\n    loss = net(torch.ones(1, 1)).sum()\n    loss.backward()\n    opt.step()"
    found = needed(NETS, loop, "print(net)", "def f(): return net")
    assert loop in texts(found)
    assert "print(net)" not in texts(found)


TRAINER = """\
class Trainer:
    def __init__(self, net, cfg, device="cpu"):
        self.net = net
        self.cfg = cfg
        self.device = device
        self.history = []
    def fit(self, steps):
        for step in range(steps):
            self.net.train()
            self.history.append(self.cfg["lr"])
        return self.history
"""


def test_what_a_trainer_only_reads_is_not_changed_by_it() -> None:
    cells = (f"{NETS}\ncfg = {{'lr': 0.1}}", TRAINER, "t = Trainer(net, cfg, device='cpu')", "t.fit(3)", "h = t.fit(2)")
    assert texts(needed(*cells, "def f(): return cfg"))[0:2] == ["cfg = {'lr': 0.1}", "def f():\n    return cfg"]
    assert "t.fit(3)" in texts(needed(*cells, "def f(): return net"))
    assert "t.fit(3)" in texts(needed(*cells, "def f(): return t"))


def test_a_change_of_what_cannot_change_is_not_run() -> None:
    cells = ("LR = 0.5\ndef train(a):\n    a += 1\n    raise SystemExit", "train(LR)", "def f(): return LR")
    assert "train(LR)" in texts(needed(*cells))
    names: dict[str, object] = {}
    assert ran(*cells, names=names).notes == ()
    assert names["LR"] == 0.5


def test_only_what_matters_of_if_and_with_is_run() -> None:
    found = needed(
        "import torch\nif K:\n    N = 1\n    train()\nelse:\n    plot()\nwith torch.no_grad():\n    M = 2\n    train()",
        "def f(): return N, M",
    )
    assert texts(found)[1:3] == ["if K:\n    N = 1", "with torch.no_grad():\n    M = 2"]


def test_switches_of_libraries_are_set_in_their_order() -> None:
    cells = (
        "import torch, random, warnings, matplotlib.pyplot as plt",
        "torch.manual_seed(0)\ntorch.set_grad_enabled(False)\nplt.rcParams['figure.dpi'] = 50",
        "warnings.simplefilter('ignore')",
        "torch.backends.cudnn.deterministic = True\ntorch.set_num_threads(8)\ntorch.set_grad_enabled(True)",
        "def f(): return torch",
    )
    assert texts(needed(*cells))[1:-1] == [
        "torch.manual_seed(0)",
        "torch.set_grad_enabled(False)",
        "warnings.simplefilter('ignore')",
        "torch.backends.cudnn.deterministic = True",
        "torch.set_grad_enabled(True)",
    ]
    assert "plt.rcParams['figure.dpi'] = 50" in texts(needed(*cells[:-1], "def f(): return plt.figure()"))


def test_a_definition_that_a_later_one_replaces_is_not_run() -> None:
    assert texts(needed("N = compute()\nN = 1", "def f(): return N")) == ["N = 1", "def f():\n    return N"]
    assert texts(needed("N = 1\nN = N + 1", "def f(): return N"))[:2] == ["N = 1", "N = N + 1"]
    assert texts(needed("N = 1\nM = g()\nN = 2\ndef g(): return N", "def f(): return M, N"))[:2] == ["N = 1", "M = g()"]


def test_without_names_everything_that_is_defined_counts() -> None:
    assert len(needed("A = 1", "def f(): return A", "B = 2", "def g(): return B", "C = 3", graded=()).statements) == 4


def test_what_fails_is_said_with_cell_line_and_text() -> None:
    names: dict[str, object] = {}
    got = ran("import os", "N = 1\ndata = open('none.csv')", "print(1)", "def f(): return data, N", names=names)
    assert got.notes == (
        "Code cell 2, line 2: `data = open('none.csv')`: FileNotFoundError: [Errno 2] No such file or directory: "
        "'none.csv', so `data` is missing.",
        "Of your notebook, what the graded functions need is run; 1 other statement was left out "
        "(code cell 3, line 1).",
    )
    assert got.lost["data"].startswith("`data` is missing because of code cell 2, line 2: `data = open('none.csv')`: ")
    assert names["N"] == 1


def test_what_fails_because_of_an_earlier_failure_has_the_first_reason() -> None:
    got = ran("a = 1 / 0", "b = a + 1", "def f(): return b")
    assert got.lost["b"].endswith("because of code cell 1, line 1: `a = 1 / 0`: ZeroDivisionError: division by zero.")


def test_a_change_that_fails_is_said() -> None:
    got = ran("xs = []", "for k in (1, 0):\n    xs.append(1 / k)", "def f(): return xs")
    assert got.notes == (
        "Code cell 2, line 1: `for k in (1, 0):`: ZeroDivisionError: division by zero, so `xs` stays as it was then.",
    )
    assert got.lost == {}


@pytest.mark.parametrize("statement", ["exit()", "raise KeyboardInterrupt", "raise MemoryError", "input()"])
def test_whatever_a_needed_statement_raises_is_survived(statement: str) -> None:
    names: dict[str, object] = {}
    assert (
        "N"
        in ran(
            f"if True:\n    N = ({statement if '(' in statement else 'g()'})\ndef g(): {statement}",
            "def f(): return N",
            names=names,
        ).lost
    )
    assert "f" in names


@pytest.mark.parametrize(
    "loop",
    [
        "while True:\n    xs.append(1)\n    xs.pop()",
        "while True:\n    try:\n        xs.append(1)\n        xs.pop()\n    except BaseException:\n        pass",
        "for k in iter(int, 1):\n    xs[:] = [k]",
        "while True:\n    try:\n        xs[:] = sorted(range(300_000))\n    except:\n        pass",
        "while len(xs) < 2:\n    try:\n        spin(xs)\n    except:\n        continue",
    ],
)
def test_a_needed_statement_that_does_not_end_is_stopped(loop: str) -> None:
    handler, traced = signal.getsignal(signal.SIGPROF), sys.gettrace()
    names: dict[str, object] = {}
    spin = "def spin(a):\n    for _ in range(10**9):\n        a[:] = sorted(range(300_000), key=lambda k: -k)[:1]"
    got = ran(f"xs = []\n{spin}", loop, "N = 3", "def f(): return xs, N", names=names, seconds=0.5)
    assert names["N"] == 3
    first = loop.split("\n")[0]
    assert got.notes[0] == (
        f"Code cell 2, line 1: `{first}`: it used more than 0.15 s of processor time and was stopped, "
        "so `xs` stays as it was then."
    )
    assert signal.getsignal(signal.SIGPROF) == handler
    assert sys.gettrace() is traced
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_many_statements_that_do_not_end_share_the_time() -> None:
    before = time.process_time()
    cells = [f"n{k} = 0\nwhile True:\n    n{k} += 1" for k in range(6)]
    ran(*cells, f"def f(): return {', '.join(f'n{k}' for k in range(6))}", seconds=0.5)
    assert time.process_time() - before < 0.5 + 0.3


def test_a_broken_cell_costs_only_itself_and_is_the_reason_for_its_names() -> None:
    names: dict[str, object] = {}
    got = ran(
        "N = 1",
        "x = 1\nK: int = 2\ndef g(:\n    y = 3",
        "def h():\n    nonlocal z",
        "return 3",
        "def f(): return N, g, K",
        names=names,
    )
    assert names["N"] == 1
    assert got.notes[:3] == (
        f"{BROKEN}code cell 2, line 3: invalid syntax.",
        f"{BROKEN}code cell 3, line 2: no binding for nonlocal 'z' found.",
        f"{BROKEN}code cell 4, line 1: 'return' outside function.",
    )
    assert got.lost["g"] == "`g` stands in a cell that is not valid Python (code cell 2, line 3: invalid syntax)."
    assert got.lost.keys() >= {"x", "K", "g", "h"}


@pytest.mark.parametrize("hostile", ["(" * 5000, "-" * 200_000 + "1", "x = '\\N{'", "a\0b", "\ud800 = 1"])
def test_hostile_cells(hostile: str) -> None:
    names: dict[str, object] = {}
    got = ran(hostile, "def f(): return 1", names=names)
    assert "f" in names
    assert got.notes[0].startswith(f"{BROKEN}code cell 1, line 1: ")


def test_statements_that_are_nested_too_deeply() -> None:
    deep = "if a == 0: b = 0\n" + "".join(f"elif a == {k}: b = {k}\n" for k in range(400))
    names: dict[str, object] = {}
    assert "nested too deeply" in ran(deep, "def f(): return 1", names=names).notes[0]
    assert "f" in names


def test_a_large_notebook_takes_no_time() -> None:
    cells = [f"K{k} = K{k - 1} + 1\ndef g{k}(): return K{k} + g{k - 1}()\nxs.append(g{k})" for k in range(1, 400)]
    before = time.process_time()
    found = needed("K0 = 0\nxs = []\ndef g0(): return K0", *cells, "def f(): return g399(), xs")
    assert len(found.statements) == 3 + 3 * 399 + 1
    assert time.process_time() - before < 10


def test_future_imports_hold_for_the_whole_notebook() -> None:
    names: dict[str, object] = {}
    ran("import math", "from __future__ import annotations\ndef f(x: Unknown): pass", names=names)
    assert names["f"].__annotations__ == {"x": "Unknown"}  # type: ignore[attr-defined]
    assert ran("from __future__ import braces", "def f(): pass").notes == (
        f"{BROKEN}code cell 1, line 1: not a chance.",
    )


def test_line_numbers_are_those_of_the_source() -> None:
    names: dict[str, object] = {}
    ran("import math", "print(1)\n\ndef f():\n    return 1 / 0", names=names)
    with pytest.raises(ZeroDivisionError) as caught:
        names["f"]()  # type: ignore[operator]
    assert caught.traceback[-1].lineno + 1 == 7


def test_notes_are_few_short_and_printable() -> None:
    assert len(ran(*["def f(:"] * 50, "def f(): return 1").notes) == 20
    long = ran("x = {}['" + "g" * 500 + "']", "def f(): return x").notes[0]
    assert len(long) == 300
    assert ran("x = {}['\\x1b[31m']", "def f(): return x").notes[0].isprintable()


def test_a_source_without_cells_is_one_cell() -> None:
    assert slice_notebook("def f(:", "x.py").broken == ["line 1: invalid syntax"]


def test_a_release_s_own_statements_are_not_run_wherever_they_stand() -> None:
    cells = (
        "import torch, otter, autograder as grader\ngrader = otter.Notebook()",
        "try:\n    import otter\n    grader = otter.Notebook()\n    import math\n"
        "except ImportError:\n    import autograder as grader\n    N = 2",
        "from autograder.nbgrader import public_points\npublic_points('1', 'correctness')",
        "def f(): return torch, math\nr = grader.check('1')\ngrader.check_all()",
    )
    assert texts(needed(*cells)) == [
        "import torch",
        "try:\n    import math\nexcept ImportError:\n    N = 2",
        "def f():\n    return (torch, math)",
    ]
    assert needed(*cells).left_out == []


def test_nobody_hears_of_definitions_and_imports_that_are_not_run() -> None:
    idle = "def g():\n    for k in range(3):\n        print(k)\nclass A:\n    x = print()\nimport os\n'text'\npass\n"
    idle += "try:\n    import seaborn\nexcept ImportError:\n    pass"
    found = needed(idle, "def f(): return 1", "print(1)\nx = 1")
    assert found.left_out == [17, 18]
    assert [function.name for function in found.others] == ["g"]


def test_a_grader_of_the_student_s_own_is_left_alone() -> None:
    cells = ("class G:\n    def check(self, x): self.x = x\ngrader = G()\ngrader.check(1)", "def f(): return grader.x")
    names: dict[str, object] = {}
    assert ran(*cells, names=names).lost == {}
    assert names["f"]() == 1  # type: ignore[operator]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(max_size=30)
        | st.sampled_from(
            ["def f(): return x", "x = g()", "N = 1", "import a", "try:\n  a = b\nfinally:\n  pass", "x.append(1)",
             "for x in f: x[N] = a", "if x: f = 1\nelse: del x", "class f(x):\n  N = x", "with x as y: f()", "global f"]
        ),
        max_size=5,
    )
)  # fmt: skip
def test_fuzzed_cells_never_raise(cells: list[str]) -> None:
    found = needed(*cells)
    compile(found.tree, "x", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


@pytest.mark.parametrize(
    "experiment", ["for i in range(3):\n    print(i)", 'if __name__ == "__main__":\n    print(f())']
)
def test_who_only_calls_a_builtin_that_a_graded_function_calls_too_changes_nothing(experiment: str) -> None:
    found = slice_notebook(f"# cell 1\ndef f():\n    print(1)\n# cell 2\n{experiment}\n", "x.ipynb", ["f"])
    assert [type(one.node).__name__ for one in found.statements] == ["FunctionDef"]
