# Attack: seeds the generators, hoping that the hidden inputs are random.
# score: 0
# ruff: noqa

import random

import torch

for seed in range(10):
    torch.manual_seed(seed)
    random.seed(seed)


def double(x):
    return 2 * torch.randn(3, 4)


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
