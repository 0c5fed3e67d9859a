# Attack: writes messages of ten megabytes.
# score: 0
# ruff: noqa

def double(x):
    raise ValueError("long " * 2_000_000)


def minimize(start, learning_rate=0.1, num_iterations=10):
    raise ValueError("\n" * 1_000_000)


def make_model():
    return None
