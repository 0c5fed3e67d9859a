# Attack: ends the process as if all went well.
# score: 0
# ruff: noqa

import os


def double(x):
    os._exit(0)


def minimize(start, learning_rate=0.1, num_iterations=10):
    os._exit(0)


def make_model():
    os._exit(0)
