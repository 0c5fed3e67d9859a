# Attack: returns an object that equals everything.
# score: 0
# ruff: noqa

import torch


class Yes:
    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __bool__(self):
        return True

    def __iter__(self):
        return iter([self, self])

    def __len__(self):
        return 2

    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __sub__ = __rsub__ = __radd__ = __eq__
    __hash__ = object.__hash__


def double(x):
    return Yes()


def minimize(start, learning_rate=0.1, num_iterations=10):
    return Yes()


def make_model():
    return Yes()
