# Attack: returns generators and iterators.
# score: 0
# ruff: noqa

def double(x):
    return (item for item in x)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (item for item in (0.0, []))


def make_model():
    return iter([])
