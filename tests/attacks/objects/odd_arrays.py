# Attack: returns masked, structured, sub-classed and lying arrays.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import numpy


class Array(numpy.ndarray):
    __array_interface__ = property(lambda self: {"shape": (1 << 40,), "typestr": "<f8", "data": (8, False), "version": 3})
    __array__ = lambda self, *a, **k: numpy.full((3, 4), 4.0)
    shape = property(lambda self: (3, 4))
    tobytes = lambda self, *a: b"\0" * 96


def double(x):
    return numpy.ma.masked_array(numpy.zeros((3, 4)), mask=True)


def minimize(start, learning_rate=0.1, num_iterations=10):
    if start < 0:
        return numpy.zeros(2).view(Array), numpy.zeros(3).view(Array)
    return numpy.zeros(2, dtype=[("x", "f8"), ("y", "O")]), numpy.datetime64("now")


def make_model():
    return numpy.lib.stride_tricks.as_strided(numpy.zeros(1), (1 << 20, 1 << 20), (0, 0))
