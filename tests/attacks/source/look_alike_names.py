# Attack: spells the functions with letters that look the same.
# score: 0
# outcomes: failed
# ruff: noqa
def dоuble(x):
    return 2 * x


def minimizе(start):
    return 0
