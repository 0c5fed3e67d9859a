# Attack: pretends to be unfinished so that a check is skipped, not failed.
# score: 0
# ruff: noqa

class Sly(NotImplementedError):
    pass


Sly.__name__ = "NotImplementedError"


def double(x):
    raise Sly("double")


def minimize(start, learning_rate=0.1, num_iterations=10):
    def double():
        raise NotImplementedError("of another function")

    return double()


def make_model():
    return None
