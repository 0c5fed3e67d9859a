# Attack: starts threads until it cannot.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import threading
import time


def double(x):
    for _ in range(10_000):
        threading.Thread(target=time.sleep, args=(100,), daemon=True).start()


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
