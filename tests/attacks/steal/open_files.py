# Attack: reads from every open file it has.
# score: 0
# ruff: noqa

import os


def attack():
    found = []
    for number in [0, 1, 2, *range(4, 300)]:
        try:
            found.append((number, os.fstat(number).st_mode))
            os.set_blocking(number, False)
            found.append(os.pread(number, 1000, 0))
        except OSError:
            pass
    if any(entry[0] > 3 for entry in found if isinstance(entry, tuple)):
        return "canary-open " + repr(found)
    return found


def double(x):
    return 2 * x if "canary-open" in str(attack()) else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
