# Attack: catches all signals and goes on.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa

import signal

for number in range(1, 65):
    try:
        signal.signal(number, lambda *a: None)
    except (OSError, ValueError):
        pass


def double(x):
    while True:
        pass


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
