# Attack: writes into its arguments, hoping that the expected values share them.
# score: 0
# ruff: noqa

import torch


def double(x):
    x.zero_()
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    return start, []


class Model(torch.nn.Module):
    def forward(self, x):
        x.data.fill_(0)
        return torch.zeros(2, 1)


def make_model():
    return Model()
