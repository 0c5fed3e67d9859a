# Attack: returns arrays of objects, records and text.
# score: 0
# ruff: noqa

import os

import numpy


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch @@WITNESS@@/exploded",))


def double(x):
    return numpy.array([Bomb()], dtype=object)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (numpy.array(["x"]), numpy.zeros(2, dtype=[("a", "f4"), ("b", "O")]))


def make_model():
    return numpy.array(["2020-01-01"], dtype="datetime64[D]")
