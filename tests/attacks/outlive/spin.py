# Attack: never ends.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa

def double(x):
    while True:
        pass


def minimize(start, learning_rate=0.1, num_iterations=10):
    import re

    return re.match("(a+)+$", "a" * 40 + "b")


def make_model():
    return None
