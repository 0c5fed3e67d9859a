"""What students do in notebooks: right code keeps working, however its constants are made and whatever stands beside."""

from __future__ import annotations

import asyncio
import json
import linecache
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.bridge.load import Loaded, load_module
from autograder.notebook.reading import notebook_cells

NAME = "habits"
HANGS = "while True:\n    pass"
"""Stands for minutes of training: a test that ran it would not end."""
STARTS = {"torch": "import torch", "np": "import numpy as np", "plt": "import matplotlib.pyplot as plt"}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    import torch

    dtype, grad, states = torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_rng_state()
    yield
    torch.set_default_dtype(dtype)
    torch.set_grad_enabled(grad)
    torch.set_rng_state(states)
    sys.modules.pop(NAME, None)
    linecache.cache.pop(f"{NAME}.ipynb", None)


def load(*cells: str, graded: tuple[str, ...] = ("f",), seconds: float = 20.0) -> Loaded:
    """The cells as they are handed in and loaded."""
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells],
    }
    text = notebook_cells(json.dumps(notebook).encode())
    return load_module(text.source, f"{NAME}.ipynb", NAME, True, graded, seconds)


HABITS: dict[str, tuple[tuple[str, ...], Any]] = {
    "comprehension": (("RATES = [10.0 ** -k for k in range(3)]", "def f(): return RATES"), [1.0, 0.1, 0.01]),
    "default argument": (("RATES = [k for k in range(3)]", "def f(rates=RATES): return rates"), [0, 1, 2]),
    "filled by a loop": (("SQUARES = []\nfor k in range(3):\n    SQUARES.append(k * k)", "def f(): return SQUARES"), [0, 1, 4]),
    "dict filled by a loop": (("T = {}\nfor k in 'ab':\n    T[k] = ord(k)", "def f(): return T"), {"a": 97, "b": 98}),
    "instance of a class": (("class M:\n    def __call__(self, a): return a + 1\nm = M()", "def f(): return m(1)"), 2),
    "dataclass": (
        ("from dataclasses import dataclass", "@dataclass\nclass C:\n    lr: float = 0.5\ncfg = C()", "def f(): return cfg.lr"),
        0.5,
    ),
    "dataclass with futures": (
        ("from __future__ import annotations\nfrom dataclasses import dataclass, field",
         "@dataclass\nclass C:\n    xs: list[int] = field(default_factory=list)", "def f(): return C().xs"),
        [],
    ),
    "enum": (("from enum import Enum\nclass E(Enum):\n    A = 1", "def f(): return E.A.value"), 1),
    "NamedTuple": (("from typing import NamedTuple\nclass P(NamedTuple):\n    x: int = 2", "def f(): return P().x"), 2),
    "namedtuple": (("from collections import namedtuple\nP = namedtuple('P', 'x y')", "def f(): return P(1, 2).y"), 2),
    "partial": (("from functools import partial\ng = partial(max, 3)", "def f(): return g(1)"), 3),
    "global tensor": (("import torch", "W = torch.ones(3) * 2", "def f(): return W.tolist()"), [2.0, 2.0, 2.0]),
    "mesh grid": (("import torch\nT = torch.linspace(0, 1, 3)\nU, V = torch.meshgrid(T, T, indexing='xy')", "def f(): return tuple(U.shape)"), (3, 3)),
    "with block": (("import torch\nwith torch.no_grad():\n    P = torch.arange(3)", "def f(): return P.tolist()"), [0, 1, 2]),
    "with a target": (("from io import StringIO\nwith StringIO('7') as s:\n    N = int(s.read())", "def f(): return N"), 7),
    "main guard": (("if __name__ == '__main__':\n    N = 4\n    " + HANGS.replace("\n", "\n    "), "def f(): return N"), 4),
    "device": (("import torch\ndevice = 'cuda' if torch.cuda.is_available() else 'cpu'", "def f(): return device"), "cpu"),
    "device by if": (
        ("import torch\nif torch.cuda.is_available():\n    device = 'cuda'\n    print(torch.cuda.get_device_name(0))\nelse:\n    device = 'cpu'", "def f(): return device"),
        "cpu",
    ),
    "try except else": (("try:\n    import no_such_thing\nexcept ImportError:\n    N = 1\nelse:\n    N = 2", "def f(): return N"), 1),
    "try flag": (("try:\n    import no_such_thing\n    HAVE = True\nexcept ImportError:\n    HAVE = False", "def f(): return HAVE"), False),
    "in Colab": (("import sys\nIN_COLAB = 'google.colab' in sys.modules", "def f(): return IN_COLAB"), False),
    "in Colab by import": (("try:\n    import google.colab\n    IN_COLAB = True\nexcept:\n    IN_COLAB = False", "def f(): return IN_COLAB"), False),
    "redefinition": (("def f(): return 1", "def f(): return 2"), 2),
    "redefinition with the first": (("def f(): return 1", "g = f\ndef f(): return g() + 1"), 2),
    "wrapped by hand": (("def deco(h):\n    return lambda: h() * 10", "def f(): return 3", "f = deco(f)"), 30),
    "counted up": (("N = 1", "N = N + 1", "N += 1", "def f(): return N"), 3),
    "walrus": (("print(N := 5)", "def f(): return N"), 5),
    "unpacking": (("a, (b, *c) = 1, (2, 3, 4)", "def f(): return [a, b, c]"), [1, 2, [3, 4]]),
    "chained": (("A = B = 3", "def f(): return A + B"), 6),
    "annotated": (("N: int = 3", "def f(): return N"), 3),
    "lambda": (("f = lambda: N", "N = 4"), 4),
    "closure": (("def make(n):\n    def inner(): return n\n    return inner", "f = make(6)"), 6),
    "helpers below": (("def f(): return g()", "def g(): return h(1)", "def h(a): return a + K", "K = 1"), 2),
    "recursion": (("def f(n=5): return 1 if n < 2 else n * f(n - 1)",), 120),
    "cells out of order": (("c = C()", "def f(): return c.n", "class C:\n    n = 8"), 8),
    "decorator below": (("@timed\ndef f(): return 2", "import functools\ndef timed(g):\n    @functools.wraps(g)\n    def inner(*a):\n        return g(*a)\n    return inner"), 2),
    "wraps": (
        ("import functools\ndef deco(g):\n    @functools.wraps(g)\n    def inner(*a, **k):\n        return g(*a, **k) + 1\n    return inner", "@deco\ndef f(): return 1"),
        2,
    ),
    "lru_cache": (("from functools import lru_cache\n@lru_cache(maxsize=None)\ndef fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)", "def f(): return fib(20)"), 6765),
    "singledispatch": (("from functools import singledispatch\n@singledispatch\ndef f(a=0): return 'any'", "@f.register\ndef _(a: int = 0): return 'int'", "g = f\ndef f(): return g(1)"), "int"),
    "registry": (("REG = {}\ndef register(name):\n    def deco(g):\n        REG[name] = g\n        return g\n    return deco", "@register('two')\ndef two(): return 2", "def f(): return REG['two']()"), 2),
    "star import": (("from math import *", "def f(): return floor(pi)"), 3),
    "import as": (("import torch.nn.functional as F, torch", "def f(): return F.relu(torch.tensor(-1.0)).item()"), 0.0),
    "import of a submodule": (("import os.path", "def f(): return os.path.join('a', 'b')"), "a/b"),
    "import in a function": (("def f():\n    import math\n    return math.floor(2.5)",), 2),
    "global counter": (("count = 0", "def f():\n    global count\n    count += 1\n    return count"), 1),
    "global made by a call": (("def setup():\n    global W\n    W = [1, 2]", "setup()", "def f(): return W"), [1, 2]),
    "filled by a call": (("table = {}\ndef fill(t):\n    for k in range(2):\n        t[k] = k", "fill(table)", "def f(): return table"), {0: 0, 1: 1}),
    "shuffled with a seed": (("import random\nrandom.seed(0)\nxs = list(range(5))\nrandom.shuffle(xs)", "def f(): return xs"), [2, 1, 0, 4, 3]),
    "initialised in place": (("import torch\nW = torch.empty(2, 2)\ntorch.nn.init.ones_(W)", "def f(): return W.sum().item()"), 4.0),
    "made a leaf later": (("import torch\nW = torch.zeros(2)\nW.requires_grad_()", "def f(): return W.requires_grad"), True),
    "frozen in a loop": (
        ("import torch\nnet = torch.nn.Linear(1, 1)\nfor p in net.parameters():\n    p.requires_grad = False", "def f(): return [p.requires_grad for p in net.parameters()]"),
        [False, False],
    ),
    "state dict": (("import torch\nnet = torch.nn.Linear(1, 1, bias=False)\nnet.load_state_dict({'weight': torch.ones(1, 1)})", "def f(): return net.weight.item()"), 1.0),
    "class attribute later": (("class C: pass", "C.n = 5", "def f(): return C.n"), 5),
    "method later": (("class C: pass", "def n(self): return helper()\nC.n = n", "def helper(): return 6", "def f(): return C().n()"), 6),
    "function attribute": (("def f(): return f.n", "f.n = 7"), 7),
    "config dict": (("cfg = dict(lr=0.1)\ncfg['lr'] = 0.2\ncfg.update(steps=3)", "def f(): return cfg"), {"lr": 0.2, "steps": 3}),
    "deleted key": (("cfg = {'a': 1, 'b': 2}\ndel cfg['a']", "def f(): return cfg"), {"b": 2}),
    "deleted name": (("xs = [k for k in range(2)]\nN = len(xs)\ndel xs", "def f(): return N"), 2),
    "default dtype": (("import torch\ntorch.set_default_dtype(torch.float64)", "def f(): return str(torch.ones(1).dtype)"), "torch.float64"),
    "set_seed function": (("import torch, random\nSEED = 3\ndef set_seed(s):\n    random.seed(s)\n    torch.manual_seed(s)\nset_seed(SEED)\nW = torch.randn(2)", "def f():\n    torch.manual_seed(3)\n    return bool((torch.randn(2) == W).all())"), True),
    "numpy switches": (("import numpy as np\nnp.set_printoptions(precision=2)\nnp.random.seed(0)\nx = np.random.rand(1)", "def f(): return round(float(x[0]), 4)"), 0.5488),
    "environment": (("import os\nos.environ['MY_HABIT'] = 'x'", "def f(): return os.environ['MY_HABIT']"), "x"),
    "match": (("kind = 'a'\nmatch kind:\n    case 'a':\n        N = 1\n    case _:\n        N = 2", "def f(): return N"), 1),
    "match within": (("def f(x=(1, 2)):\n    match x:\n        case (a, b):\n            return a + b",), 3),
    "type alias": (("from typing import Optional, Union\nNumber = Union[int, float]\ndef f(a: Number = 1, b: Optional[Number] = None) -> Number: return a",), 1),
    "string annotation": (("def f(a: 'Unknown' = 1): return a",), 1),
    "async cell": (("async def load(): return 3", "N = await load()", "def f(): return N"), 3),
    "async function": (("import asyncio\nasync def g(): return 3", "def f(): return asyncio.run(g())"), 3),
    "generator": (("def gen():\n    yield from STEPS", "STEPS = (1, 2)", "def f(): return list(gen())"), [1, 2]),
    "while loop": (("n, powers = 1, []\nwhile n < 10:\n    powers.append(n)\n    n *= 3", "def f(): return powers"), [1, 3, 9]),
    "%%time": (("%%time\nN = sum(k for k in range(4))", "def f(): return N"), 6),
    "%time": (("%time N = len('abc')", "def f(): return N"), 3),
    "= %time": (("N = %time len('abc')", "def f(): return N"), 3),
    "%%capture": (("%%capture out\nN = 3", "def f(): return N"), 3),
    "%matplotlib and !pip": (("%matplotlib inline\n!pip install -q torch\n%pip install x\nN = 3", "def f(): return N"), 3),
    "help": (("N = 3\nlen?\n?len\nlen??", "def f(): return N"), 3),
    "shell output": (("files = !ls\nN = 3", "def f(): return N"), 3),
    "%%bash cell": (("%%bash\necho 1", "def f(): return 3"), 3),
    "Colab form": (("#@title Settings\nlr = 0.1 #@param {type:'number'}", "def f(): return lr"), 0.1),
    "Colab drive": (("from google.colab import drive\ndrive.mount('/content/drive')", "def f(): return 3"), 3),
    "display": (("N = [k for k in range(3)]\ndisplay(N)\nget_ipython().run_line_magic('matplotlib', 'inline')", "def f():\n    display(N)\n    return len(N)"), 3),
    "IPython": (("from IPython.display import display, clear_output, HTML", "def f():\n    clear_output(wait=True)\n    display(HTML('x'))\n    return 3"), 3),
    "widgets": (("import ipywidgets as widgets\nfrom ipywidgets import interact\ns = widgets.IntSlider(3)", "@interact(x=(0, 3))\ndef show(x): return x", "def f(): return 3"), 3),
    "tqdm": (("from tqdm import tqdm, trange", "def f():\n    bar = tqdm(range(3), desc='x')\n    total = 0\n    for k in bar:\n        total += k\n        bar.set_postfix(loss=k)\n    return total + sum(trange(3))"), 6),
    "tqdm.auto": (("from tqdm.auto import tqdm", "def f():\n    with tqdm(total=3) as bar:\n        bar.update(1)\n    tqdm.write('x')\n    return [k for k in tqdm(enumerate('ab'))]"), [(0, "a"), (1, "b")]),
    "tqdm module": (("import tqdm", "def f(): return list(tqdm.tqdm([1])) + list(tqdm.notebook.tqdm([2]))"), [1, 2]),
    "tqdm.notebook": (("from tqdm.notebook import tqdm as bar", "def f(): return sum(bar([1, 2]))"), 3),
    "unused packages": (("import seaborn as sns, wandb, cv2\nimport torchsummary\nsns.set_theme()\nwandb.init(project='x')", "def f(): return 3"), 3),
    "logger": (("import wandb\nfrom torch.utils.tensorboard import SummaryWriter", "def f():\n    w = SummaryWriter()\n    w.add_scalar('x', 1)\n    wandb.log({'a': 1})\n    return 3"), 3),
    "numba": (("from numba import njit", "@njit\ndef g(a): return a + 1\n@njit(parallel=True)\ndef h(a): return g(a)", "def f(): return h(1)"), 2),
    "annotations of a missing package": (("import jaxtyping as jt\nimport xarray_none as xr", "def f(a: xr.DataArray | None = None, b: xr.T['n'] = 1): return b"), 1),
    "a broken cell": (("N = 1", "for k in range(3)\n    print(k)", "def f(): return N"), 1),
    "a cell that fails": (("1 / 0", "x = undefined_name", "def f(): return 3"), 3),
    "shadowed by an experiment": (("def f(): return sum([1, 2])", "sum = 0\nfor k in range(3):\n    sum += k"), 3),
    "un-shadowed": (("list = [1]", "del list", "def f(): return list((1,))"), [1]),
    "by globals": (("A_one = 1\nB = 2", "def f(): return globals()['A_one']"), 1),
    "print left": (("print('hello')\nN = 3\nN", "'''text'''\ndef f(): return N\nprint(f())\nassert f() == 3"), 3),
    "input": (("name = input('your name? ')", "def f(): return 3"), 3),
    "exit": (("import sys\nsys.exit()", "def f(): return 3"), 3),
    "property and super": (("class A:\n    def __init__(self): self.n = BASE\nclass B(A):\n    def __init__(self):\n        super().__init__()\n    @property\n    def m(self): return self.n + 1", "BASE = 1", "def f(): return B().m"), 2),
    "module of torch": (("import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.l = nn.Linear(*SIZE)\n    def forward(self, x): return self.l(x)", "SIZE = tuple(k for k in (2, 1))", "def f(): return tuple(Net()(torch.ones(3, 2)).shape)"), (3, 1)),
    "f-string": (("A = 'x' * 2\nB = f'{A!r:>6}'", "def f(): return f'{B}{A}'"), "  'xx'xx"),
    "nested defaults": (("K = {i: j for i, j in zip('ab', range(2))}", "def f(*, k=lambda: K['b']): return k()"), 1),
    "setdefault and extend": (("D = {}\nD.setdefault('a', []).extend([1, 2])", "def f(): return D"), {"a": [1, 2]}),
    "alias": (("D = {'xs': []}\nxs = D['xs']\nxs.append(1)", "def f(): return D"), {"xs": [1]}),
    "warnings off": (("import warnings\nwarnings.filterwarnings('ignore')", "def f(): return 3"), 3),
}  # fmt: skip


@pytest.mark.parametrize("cells, expected", HABITS.values(), ids=HABITS)
def test_right_code_keeps_working(cells: tuple[str, ...], expected: Any) -> None:
    assert load(*cells).module.f() == expected
