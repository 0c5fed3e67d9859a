"""A submission in local workers that are counted, and whose answers can be spoilt."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograder.assignment import Limits
from autograder.bridge.allowance import Allowance
from autograder.bridge.code import SubmissionCode
from autograder.bridge.local_channel import LocalChannel
from autograder.bridge.messages import Request, unpack
from autograder.bridge.proxy import SubmissionProxy
from autograder.errors import CheckFailure

SOURCE = '''\
import random
import numpy
import torch

def double(number):
    return 2 * number

def noise():
    return random.random(), float(numpy.random.rand()), torch.rand(2)

def chatty(times):
    for _ in range(times):
        print("hello", end="")

def blank(x):
    """Not yet."""
    raise NotImplementedError("blank")

def calls_blank():
    return blank(1)

def lacks_forward():
    return torch.nn.Module()(1)

def refused():
    return [numpy.array([object()])]

class Model(torch.nn.Module):
    def __init__(self, size=2):
        super().__init__()
        self.layer = torch.nn.Linear(size, 1)

    def forward(self, x):
        return self.layer(x)

def make_models():
    return [Model(), Model()]

def apply(model, x):
    return model(x)
'''


class Line:
    """Local workers that are counted, and whose answers can be spoilt: ``spoil(request, frame)`` gives another."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.opened = 0
        self.spoil: Callable[[Request, bytes], bytes] = lambda request, frame: frame

    def open(self) -> LocalChannel:
        self.opened += 1
        line, channel = self, LocalChannel()

        class Spoilt(LocalChannel):
            def exchange(self, frame: bytes, allowance: Allowance) -> bytes:
                request, _ = unpack(frame, Request)
                line.requests.append(request)
                return line.spoil(request, channel.exchange(frame, allowance))

        return Spoilt()

    @property
    def calls(self) -> list[str]:
        return [request.target for request in self.requests if request.op != "load"]


@pytest.fixture
def line() -> Iterator[Line]:
    yield Line()
    sys.modules.pop("tiny_proxied", None)


def proxied(line: Line, source: str = SOURCE, **options: Any) -> SubmissionProxy:
    limits = options.pop("limits", Limits(output_kb=1))
    return SubmissionProxy(SubmissionCode(source, "tiny.py", "tiny_proxied"), line.open, limits, **options)


@pytest.fixture
def submission(line: Line) -> SubmissionProxy:
    return proxied(line)


def failure(call: Callable[[], Any]) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        call()
    return caught.value
