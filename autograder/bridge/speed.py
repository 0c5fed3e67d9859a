"""How much slower than the reference machine this one is at the moment: a yardstick, and how long it takes there.

Limits of time mean processor seconds on the reference machine. What a processor second is worth elsewhere is found out
by the smallest of a few measurements of a fixed piece of work: gradient steps on small arrays, where most of the time
goes into the interpreter and into calls, and matrix products. It is NumPy's and not torch's, because a recorder may be
listening to torch in the same process.
"""

from __future__ import annotations

import functools
import time

import numpy

REFERENCE_SECONDS = 0.0344
"""The yardstick on an idle core of the reference machine: docs/limits.md says which one, and how it was measured."""
MOST = 8.0
"""A machine that is slower still gets no more than this."""
_TRIES = 6
_STEPS = 4000
_PRODUCTS = 1500


@functools.lru_cache(maxsize=1)
def slowness() -> float:
    """The factor within [1, 8]; measured once per process, in about 0.2 processor seconds."""
    return factor(min(_measured() for _ in range(_TRIES)))


def factor(seconds: float) -> float:
    """The factor of a machine that needs ``seconds`` of its processor for the yardstick."""
    return min(max(seconds / REFERENCE_SECONDS, 1.0), MOST)


def _measured() -> float:
    """The processor seconds of this thread for the yardstick: what others compute meanwhile does not count."""
    started = time.thread_time()
    _descend()
    _multiply()
    return time.thread_time() - started


def _descend() -> float:
    """Fits a line to 16 points by gradient descent."""
    x = numpy.linspace(-1.0, 1.0, 16)
    y = 3.0 * x - 0.5
    slope, offset = 0.0, 0.0
    for _ in range(_STEPS):
        error = slope * x + offset - y
        slope -= 0.1 * float((error * x).mean())
        offset -= 0.1 * float(error.mean())
    return slope


def _multiply() -> float:
    """Multiplies matrices that are too small for a library to share them out among threads."""
    rotated = numpy.eye(64, dtype=numpy.float32)
    turn = numpy.roll(rotated, 1, axis=0)
    for _ in range(_PRODUCTS):
        rotated = rotated @ turn
    return float(rotated.sum())
