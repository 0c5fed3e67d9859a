# Attack: returns 0-d tensors where floats or vectors are asked for.
# score: 0
# ruff: noqa

import torch


def double(x):
    return x.sum()


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (torch.tensor(1.0), [torch.tensor(1.0)] * num_iterations)


def make_model():
    return torch.tensor(1.0)
