"""One process for two: the checks' own code and the student's, each with switches and random numbers of its own."""

from __future__ import annotations

import builtins
import contextlib
import io
import random
import sys
from collections.abc import Iterator

import numpy
import torch


class Switches:
    """Torch's switches and the random states at one moment, and the way back to them."""

    def __init__(self) -> None:
        self._records_gradients = torch.is_grad_enabled()
        self._dtype = torch.get_default_dtype()
        self._torch = torch.get_rng_state()
        self._numpy = numpy.random.get_state()
        self._python = random.getstate()

    def restore(self) -> None:
        """Puts everything back."""
        torch.set_grad_enabled(self._records_gradients)
        torch.set_default_dtype(self._dtype)
        torch.set_rng_state(self._torch)
        numpy.random.set_state(self._numpy)
        random.setstate(self._python)


class StudentSide:
    """The student's side of the process; ``with`` it, the student's code finds what it left the last time."""

    def __init__(self) -> None:
        self._theirs = Switches()

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Until the end of the block the student's switches hold, and there is nobody to type anything."""
        ours = Switches()
        self._theirs.restore()
        try:
            with _no_input():
                yield
        finally:
            self._theirs = Switches()
            ours.restore()


@contextlib.contextmanager
def _no_input() -> Iterator[None]:
    stdin, asks = sys.stdin, builtins.input
    sys.stdin, builtins.input = io.StringIO(), _end_of_input
    try:
        yield
    finally:
        sys.stdin, builtins.input = stdin, asks


def _end_of_input(prompt: object = "", /) -> str:
    """What ``input`` does where there is none; that of a notebook's kernel would ask the person who looks at it."""
    print(prompt, end="", flush=True)
    raise EOFError("EOF when reading a line")
