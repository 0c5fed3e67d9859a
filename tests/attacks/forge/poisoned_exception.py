# Attack: raises an exception whose text, name and class cannot be read.
# score: 0
# ruff: noqa

class Meta(type):
    @property
    def __name__(cls):
        raise RuntimeError("no name")


class Poison(Exception, metaclass=Meta):
    def __str__(self):
        raise SystemExit("no text")

    __repr__ = __str__


def double(x):
    raise Poison


def minimize(start, learning_rate=0.1, num_iterations=10):
    raise type("E" * 100_000, (Exception,), {})("x" * 10_000_000)


def make_model():
    raise SyntaxError({}, ("tiny.py", "line", object(), None))
