# Attack: opens files until there are no more.
# score: 0
# ruff: noqa

import os


def double(x):
    while True:
        os.open(os.devnull, os.O_RDONLY)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
