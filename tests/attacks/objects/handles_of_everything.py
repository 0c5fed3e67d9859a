# Attack: hands out modules, frames and the answering side itself as models.
# score: 0
# ruff: noqa

import sys

import torch


def double(x):
    return sys._getframe(1)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return sys.modules, torch


def make_model():
    class Model(type(sys)):
        bias = torch.zeros(1)

        def __call__(self, x):
            return self

        def state_dict(self):
            return self

        def __getitem__(self, name):
            return self

    return Model("model")
