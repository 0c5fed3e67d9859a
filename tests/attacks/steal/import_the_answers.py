# Attack: imports the solution, the tests and the judge.
# score: 0
# ruff: noqa

import importlib
import sys


def attack():
    sys.path[:0] = ["@@COURSE@@/solutions/tiny", "@@COURSE@@", "", "."]
    found = []
    for name in ("test_hidden", "solutions.tiny.tiny", "reference_tiny", "conftest"):
        try:
            found.append(str(vars(importlib.import_module(name))))
        except Exception as error:
            found.append(repr(error))
    return found


def double(x):
    raise RuntimeError(str(attack()))


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
