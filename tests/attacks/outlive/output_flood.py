# Attack: writes two hundred megabytes to its output, past the capture.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import os
import sys


def double(x):
    for _ in range(200):
        os.write(1, b"x" * (1 << 20))
    print("y" * 10_000_000)
    sys.stderr.write("z" * 10_000_000)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
