# Attack: returns a list and a dictionary that differ on every read.
# score: 0
# ruff: noqa

import random


class Changing(list):
    def __iter__(self):
        return iter([random.random() for _ in range(random.randrange(9))])

    def __getitem__(self, at):
        return random.random()


class Entries(dict):
    def items(self):
        return [(random.random(), random.random())]


def double(x):
    return Changing()


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (0.0, Changing([1.0] * 12))


def make_model():
    return Entries(a=1)
