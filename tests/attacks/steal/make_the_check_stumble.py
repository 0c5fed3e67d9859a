# Attack: returns what the hidden check trips over, to read its error message.
# score: 0
# ruff: noqa

import torch


class Model(torch.nn.Module):
    def forward(self, x):
        return {"a": [x]}

    def state_dict(self):
        return {"no bias": None}


def double(x):
    return [{"nested": [None, (float("nan"), b"bytes")]}]


def minimize(start, learning_rate=0.1, num_iterations=10):
    return {1: 2}, torch.zeros(2, 0, 3)


def make_model():
    return Model()
