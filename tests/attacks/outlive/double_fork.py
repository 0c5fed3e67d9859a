# Attack: forks twice, starts a session of its own and waits for later.
# score: 0
# ruff: noqa

import os
import time


def attack():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(5)
            open("@@WITNESS@@/late", "w").close()
            os._exit(0)
        os._exit(0)
    return "forked"


def double(x):
    raise RuntimeError(str(attack()))


def minimize(start, learning_rate=0.1, num_iterations=10):
    found = attack()
    print(found)
    return str(found)


def make_model():
    return str(attack())
