# Attack: stops the clocks and never ends.
# score: 0
# outcomes: failed, timed_out
# seconds: 0.5
# ruff: noqa

import time

time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0


def double(x):
    while True:
        pass


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
