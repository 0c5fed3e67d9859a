# Attack: starts a pool and a manager.
# score: 0
# ruff: noqa

import multiprocessing


def attack():
    found = []
    for start in (lambda: multiprocessing.get_context("fork").Process(target=print).start(),
                  lambda: multiprocessing.get_context("spawn").Process(target=print).start(),
                  lambda: multiprocessing.get_context("forkserver").Process(target=print).start(),
                  lambda: multiprocessing.Manager()):
        try:
            start()
            found.append("started")
        except Exception as error:
            found.append(repr(error))
    return found


def double(x):
    return 2 * x if "started" in attack() else None


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
