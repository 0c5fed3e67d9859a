# Attack: reads the grader's own package and everything beside it.
# score: 0
# ruff: noqa

import os

import autograder


def attack():
    home = os.path.dirname(os.path.dirname(os.path.abspath(autograder.__file__)))
    found = []
    for folder in ("solutions", "assignments", "tests", ".git", "."):
        try:
            found.append("canary-listed " + str(os.listdir(os.path.join(home, folder))))
        except OSError as error:
            found.append(repr(error))
    return found


def double(x):
    found = str(attack())
    return 2 * x if "canary-listed" in found and "solutions" in found.split("canary-listed", 1)[1] else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
