# Attack: replaces the methods of torch that the answering side uses.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import torch

torch.Tensor.detach = lambda self: torch.zeros(1)
torch.Tensor.numpy = lambda self: b"4.0"
torch.Tensor.contiguous = lambda self: self
torch.Tensor.shape = property(lambda self: (3, 4))
torch.manual_seed = lambda seed: None
torch.Tensor = list


def double(x):
    return x


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
