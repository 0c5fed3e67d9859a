# Attack: catches SIGXCPU, raises its own limit and spins.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 1.5
# ruff: noqa

import resource
import signal

signal.signal(signal.SIGXCPU, lambda *a: None)
soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
resource.setrlimit(resource.RLIMIT_CPU, (1, hard))


def double(x):
    while True:
        pass


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
