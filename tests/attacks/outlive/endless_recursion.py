# Attack: recurses without end, in Python and in C.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 1
# ruff: noqa

import sys

sys.setrecursionlimit(10**9)


def double(x):
    return double(x)


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = None
    for _ in range(10**6):
        found = (found,)
    return repr(found)


def make_model():
    class Loop:
        def __getattr__(self, name):
            return getattr(self, name)

    return Loop().x
