"""What goes in and comes out: plain values, to the last bit; everything else is refused, or stays where it is."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import msgspec
import numpy
import pytest
import torch

from autograder.bridge.messages import CALL_SEED
from autograder.bridge.proxy import SubmissionProxy
from autograder.bridge.values import Encoder, refuse_objects

Load = Callable[..., SubmissionProxy]
Told = Callable[[Callable[[], Any]], tuple[str, str]]


def encoded(value: Any) -> bytes:
    """What two values have in common only where they are the same to the last bit, of the same types."""
    encoder = Encoder(refuse_objects)
    return msgspec.msgpack.encode(encoder.node(value)) + b"".join(encoder.buffers)


VALUES = (
    "None",
    "True, False, 0, -1, 2**63 - 1, 2**80, -(2**2000)",
    "0.1, -0.0, math.inf, math.nan, 5e-324",
    "'text', 'é', '', b'bytes'",
    "[], (), {}, [[]], ((),)",
    "{'losses': [1.0, 2.0], 'rate': 0.1, 3: (4,), None: None, (1, 'a'): True}",
    "[0.1] * 1000, list(range(1000))",
    "[[[[[1, (2, [3])]]]], {'a': {'b': {'c': torch.ones(1)}}}]",
    "torch.ones(2, 3), torch.tensor(3), torch.tensor([True]), torch.zeros(0, 3), torch.tensor([math.nan, -math.inf])",
    "torch.ones(2, dtype=torch.float64), torch.ones(2, dtype=torch.bfloat16), torch.ones(2, dtype=torch.complex64)",
    "torch.arange(6).reshape(2, 3).t(), torch.arange(6)[::2]",
    "numpy.arange(3), numpy.ones((2, 2), dtype=numpy.float32), numpy.array(1.5), numpy.array([True])",
    "numpy.float64(0.1), numpy.float32(0.1), numpy.int64(3), numpy.bool_(True)",
    "torch.arange(1_000_000), numpy.zeros(1_000_000)",
)


@pytest.mark.parametrize("expression", VALUES)
def test_values_cross_to_the_last_bit(load: Load, expression: str) -> None:
    wanted = eval(expression, {"math": math, "numpy": numpy, "torch": torch})
    submission = load(f"def made():\n    return {expression}\n\n\ndef same(value):\n    return value\n")
    assert encoded(submission.made()) == encoded(submission.same(wanted)) == encoded(wanted)


REFUSED = {
    "torch.zeros(17_000_000)": "the value is too large",
    "list(range(300_000))": "the value is nested too deeply or has too many parts",
    "numpy.array(['a'])": "an array of dtype str32 cannot be graded",
    "torch.ones(2).to_sparse()": "a tensor of layout torch.sparse_coo on cpu cannot be graded",
    "10 ** 2000": "the integer is too large",
}


@pytest.mark.parametrize("expression", REFUSED)
def test_what_cannot_cross_is_said(load: Load, told: Told, expression: str) -> None:
    submission = load(f"def f():\n    return {expression}\n")
    assert told(submission.f) == ("failed", f"What `f` returned cannot be graded: {REFUSED[expression]}.")


def test_arguments_are_copies(load: Load) -> None:
    submission = load("def f(x, y):\n    x += 1\n    y.append(4)\n    return x, y\n")
    x, y = torch.ones(2), [3]
    assert encoded(submission.f(x, y)) == encoded((torch.full((2,), 2.0), [3, 4]))
    assert encoded((x, y)) == encoded((torch.ones(2), [3]))


def test_output_is_caught_and_capped(load: Load, capfd: pytest.CaptureFixture[str]) -> None:
    submission = load("def f(text):\n    print(text)\n    print('aside', file=sys.stderr)\n    return len(text)\n")
    for text, kept in (("hé", "hé\n"), ("é" * 3000, "é" * 1024)):
        assert (submission.f(text), submission.output) == (len(text), kept)
    assert capfd.readouterr() == ("", "")


def test_each_call_starts_from_the_same_random_numbers_and_a_check_keeps_its_own(load: Load) -> None:
    submission = load("def f():\n    return random.random(), numpy.random.rand(), torch.rand(2)\n")
    torch.manual_seed(CALL_SEED)
    random.seed(CALL_SEED)
    numpy.random.seed(CALL_SEED)
    wanted = encoded((random.random(), numpy.random.rand(), torch.rand(2)))
    own = torch.get_rng_state(), random.getstate()
    assert encoded(submission.f()) == wanted
    assert torch.equal(torch.get_rng_state(), own[0]) and random.getstate() == own[1]
