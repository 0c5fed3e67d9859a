# Attack: raises SystemExit(0) in every call.
# score: 0
# ruff: noqa

import sys


def double(x):
    sys.exit(0)


def minimize(start, learning_rate=0.1, num_iterations=10):
    raise SystemExit


def make_model():
    exit()
