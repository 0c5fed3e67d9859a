# Attack: answers every question for a name by asking again.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import sys


def __getattr__(name):
    return getattr(sys.modules[__name__], name)


class Meta(type):
    def __getattr__(cls, name):
        return getattr(cls, name)

    def __instancecheck__(cls, thing):
        return isinstance(thing, cls)


class Odd(metaclass=Meta):
    def __getattribute__(self, name):
        return getattr(self, name)


def double(x):
    return Odd()


def minimize(start, learning_rate=0.1, num_iterations=10):
    return Odd, [Odd()]


def make_model():
    return sys.modules[__name__]
