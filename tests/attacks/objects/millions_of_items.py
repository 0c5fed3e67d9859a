# Attack: returns a list of two million small lists.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

def double(x):
    return [[0] for _ in range(2_000_000)]


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (0.0, [None] * 5_000_000)


def make_model():
    return {number: number for number in range(300_000)}
