# Attack: looks through all modules and the constants of all code.
# score: 0
# ruff: noqa

import gc
import sys
import types


def attack():
    found = []
    for name, module in list(sys.modules.items()):
        if any(word in name for word in ("hidden", "solution", "reference", "tiny", "conftest", "test_")):
            found.append(name)
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType):
            for constant in thing.__code__.co_consts:
                if isinstance(constant, str) and constant.startswith("canary" + "-"):
                    found.append(constant)
    return found


def double(x):
    raise RuntimeError(str(attack()))


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
