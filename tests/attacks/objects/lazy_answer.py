# Attack: returns lazies that want to compute the answer when they are compared.
# score: 0
# ruff: noqa

class Lazy:
    def __float__(self):
        return 4.0

    def __array__(self, *args, **kwargs):
        import numpy

        return numpy.array([4.0], dtype="float32")

    def __index__(self):
        return 4

    def __eq__(self, other):
        self.seen = other
        return True

    __hash__ = None


def double(x):
    return Lazy()


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (Lazy(), Lazy())


def make_model():
    return Lazy()
