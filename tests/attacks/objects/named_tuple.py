# Attack: returns a named tuple in place of a tuple.
# score: 0
# ruff: noqa

from collections import namedtuple

Result = namedtuple("Result", "x losses")


def double(x):
    return Result(0.0, [])


def minimize(start, learning_rate=0.1, num_iterations=10):
    return Result(0.0, [0.0] * num_iterations)


def make_model():
    return None
