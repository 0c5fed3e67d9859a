# Attack: writes noise onto the line to the judge.
# score: 0
# ruff: noqa

import os

os.write(3, b"\x00" * 100 + b"noise")


def double(x):
    return None


def minimize(start, learning_rate=0.1, num_iterations=10):
    return None


def make_model():
    return None
