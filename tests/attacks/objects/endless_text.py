# Attack: returns and raises objects whose texts never end.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# seconds: 0.5
# ruff: noqa


class Endless:
    def __repr__(self):
        while True:
            pass

    __str__ = __format__ = __repr__


class Wrong(Exception):
    __str__ = __repr__ = Endless.__repr__


def double(x):
    raise Wrong


def minimize(start, learning_rate=0.1, num_iterations=10):
    return Endless(), [Endless()]


def make_model():
    return None
