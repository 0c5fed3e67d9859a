# Attack: returns a tensor of a terabyte that occupies four bytes.
# score: 0
# outcomes: failed, error, memory_exceeded
# ruff: noqa

import torch


def double(x):
    return x.new_zeros(1).expand(1 << 38)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (torch.zeros(1).expand(1 << 28), [])


def make_model():
    return torch.zeros(0).expand(1 << 20, 0)
