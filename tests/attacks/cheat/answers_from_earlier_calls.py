# Attack: keeps what it was asked before, in this and in other workers.
# score: 0
# ruff: noqa

import tempfile

import torch

SEEN = []


def double(x):
    SEEN.append(x)
    torch.save(SEEN, tempfile.gettempdir() + "/seen.pt")
    return SEEN[0]


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
