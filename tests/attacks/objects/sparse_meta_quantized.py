# Attack: returns tensors without plain storage.
# score: 0
# ruff: noqa

import torch


def double(x):
    return x.to_sparse()


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (torch.empty(3, device="meta"), [])


def make_model():
    return torch.quantize_per_tensor(torch.ones(2, 1), 0.1, 0, torch.qint8)
