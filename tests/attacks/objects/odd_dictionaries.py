# Attack: returns dictionaries with odd keys.
# score: 0
# ruff: noqa

import torch


def double(x):
    return {x: 1}


def minimize(start, learning_rate=0.1, num_iterations=10):
    return ({float("nan"): 1, float("nan"): 2}, {True: 1})


def make_model():
    return {(1, (2, (3, None))): 1, b"k": 2, 0: torch.ones(2)}
