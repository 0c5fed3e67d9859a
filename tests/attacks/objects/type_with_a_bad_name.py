# Attack: returns objects whose type has no usable name.
# score: 0
# ruff: noqa

class Meta(type):
    __name__ = property(lambda cls: 17)


class Odd(metaclass=Meta):
    pass


Long = type("N" * 1_000_000, (), {})
Broken = type("name\ud800", (), {}) if False else type("two\nlines\x1b[31m", (), {})


def double(x):
    return Odd()


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (Long(), Broken())


def make_model():
    return Odd()
