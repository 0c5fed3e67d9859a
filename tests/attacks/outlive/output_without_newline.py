# Attack: writes output that is one line, and never reads its errors.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import fcntl
import os
import sys


def double(x):
    fcntl.fcntl(1, fcntl.F_SETFL, os.O_NONBLOCK)
    for _ in range(2000):
        try:
            os.write(1, b"=" * 65536)
            os.write(2, b"\x1b[2J" * 10_000)
        except BlockingIOError:
            pass
    for _ in range(300):
        sys.__stdout__.write("=" * 65536) if sys.__stdout__ else None
        print("=" * 65536, end="", flush=True)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
