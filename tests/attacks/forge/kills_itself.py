# Attack: ends by the signal that the kernel sends where memory runs out.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import os
import signal


def double(x):
    os.kill(os.getpid(), signal.SIGKILL)


def minimize(start, learning_rate=0.1, num_iterations=10):
    signal.raise_signal(signal.SIGKILL)


def make_model():
    return None
