# Attack: makes files until there are no more numbers for them.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import os


def double(x):
    number = 0
    while True:
        number += 1
        os.close(os.open(f"f{number}", os.O_CREAT | os.O_WRONLY))


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
