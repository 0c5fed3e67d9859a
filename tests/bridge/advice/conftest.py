"""Small programs that stop while they are imported, or when their ``f()`` is called."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest
import torch

from autograder.bridge import feedback
from autograder.bridge.allowance import Allowance
from autograder.bridge.local_channel import LocalChannel
from autograder.bridge.messages import Fault, Reply, Request, pack, unpack
from autograder.bridge.values import Encoder, HandleNode

_MARK = "### "
"""Before what is said to the program below it; in brackets: why nothing is."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that ask for ``said`` and ``listed_program`` get those of their module's PROGRAMS."""
    if "listed_program" in metafunc.fixturenames:
        parts = [part.split("\n", 1) for part in metafunc.module.PROGRAMS.strip().split(_MARK) if part]
        cases = [("" if said.startswith("(") else said, program) for said, program in parts]
        metafunc.parametrize(("said", "listed_program"), cases, ids=[said[:60] for said, _ in parts])


@pytest.fixture
def fault_of() -> Iterator[Callable[[str], Fault]]:
    """The fault of a program, as its worker tells it."""

    def fault_of(source: str) -> Fault:
        channel = LocalChannel()

        def ask(op: str, target: str, *args: object) -> Fault | None:
            node = Encoder(lambda value: HandleNode(0, "")).node(list(args))
            request = Request(nonce=1, op=op, target=target, args=node)
            return unpack(channel.exchange(pack(request), Allowance(60.0)), Reply)[0].fault

        fault = ask("load", "", source, "advised.py", "advised", False) or ask("call", "f")
        assert fault is not None, f"this program did not stop:\n{source}"
        return fault

    yield fault_of
    torch.set_default_device(None)
    sys.modules.pop("advised", None)


@pytest.fixture
def advice_of(fault_of: Callable[[str], Fault]) -> Callable[[str], str]:
    """The line of advice that the student reads; empty where there is none."""

    def advice_of(source: str) -> str:
        fault = fault_of(source)
        told = feedback.of_fault(fault, "f", "line {}".format).message
        return told.split("\n")[-1] if fault.advice else ""

    return advice_of
