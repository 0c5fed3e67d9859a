# Attack: returns tuples that lie about their items.
# score: 0
# ruff: noqa

class Pair(tuple):
    def __getitem__(self, at):
        return 1

    def __iter__(self):
        return iter((1, [1]))

    def __len__(self):
        return 2


def double(x):
    return Pair((0, 0))


def minimize(start, learning_rate=0.1, num_iterations=10):
    return Pair((0.0, [0.0]))


def make_model():
    return Pair()
