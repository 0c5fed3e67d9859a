# Attack: returns a model whose methods look for the question instead of computing.
# score: 0
# ruff: noqa

import gc
import sys

import torch


class Model(torch.nn.Module):
    def forward(self, x):
        found = [thing for thing in gc.get_objects() if isinstance(thing, torch.Tensor) and thing.shape == (2, 1)]
        return found[0] if found else torch.zeros(2, 1)

    def state_dict(self, *args, **kwargs):
        return {"bias": torch.ones(1)}

    def __reduce__(self):
        raise SystemExit


def make_model():
    return Model()


def double(x):
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None
