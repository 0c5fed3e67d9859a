"""Where one place cannot do what the others do, with the reason: there is nothing else that differs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.bridge.proxy import SubmissionProxy
from autograder.errors import CheckFailure

Load = Callable[..., SubmissionProxy]
Ask = Callable[[Any], Any]


def caught(ask: Callable[[], Any]) -> str:
    with pytest.raises(CheckFailure) as failure:
        ask()
    return failure.value.message


NOT_RUN = (
    "`f` was not found at the top level of your file: on line 3 it is defined in a block that is not run here. Move it "
    "out of there."
)
DIFFERENCES: dict[str, tuple[str, Ask, dict[str, Any]]] = {
    # The functions of a live notebook are the notebook's own, and so is what they keep from call to call.
    "kept state": (
        "kept = []\ndef f(again):\n    kept.append(again)\n    return len(kept)\n",
        lambda one: [one.f(1), one.end_check(), one.f(2)][2],
        {"graded": 1, "folder": 1, "notebook": 2},
    ),
    # A notebook's kernel holds what its cells made, and not which line gave a name its last value.
    "a name of something else": (
        "def f():\n    return 1\nf = 3\n",
        lambda one: caught(one.f),
        {
            "graded": "`f` is a function no more: line 4 gives its name to a number. Use another name there.",
            "folder": "`f` is a function no more: line 4 gives its name to a number. Use another name there.",
            "notebook": "`f` stopped with TypeError: 'int' object is not callable",
        },
    ),
    # Nor does it hold what was never run.
    "a block that is not run": (
        "if not math.pi:\n    def f():\n        return 1\n",
        lambda one: caught(one.f),
        {
            "graded": NOT_RUN,
            "folder": NOT_RUN,
            "notebook": "`f` was not found in your submission. Define it at the top level of your file, with exactly "
            "this name.",
        },
    ),
    # Files and other modules of the process are those that pytest or the kernel has.
    "the folder": (
        "def f():\n    return os.path.exists('beside.txt')\n",
        lambda one: one.f(),
        {"graded": False, "folder": True, "notebook": True},
    ),
}


@pytest.mark.parametrize("case", DIFFERENCES)
@pytest.mark.parametrize("where", ["graded", "folder", "notebook"])
def test_what_differs(load_in: Load, case: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "beside.txt").touch()
    monkeypatch.chdir(tmp_path)
    source, ask, results = DIFFERENCES[case]
    assert ask(load_in(where, source)) == results[where]
