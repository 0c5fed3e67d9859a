"""What a second worker of a submission makes of what the first one hands it: the same module, without reading again."""

from __future__ import annotations

import ast
import marshal
import sys
from collections.abc import Iterator

import pytest

from autograder.bridge import load
from autograder.bridge.load import Loaded, load_again, load_module
from autograder.bridge.prepared import Prepared
from autograder.notebook.cells import join_cells

FILE = "prepared_again"

MODULES = {
    "constants and closures": "K = 3\ndef outer():\n    def f(x):\n        return K * x\n    return f\nf = outer()\n",
    "future annotations": "from __future__ import annotations\ndef f(x: nowhere) -> 1:\n    return f.__annotations__\n",
    "caught": "try:\n    import no_such\nexcept ImportError:\n    no_such = 5\ndef f(x):\n    return no_such\n",
    "a stand-in": "from tqdm_that_is_missing import tqdm\n\n\ndef f(x):\n    return type(tqdm).__name__\n",
    "a class": "class Net:\n    def go(self, x):\n        return x + 1\n\n\ndef f(x):\n    return Net().go(x)\n",
}
NOTEBOOKS = {
    "habits": ["K = [1]", "K.append(2)", "print('epoch')", "def f(x):\n    return sum(K) + x"],
    "another order": ["def f(x):\n    return LATE + x", "LATE = EARLY + 1", "EARLY = 1"],
    "top-level await": ["async def g():\n    return 4", "V = await g()", "def f(x):\n    return V"],
    "a future import": ["from __future__ import annotations", "def f(x: nowhere):\n    return f.__annotations__"],
    "a switch": ["import torch", "torch.manual_seed(1)", "W = torch.rand(1)", "def f(x):\n    return W.item()"],
    "a cell that fails": ["K = {}['no']", "def f(x):\n    return 1"],
    "a cell that is no Python": ["K = (", "def f(x):\n    return 1"],
    "only a part of an if": ["if True:\n    K = 2\n    print(K)", "def f(x):\n    return K + x"],
}


@pytest.fixture(autouse=True)
def _forget_modules() -> Iterator[None]:
    yield
    sys.modules.pop(FILE, None)


def first(source: str, *, notebook: bool) -> Loaded:
    return load_module(source, f"{FILE}.py", FILE, notebook, ["f", "K"])


@pytest.mark.parametrize("cells", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_a_notebook_is_the_same_the_second_time(cells: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    source = join_cells(cells)[0]
    loaded = first(source, notebook=True)
    monkeypatch.setattr(load, "slice_notebook", None)
    module, lost = load_again(loaded.prepared, source, f"{FILE}.py", FILE, 20.0)
    assert module.f(1) == loaded.module.f(1)
    assert lost == loaded.lost
    assert vars(module).keys() == vars(loaded.module).keys()


@pytest.mark.parametrize("source", MODULES.values(), ids=MODULES)
def test_a_module_is_the_same_the_second_time(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = first(source, notebook=False)
    monkeypatch.setattr(ast, "parse", None)
    module, lost = load_again(loaded.prepared, source, f"{FILE}.py", FILE, 20.0)
    assert (module.f(1), lost) == (loaded.module.f(1), {})
    assert module is not loaded.module


def test_the_line_of_an_error_is_still_the_source_s() -> None:
    source = join_cells(["K = 1", "def f(x):\n    y = x\n    return y / 0"])[0]
    module, _ = load_again(first(source, notebook=True).prepared, source, f"{FILE}.py", FILE, 20.0)
    with pytest.raises(ZeroDivisionError) as caught:
        module.f(1)
    assert source.splitlines()[caught.traceback[-1].lineno].strip() == "return y / 0"


def test_what_cannot_be_handed_on_is_read_again() -> None:
    unfit = Prepared(frozenset(), compile("x = 1", FILE, "exec").replace(co_consts=(object(), None)))
    assert unfit.encoded() == b""


def test_too_much_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.bridge.prepared.MAX_PREPARED", 100)
    assert first("def f(x):\n    return 'a' * 5 + 'b'\n" * 20, notebook=False).prepared == b""


def test_what_is_no_preparation_is_an_error_of_that_worker() -> None:
    with pytest.raises((ValueError, TypeError, EOFError)):
        load_again(marshal.dumps("nonsense"), "", f"{FILE}.py", FILE, 20.0)
