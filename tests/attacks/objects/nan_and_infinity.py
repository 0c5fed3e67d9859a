# Attack: returns NaN, infinities and negative zero.
# score: 0
# ruff: noqa

def double(x):
    return x * float("nan")


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (float("nan"), [float("inf")] * num_iterations)


def make_model():
    return float("-inf")
