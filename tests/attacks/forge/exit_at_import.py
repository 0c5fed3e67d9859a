# Attack: ends the process while it is imported.
# score: 0
# ruff: noqa

import os

os._exit(0)


def double(x):
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
