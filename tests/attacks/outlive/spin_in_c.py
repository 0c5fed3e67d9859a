# Attack: stays in one call of C that holds the interpreter's lock.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa

def double(x):
    return len(str(7 ** (7 ** 9)))


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
