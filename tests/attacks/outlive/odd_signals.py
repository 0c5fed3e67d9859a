# Attack: ends itself by signals that have no name.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import os
import signal


def double(x):
    os.kill(os.getpid(), signal.SIGRTMIN + 5)


def minimize(start, learning_rate=0.1, num_iterations=10):
    os.abort()


def make_model():
    import ctypes

    return ctypes.string_at(0)
