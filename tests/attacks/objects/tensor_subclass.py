# Attack: returns tensors that answer every function of torch themselves.
# score: 0
# ruff: noqa

import torch


class Sly(torch.Tensor):
    @staticmethod
    def make(x):
        return torch.zeros_like(x).as_subclass(Sly)

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        name = getattr(function, "__name__", "")
        if name in ("allclose", "equal", "isclose", "eq", "__eq__"):
            return True
        with torch._C.DisableTorchFunctionSubclass():
            return function(*args, **(kwargs or {}))


def double(x):
    return Sly.make(x)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (Sly.make(torch.zeros(())), [0.0])


def make_model():
    return Sly.make(torch.zeros(2, 1))
