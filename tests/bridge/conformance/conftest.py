"""A source text, handed in wherever a submission can run: in a locked worker, in a folder, in a live notebook.

The tests beside this file expect one result of all three. Where one cannot do what the others do, test_differences.py
has the case with the reason, which :class:`autograder.bridge.channel.Channel` says as well.
"""

from __future__ import annotations

import itertools
import linecache
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from autograder.assignment import Limits
from autograder.bridge import answer
from autograder.bridge.allowance import Timekeeper
from autograder.bridge.code import SubmissionCode
from autograder.bridge.proxy import SubmissionProxy
from autograder.checking.situation import Graded, InFolder, InNotebook, Situation, channels_of
from autograder.errors import CheckFailure
from autograder.student.live import live_code

if TYPE_CHECKING:
    from autograder.sandbox.client import Zygote

Load = Callable[..., SubmissionProxy]
EVERYWHERE = ("graded", "folder", "notebook")
LIMITS = Limits(call_seconds=20, load_seconds=20, idle_seconds=20, memory_mb=512, output_kb=1)
_NAME = "conforming"
_IMPORTS = "import math, os, random, sys, threading, time, numpy, torch\n"
_cells = itertools.count(1)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """A warmed process that forks locked workers."""
    from autograder.sandbox.client import Zygote

    with Zygote() as one:
        yield one


@pytest.fixture
def load_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Hands a source text in where it is told to; what it may import is imported in line 1, before the text."""
    monkeypatch.setattr(answer, "pack", answer.pack)  # one of the submissions changes it
    proxies = []

    def load(where: str, text: str, limits: Limits = LIMITS, **options: Any) -> SubmissionProxy:
        source = _IMPORTS + text
        situation: Situation = InFolder()
        code = SubmissionCode(source, f"{_NAME}.py", _NAME)
        if where == "graded":
            situation = Graded(request.getfixturevalue("zygote"))
        elif where == "notebook":
            code, live = live_code(_run_cell(source), _NAME)
            situation = InNotebook(live)
        time = Timekeeper(limits, slower=lambda: 1.0)
        proxies.append(SubmissionProxy(code, channels_of(situation, limits), limits, time=time, **options))
        return proxies[-1]

    yield load
    for proxy in proxies:
        proxy.end_check()
    sys.modules.pop(_NAME, None)


@pytest.fixture(params=EVERYWHERE)
def load(request: pytest.FixtureRequest, load_in: Load) -> Load:
    """The same, once for each place."""
    return lambda source, *args, **options: load_in(request.param, source, *args, **options)


@pytest.fixture
def everywhere(load_in: Load) -> Callable[..., list[SubmissionProxy]]:
    """The same in all places at once, to compare what they say."""
    return lambda source: [load_in(where, source) for where in EVERYWHERE]


@pytest.fixture
def told() -> Callable[[Callable[[], Any]], tuple[str, str]]:
    """A failure's outcome and message; lines of a cell are called as those of a file."""

    def told(ask: Callable[[], Any]) -> tuple[str, str]:
        with pytest.raises(CheckFailure) as caught:
            ask()
        return caught.value.outcome, caught.value.message.replace(" of its cell", "")

    return told


def _run_cell(source: str) -> dict[str, Any]:
    """The names of a notebook after its only cell, with the text where Jupyter leaves it."""
    name = f"/tmp/ipykernel_{_NAME}/{next(_cells)}.py"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, name, "exec"), names)
    return names
