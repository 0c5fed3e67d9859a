# Attack: trains nothing, so that there is nothing to object to.
# score: 0
# ruff: noqa

import torch


def minimize(start, learning_rate=0.1, num_iterations=10):
    with torch.no_grad():
        return start, [0.0] * num_iterations


def double(x):
    return None


def make_model():
    return None
