# Attack: stops itself, so that no processor time passes.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa

import os
import signal


def double(x):
    os.kill(os.getpid(), signal.SIGSTOP)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
