# Attack: takes all memory with tensors, lists and bytes.
# score: 0
# outcomes: failed, error, timed_out, memory_exceeded
# ruff: noqa

import torch


def double(x):
    kept = []
    while True:
        kept.append(torch.ones(10_000_000))


def minimize(start, learning_rate=0.1, num_iterations=10):
    return bytearray(8_000_000_000)


def make_model():
    return [0] * 4_000_000_000
