# Attack: waits for ever while it is imported.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa

import threading

lock = threading.Lock()
lock.acquire()
lock.acquire()


def double(x):
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
