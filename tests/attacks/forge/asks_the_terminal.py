# Attack: waits for somebody to type: input, breakpoint, pdb, getpass, stdin.
# score: 0
# ruff: noqa

import sys


def double(x):
    return float(input("double? "))


def minimize(start, learning_rate=0.1, num_iterations=10):
    if start > 0:
        breakpoint()
    import pdb
    pdb.set_trace()
    return sys.stdin.read(), sys.__stdin__.readline()


def make_model():
    import getpass
    return getpass.getpass()
