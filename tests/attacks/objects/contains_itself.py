# Attack: returns a list that contains itself.
# score: 0
# ruff: noqa

LOOP = []
LOOP.append(LOOP)
ENTRIES = {}
ENTRIES["self"] = ENTRIES


def double(x):
    return LOOP


def minimize(start, learning_rate=0.1, num_iterations=10):
    return (LOOP, ENTRIES)


def make_model():
    return ENTRIES
