# Attack: sleeps through its time.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa

import time


def double(x):
    time.sleep(3600)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
