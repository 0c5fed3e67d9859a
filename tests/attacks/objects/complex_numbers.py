# Attack: returns complex numbers.
# score: 0
# ruff: noqa

import torch


def double(x):
    return x.to(dtype=torch.complex64)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (complex(1, 1), [1j])


def make_model():
    return 1j
