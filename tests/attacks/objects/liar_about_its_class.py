# Attack: returns an object that claims to be a tensor, a float and a list.
# score: 0
# ruff: noqa

import torch


class Liar:
    def __init__(self, claimed=torch.Tensor):
        self.claimed = claimed

    @property
    def __class__(self):
        return self.claimed

    def __getattr__(self, name):
        return lambda *args, **kwargs: self


def double(x):
    return Liar()


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (Liar(float), Liar(list))


def make_model():
    return Liar(torch.nn.Linear)
