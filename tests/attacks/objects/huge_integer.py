# Attack: returns integers of a million digits.
# score: 0
# ruff: noqa

def double(x):
    return 1 << 40_000_000


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (1 << 5000, [1 << 64])


def make_model():
    return 10 ** 4000
