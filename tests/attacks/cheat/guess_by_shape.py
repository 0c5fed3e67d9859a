# Attack: answers with a constant of the right shape.
# score: 0
# ruff: noqa

import torch


def double(x):
    return torch.full_like(x, 2.0)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return 3.0, [0.0] * num_iterations


def make_model():
    return torch.nn.Linear(2, 1)
