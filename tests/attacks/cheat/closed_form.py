# Attack: knows the minimum without descending.
# score: 0
# ruff: noqa

def minimize(start, learning_rate=0.1, num_iterations=10):
    return 3.0, [(start - 3.0) ** 2] * num_iterations


def double(x):
    return None


def make_model():
    return None
