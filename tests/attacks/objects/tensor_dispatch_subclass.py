# Attack: returns a wrapper tensor whose bytes are made up on every read.
# score: 0
# ruff: noqa

import torch


class Sly(torch.Tensor):
    @staticmethod
    def __new__(cls, inner):
        return torch.Tensor._make_wrapper_subclass(cls, inner.size(), dtype=inner.dtype)

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        return torch.zeros(12)


def double(x):
    return Sly(torch.zeros_like(x))


def minimize(start, learning_rate=0.1, num_iterations=10):
    return Sly(torch.zeros(3))


def make_model():
    return Sly(torch.zeros(2, 1))
