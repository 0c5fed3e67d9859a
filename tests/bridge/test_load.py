"""What the worker says that a submission defines."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from autograder.bridge.load import load_module
from autograder.bridge.messages import NameInfo
from autograder.notebook.own import FIRST_CELL


@pytest.fixture(autouse=True)
def _forget_modules() -> Iterator[None]:
    yield
    sys.modules.pop("tiny_loaded", None)


def described(source: str) -> dict[str, NameInfo]:
    return dict(load_module(source, "tiny.py", "tiny_loaded", notebook=False).names)


def test_functions_with_their_parameters() -> None:
    names = described("def f(a, b=1, *, c):\n    return a\n")
    assert names == {"f": NameInfo("function", parameters=("a", "b", "c"), line=1, form="(a, b=1, *, c)")}


@pytest.mark.parametrize(
    "body",
    [
        "raise NotImplementedError",
        "raise NotImplementedError('f')",
        "'''What it does.'''\n    raise NotImplementedError('f')",
    ],
)
def test_blanks(body: str) -> None:
    assert described(f"def f(a):\n    {body}\n")["f"].blank


@pytest.mark.parametrize("body", ["return 1", "pass", "x = 1\n    raise NotImplementedError", "raise ValueError"])
def test_what_is_no_blank(body: str) -> None:
    assert not described(f"def f(a):\n    {body}\n")["f"].blank


def test_a_class_with_a_blank_method_is_blank() -> None:
    names = described("class A:\n    def f(self):\n        raise NotImplementedError\n")
    assert names == {"A": NameInfo("class", blank=True, line=1)}


def test_the_last_definition_counts() -> None:
    names = described("def f(a):\n    raise NotImplementedError\n\ndef f(a):\n    return a\n")
    assert names["f"] == NameInfo("function", parameters=("a",), line=4, form="(a)")


def test_methods_and_inner_functions_do_not_pass_for_top_level_ones() -> None:
    names = described(
        "def f(a, b):\n    def g():\n        raise NotImplementedError\n    return a\n\n"
        "def g(x):\n    return x\n\n"
        "class A:\n    def f(self):\n        raise NotImplementedError\n"
    )
    assert names["f"] == NameInfo("function", parameters=("a", "b"), line=1, form="(a, b)")
    assert names["g"] == NameInfo("function", parameters=("x",), line=6, form="(x)")


def test_a_blank_that_is_assigned_to_later_is_none() -> None:
    names = described("def f(a):\n    raise NotImplementedError\n\ndef mine(a):\n    return a\n\nf = mine\n")
    assert names["f"] == NameInfo("function", line=1, flexible=True)


def test_a_decorated_blank_is_one() -> None:
    names = described("import torch\n@torch.no_grad()\ndef f(a):\n    raise NotImplementedError\n")
    assert names["f"].blank and names["f"].flexible


@pytest.mark.parametrize(
    "source",
    [
        "if True:\n    def f(a): return a\n",
        "try:\n    def f(a): return a\nexcept ValueError:\n    pass\n",
        "try:\n    import nothing_of_this_name\nexcept ImportError:\n    def f(a): return a\n",
        "with open('/dev/null'):\n    def f(a): return a\n",
    ],
)
def test_definitions_below_a_statement(source: str) -> None:
    assert described(source)["f"].parameters == ("a",)


def test_a_deleted_function_is_not_there() -> None:
    assert "f" not in described("def f(a): return a\ndel f\n")


def test_lambdas_values_and_imports() -> None:
    names = described("import math\nfrom math import sqrt\nf = lambda a: a\nx = 3\n_hidden = 4\n")
    assert {name: info.kind for name, info in names.items()} == {"sqrt": "function", "f": "function", "x": "value"}


def test_of_a_notebook_what_is_needed_is_run_and_experiments_are_not() -> None:
    source = "# cell 1\ndef f(a): return a + N\n# cell 2\nN = len('ab')\nprint(f(1)); 1 / 0\n"
    loaded = load_module(source, "tiny.ipynb", "tiny_loaded", notebook=True, graded=["f"])
    assert any("code cell 2, line 2" in note for note in loaded.notes)
    assert loaded.names["f"].parameters == ("a",)
    assert loaded.module.f(3) == 5


def test_functions_that_nothing_needs_are_known_by_name() -> None:
    source = "# cell 1\ndef f(a): return a\ndef ff(b, c): return b\n"
    loaded = load_module(source, "tiny.ipynb", "tiny_loaded", notebook=True, graded=["f"])
    assert loaded.names["ff"] == NameInfo("function", parameters=("b", "c"), line=3)
    assert not hasattr(loaded.module, "ff")


def test_a_name_whose_cell_failed_has_its_reason() -> None:
    source = "# cell 1\ndata = open('/no/such/file')\n# cell 2\ndef f(a=data): return a\n"
    loaded = load_module(source, "tiny.ipynb", "tiny_loaded", notebook=True, graded=["f"])
    assert "f" not in loaded.names
    assert loaded.lost["data"].startswith(
        "`data` is missing because of code cell 1, line 1: `data = open('/no/such/file')`: FileNotFoundError: "
    )
    assert "code cell 1, line 1" in loaded.lost["f"]


def test_a_missing_module_hurts_only_where_it_is_used() -> None:
    source = (
        "import no_such_package as nsp\nfrom no_such_package.a import b\n"
        "def f(): return 1\ndef g(): return nsp.plot.line(3)\ndef h():\n    import no_such_package\n    return b()\n"
    )
    loaded = load_module(source, "tiny.py", "tiny_loaded", notebook=False)
    assert loaded.module.f() == 1
    for name, used in (("g", "no_such_package.plot.line"), ("h", "no_such_package.a.b")):
        with pytest.raises(ModuleNotFoundError) as caught:
            getattr(loaded.module, name)()
        assert str(caught.value) == (
            f"`no_such_package` is not available where you are graded, so `{used}` cannot be used. "
            "Do without it in the functions that are graded."
        )
    assert set(loaded.names) == {"f", "g", "h"}


def test_who_expects_a_missing_module_sees_that_it_is_missing() -> None:
    source = (
        "try:\n    import no_such_package\nexcept ImportError as error:\n    seen = error.name\n"
        "import contextlib\nkept = 1\n"
        "with contextlib.suppress(ImportError):\n    import no_such_package\n    kept = 2\n"
        "def f():\n    try:\n        from no_such_package import x\n    except Exception:\n        return 'caught'\n"
    )
    module = load_module(source, "tiny.py", "tiny_loaded", notebook=False).module
    assert (module.seen, module.kept, module.f()) == ("no_such_package", 1, "caught")


@pytest.mark.parametrize("source", ["import torch.no_such_part", "from no_such_package import *", "import os.none"])
def test_a_wrong_import_of_what_is_there_fails(source: str) -> None:
    with pytest.raises(ImportError):
        load_module(source, "tiny.py", "tiny_loaded", notebook=False)


def test_libraries_see_what_is_really_there() -> None:
    load_module("import no_such_package", "tiny.py", "tiny_loaded", notebook=False)
    with pytest.raises(ModuleNotFoundError):
        import no_such_package  # noqa: F401


def test_a_release_s_own_lines_in_a_module_are_not_run() -> None:
    source = (
        "try:\n    import otter\n    import math\n    grader = otter.Notebook()\nexcept ImportError:\n"
        "    import autograder as grader\n\ndef f(): return math.pi\n\ngrader.check('1')\ngrader.check_all()\n"
    )
    module = load_module(source, "tiny.py", "tiny_loaded", notebook=False).module
    assert module.f() > 3
    assert not {"otter", "grader", "autograder"} & vars(module).keys()


@pytest.mark.parametrize(
    "above",
    [
        f'# -*- coding: utf-8 -*-\n"""ada.ipynb"""\n\n{FIRST_CELL}\n\n"""# Task 1"""\n\n',
        f"{FIRST_CELL}\n\n",
        '"""One"""\n\n"""Two"""\n',
        "import autograder as grader\n",
    ],
)
def test_a_notebook_saved_as_a_module_may_have_its_futures_below_our_cell(above: str) -> None:
    source = f"{above}from __future__ import annotations\n\ndef f(x: Unknown): return 4\n"
    loaded = load_module(source, "tiny.py", "tiny_loaded", notebook=False)
    assert loaded.module.f(1) == 4
    assert loaded.names["f"].line == source.count("\n")


def test_futures_below_other_code_stay_an_error() -> None:
    with pytest.raises(SyntaxError, match="from __future__ imports must occur at the beginning"):
        load_module("import math\nfrom __future__ import annotations\n", "tiny.py", "tiny_loaded", notebook=False)


@pytest.mark.parametrize(
    "used",
    [
        "torch.ones(3) * X",
        "X * torch.ones(3)",
        "torch.ones(3)[X]",
        "torch.zeros(2, X)",
        "torch.stack([torch.ones(3), X])",
        "2 - X",
        "-X",
        "X < 2",
        "X == 2",
        "range(X)",
        "math.sqrt(X)",
        "1 if X else 2",
        "list(X)",
        "len(X)",
        "1 in X",
    ],
)
def test_what_is_missing_says_so_wherever_it_is_computed_with(used: str) -> None:
    source = f"import math, torch\nfrom no_such_package import X\ndef f(): return {used}\n"
    module = load_module(source, "tiny.py", "tiny_loaded", notebook=False).module
    with pytest.raises(ModuleNotFoundError, match=r"^`no_such_package` is not available where you are graded"):
        module.f()


def test_what_is_missing_may_stand_in_annotations() -> None:
    source = (
        "from typing import Optional, Union\nfrom no_such_package import X, Y\n"
        "def f(a: Optional[X], b: Union[X, Y, int], c: X | None, d: X['n']) -> X: return 4\n"
    )
    assert load_module(source, "tiny.py", "tiny_loaded", notebook=False).module.f(1, 2, 3, 4) == 4
